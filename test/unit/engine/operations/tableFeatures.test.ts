import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitUri } from '../../../../src/engine/log/logPath';
import { joinUri, type ObjectUri } from '../../../../src/engine/objectUri';
import { planOperation } from '../../../../src/engine/operations/operations';
import { openSnapshot } from '../../../../src/engine/table';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import { commitOf, openBench, run, warehouse } from './fixtures';

const bench = await openBench();
const { engine, store } = bench;
afterAll(() => bench.close());
beforeEach(() => {
  store.inner = new MemoryStore();
});

const source = joinUri(warehouse, 'source');
const target = joinUri(warehouse, 'target');
const schemaString = JSON.stringify({
  type: 'struct',
  fields: [
    {
      name: 'id',
      type: 'long',
      nullable: true,
      metadata: { 'delta.columnMapping.id': 1, 'delta.columnMapping.physicalName': 'col-1' },
    },
  ],
});

function metaData(
  configuration: Record<string, string>,
  more: Record<string, unknown> = {},
): unknown {
  return {
    metaData: {
      id: 'a1b2c3d4-0000-4000-8000-000000000000',
      name: 'orders',
      description: 'all',
      format: { provider: 'parquet', options: {} },
      schemaString,
      partitionColumns: [],
      configuration,
      createdTime: 17,
      ...more,
    },
  };
}

function protocol(...writerFeatures: string[]): unknown {
  return { protocol: { minReaderVersion: 1, minWriterVersion: 7, writerFeatures } };
}

function add(path: string, more: Record<string, unknown> = {}): unknown {
  return {
    add: {
      path,
      partitionValues: {},
      size: 10,
      modificationTime: 1,
      dataChange: true,
      stats: '{"numRecords":10}',
      ...more,
    },
  };
}

async function write(
  root: ObjectUri,
  version: number,
  ...lines: readonly unknown[]
): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await store.put(commitUri(root, version), new TextEncoder().encode(text), { mode: 'create' });
}

const shallow = (more: object = {}): Parameters<typeof run>[1] => ({
  kind: 'shallow-clone',
  source,
  target,
  at: 'latest',
  ...more,
});

describe('row tracking', () => {
  const rowIds = (id: string): Record<string, string> => ({
    'delta.enableRowTracking': 'true',
    'delta.rowTracking.materializedRowIdColumnName': `_row-id-col-${id}`,
    'delta.rowTracking.materializedRowCommitVersionColumnName': `_row-commit-version-col-${id}`,
  });
  const features = protocol('rowTracking', 'domainMetadata');
  const mark = (rowIdHighWaterMark: number): unknown => ({
    domainMetadata: {
      domain: 'delta.rowTracking',
      configuration: JSON.stringify({ rowIdHighWaterMark }),
      removed: false,
    },
  });

  it('gives a clone row ids and column names of its own', async () => {
    await write(
      source,
      0,
      features,
      metaData(rowIds('src')),
      add('a', { baseRowId: 500, defaultRowCommitVersion: 3 }),
      add('b', { baseRowId: 700, defaultRowCommitVersion: 4 }),
      mark(709),
    );
    await run(engine, shallow());
    const lines = await commitOf(engine, target, 0);
    expect(lines.map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'metaData',
      'add',
      'add',
      'protocol',
      'domainMetadata',
    ]);
    const adds = lines.flatMap((line) => (line.add === undefined ? [] : [line.add]));
    expect(
      adds.map(({ baseRowId, defaultRowCommitVersion }) => [baseRowId, defaultRowCommitVersion]),
    ).toEqual([
      [0, 0],
      [10, 0],
    ]);
    expect(lines.at(-1)?.domainMetadata).toEqual({
      domain: 'delta.rowTracking',
      configuration: '{"rowIdHighWaterMark":19}',
      removed: false,
    });
    const { configuration } = (await openSnapshot(engine, target, 'latest')).metadata;
    expect(configuration['delta.rowTracking.materializedRowIdColumnName']).toMatch(
      /^_row-id-col-[0-9a-f-]{36}$/,
    );
    expect(configuration['delta.rowTracking.materializedRowCommitVersionColumnName']).toMatch(
      /^_row-commit-version-col-[0-9a-f-]{36}$/,
    );
  });

  it('goes on from the target’s mark when it replaces, and keeps the target’s column names', async () => {
    await write(
      source,
      0,
      features,
      metaData(rowIds('src')),
      add('a', { baseRowId: 0, defaultRowCommitVersion: 0 }),
      mark(9),
    );
    await write(
      target,
      0,
      features,
      metaData(rowIds('tgt'), {
        id: 'b1b2c3d4-0000-4000-8000-000000000000',
        name: 'mine',
        description: 'own',
      }),
      add('x', { baseRowId: 90, defaultRowCommitVersion: 0 }),
      mark(99),
    );
    await run(engine, shallow({ replace: true }));
    const lines = await commitOf(engine, target, 1);
    const added = lines.find((line) => line.add !== undefined)?.add;
    expect(added).toMatchObject({ baseRowId: 100, defaultRowCommitVersion: 1 });
    expect(lines.find((line) => line.remove !== undefined)?.remove).toMatchObject({
      path: 'x',
      baseRowId: 90,
      defaultRowCommitVersion: 0,
    });
    const { metadata } = await openSnapshot(engine, target, 'latest');
    expect(metadata).toMatchObject({
      id: 'b1b2c3d4-0000-4000-8000-000000000000',
      name: 'mine',
      description: 'own',
      createdTime: 17,
    });
    expect(metadata.configuration).toEqual(rowIds('tgt'));
  });

  it('needs a row count for every file', async () => {
    await write(source, 0, features, metaData(rowIds('src')), add('a', { stats: undefined }));
    const plan = await planOperation(engine, shallow());
    expect(plan.findings.find(({ severity }) => severity === 'blocker')).toMatchObject({
      code: 'unsupported-feature',
      detail: { filesWithoutRowCount: 1 },
    });
  });

  it('keeps the ids of restored files, gives ids to files from before the feature, and never lowers the mark', async () => {
    await write(source, 0, protocol('domainMetadata'), metaData({}), add('old'));
    await write(
      source,
      1,
      features,
      metaData(rowIds('src')),
      { remove: { path: 'old', deletionTimestamp: Date.now(), dataChange: true } },
      add('new', { baseRowId: 0, defaultRowCommitVersion: 1 }),
      mark(9),
    );
    for (const name of ['old', 'new'])
      await store.put(joinUri(source, name), new Uint8Array(10), { mode: 'create' });
    await run(engine, { kind: 'restore', table: source, at: { version: 0 } });
    const lines = await commitOf(engine, source, 2);
    expect(lines.find((line) => line.add !== undefined)?.add).toMatchObject({
      path: 'old',
      baseRowId: 10,
      defaultRowCommitVersion: 2,
    });
    await run(engine, { kind: 'restore', table: source, at: { version: 1 } });
    const back = await commitOf(engine, source, 3);
    expect(back.find((line) => line.add !== undefined)?.add).toMatchObject({
      path: 'new',
      baseRowId: 0,
      defaultRowCommitVersion: 1,
    });
    expect(back[0]?.commitInfo).toMatchObject({ tags: { 'delta.rowTracking.preserved': 'true' } });
    const { domains } = await openSnapshot(engine, source, 'latest');
    expect(domains.get('delta.rowTracking')?.configuration).toBe('{"rowIdHighWaterMark":19}');
  });
});

describe('in-commit timestamps', () => {
  const on = { 'delta.enableInCommitTimestamps': 'true' };
  const since = {
    'delta.inCommitTimestampEnablementVersion': '1',
    'delta.inCommitTimestampEnablementTimestamp': '1000',
  };
  const later = 9_000_000_000_000;

  async function writeSource(): Promise<void> {
    await write(source, 0, protocol('appendOnly'), metaData({}), add('a'));
    await write(
      source,
      1,
      { commitInfo: { inCommitTimestamp: 1000, timestamp: 1000, operation: 'SET' } },
      protocol('inCommitTimestamp'),
      metaData({ ...on, ...since }),
    );
    await write(
      source,
      2,
      { commitInfo: { inCommitTimestamp: later, timestamp: 1, operation: 'WRITE' } },
      add('b'),
    );
  }

  it('begin afresh in a new clone', async () => {
    await writeSource();
    await run(engine, shallow());
    const lines = await commitOf(engine, target, 0);
    expect(Object.keys(lines[0]?.commitInfo ?? {})[0]).toBe('inCommitTimestamp');
    expect((await openSnapshot(engine, target, 'latest')).metadata.configuration).toEqual(on);
  });

  it('are switched on in a replaced table with the version and the time of that commit', async () => {
    await writeSource();
    await write(
      target,
      0,
      protocol('appendOnly'),
      metaData({}, { id: 'b1b2c3d4-0000-4000-8000-000000000000' }),
    );
    await run(engine, shallow({ replace: true }));
    const lines = await commitOf(engine, target, 1);
    const time = lines[0]?.commitInfo?.inCommitTimestamp;
    expect((await openSnapshot(engine, target, 'latest')).metadata.configuration).toEqual({
      ...on,
      'delta.inCommitTimestampEnablementVersion': '1',
      'delta.inCommitTimestampEnablementTimestamp': String(time),
    });
  });

  it('never go back, whatever the clock says, and keep their beginning in a restore', async () => {
    await writeSource();
    for (const name of ['a', 'b'])
      await store.put(joinUri(source, name), new Uint8Array(10), { mode: 'create' });
    await run(engine, { kind: 'restore', table: source, at: { version: 1 } });
    const lines = await commitOf(engine, source, 3);
    expect(lines[0]?.commitInfo).toMatchObject({
      inCommitTimestamp: later + 1,
      timestamp: later + 1,
    });
    expect((await openSnapshot(engine, source, 'latest')).metadata.configuration).toEqual({
      ...on,
      ...since,
    });
    // Before they were switched on: the whole configuration comes back, and no half of their properties stays.
    await run(engine, { kind: 'restore', table: source, at: { version: 0 } });
    const off = await openSnapshot(engine, source, 'latest');
    expect(off.metadata.configuration).toEqual({});
    expect((await commitOf(engine, source, 4))[0]?.commitInfo).not.toHaveProperty(
      'inCommitTimestamp',
    );
    expect(off.protocol.writerFeatures).toContain('inCommitTimestamp');
  });
});

describe('domains', () => {
  const clustered = (...columns: string[]): unknown => ({
    domainMetadata: {
      domain: 'delta.clustering',
      configuration: JSON.stringify({ clusteringColumns: columns.map((column) => [column]) }),
      removed: false,
    },
  });
  const own = {
    domainMetadata: { domain: 'com.example', configuration: '{"a":1}', removed: false },
  };
  const features = protocol('clustering', 'domainMetadata');

  it('take only clustering from the source; the target keeps its others', async () => {
    await write(
      source,
      0,
      features,
      metaData({}),
      clustered('col-1'),
      own,
      add('a', { clusteringProvider: 'liquid' }),
    );
    await run(engine, shallow());
    const first = await openSnapshot(engine, target, 'latest');
    expect([...first.domains.keys()]).toEqual(['delta.clustering']);
    expect(
      (await commitOf(engine, target, 0)).find((line) => line.add !== undefined)?.add
        ?.clusteringProvider,
    ).toBe('liquid');
    await write(target, 1, {
      domainMetadata: { domain: 'mine', configuration: '{}', removed: false },
    });
    await write(source, 1, {
      domainMetadata: { domain: 'delta.clustering', configuration: '', removed: true },
    });
    await run(engine, shallow({ replace: true }));
    const second = await openSnapshot(engine, target, 'latest');
    expect([...second.domains.keys()]).toEqual(['mine']);
    expect(
      (await commitOf(engine, target, 2)).find((line) => line.domainMetadata !== undefined)
        ?.domainMetadata,
    ).toMatchObject({ domain: 'delta.clustering', removed: true });
  });

  it('of clustering go back with a restore, to an empty list where there was none', async () => {
    await write(source, 0, features, metaData({}), own);
    await write(source, 1, clustered('col-1'));
    await run(engine, { kind: 'restore', table: source, at: { version: 0 } });
    expect((await commitOf(engine, source, 2)).at(-1)?.domainMetadata).toEqual({
      domain: 'delta.clustering',
      configuration: '{"clusteringColumns":[]}',
      removed: false,
    });
    await run(engine, { kind: 'restore', table: source, at: { version: 1 } });
    expect(
      (await openSnapshot(engine, source, 'latest')).domains.get('delta.clustering')?.configuration,
    ).toBe('{"clusteringColumns":[["col-1"]]}');
  });
});

describe('protocols', () => {
  it('are never lowered on an existing target, and have no empty lists', async () => {
    await write(
      source,
      0,
      { protocol: { minReaderVersion: 2, minWriterVersion: 5 } },
      metaData({ 'delta.columnMapping.mode': 'name', 'delta.columnMapping.maxColumnId': '1' }),
      add('a'),
    );
    await run(engine, shallow());
    const made = await openSnapshot(engine, target, 'latest');
    expect(made.protocol).toEqual({ minReaderVersion: 2, minWriterVersion: 5 });
    expect(made.metadata).toMatchObject({
      schemaString,
      configuration: { 'delta.columnMapping.mode': 'name', 'delta.columnMapping.maxColumnId': '1' },
    });
    const rich = joinUri(warehouse, 'rich');
    await write(
      rich,
      0,
      {
        protocol: {
          minReaderVersion: 3,
          minWriterVersion: 7,
          readerFeatures: ['deletionVectors'],
          writerFeatures: ['deletionVectors', 'appendOnly'],
        },
      },
      metaData({}, { id: 'c1b2c3d4-0000-4000-8000-000000000000' }),
    );
    const { plan } = await run(engine, shallow({ target: rich, replace: true }));
    const { protocol: merged } = await openSnapshot(engine, rich, 'latest');
    expect(merged.readerFeatures).toEqual(['columnMapping', 'deletionVectors']);
    expect(merged.writerFeatures).toEqual(
      expect.arrayContaining(['appendOnly', 'columnMapping', 'deletionVectors', 'changeDataFeed']),
    );
    expect(plan.protocolChanges.every(({ before }) => before === null)).toBe(true);
  });

  it('leave a coordinator and a catalog behind', async () => {
    await write(
      source,
      0,
      protocol('coordinatedCommits-preview', 'inCommitTimestamp'),
      metaData({
        'delta.coordinatedCommits.commitCoordinator-preview': 'dynamodb',
        'delta.coordinatedCommits.tableConf-preview': '{}',
        'io.unitycatalog.tableId': 'x',
        kept: 'yes',
      }),
      add('a'),
    );
    const { plan } = await run(engine, shallow());
    expect(plan.findings.some(({ code }) => code === 'stale-source')).toBe(true);
    const { protocol: made, metadata } = await openSnapshot(engine, target, 'latest');
    expect(made.writerFeatures).toEqual(['inCommitTimestamp']);
    expect(metadata.configuration).toEqual({ kept: 'yes' });
  });

  it('that we cannot write stop the clone and the restore, by the name of the feature', async () => {
    await write(source, 0, protocol('futureFeature'), metaData({}), add('a'));
    await write(source, 1, { remove: { path: 'a', deletionTimestamp: 1, dataChange: true } });
    for (const spec of [
      shallow(),
      { kind: 'restore', table: source, at: { version: 0 } },
    ] as const) {
      const plan = await planOperation(engine, spec);
      const blocker = plan.findings.find(({ severity }) => severity === 'blocker');
      expect(blocker?.code).toBe('unsupported-feature');
      expect(JSON.stringify(blocker?.detail)).toContain('futureFeature');
    }
  });

  it('that we cannot read are not cloned at all', async () => {
    await write(
      source,
      0,
      {
        protocol: {
          minReaderVersion: 3,
          minWriterVersion: 7,
          readerFeatures: ['catalogManaged'],
          writerFeatures: ['catalogManaged', 'inCommitTimestamp'],
        },
      },
      metaData({}),
      add('a'),
    );
    await expect(planOperation(engine, shallow())).rejects.toMatchObject({
      code: 'unsupported-read',
    });
  });
});
