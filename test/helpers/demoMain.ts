/** `node dist-test/demo.js <folder>`: makes the demo warehouse, dated so that it ends yesterday. */
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from '../../src/engine/engine';
import type { ObjectUri } from '../../src/engine/objectUri';
import { executeOperation, planOperation } from '../../src/engine/operations/operations';
import { localPath, localUri } from '../../src/storage/localPath';
import { LocalStore } from '../../src/storage/localStore';
import { createParquetHandler } from '../../src/storage/parquet/parquetHandler';
import { makeDemoWarehouse, type CloneMaker } from './demoWarehouse';
import { seededRandom } from './invented';

const hourMs = 3_600_000;

async function main(folder: string): Promise<void> {
  const store = new LocalStore();
  const parquet = createParquetHandler({ store, workerPath: join(__dirname, 'parquetWorker.js') });
  const today = new Date();
  today.setUTCHours(0, 0, 0, 0);
  let now = today.getTime();
  const random = seededRandom(20_261_121);
  const engine: Engine = {
    store,
    parquet,
    clock: { now: () => now },
    ids: { uuid: () => uuid(random) },
    log: { debug: () => undefined, warn: () => undefined },
    engineInfo: 'Delta-Clones/demo',
  };
  const clone: CloneMaker = async (kind, source, target, version) => {
    const plan = await planOperation(
      engine,
      { kind, source, target, at: { version } },
      { signal: undefined },
    );
    await executeOperation(engine, plan, { acknowledged: new Set() });
  };
  const at = async (
    root: ObjectUri,
    daysAgo: number,
    hour: number,
    step: () => Promise<unknown>,
  ): Promise<void> => {
    now = today.getTime() - daysAgo * 24 * hourMs + hour * hourMs;
    const known = new Set(filesBelow(localPath(root)));
    await step();
    for (const file of filesBelow(localPath(root))) {
      if (!known.has(file)) utimesSync(file, now / 1000, now / 1000);
    }
  };
  try {
    await makeDemoWarehouse({ engine, clone, at }, localUri(folder));
  } finally {
    await parquet.close();
  }
}

function filesBelow(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** A random UUID (version 4) that is the same at every run. */
function uuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (char) =>
    (char === 'x' ? Math.floor(random() * 16) : 8 + Math.floor(random() * 4)).toString(16),
  );
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: demo <folder>');
  process.exitCode = 2;
} else {
  main(resolve(folder)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
