/**
 * The Parquet worker's bundle for tests, built on demand: its name holds a digest of its sources, and it appears by rename, so
 * that test processes may build it at the same time.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const sources = join(repository, 'src/storage/parquet');

let path: Promise<string> | undefined;

/** The path of the bundle, with the wasm beside it. */
export function parquetWorkerPath(): Promise<string> {
  path ??= buildWorker();
  return path;
}

async function buildWorker(): Promise<string> {
  const wasm = join(
    dirname(createRequire(import.meta.url).resolve('parquet-wasm/node')),
    'parquet_wasm_bg.wasm',
  );
  const digest = createHash('sha256');
  for (const name of (await readdir(sources)).sort())
    digest.update(await readFile(join(sources, name)));
  digest.update(await readFile(join(dirname(wasm), 'package.json')));
  const folder = join(repository, '.cache/test-workers', digest.digest('hex').slice(0, 16));
  const worker = join(folder, 'parquetWorker.cjs');
  if (existsSync(worker)) return worker;
  const made = `${folder}.${process.pid}`;
  await mkdir(made, { recursive: true });
  await build({
    absWorkingDir: repository,
    entryPoints: [join(sources, 'parquetWorker.ts')],
    outfile: join(made, 'parquetWorker.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  await copyFile(wasm, join(made, 'parquet_wasm_bg.wasm'));
  try {
    await rename(made, folder);
  } catch (error) {
    if (!existsSync(worker)) throw error;
    await rm(made, { recursive: true, force: true }); // another process was first
  }
  return worker;
}
