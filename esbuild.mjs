// Every bundle of the product: extension host, service worker, Parquet worker, command line, and one bundle a page.
// `node esbuild.mjs [--production] [--watch]`. Types are checked by tsc, not here.
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const require = createRequire(import.meta.url);

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'info',
};

/** The oldest Node of the editors we support (package.json, engines.vscode). */
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] };

/** parquet-wasm's CommonJS build reads its wasm from beside itself, which is dist once it is bundled. */
const builds = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { worker: 'src/service/worker/workerMain.ts' }, outdir: 'dist' },
  {
    ...node,
    entryPoints: { parquetWorker: 'src/storage/parquet/parquetWorker.ts' },
    outdir: 'dist',
  },
  {
    ...node,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: {
      'pages/history': 'webview/history/main.ts',
      'pages/plan': 'webview/plan/main.ts',
    },
    outdir: 'dist',
    loader: { '.ttf': 'file' },
    assetNames: 'pages/[name]',
  },
];

/** Assets that no bundler should touch. */
async function copyAssets() {
  await mkdir(join(root, 'dist/pages'), { recursive: true });
  await copyFile(
    join(dirname(require.resolve('parquet-wasm')), 'parquet_wasm_bg.wasm'),
    join(root, 'dist/parquet_wasm_bg.wasm'),
  );
  const codicons = join(dirname(require.resolve('@vscode/codicons/package.json')), 'dist');
  for (const name of ['codicon.css', 'codicon.ttf']) {
    await copyFile(join(codicons, name), join(root, 'dist/pages', name));
  }
}

if (production && existsSync(join(root, 'dist'))) {
  for (const name of await readdir(join(root, 'dist'))) {
    await rm(join(root, 'dist', name), { recursive: true, force: true });
  }
}
if (watch) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await copyAssets();
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await copyAssets();
  await Promise.all(builds.map((options) => esbuild.build(options)));
}
