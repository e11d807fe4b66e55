import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { askKernel } from './judgeClient.mjs';

/**
 * The checkpoints that we write carry a table on their own: every commit up to the checkpoint's version is deleted from
 * tables that Spark went on writing (from restored ones: every commit before it), then all engines read them.
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
        const checkpoint = cutLog(location, entry.kind === 'restored table');
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

/** Deletes what our newest checkpoint makes superfluous, checksum files too; gives the checkpoint. */
function cutLog(location, keepCommitOfCheckpoint) {
  const log = path.join(location, '_delta_log');
  const versionOf = (name) => Number(/^(\d{20})\./.exec(name)?.[1] ?? -1);
  const names = readdirSync(log);
  const classic = names.filter((name) => /^\d{20}\.checkpoint\.parquet$/.test(name)).sort();
  const newest = classic.at(-1);
  if (newest === undefined) throw new Error('we wrote no checkpoint');
  const version = versionOf(newest);
  for (const name of names) {
    const plain = name.replace(/^\./, '');
    const at = versionOf(plain);
    const superfluous =
      at >= 0 &&
      at <= version &&
      plain !== newest &&
      plain !== `${newest}.crc` &&
      !(keepCommitOfCheckpoint && at === version && plain.endsWith('.json'));
    if (superfluous || name.endsWith('.crc')) rmSync(path.join(log, name));
  }
  rmSync(path.join(log, '_sidecars'), { recursive: true, force: true });
  if (!existsSync(path.join(log, newest))) throw new Error('the checkpoint is gone');
  return { file: path.join(log, newest), version };
}

/** Another Parquet reader finds as many files in the checkpoint as Spark has in that version. */
async function mustHoldFiles(judges, location, checkpoint) {
  const { rows } = await judges.parquet(checkpoint.file);
  const adds = rows.filter((row) => JSON.parse(row).add !== null).length;
  const { numFiles } = await judges.files(location, checkpoint.version);
  judges.must(adds, numFiles, 'files in the checkpoint by DuckDB');
}
