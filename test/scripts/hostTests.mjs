// The integration suite as a bundle, and the folder it runs on; shared by the browser's editor and the desktop.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { makeDemo } from './demo.mjs';
import { distTest, root, testOutput } from './paths.mjs';

/** The file that the extension host is given as its tests. */
export const hostEntry = join(distTest, 'host/index.js');

/** Bundles test/host: the entry, and one file for each suite beside it. */
export async function bundleHostTests() {
  const suite = join(root, 'test/host/suite');
  const names = readdirSync(suite).filter((name) => name.endsWith('.test.ts'));
  rmSync(join(distTest, 'host'), { recursive: true, force: true });
  await bundle({
    entryPoints: {
      index: join(root, 'test/host/index.ts'),
      ...Object.fromEntries(names.map((name) => [name.replace(/\.ts$/, ''), join(suite, name)])),
    },
    outdir: join(distTest, 'host'),
  });
}

/** Makes a new warehouse for one run; the tests change it. */
export async function freshWarehouse(name) {
  const folder = join(testOutput, name);
  rmSync(folder, { recursive: true, force: true });
  await makeDemo(folder);
  return folder;
}
