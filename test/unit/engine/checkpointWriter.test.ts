import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/engine/util/json';
import { readAdds, readRemoves } from '../../../src/engine/fullFiles';
import { checkpointHintChecksum } from '../../../src/engine/log/lastCheckpointWriter';
import { writeCheckpoint } from '../../../src/engine/log/checkpointWriter';
import { checkpointUri, commitUri, lastCheckpointUri } from '../../../src/engine/log/logPath';
import { joinUri } from '../../../src/engine/objectUri';
import { openSnapshot } from '../../../src/engine/table';
import type { Snapshot } from '../../../src/engine/snapshot';
import type { JsonObject } from '../../../src/engine/util/json';
import { MemoryStore } from '../../../src/storage/memoryStore';
import { FaultyStore } from '../../helpers/faultyStore';
import { openBench, warehouse } from './operations/fixtures';

const bench = await openBench();
const { engine, store } = bench;
afterAll(() => bench.close());
beforeEach(() => {
  store.inner = new MemoryStore();
});

const root = joinUri(warehouse, 'checkpointed');
const now = Date.UTC(2026, 9, 1);

const metaData = (configuration: Record<string, string> = {}): unknown => ({
  metaData: {
    id: 'a1b2c3d4-0000-4000-8000-000000000000',
    name: 'orders',
    format: { provider: 'parquet', options: { k: 'v' } },
    schemaString: '{"type":"struct","fields":[]}',
    partitionColumns: ['a', 'b'],
    configuration,
    createdTime: 17,
  },
});

async function write(version: number, ...lines: readonly unknown[]): Promise<void> {
  const text = lines
    .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    .join('');
  await store.put(commitUri(root, version), new TextEncoder().encode(text), { mode: 'create' });
}

/** A table that has one of everything that a checkpoint holds. */
async function writeAll(configuration: Record<string, string> = {}): Promise<void> {
  await write(
    0,
    '{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors","domainMetadata","rowTracking"]}}',
    metaData(configuration),
    '{"txn":{"appId":"stream","version":9007199254740993,"lastUpdated":5}}',
    '{"domainMetadata":{"domain":"x","configuration":"{\\"é\\":1}","removed":false}}',
    '{"domainMetadata":{"domain":"gone","configuration":"{}","removed":true}}',
    '{"add":{"path":"a=1/b=%C3%A9/1.parquet","partitionValues":{"a":"1","b":"é"},"size":9007199254740000,"modificationTime":7,"dataChange":true,"stats":"{\\"numRecords\\":3,\\"maxValues\\":{\\"l\\":9007199254740993}}","tags":{"INSERTION_TIME":"1","":""},"baseRowId":9007199254740993,"defaultRowCommitVersion":0,"clusteringProvider":"liquid"}}',
    '{"add":{"path":"2.parquet","partitionValues":{"a":null,"b":""},"size":1,"modificationTime":8,"dataChange":true,"deletionVector":{"storageType":"u","pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40,"cardinality":6}}}',
    '{"add":{"path":"3.parquet","partitionValues":{},"size":2,"modificationTime":9,"dataChange":true}}',
    '{"add":{"path":"4.parquet","partitionValues":{},"size":2,"modificationTime":9,"dataChange":true}}',
  );
  await write(
    1,
    {
      remove: {
        path: '3.parquet',
        deletionTimestamp: now,
        dataChange: true,
        extendedFileMetadata: true,
        partitionValues: {},
        size: 2,
        stats: '{}',
        tags: { t: '1' },
      },
    },
    { remove: { path: '4.parquet', deletionTimestamp: now - 8 * 86_400_000, dataChange: true } },
  );
}

async function stateOf(snapshot: Snapshot): Promise<object> {
  const adds: unknown[] = [];
  for await (const some of readAdds(engine, await snapshot.files()))
    adds.push(...some.map((add) => ({ ...add, dataChange: false })));
  const { protocol, metadata, transactions, domains } = snapshot;
  return { protocol, metadata, transactions: [...transactions], domains: [...domains], adds };
}

describe('writeCheckpoint', () => {
  it('holds exactly the state, long numbers, empty texts and nulls included', async () => {
    await writeAll();
    const snapshot = await openSnapshot(engine, root, 'latest');
    const before = await stateOf(snapshot);
    const result = await writeCheckpoint(engine, snapshot);
    expect(result).toMatchObject({ kind: 'written', rows: 7, adds: 2 });
    for await (const _ of store.delete([commitUri(root, 0)]));
    const again = await openSnapshot(engine, root, 'latest');
    expect(again.segment.checkpoint?.version).toBe(1);
    expect(again.warnings).toEqual([]);
    expect(await stateOf(again)).toEqual(before);
    const removes: unknown[] = [];
    for await (const some of readRemoves(engine, await again.tombstones())) removes.push(...some);
    // The one past retention is left out, and tombstones have neither statistics nor tags.
    expect(removes).toEqual([
      {
        path: '3.parquet',
        deletionTimestamp: now,
        dataChange: false,
        extendedFileMetadata: true,
        partitionValues: {},
        size: 2,
      },
    ]);
  });

  it('points the hint at it, version 0 too, with the checksum of the protocol', async () => {
    await writeAll();
    await writeCheckpoint(engine, await openSnapshot(engine, root, { version: 0 }));
    const text = new TextDecoder().decode(await store.read(lastCheckpointUri(root)));
    const hint = parseJson(text) as JsonObject;
    const { size } = await store.head(checkpointUri(root, 0));
    expect(hint).toMatchObject({ version: 0, size: 8, sizeInBytes: size, numOfAddFiles: 4 });
    expect(hint.checksum).toBe(checkpointHintChecksum(hint));
  });

  it('never points the hint back', async () => {
    await writeAll();
    const old = await openSnapshot(engine, root, { version: 0 });
    await writeCheckpoint(engine, await openSnapshot(engine, root, 'latest'));
    await writeCheckpoint(engine, old);
    expect(new TextDecoder().decode(await store.read(lastCheckpointUri(root)))).toContain(
      '"version":1',
    );
  });

  it('leaves a checkpoint alone that is there', async () => {
    await writeAll();
    await store.put(checkpointUri(root, 1), new Uint8Array(5), { mode: 'create' });
    const snapshot = await openSnapshot(engine, root, 'latest');
    expect(await writeCheckpoint(engine, snapshot)).toMatchObject({ kind: 'skipped' });
    expect((await store.head(checkpointUri(root, 1))).size).toBe(5);
  });

  it('is skipped rather than lose statistics', async () => {
    await writeAll({ 'delta.checkpoint.writeStatsAsJson': 'false' });
    const result = await writeCheckpoint(engine, await openSnapshot(engine, root, 'latest'));
    expect(result.kind).toBe('skipped');
    await expect(store.head(checkpointUri(root, 1))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('drops transactions past their retention, those without a time too', async () => {
    await writeAll({ 'delta.setTransactionRetentionDuration': '1 day' });
    await write(
      2,
      { txn: { appId: 'fresh', version: 1, lastUpdated: now } },
      { txn: { appId: 'timeless', version: 1 } },
    );
    await writeCheckpoint(engine, await openSnapshot(engine, root, 'latest'));
    for await (const _ of store.delete([commitUri(root, 0)]));
    expect([...(await openSnapshot(engine, root, 'latest')).transactions.keys()]).toEqual([
      'fresh',
    ]);
  });

  it('is spread over many batches without losing a row', async () => {
    const lines = Array.from(
      { length: 45_000 },
      (_, i) =>
        `{"add":{"path":"${i}.parquet","partitionValues":{"a":"${i % 7}"},"size":${i},"modificationTime":1,"dataChange":true,"stats":"{\\"numRecords\\":1}"}}`,
    );
    await write(
      0,
      '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}',
      metaData(),
      ...lines,
    );
    const snapshot = await openSnapshot(engine, root, 'latest');
    const before = await snapshot.totals();
    expect(await writeCheckpoint(engine, snapshot)).toMatchObject({ rows: 45_002, adds: 45_000 });
    const again = await openSnapshot(engine, root, 'latest');
    expect(again.segment.checkpoint?.version).toBe(0);
    expect(await again.totals()).toEqual(before);
    expect(again.protocol).toEqual({ minReaderVersion: 1, minWriterVersion: 2 });
  });

  it('publishes nothing when a commit vanishes while it is written', async () => {
    await writeAll();
    const snapshot = await openSnapshot(engine, root, 'latest');
    await snapshot.files();
    const memory = store.inner;
    store.inner = new FaultyStore(memory).inject({
      verbs: ['read'],
      where: (uri) => uri === commitUri(root, 0),
      fault: { kind: 'vanish' },
    });
    await expect(writeCheckpoint(engine, snapshot)).rejects.toMatchObject({ code: 'not-found' });
    store.inner = memory;
    await expect(store.head(checkpointUri(root, 1))).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.head(lastCheckpointUri(root))).rejects.toMatchObject({ code: 'not-found' });
  });
});
