import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from './product.mjs';

/** The clones that the demo warehouse is made with, and their sources. */
export const demoClones = [
  { name: 'loan_details_delta_clone', source: 'loan_details_delta', isShallow: false },
  { name: 'member_claims_dev', source: 'member_claims_prod', isShallow: true },
  { name: 'member_claims_backup', source: 'member_claims_prod', isShallow: false },
];

/** Where the newest differing version is not the interesting one to go back to. */
const restoreTo = {
  'spark-clustered': 1,
  'spark-column-mapping-name': 1,
  'spark-deletion-vectors': 3,
  'spark-in-commit-timestamps-late': 1,
  'spark-restore': 4,
  'spark-row-tracking': 2,
  'spark-type-widening': 1,
};

/**
 * Tables to clone and restore: copies of the fixtures, which other engines wrote, and the demo warehouse, which we wrote.
 * Each has a version to restore to, the newest whose rows differ from the latest's.
 *
 * @returns {Promise<readonly { name: string, root: string, restoreTo: number, engine: string }[]>}
 */
export async function makeSources(root, work) {
  const fixtures = path.join(root, 'test', 'fixtures', 'tables');
  const tables = readdirSync(fixtures)
    .sort()
    .map((name) => {
      const target = path.join(work, 'fixtures', name);
      cpSync(path.join(fixtures, name), target, { recursive: true });
      rmSync(path.join(target, 'expected.json'));
      const expected = JSON.parse(readFileSync(path.join(fixtures, name, 'expected.json'), 'utf8'));
      return { name, root: target, restoreTo: back(name, expected), engine: expected.engine };
    });
  const demo = path.join(work, 'demo');
  await makeDemo(root, demo);
  const demoBack = { loan_details_delta: 0, member_claims_prod: 2 };
  for (const [name, version] of Object.entries(demoBack)) {
    tables.push({ name, root: path.join(demo, name), restoreTo: version, engine: 'ours' });
  }
  return tables;
}

function back(name, expected) {
  const chosen = restoreTo[name];
  if (chosen !== undefined) return chosen;
  const text = (entry) => JSON.stringify(entry.rows);
  const latest = text(expected.versions.at(-1));
  return expected.versions.findLast((entry) => text(entry) !== latest).version;
}

async function makeDemo(root, target) {
  const script = path.join(root, 'test', 'scripts', 'demo.mjs');
  const { code, stdout, stderr } = await run(process.execPath, [script, target], { cwd: root });
  if (code !== 0 || !existsSync(target)) {
    throw new Error(`the demo warehouse could not be made (${code}): ${stdout}\n${stderr}`);
  }
}
