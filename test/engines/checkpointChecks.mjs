import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { askKernel } from './judgeClient.mjs';

/**
 * The checkpoints that we write carry a table on their own: all that they make superfluous is deleted from tables that
 * Spark went on writing, then all engines read them.
 */
export async function checkCheckpoints(context, made) {
  const { engines, work, report, judges } = context;
  const cut = [];
  for (const entry of made.filter(({ written }) => written !== undefined)) {
    const location = path.join(work, 'cut', entry.kind, entry.table);
    await report.check(
      `${entry.name} reads from our checkpoint without the commits before it`,
      async () => {
        cpSync(entry.location, location, { recursive: true });
        const checkpoint = cutLog(location);
        await judges.same(await judges.spark(location), entry.written, "Spark's rows");
        await judges.same(
          await judges.ours(location, entry.written.schema),
          entry.written,
          'our rows',
        );
        await mustHoldFiles(judges, entry.location, checkpoint);
        cut.push({ ...entry, location });
      },
    );
    if (entry.kind !== 'shallow clone' && deltaRsReads.has(entry.table)) {
      await report.check(`${entry.name} reads from our checkpoint in delta-rs`, async () => {
        await judges.same(await judges.deltaRs(location), entry.written, 'rows by delta-rs');
      });
    }
  }
  await report.check(`Delta Kernel reads ${cut.length} tables from our checkpoints`, async () => {
    const readable = cut.filter(({ table }) => table !== 'spark-variant');
    if (readable.length === 0) return;
    const answers = await askKernel(
      engines,
      readable.map(({ location }) => location),
    );
    const wrong = readable
      .map(({ name, written }, index) => ({ name, wanted: written.count, ...answers[index] }))
      .filter(({ error, count, wanted }) => error !== undefined || count !== wanted);
    judges.must(wrong, [], 'tables that read otherwise');
  });
}

const deltaRsReads = new Set([
  'loan_details_delta',
  'member_claims_prod',
  'rs-simple',
  'spark-partitioned',
]);

/**
 * Deletes what our newest checkpoint makes superfluous. Of the commit at its own version only commitInfo is left: Delta
 * Kernel wants that file to be there, and its actions can only come from the checkpoint.
 */
function cutLog(location) {
  const log = path.join(location, '_delta_log');
  const names = readdirSync(log);
  const newest = names
    .filter((name) => /^\d{20}\.checkpoint\.parquet$/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error('we wrote no checkpoint');
  const version = versionOf(newest);
  for (const name of names) {
    const file = path.join(log, name);
    if (name.endsWith('.crc')) rmSync(file);
    else if (versionOf(name) === version && name.endsWith('.json') && name.length === 25) {
      const [first] = readFileSync(file, 'utf8').split('\n');
      if (JSON.parse(first).commitInfo === undefined) throw new Error('commitInfo is not first');
      writeFileSync(file, `${first}\n`);
    } else if (versionOf(name) <= version && name !== newest) rmSync(file);
  }
  return { file: path.join(log, newest), version };
}

/** The version in the name of a log file; infinite for other names. */
function versionOf(name) {
  return Number(/^(\d{20})\./.exec(name)?.[1] ?? Infinity);
}

/** Another Parquet reader finds as many files in the checkpoint as Spark has in that version. */
async function mustHoldFiles(judges, location, checkpoint) {
  const { rows } = await judges.parquet(checkpoint.file);
  const adds = rows.filter((row) => JSON.parse(row).add !== null).length;
  const { numFiles } = await judges.files(location, checkpoint.version);
  judges.must(adds, numFiles, 'files in the checkpoint by DuckDB');
}
