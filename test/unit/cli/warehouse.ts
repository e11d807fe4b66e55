/** Small tables that tests of the service and the command line share, written by the product's own code into a folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine';
import { joinUri } from '../../../src/engine/objectUri';
import { localUri } from '../../../src/storage/localPath';
import { TableWriter } from '../../helpers/tableWriter';

const write = { operation: 'WRITE', operationParameters: { mode: 'Append' } };

/**
 * `orders`, partitioned by `region`, at version 2: two files, a third one with a name that needs escaping, and a deletion vector on
 * the first. Five rows of six are left.
 */
export async function writeOrders(
  engine: Engine,
  folder: string,
  name = 'orders',
): Promise<string> {
  const writer = new TableWriter(
    engine,
    joinUri(localUri(folder), name),
    {
      fields: [
        { name: 'id', type: 'long' },
        { name: 'note', type: 'string', comment: 'as the customer wrote it' },
        { name: 'region', type: 'string' },
      ],
      partitionColumns: ['region'],
      configuration: { 'delta.enableDeletionVectors': 'true' },
      protocol: {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['deletionVectors'],
        writerFeatures: ['deletionVectors'],
      },
      name: 'orders table',
    },
    engine.ids.uuid(),
  );
  const north = await writer.writeFile([
    { id: 1n, note: 'first', region: 'north' },
    { id: 9007199254740993n, note: 'big', region: 'north' },
    { id: 3n, note: null, region: 'north' },
  ]);
  const south = await writer.writeFile([{ id: 4n, note: 'ünï', region: 'south' }]);
  await writer.create(
    [
      { kind: 'add', add: north },
      { kind: 'add', add: south },
    ],
    write,
  );
  const odd = await writer.writeFile([
    { id: 5n, note: 'a', region: 'no th:1%' },
    { id: 6n, note: 'b', region: 'no th:1%' },
  ]);
  await writer.commit([{ kind: 'add', add: odd }], write);
  const deleted = await writer.deleteRows(north, [2]);
  await writer.commit([writer.remove(north), { kind: 'add', add: deleted }], {
    operation: 'DELETE',
    operationParameters: { predicate: '["id = 3"]' },
  });
  return join(folder, name);
}

/** A table that is only a log; lines are JSON texts or values. */
export async function writeLogTable(
  folder: string,
  commits: readonly (readonly unknown[])[],
): Promise<string> {
  await mkdir(join(folder, '_delta_log'), { recursive: true });
  for (const [version, lines] of commits.entries()) {
    const text = lines
      .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
      .join('');
    await writeFile(join(folder, '_delta_log', `${String(version).padStart(20, '0')}.json`), text);
  }
  return folder;
}

export const simpleProtocol = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } };

/** `metaData` of a table with one long column `id`. */
export function simpleMetadata(more: Readonly<Record<string, unknown>> = {}): object {
  return {
    metaData: {
      id: '11111111-2222-4333-8444-555555555555',
      format: { provider: 'parquet', options: {} },
      schemaString:
        '{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}',
      partitionColumns: [],
      configuration: {},
      createdTime: 1_700_000_000_000,
      ...more,
    },
  };
}
