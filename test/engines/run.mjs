// Other engines as judges of our tables, and as makers of the fixtures.
//
//   node test/engines/run.mjs [--only <part of a name>]     the checks (npm run test:engines)
//   node test/engines/run.mjs --fixtures [name ...]          makes test/fixtures again
//
// Without Python or a JDK it says so in one line and ends: with 0, or with 1 where CI is set.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingTool, provision } from './provision.mjs';
import { runSuite } from './suite.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const args = process.argv.slice(2);

process.exitCode = await main();

async function main() {
  let engines;
  try {
    engines = provision((line) => console.error(line));
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    const inCi = (process.env.CI ?? '') !== '';
    console.log(
      `Other engines are ${inCi ? 'missing' : 'left out'}: this machine has no ${error.message}.`,
    );
    return inCi ? 1 : 0;
  }
  if (args[0] === '--fixtures') return makeFixtures(engines, args.slice(1));
  if (!existsSync(path.join(root, 'dist', 'cli.js'))) {
    const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
    if (built.status !== 0) return 1;
  }
  const only = args[0] === '--only' ? args[1] : undefined;
  return (await runSuite(engines, root, only)) ? 0 : 1;
}

function makeFixtures(engines, names) {
  const script = path.join(here, 'makeFixtures.py');
  const out = path.join(root, 'test', 'fixtures');
  const made = spawnSync(engines.python, [script, '--jars', engines.jars, '--out', out, ...names], {
    env: engines.environment,
    stdio: 'inherit',
  });
  return made.status ?? 1;
}
