// `npm run bench`: what activation costs in the real editor, our own figure beside the editor's. Nothing is asserted here.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { main, say, Stop } from './console.mjs';
import { packageExtension } from './packageExtension.mjs';
import { testOutput } from './paths.mjs';
import { endAllOnInterrupt } from './processes.mjs';
import { bundleUi, runInEditor } from './uiSession.mjs';

await main(async () => {
  endAllOnInterrupt();
  // Names what is missing before anything is built.
  await (await launchChromium()).close();
  const vsix = await packageExtension();
  await bundleUi();
  mkdirSync(testOutput, { recursive: true });
  const results = join(testOutput, 'bench.json');
  rmSync(results, { force: true });
  const { server, problem } = await runInEditor({
    line: 'newest',
    vsix,
    program: 'bench',
    screenshots: join(testOutput, 'bench'),
    results,
  });
  if (problem) throw new Stop(`Activation could not be measured. ${problem}`);
  const rows = JSON.parse(readFileSync(results, 'utf8'));
  say(
    `Activation in code-server ${server.codeServer} on Node ${server.nodeMajor}, packaged extension, load average ${loadavg()[0]?.toFixed(1)}:`,
  );
  say('  our own code (measured inside it)   the editor, all included');
  for (const { own, editor } of rows) {
    say(`  ${`${own.toFixed(1)} ms`.padStart(34)}   ${`${editor} ms`.padStart(24)}`);
  }
});
