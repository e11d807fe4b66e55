// Runs test/host in desktop VS Code: the one VSCODE_EXECUTABLE names, else one downloaded below .cache. Where neither
// is to be had, or nothing can be shown, it says so in one line; that is no failure, the same suite runs in code-server.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from './build.mjs';
import { main, say, seconds, Stop } from './console.mjs';
import { desktopProfileArguments, hasScreen } from './desktopCode.mjs';
import { bundleHostTests, freshWarehouse, hostEntry } from './hostTests.mjs';
import { cache, root, testOutput } from './paths.mjs';
import { endAllOnInterrupt, run, which } from './processes.mjs';
import { printResults } from './results.mjs';

const updateSite = 'https://update.code.visualstudio.com';

/** The executable, or why there is none. */
async function findExecutable() {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) {
    if (!existsSync(named))
      throw new Stop(`VSCODE_EXECUTABLE names ${named}, which does not exist.`);
    return { executable: named };
  }
  try {
    await fetch(`${updateSite}/api/releases/stable`, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return { missing: 'VSCODE_EXECUTABLE is not set and the download site cannot be reached' };
  }
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return { executable: await downloadAndUnzipVSCode({ cachePath: join(cache, 'vscode-test') }) };
}

async function runInDesktop(executable) {
  await buildExtension(root);
  await bundleHostTests();
  const folder = await freshWarehouse('warehouse-desktop');
  const results = join(testOutput, 'integration-desktop.json');
  const home = join(cache, 'test-profiles/desktop');
  rmSync(results, { force: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(testOutput, { recursive: true });
  const { runTests } = await import('@vscode/test-electron');
  const since = Date.now();
  let problem;
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: hostEntry,
      extensionTestsEnv: {
        DELTA_CLONES_TEST_RESULTS: results,
        DELTA_CLONES_STATE: join(home, 'delta-clones'),
      },
      launchArgs: [folder, ...desktopProfileArguments(home)],
    });
  } catch (error) {
    problem = error.message;
  }
  say(`Integration tests in desktop VS Code (${seconds(since)})`);
  return printResults(results, problem);
}

await main(async () => {
  endAllOnInterrupt();
  const { executable, missing } = await findExecutable();
  const virtualScreen = which('xvfb-run');
  const reason =
    missing ?? (!hasScreen() && !virtualScreen ? 'there is no screen and no xvfb-run' : undefined);
  if (reason) {
    say(`Desktop tests skipped: ${reason}.`);
    return;
  }
  if (!hasScreen()) {
    await run(virtualScreen, ['-a', process.execPath, fileURLToPath(import.meta.url)], {
      title: 'Desktop tests',
      env: { ...process.env, VSCODE_EXECUTABLE: executable },
    });
    return;
  }
  const { failed } = await runInDesktop(executable);
  process.exitCode = failed > 0 ? 1 : 0;
});
