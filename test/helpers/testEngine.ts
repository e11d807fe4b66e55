/** An Engine for tests: the real local store and Parquet workers, with ids and a clock that a test can fix. */
import { randomUUID } from 'node:crypto';
import type { Clock, Engine } from '../../src/engine/engine';
import type { ObjectStore } from '../../src/engine/objectStore';
import { LocalStore } from '../../src/storage/localStore';
import { createParquetHandler } from '../../src/storage/parquet/parquetHandler';
import { seededIds } from './seededIds';
import { parquetWorkerPath } from './parquetWorkerPath';

export interface TestEngine extends Engine {
  close(): Promise<void>;
}

/** `now` fixes the clock; `seed` makes ids that are the same at every run. */
export async function createTestEngine(
  options: { readonly store?: ObjectStore; readonly now?: number; readonly seed?: number } = {},
): Promise<TestEngine> {
  const store = options.store ?? new LocalStore();
  const parquet = createParquetHandler({ store, workerPath: await parquetWorkerPath() });
  const clock: Clock = { now: () => options.now ?? Date.now() };
  return {
    store,
    parquet,
    clock,
    ids: options.seed === undefined ? { uuid: () => randomUUID() } : seededIds(options.seed),
    log: { debug: () => undefined, warn: () => undefined },
    engineInfo: 'Delta-Clones/test',
    close: () => parquet.close(),
  };
}
