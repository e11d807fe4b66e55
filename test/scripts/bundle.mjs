// Bundles of test code: TypeScript in, one CommonJS file an entry out.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const wasmFile = 'parquet_wasm_bg.wasm';

/** Keeps `./<name>` an import of `./<name>.js`, so that all bundles of a folder see one instance of it. */
function sharedModules(names) {
  return {
    name: 'shared-modules',
    setup(build) {
      build.onResolve({ filter: /^\.\/\w+$/ }, ({ path, kind }) =>
        kind !== 'entry-point' && names.includes(path.slice(2))
          ? { path: `${path}.js`, external: true }
          : undefined,
      );
    },
  };
}

/**
 * @param options.entryPoints name to TypeScript file
 * @param options.outdir      where `<name>.js` and its map go
 * @param options.external    packages that stay imports
 * @param options.shared      names of entry points that the others import at run time, because they hold state
 * @param options.wasm        put the Parquet wasm beside the bundle
 */
export async function bundle({ entryPoints, outdir, external = [], shared = [], wasm = false }) {
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
    plugins: [sharedModules(shared)],
  });
  if (wasm) {
    copyFileSync(join(root, 'node_modules/parquet-wasm/node', wasmFile), join(outdir, wasmFile));
  }
}
