// `npm run package`: builds for production, makes the .vsix, lists what is inside and refuses what does not belong.
import { readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { main, say, Stop } from './console.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

/** The package is 1.7 MB of compressed wasm and bundles; this leaves room, and shows when something large slips in. */
const largest = 6 * 1024 * 1024;

const forbidden = [
  [/^(src|webview|test|node_modules)\//, 'belongs to the sources'],
  [/\.(ts|tsx|mts|map|tsbuildinfo)$/, 'is of no use at run time'],
  [/(^|\/)\.(cache|demo|git|env)/, 'belongs to a working copy'],
  [/^(dist-test|test-output)\//, 'belongs to the tests'],
  [/\.(pem|key|vsix)$/, 'must not be shipped'],
];

const required = ['package.json', 'README.md', 'LICENSE', 'dist/extension.js'];

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} kB`.padStart(12);
}

/**
 * Makes the package.
 * @param options.list print every file with its size
 * @returns the path of the .vsix, in the repository
 * @throws Stop naming the file or the size that is wrong
 */
export async function packageExtension({ list = false } = {}) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await run(process.execPath, ['esbuild.mjs', '--production'], {
    cwd: root,
    quiet: true,
    title: 'The production build',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  // The development build's stamp no longer tells the truth about dist.
  rmSync(join(root, '.cache/built-extension'), { force: true });

  const files = (await listFiles({ cwd: root, packageManager: PackageManager.None })).sort();
  if (list) for (const file of files) say(`${kilobytes(statSync(join(root, file)).size)}  ${file}`);
  for (const file of files) {
    const rule = forbidden.find(([pattern]) => pattern.test(file));
    if (rule)
      throw new Stop(`${file} ${rule[1]} and must not be in the package: see .vscodeignore.`);
  }
  for (const file of required) {
    if (!files.includes(file)) throw new Stop(`${file} is missing in the package.`);
  }

  const vsix = join(root, `${name}-${version}.vsix`);
  rmSync(vsix, { force: true });
  await createVSIX({
    cwd: root,
    dependencies: false,
    packagePath: vsix,
    skipLicense: false,
    // The pictures of the README are inside the package, and there is no address to link them to instead.
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = statSync(vsix);
  if (size > largest) {
    throw new Stop(
      `The package has ${kilobytes(size).trim()}, more than ${kilobytes(largest).trim()}.`,
    );
  }
  say(`${files.length} files, ${kilobytes(size).trim()}: ${name}-${version}.vsix`);
  return vsix;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await main(() => packageExtension({ list: true }));
}
