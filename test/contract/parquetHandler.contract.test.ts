import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchColumn, childColumn, isNullAt, numberAt } from '../../src/engine/column';
import { fileUri } from '../../src/engine/objectUri';
import { LocalStore } from '../../src/storage/localStore';
import { createParquetHandler } from '../../src/storage/parquet/parquetHandler';
import type { ClosableParquetHandler } from '../../src/storage/parquet/parquetHandler';
import { parquetWorkerPath } from '../helpers/parquetWorkerPath';
import { sharedTablesOrReason } from '../helpers/shared';
import { parquetHandlerContract } from './parquetHandler.contract';

parquetHandlerContract('the pool of parquet-wasm workers', async (store) =>
  createParquetHandler({ store, workerPath: await parquetWorkerPath() }),
);

interface IndexedTable {
  readonly path: string;
  readonly readable: true | string;
}

/** Writers may put columns of their own beside these (PROTOCOL.md, Checkpoint Schema). */
const actionNames = [
  'add',
  'remove',
  'metaData',
  'protocol',
  'txn',
  'domainMetadata',
  'sidecar',
  'checkpointMetadata',
];

const shared = sharedTablesOrReason('Checkpoints written by other engines');

describe.skipIf(shared === undefined)('checkpoints written by other engines', () => {
  const root = shared ?? '';
  let handler: ClosableParquetHandler;
  beforeAll(async () => {
    handler = createParquetHandler({
      store: new LocalStore(),
      workerPath: await parquetWorkerPath(),
    });
  });
  afterAll(() => handler.close());

  it('are all read: their actions, one by one, in rows that are aligned', async () => {
    const tables = JSON.parse(await readFile(join(root, 'INDEX.json'), 'utf8')) as IndexedTable[];
    const failures: string[] = [];
    let files = 0;
    let actions = 0;
    for (const table of tables) {
      const log = join(root, table.path, '_delta_log');
      const names = await readdir(log).catch(() => []);
      for (const name of names) {
        if (!name.includes('.checkpoint.') || !name.endsWith('.parquet') || name.startsWith('.'))
          continue;
        const path = join(log, name);
        try {
          const uri = fileUri(path);
          const { size } = await stat(path);
          const metadata = await handler.metadata({ uri, size });
          let rows = 0;
          for await (const batch of handler.readColumns({ uri, size })) {
            rows += batch.rowCount;
            const add = batchColumn(batch, 'add');
            const addSize = childColumn(add, 'size');
            const known = actionNames.flatMap((action) => batchColumn(batch, action) ?? []);
            for (let row = 0; row < batch.rowCount; row++) {
              const present = known.filter((column) => !isNullAt(column, row)).length;
              if (present > 1)
                failures.push(`${relative(root, path)}: row ${row} holds ${present} actions`);
              if (add !== undefined && !isNullAt(add, row) && (numberAt(addSize, row) ?? -1) < 0) {
                failures.push(`${relative(root, path)}: row ${row} has no size`);
              }
              actions += present;
            }
          }
          if (rows !== metadata.rowCount)
            failures.push(`${relative(root, path)}: ${rows} of ${metadata.rowCount} rows`);
          files++;
        } catch (error) {
          if (table.readable === true) failures.push(`${relative(root, path)}: ${String(error)}`);
        }
      }
    }
    expect(failures).toEqual([]);
    expect(files).toBeGreaterThan(50);
    expect(actions).toBeGreaterThan(1000);
  });

  it('and timestamps of Spark in INT96 keep their value far outside the years that 64 bits of nanoseconds hold', async () => {
    const folder = join(root, 'trino/databricks73__pruning__timestamp');
    const names = (await readdir(folder, { recursive: true })).filter(
      (name) => name.endsWith('.parquet') && name.includes('9999-12-31'),
    );
    expect(names).toHaveLength(1);
    for (const name of names) {
      const path = join(folder, name);
      const file = { uri: fileUri(path), size: (await stat(path)).size };
      for await (const batch of handler.readColumns(file)) {
        const index = batch.fields.findIndex(({ type }) => type.kind === 'timestamp');
        expect(batch.fields[index]?.type).toEqual({ kind: 'timestamp', unit: 'us', utc: true });
        const column = batch.columns[index];
        expect(column?.values?.[0]).toBe(253_402_300_799_999_999n);
      }
    }
  });
});
