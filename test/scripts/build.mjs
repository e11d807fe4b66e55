// Building only what is out of date.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';

/** The newest change below the given files and folders, in milliseconds; 0 when none exists. */
function newestChange(paths) {
  let newest = 0;
  for (const path of paths) {
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info) continue;
    newest = Math.max(newest, info.mtimeMs);
    if (info.isDirectory()) {
      newest = Math.max(newest, newestChange(readdirSync(path).map((name) => join(path, name))));
    }
  }
  return newest;
}

/**
 * Runs `work` when one of `sources` changed since it last succeeded or `product` is absent.
 * @param stamp the file that remembers the start of the last success
 */
export async function whenOutOfDate({ sources, product, stamp }, work) {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  if (built !== undefined && existsSync(product) && built >= newestChange(sources))
    return 'up to date';
  rmSync(stamp, { force: true });
  mkdirSync(dirname(stamp), { recursive: true });
  const started = `${stamp}.started`;
  writeFileSync(started, '');
  const { mtime } = statSync(started);
  await work();
  utimesSync(started, mtime, mtime);
  renameSync(started, stamp);
  return 'built';
}

/** Builds the extension into dist unless it is up to date. */
export function buildExtension(root) {
  const sources = ['src', 'webview', 'esbuild.mjs', 'package.json', 'package-lock.json'];
  return whenOutOfDate(
    {
      sources: sources.map((name) => join(root, name)),
      product: join(root, 'dist/extension.js'),
      stamp: join(root, '.cache/built-extension'),
    },
    () => run(process.execPath, ['esbuild.mjs'], { cwd: root, quiet: true, title: 'The build' }),
  );
}
