/** Bundles of the product's node entries, made for a test: as the build makes them, in a folder of the test's own. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Builds `cli.js`, `worker.js` and `parquetWorker.js`, and returns their folder. `name` keeps test files apart. */
export async function bundleForTest(name: string): Promise<string> {
  const folder = join(repository, '.cache/test-bundles', `${name}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  await esbuild.build({
    absWorkingDir: repository,
    entryPoints: {
      cli: 'src/cli/main.ts',
      worker: 'src/service/worker/workerMain.ts',
      parquetWorker: 'src/storage/parquet/parquetWorker.ts',
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  const wasm = join(
    dirname(createRequire(import.meta.url).resolve('parquet-wasm')),
    'parquet_wasm_bg.wasm',
  );
  await copyFile(wasm, join(folder, 'parquet_wasm_bg.wasm'));
  return folder;
}

/** Deletes a folder of {@link bundleForTest}. */
export async function removeBundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
