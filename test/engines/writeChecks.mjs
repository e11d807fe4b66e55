/** How Spark changes the tables we made; `{t}` is the table. Others get a row of their own again, and lose rows by `id`. */
const statements = {
  loan_details_delta: [deleteLowest('addr_state')],
  member_claims_prod: [deleteLowest('claim_id')],
  'rs-partitioned': ['delete from {t} where id in (2, 7)'],
  'spark-column-mapping-name: shallow clone': ['delete from {t} where `key` = 1'],
  'spark-constraints': [],
  'spark-identity': [
    "insert into {t} (t, v) values (timestamp'2026-11-01 09:00:00Z', 'by spark')",
    'delete from {t} where id = 15',
  ],
  'spark-type-widening': ['delete from {t} where a = 1'],
};
const usual = [deleteLowest('id')];

/** Spark's DELETE takes no subquery. */
function deleteLowest(column) {
  const lowest = `(select min(${column}) low from {t})`;
  return `merge into {t} t using ${lowest} s on t.${column} = s.low when matched then delete`;
}

/** Which of our tables Spark goes on writing: those whose features make demands on the next writer. */
const written = {
  loan_details_delta: ['restored table'],
  member_claims_prod: ['shallow clone', 'restored table'],
  'rs-partitioned': ['deep clone'],
  'spark-checkpoint-v2': ['restored table'],
  'spark-clustered': ['restored table'],
  'spark-column-mapping-name': ['shallow clone', 'restored table'],
  'spark-constraints': ['deep clone'],
  'spark-deletion-vectors': ['shallow clone', 'deep clone', 'restored table'],
  'spark-identity': ['deep clone', 'restored table'],
  'spark-in-commit-timestamps-late': ['shallow clone', 'restored table'],
  'spark-partitioned': ['shallow clone', 'restored table'],
  'spark-row-tracking': ['shallow clone', 'restored table'],
  'spark-type-widening': ['restored table'],
};

/** Spark appends to and deletes from clones and restored tables of ours; then both readers have to agree. */
export async function checkWrites({ report, judges }, made) {
  for (const entry of made.filter(({ table, kind }) => written[table]?.includes(kind))) {
    const t = { t: entry.location };
    await report.check(`${entry.name} is written by Spark, and we read what it wrote`, async () => {
      const before = await judges.files(entry.location);
      const own = statements[entry.name] ?? statements[entry.table] ?? usual;
      const append =
        entry.table === 'spark-identity' ? [] : ['insert into {t} select * from {t} limit 2'];
      await judges.sql([...append, ...own], t);
      const after = await judges.spark(entry.location);
      if (after.version === before.version) throw new Error('Spark committed nothing');
      await judges.same(await judges.ours(entry.location, after.schema), after, 'our rows');
      const history = await judges.history(entry.location);
      const ours = entry.kind === 'restored table' ? 'RESTORE' : 'CLONE';
      const operation = history.find(({ version }) => version === before.version)?.operation;
      judges.must(operation, ours, 'our operation in DESCRIBE HISTORY');
      entry.written = after;
    });
    await special[entry.table]?.({ report, judges }, entry);
  }
}

/** What a feature demands of those who re-list files, asked of Spark. */
const special = {
  async 'spark-identity'({ report, judges }, entry) {
    await report.check(`${entry.name} hands out identities past the ones in use`, async () => {
      const [row] = await judges.sql(
        ['select count(*) n, count(distinct id) ids, max(id) last, min(down) low from {t}'],
        { t: entry.location },
      );
      const { n, ids, last } = JSON.parse(row);
      judges.must(ids, n, 'different identities');
      const inserted = await judges.sql(["select id from {t} where v = 'by spark'"], {
        t: entry.location,
      });
      judges.must(
        inserted.map((text) => JSON.parse(text).id),
        [last],
        'the new identity is the highest',
      );
      if (last <= 20 && entry.kind !== 'restored table')
        throw new Error(`identity ${last} was in use`);
    });
  },
  async 'spark-row-tracking'({ report, judges }, entry) {
    await report.check(`${entry.name} has one row id for each row`, async () => {
      const [row] = await judges.sql(
        ['select count(*) n, count(distinct _metadata.row_id) ids from {t}'],
        { t: entry.location },
      );
      const { n, ids } = JSON.parse(row);
      judges.must(ids, n, 'different row ids');
    });
  },
  async 'spark-constraints'({ report, judges }, entry) {
    await report.check(`${entry.name} keeps its rules in Spark`, async () => {
      const refused = async (statement) =>
        judges.sql([statement], { t: entry.location }).then(
          () => 'accepted',
          (error) => error.message,
        );
      const wanted = {
        'insert into {t} values (9, -1)': /CHECK constraint/i,
        'insert into {t} values (null, 1)': /NOT NULL|null value/i,
        'delete from {t} where id = 1': /append/i,
      };
      for (const [statement, words] of Object.entries(wanted)) {
        const answer = await refused(statement);
        if (!words.test(answer)) throw new Error(`${statement}: ${answer.slice(0, 500)}`);
      }
    });
  },
};
