// `npm test`: everything, one leg after the other. Every leg runs even when an earlier one failed; any failing leg fails
// the command. Node builtins only until the packages are installed.
//
//   npm test -- [--only types,unit,...]
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, option, say, seconds, Stop } from './console.mjs';
import { installPackages, npmScript } from './npm.mjs';
import { root, testOutput } from './paths.mjs';
import { endAllOnInterrupt, startTree } from './processes.mjs';

const inCi = Boolean(process.env.CI);
const unitReport = join(testOutput, 'unit.json');

const script = (name, ...args) => [join('test/scripts', name), ...args];
const word = (name) => [npmScript(), 'run', '--silent', name];
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = `${manifest.name}-${manifest.version}.vsix`;

/** What is run, in this order, each by Node. A leg that counts its tests says so in its last lines. */
const legs = [
  { name: 'types', run: word('types') },
  { name: 'lint', run: word('lint') },
  {
    name: 'unit',
    run: [
      'node_modules/vitest/vitest.mjs',
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
    ],
    count: countVitest,
  },
  { name: 'package', run: script('packageExtension.mjs') },
  { name: 'webview', run: word('test:webview') },
  { name: 'integration', run: script('runIntegration.mjs') },
  { name: 'ui', run: script('runUi.mjs', '--vsix', vsix) },
  {
    name: 'integration-oldest',
    run: script('runIntegration.mjs', '--line', 'oldest'),
    ciOnly: true,
  },
  { name: 'ui-oldest', run: script('runUi.mjs', '--vsix', vsix, '--line', 'oldest'), ciOnly: true },
  { name: 'engines', run: word('test:engines'), ciOnly: true },
  { name: 'desktop', run: script('runDesktop.mjs'), ciOnly: true },
];

function countVitest() {
  if (!existsSync(unitReport)) return undefined;
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
    readFileSync(unitReport, 'utf8'),
  );
  // A file that could not be loaded fails without a failed test.
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
  };
}

/** The last `N passed, N failed` that stands alone on a line. */
function countLines(output) {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return last && { passed: Number(last[1]), failed: Number(last[2]) };
}

/** Runs one leg with its output shown and kept. */
async function runLeg(leg) {
  const since = Date.now();
  say();
  say(`=== ${leg.name}`);
  const tree = startTree(process.execPath, leg.run, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  tree.child.stdout.on('data', (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  tree.child.stderr.on('data', (chunk) => process.stderr.write(chunk));
  const code = await tree.exited;
  const counted = leg.count?.() ?? countLines(output);
  const skipped = code === 0 && !counted ? /^.*\bskipped[:.].*$/m.exec(output)?.[0] : undefined;
  const { passed, failed } = counted ?? {
    passed: code === 0 && !skipped ? 1 : 0,
    failed: code === 0 ? 0 : 1,
  };
  return {
    name: leg.name,
    time: seconds(since),
    skipped,
    passed,
    // A leg that ended badly counts, even when its tests did not.
    failed: code === 0 ? failed : Math.max(failed, 1),
  };
}

function chosenLegs() {
  const only = option('--only')?.split(',');
  const unknown = only?.find((name) => !legs.some((leg) => leg.name === name));
  if (unknown)
    throw new Stop(`There is no leg '${unknown}': ${legs.map((leg) => leg.name).join(', ')}.`);
  return legs.filter((leg) => (only ? only.includes(leg.name) : inCi || !leg.ciOnly));
}

await main(async () => {
  endAllOnInterrupt();
  const chosen = chosenLegs();
  const since = Date.now();
  say(`Packages: ${await installPackages(root)} (${seconds(since)})`);
  mkdirSync(testOutput, { recursive: true });
  rmSync(unitReport, { force: true });
  const results = [];
  for (const leg of chosen) results.push(await runLeg(leg));

  say();
  say(`=== all legs (${seconds(since)})`);
  for (const { name, time, skipped, passed, failed } of results) {
    const state = skipped ? 'skip' : failed > 0 ? 'FAIL' : 'ok  ';
    say(
      `  ${state} ${name.padEnd(20)} ${skipped ?? `passed ${passed}, failed ${failed}`} (${time})`,
    );
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  say();
  say(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
});
