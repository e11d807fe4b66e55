// `npm run screenshots`: makes the README's pictures in media from the packaged extension in the real editor.
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { main, say, Stop } from './console.mjs';
import { makeDemo } from './demo.mjs';
import { packageExtension } from './packageExtension.mjs';
import { root, testOutput } from './paths.mjs';
import { endAllOnInterrupt } from './processes.mjs';
import { bundleUi, runInEditor } from './uiSession.mjs';

await main(async () => {
  endAllOnInterrupt();
  // Names what is missing before anything is built.
  await (await launchChromium()).close();
  const vsix = await packageExtension();
  await bundleUi();
  const screenshots = join(testOutput, 'pictures');
  rmSync(screenshots, { recursive: true, force: true });
  // Its path is in the pictures, so it is one that tells nothing of this machine.
  const folder = join(tmpdir(), 'lakehouse');
  await makeDemo(folder);
  const { problem } = await runInEditor({
    line: 'newest',
    vsix,
    program: 'pictures',
    screenshots,
    folder,
  });
  rmSync(folder, { recursive: true });
  if (problem) throw new Stop(`The pictures could not be taken. ${problem}`);
  for (const name of readdirSync(screenshots).filter((file) => file.startsWith('screenshot-'))) {
    copyFileSync(join(screenshots, name), join(root, 'media', name));
    say(`media/${name}`);
  }
});
