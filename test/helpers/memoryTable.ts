/** Logs in memory, written line by line as a test wants them; no Parquet is there, so checkpoints are V2 in JSON. */
import { DeltaError } from '../../src/engine/errors';
import type { Engine } from '../../src/engine/engine';
import { joinUri, parseObjectUri, type ObjectUri } from '../../src/engine/objectUri';
import type { ParquetHandler } from '../../src/engine/parquetHandler';
import { MemoryStore } from '../../src/storage/memoryStore';
import { seededIds } from './seededIds';

export const memoryRoot: ObjectUri = parseObjectUri('file:///warehouse/orders');

const noParquet: ParquetHandler = {
  metadata: () => Promise.reject(new DeltaError('corrupt-file', 'There is no Parquet here.')),
  // eslint-disable-next-line require-yield -- it only fails
  readColumns: async function* () {
    throw new DeltaError('corrupt-file', 'There is no Parquet here.');
  },
  write: () => Promise.reject(new DeltaError('internal', 'There is no Parquet here.')),
};

/** An engine over a fresh store whose clock moves one second a write. */
export function memoryEngine(): Engine & { readonly store: MemoryStore } {
  let now = Date.UTC(2026, 0, 1);
  const tick = (): number => (now += 1000);
  return {
    store: new MemoryStore({ now: tick }),
    parquet: noParquet,
    clock: { now: tick },
    ids: seededIds(1),
    log: { debug: () => undefined, warn: () => undefined },
    engineInfo: 'Delta-Clones/test',
  };
}

export const protocolLine = '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}';

export const metadataLine = JSON.stringify({
  metaData: {
    id: '11111111-2222-4333-8444-555555555555',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({
      type: 'struct',
      fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }],
    }),
    partitionColumns: [],
    configuration: {},
    createdTime: 1_700_000_000_000,
  },
});

export function addLine(path: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    add: { path, partitionValues: {}, size: 10, modificationTime: 1, dataChange: true, ...more },
  });
}

export function removeLine(path: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ remove: { path, deletionTimestamp: 1, dataChange: true, ...more } });
}

/** Writes `_delta_log/<name>`; a number is a commit's version. */
export async function writeLog(
  engine: Engine,
  name: number | string,
  lines: readonly string[],
  root: ObjectUri = memoryRoot,
): Promise<void> {
  const file = typeof name === 'number' ? `${String(name).padStart(20, '0')}.json` : name;
  const text = lines.map((line) => `${line}\n`).join('');
  await engine.store.put(joinUri(root, '_delta_log', file), new TextEncoder().encode(text), {
    mode: 'overwrite',
  });
}
