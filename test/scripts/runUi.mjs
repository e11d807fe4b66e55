// Runs the scenarios of test/ui on the packaged extension, in the editor in a headless browser.
//
//   npm run test:ui -- [--line newest|oldest] [--vsix <file>]
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { browserIsHere } from './chromium.mjs';
import { main, option, say, seconds } from './console.mjs';
import { packageExtension } from './packageExtension.mjs';
import { testOutput } from './paths.mjs';
import { endAllOnInterrupt } from './processes.mjs';
import { printResults } from './results.mjs';
import { bundleUi, runInEditor } from './uiSession.mjs';

await main(async () => {
  endAllOnInterrupt();
  const line = option('--line') ?? 'newest';
  if (!browserIsHere('UI tests')) return;
  const named = option('--vsix');
  const vsix = named === undefined ? await packageExtension() : resolve(named);
  await bundleUi();

  const screenshots = join(testOutput, `ui-${line}`);
  const results = join(testOutput, `ui-${line}.json`);
  rmSync(screenshots, { recursive: true, force: true });
  rmSync(results, { force: true });
  const since = Date.now();
  const { server, problem } = await runInEditor({
    line,
    vsix,
    program: 'index',
    name: 'ui',
    screenshots,
    results,
  });
  say(
    `UI tests in code-server ${server.codeServer} on Node ${server.nodeMajor} (${seconds(since)}); pictures in ${screenshots}`,
  );
  const { failed } = printResults(results, problem);
  process.exitCode = failed > 0 ? 1 : 0;
});
