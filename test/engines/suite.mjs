import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkCheckpoints } from './checkpointChecks.mjs';
import { checkDemoClones, checkTable } from './cloneChecks.mjs';
import { startJudge } from './judgeClient.mjs';
import { createJudges } from './judges.mjs';
import { checkByKernel } from './kernelChecks.mjs';
import { checkNested } from './nestedChecks.mjs';
import { commandLine } from './product.mjs';
import { createReport } from './report.mjs';
import { makeSources } from './sources.mjs';
import { checkWrites } from './writeChecks.mjs';

/**
 * Clones and restores tables with our command line and has Spark with Delta, delta-rs, Delta Kernel and DuckDB judge
 * what they read from them.
 *
 * @param {ReturnType<import('./provision.mjs').provision>} engines
 * @param {string} root the repository
 * @param {string | undefined} only a part of the names of the tables to check
 * @returns {Promise<boolean>} whether every check passed
 */
export async function runSuite(engines, root, only) {
  // A space in the folder: absolute paths have to be encoded, or no engine finds the files of a shallow clone.
  const work = mkdtempSync(path.join(tmpdir(), 'delta clones engines-'));
  mkdirSync(path.join(work, 'state'));
  const judge = startJudge(engines);
  const stop = () => {
    judge.kill();
    rmSync(work, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const product = commandLine(root, work);
    const report = createReport(only);
    const context = { engines, work, product, report, judges: createJudges(judge, product) };
    await report.check('the demo warehouse is made', async () => {
      context.tables = await makeSources(root, work);
    });
    if (context.tables !== undefined) {
      context.tables = context.tables.filter((table) => report.wants(table.name));
      await checkDemoClones(context);
      const made = [];
      await pool(2, context.tables, async (table) => {
        made.push(...(await checkTable(context, table)));
      });
      await checkByKernel(context, made);
      await checkNested(context);
      await checkWrites(context, made);
      await checkCheckpoints(context, made);
    }
    return report.close();
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await judge.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Spark answers one request at a time; a second table's command lines run meanwhile. */
async function pool(size, items, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}
