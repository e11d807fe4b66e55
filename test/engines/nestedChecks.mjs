import { renameSync } from 'node:fs';
import path from 'node:path';

/** Roots whose own name needs encoding in an absolute path. */
const awkward = 'a+b %41 é#1?x=y';

/** Clones of clones, clones that Spark made, old versions, awkward roots, and what is left when the source goes. */
export async function checkNested(context) {
  const { work, product, report, judges } = context;
  for (const table of context.tables.filter(({ name }) => chosen.has(name))) {
    const at = (name) => path.join(work, 'nested', awkward, name, table.name);
    const wanted = await judges.spark(table.root);
    const inSpark = async (location, rows, words) =>
      judges.same(await judges.spark(location), rows, `Spark's rows of the ${words}`);
    const inBoth = async (location, rows, words) => {
      await inSpark(location, rows, words);
      await judges.same(await judges.ours(location, rows.schema), rows, `our rows of the ${words}`);
    };

    await report.check(`${table.name}: an old version is cloned shallow and deep`, async () => {
      const old = await judges.spark(table.root, table.restoreTo);
      const version = ['--version', String(table.restoreTo)];
      await product.execute('clone', table.root, at('old shallow'), '--shallow', ...version);
      await product.execute('clone', table.root, at('old deep'), '--deep', ...version);
      await inBoth(at('old shallow'), old, 'shallow clone');
      await inBoth(at('old deep'), old, 'deep clone');
    });

    await report.check(
      `${table.name}: we read and clone a shallow clone that Spark made`,
      async () => {
        const made = at('by spark');
        await judges.sql(['create table {made} shallow clone {source}'], {
          made,
          source: table.root,
        });
        await inBoth(made, wanted, 'shallow clone by Spark');
        await product.execute('clone', made, at('of spark shallow'), '--shallow');
        await inBoth(at('of spark shallow'), wanted, 'shallow clone of a shallow clone');
        await product.execute('clone', made, at('of spark deep'), '--deep');
        await inBoth(at('of spark deep'), wanted, 'deep clone of a shallow clone');
      },
    );

    await report.check(`${table.name}: Spark clones a shallow clone that we made`, async () => {
      await product.execute('clone', table.root, at('ours'), '--shallow');
      const again = at('again by spark');
      await judges.sql(['create table {again} shallow clone {ours}'], { again, ours: at('ours') });
      await inBoth(again, wanted, 'shallow clone by Spark of ours');
    });

    const change = byVector[table.name];
    if (change !== undefined) {
      await report.check(
        `${table.name}: Spark changes a shallow clone of ours by vectors`,
        async () => {
          const t = at('by vector');
          await product.execute('clone', table.root, t, '--shallow');
          const counts = await judges.sql(change, { t });
          judges.must(JSON.parse(counts[0]).num_affected_rows, 1, 'rows changed');
          await inBoth(t, await judges.spark(t), 'changed shallow clone');
        },
      );
    }

    await report.check(
      `${table.name}: a shallow clone of a clone outlives the clone's log`,
      async () => {
        await product.execute('clone', at('ours'), at('outer'), '--shallow');
        renameSync(path.join(at('ours'), '_delta_log'), path.join(at('ours'), 'gone'));
        await inBoth(at('outer'), wanted, 'outer shallow clone');
      },
    );

    await report.check(`${table.name}: the deep clones read after the source is gone`, async () => {
      const gone = `${table.root}-gone`;
      renameSync(table.root, gone);
      try {
        await inBoth(at('of spark deep'), wanted, 'deep clone');
      } finally {
        renameSync(gone, table.root);
      }
    });
  }
}

const chosen = new Set([
  'member_claims_prod',
  'spark-column-mapping-name',
  'spark-deletion-vectors',
  'spark-partitioned',
]);

/** Spark finds the files of a vector by comparing their paths as text: they have to be written as Spark writes them. */
const byVector = {
  'spark-deletion-vectors': ['delete from {t} where id = 4'],
  'spark-partitioned': [
    "alter table {t} set tblproperties ('delta.enableDeletionVectors'='true')",
    "update {t} set note = 'by vector' where id = 5",
  ],
};
