import { cpSync } from 'node:fs';
import path from 'node:path';
import { demoClones } from './sources.mjs';

/**
 * One source table cloned shallow and deep and restored (a copy of it), each read by the other engines and by us.
 *
 * @returns {Promise<readonly { name: string, kind: string, table: string, location: string, count: number }[]>} what was
 * made, for the checks that go on with it
 */
export async function checkTable(context, table) {
  const { work, product, report, judges } = context;
  const source = await report.check(
    `${table.name}: we read the rows that Spark reads`,
    async () => {
      const rows = await judges.spark(table.root);
      await judges.same(await judges.ours(table.root, rows.schema), rows, 'our rows');
      return { ...rows, ...(await judges.files(table.root)) };
    },
  );
  if (source === undefined) return [];
  const made = [];
  const keep = (kind, location, count) => {
    made.push({ name: `${table.name}: ${kind}`, kind, table: table.name, location, count });
  };

  const shallow = path.join(work, 'shallow', table.name);
  await report.check(`${table.name}: shallow clone reads as its source`, async () => {
    const outcome = await product.execute('clone', table.root, shallow, '--shallow');
    mustMetrics(judges, outcome, { sourceNumOfFiles: source.numFiles, numCopiedFiles: 0 });
    await mustRead(judges, shallow, source, outcome.version);
    await mustShowClone(judges, shallow, source, true);
    keep('shallow clone', shallow, source.count);
  });

  const deep = path.join(work, 'deep', table.name);
  await report.check(`${table.name}: deep clone reads as its source`, async () => {
    const outcome = await product.execute('clone', table.root, deep, '--deep');
    const files = { sourceNumOfFiles: source.numFiles, numCopiedFiles: source.numFiles };
    mustMetrics(judges, outcome, files);
    await mustRead(judges, deep, source, outcome.version);
    await mustShowClone(judges, deep, source, false);
    keep('deep clone', deep, source.count);
  });
  await checkByDeltaRs(context, `${table.name}: deep clone`, deep, table.root, source);

  const restored = path.join(work, 'restored', table.name);
  cpSync(table.root, restored, { recursive: true });
  if (table.name === 'spark-constraints') {
    await checkAppendOnly(context, table, restored);
    return made;
  }
  const wanted = await report.check(
    `${table.name}: restored table reads as version ${table.restoreTo}`,
    async () => {
      const old = await judges.spark(table.root, table.restoreTo);
      const outcome = await product.execute(
        'restore',
        restored,
        '--version',
        String(table.restoreTo),
      );
      judges.must(outcome.version, source.version + 1, 'the version that restore made');
      await mustRead(judges, restored, old, outcome.version);
      const [newest] = await judges.history(restored);
      judges.must(newest.operation, 'RESTORE', 'the operation in DESCRIBE HISTORY');
      judges.must(parameters(newest).version, String(table.restoreTo), 'its version parameter');
      keep('restored table', restored, old.count);
      return old;
    },
  );
  if (wanted !== undefined) {
    const name = `${table.name}: restored table`;
    await checkByDeltaRs(context, name, restored, table.root, wanted, table.restoreTo);
  }
  return made;
}

/** The demo warehouse's own clones hold what their sources held at the version that they came from. */
export async function checkDemoClones({ work, report, judges }) {
  for (const { name, source, isShallow } of demoClones) {
    if (!report.wants(name)) continue;
    const [clone, from] = [name, source].map((table) => path.join(work, 'demo', table));
    await report.check(`${name}: the demo's clone reads as its source did`, async () => {
      const [entry] = await judges.history(clone);
      judges.must(entry.operation, 'CLONE', 'the newest operation in DESCRIBE HISTORY');
      judges.must(parameters(entry).isShallow, String(isShallow), 'its kind');
      const wanted = await judges.spark(from, Number(parameters(entry).sourceVersion));
      await mustRead(judges, clone, wanted, entry.version);
      if (!isShallow) await judges.same(await judges.deltaRs(clone), wanted, 'rows by delta-rs');
    });
  }
}

/** Both Spark and our own reader see the rows, at the version our command line told. */
async function mustRead(judges, location, wanted, version) {
  const spark = await judges.spark(location);
  judges.must(spark.version, version, 'the version that Spark reads');
  await judges.same(spark, wanted, "Spark's rows");
  await judges.same(await judges.ours(location, spark.schema), wanted, 'our rows');
}

function mustMetrics(judges, outcome, wanted) {
  for (const [name, value] of Object.entries(wanted)) {
    judges.must(Number(outcome.metrics[name]), value, `the metric ${name}`);
  }
}

async function mustShowClone(judges, location, source, isShallow) {
  const [entry] = await judges.history(location);
  judges.must(entry.operation, 'CLONE', 'the operation in DESCRIBE HISTORY');
  const shown = parameters(entry);
  judges.must(shown.sourceVersion, String(source.version), 'its source version');
  judges.must(shown.isShallow, String(isShallow), 'its kind');
  const metrics = Object.fromEntries(entry.operationMetrics);
  judges.must(metrics.sourceNumOfFiles, String(source.numFiles), 'its metric sourceNumOfFiles');
}

/** Parameters as text: Spark shows a JSON value in its own quotes. */
function parameters(entry) {
  return Object.fromEntries(entry.operationParameters);
}

/** delta-rs judges where it can read the source itself; where it can't, the clone is no worse. */
async function checkByDeltaRs({ judges, report }, name, location, source, wanted, version) {
  try {
    await judges.same(await judges.deltaRs(source, version), wanted, 'rows of the source');
  } catch (error) {
    report.note(
      `${name}: delta-rs does not read the source itself: ${error.message.split('\n')[0].slice(0, 160)}`,
    );
    return;
  }
  await report.check(`${name} reads the same in delta-rs`, async () => {
    await judges.same(await judges.deltaRs(location), wanted, 'rows by delta-rs');
  });
}

/** The table is append-only at its latest version: a restore that removes files has to be refused. */
async function checkAppendOnly({ product, report, judges }, table, location) {
  await report.check(`${table.name}: restore is refused by the append-only property`, async () => {
    const to = String(table.restoreTo);
    const refusal = await product.text('restore', location, '--version', to, '--execute').then(
      () => undefined,
      (error) => error,
    );
    judges.must(refusal?.code, 4, 'the exit code');
    const codes = JSON.parse(refusal.stderr.trim().split('\n').at(-1)).error.details.findings.map(
      (finding) => finding.code,
    );
    if (!codes.includes('append-only')) throw new Error(`the findings are ${codes.join(', ')}`);
  });
}
