// Bundles of test code: TypeScript in, one CommonJS file an entry out.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const wasmFile = 'parquet_wasm_bg.wasm';

/**
 * @param options.entryPoints name to TypeScript file
 * @param options.outdir      where `<name>.js` and its map go
 * @param options.external    packages that stay imports
 * @param options.wasm        put the Parquet wasm beside the bundle
 */
export async function bundle({ entryPoints, outdir, external = [], wasm = false }) {
  mkdirSync(outdir, { recursive: true });
  await build({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: true,
    external: ['vscode', 'mocha', 'playwright-core', ...external],
    absWorkingDir: root,
    logLevel: 'warning',
  });
  if (wasm) {
    copyFileSync(join(root, 'node_modules/parquet-wasm/node', wasmFile), join(outdir, wasmFile));
  }
}
