// Runs test/host inside the real extension host of the editor in the browser.
//
//   npm run test:integration -- [--line newest|oldest] [--bundle-only]
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { buildExtension } from './build.mjs';
import { browserIsHere, launchChromium } from './chromium.mjs';
import { folderAddress, makeProfile, provisionCodeServer, startCodeServer } from './codeServer.mjs';
import { flag, main, option, say, seconds } from './console.mjs';
import { bundleHostTests, freshWarehouse, hostEntry } from './hostTests.mjs';
import { cache, root, testOutput } from './paths.mjs';
import { endAllOnInterrupt, pause } from './processes.mjs';
import { printResults } from './results.mjs';

/** How long the whole suite may take, the start of the editor included, in milliseconds. */
const patience = 8 * 60_000;

/** The query part that makes the page start the tests in its remote extension host. */
function testPayload(port) {
  const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(hostEntry)],
    ['skipWelcome', 'true'],
  ];
  return `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

await main(async () => {
  endAllOnInterrupt();
  await bundleHostTests();
  if (flag('--bundle-only')) return;
  const line = option('--line') ?? 'newest';
  if (!browserIsHere('Integration tests')) return;

  await buildExtension(root);
  const server = await provisionCodeServer(line);
  const folder = await freshWarehouse(`warehouse-integration-${line}`);
  const results = join(testOutput, `integration-${line}.json`);
  const home = join(cache, `test-profiles/integration-${line}`);
  rmSync(results, { force: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(testOutput, { recursive: true });

  const since = Date.now();
  const editor = await startCodeServer(server, {
    profile: makeProfile(home),
    arguments: server.testArguments,
    // The extension host inherits the server's environment.
    env: { DELTA_CLONES_TEST_RESULTS: results },
  });
  const browser = await launchChromium();
  const log = [];
  let problem;
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      log.push(`[${type}] ${format(...args)}`.slice(0, 2000));
    });
    let announce;
    const ended = new Promise((resolve) => (announce = resolve));
    await page.exposeFunction('codeAutomationExit', (code) => announce(code));
    await page.goto(folderAddress(editor.origin, folder) + testPayload(editor.port));
    const code = await Promise.race([
      ended,
      pause(patience).then(() => `no end within ${patience / 60_000} minutes`),
      editor.exited.then((exit) => `the editor's server ended with exit code ${exit}`),
    ]);
    if (code !== 0) {
      problem =
        typeof code === 'number'
          ? `The extension host ended with code ${code} before the tests did.`
          : `The extension host did not finish: ${code}.`;
      problem += ` The editor's last words:\n${log.slice(-12).join('\n')}`;
      await page.screenshot({ path: join(testOutput, `integration-${line}-failure.png`) });
    }
  } finally {
    await browser.close();
    await editor.end();
  }
  say(
    `Integration tests in code-server ${server.codeServer} on Node ${server.nodeMajor} (${seconds(since)})`,
  );
  const { failed } = printResults(results, problem);
  process.exit(failed > 0 ? 1 : 0);
});
