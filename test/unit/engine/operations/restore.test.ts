import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitUri } from '../../../../src/engine/log/logPath';
import { joinUri, resolvePath, type ObjectUri } from '../../../../src/engine/objectUri';
import type { RestoreSpec } from '../../../../src/engine/operations/operation';
import { executeOperation, planOperation } from '../../../../src/engine/operations/operations';
import { openSnapshot } from '../../../../src/engine/table';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import { FaultyStore } from '../../../helpers/faultyStore';
import {
  claimsRoot,
  cloneRoot,
  claimsSpec,
  commitOf,
  filesOf,
  openBench,
  rowsOf,
  run,
  warehouse,
  writeClaims,
  type Claims,
} from './fixtures';

const bench = await openBench();
const { engine, store } = bench;
afterAll(() => bench.close());

let claims: Claims;
beforeEach(async () => {
  store.inner = new MemoryStore();
  claims = await writeClaims(engine);
});

const to = (version: number, table: ObjectUri = claimsRoot): RestoreSpec => ({
  kind: 'restore',
  table,
  at: { version },
});

async function appendLines(
  root: ObjectUri,
  version: number,
  lines: readonly unknown[],
): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await store.put(commitUri(root, version), new TextEncoder().encode(text), { mode: 'create' });
}

describe('restore', () => {
  it('brings back every version, rows and files, and the newest again', async () => {
    const newest = await filesOf(engine, claimsRoot);
    for (const version of [3, 2, 1, 0]) {
      const files = await filesOf(engine, claimsRoot, { version });
      const rows = await rowsOf(engine, claimsRoot, { version });
      const { outcome } = await run(engine, to(version));
      expect(outcome).toMatchObject({ committed: true, warnings: [] });
      expect(await filesOf(engine, claimsRoot)).toEqual(files);
      expect(await rowsOf(engine, claimsRoot)).toEqual(rows);
    }
    // A restore is undone by the version that it names.
    const { outcome } = await run(engine, to(4));
    expect(outcome).toMatchObject({ version: 9, undoVersion: 8 });
    expect(await filesOf(engine, claimsRoot)).toEqual(newest);
  });

  it('writes the commit that engines write', async () => {
    const { outcome, plan } = await run(engine, to(1));
    const lines = await commitOf(engine, claimsRoot, 5);
    expect(lines.map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'add',
      'add',
      'remove',
      'remove',
      'remove',
    ]);
    const { files: count, bytes } = await (
      await openSnapshot(engine, claimsRoot, { version: 1 })
    ).totals();
    const { filesToAdd, filesToRemove } = plan.effect;
    expect(lines[0]?.commitInfo).toMatchObject({
      operation: 'RESTORE',
      operationParameters: { version: 1, timestamp: null },
      readVersion: 4,
      isolationLevel: 'Serializable',
      isBlindAppend: false,
      operationMetrics: {
        tableSizeAfterRestore: String(bytes),
        numOfFilesAfterRestore: String(count),
        numRemovedFiles: '3',
        numRestoredFiles: '2',
        removedFilesSize: String(filesToRemove.bytes),
        restoredFilesSize: String(filesToAdd.bytes),
      },
    });
    expect(outcome.metrics).toMatchObject({
      numRemovedFiles: 3,
      numRestoredFiles: 2,
      numOfFilesAfterRestore: 3,
    });
    const first = claims.files[0];
    const removed = lines.find((line) => line.remove?.path === first?.path)?.remove;
    expect(removed).toMatchObject({
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues: { region: 'a:b %c' },
      size: first?.size,
      deletionVector: first?.deletionVector,
      stats: first?.stats,
    });
    expect(removed?.deletionTimestamp).toBeGreaterThan(0);
    // The same file comes back without its vector: two keys of one path in one commit.
    const added = lines.find((line) => line.add?.path === first?.path)?.add;
    expect(added).toMatchObject({ dataChange: true, stats: first?.stats });
    expect(added).not.toHaveProperty('deletionVector');
  });

  it('takes a time, and the newest version for a time after the last commit', async () => {
    const { timestamp } = await openSnapshot(engine, claimsRoot, { version: 3 });
    await run(engine, { kind: 'restore', table: claimsRoot, at: { timestamp } });
    const parameters = (await commitOf(engine, claimsRoot, 5))[0]?.commitInfo
      ?.operationParameters as Record<string, unknown>;
    expect(parameters.version).toBeNull();
    expect(parameters.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,3}$/);
    expect(await filesOf(engine, claimsRoot)).toEqual(
      await filesOf(engine, claimsRoot, { version: 3 }),
    );
    const late = await planOperation(engine, {
      kind: 'restore',
      table: claimsRoot,
      at: { timestamp: timestamp + 1e12 },
    });
    expect(late.willCommit).toBe(false);
  });

  it('does nothing for the current version', async () => {
    const { plan, outcome } = await run(engine, to(4));
    expect(plan).toMatchObject({ willCommit: false, findings: [] });
    expect(outcome).toMatchObject({ committed: false, version: 4, undoVersion: null });
    expect((await openSnapshot(engine, claimsRoot, 'latest')).version).toBe(4);
  });

  it('refuses a version whose data or vector file is gone, and commits nothing', async () => {
    await run(engine, to(0));
    const vector = (await filesOf(engine, claimsRoot, { version: 4 })).find(
      (key) => !key.endsWith('\0'),
    );
    expect(vector).toBeDefined();
    for await (const { uri } of store.list(claimsRoot)) {
      if (uri.endsWith('.bin')) for await (const _ of store.delete([uri]));
    }
    const plan = await planOperation(engine, to(4));
    expect(plan.findings.find(({ severity }) => severity === 'blocker')).toMatchObject({
      code: 'missing-files',
      detail: { missing: 1 },
    });
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      { code: 'refused' },
    );
    const fine = await planOperation(engine, to(1));
    expect(fine.findings.some(({ severity }) => severity === 'blocker')).toBe(false);
  });

  it('commits nothing when a file vanishes between plan and execution', async () => {
    const plan = await planOperation(engine, to(3));
    const gone = (await filesOf(engine, claimsRoot, { version: 3 })).filter((key) =>
      key.includes('region=north'),
    );
    for await (const _ of store.delete([gone[0]?.split('\0')[0] as ObjectUri]));
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      { code: 'missing-files' },
    );
    expect((await openSnapshot(engine, claimsRoot, 'latest')).version).toBe(4);
  });

  it('is stale after any commit that changed something, and not after one that did not', async () => {
    const plan = await planOperation(engine, to(0));
    await claims.writer.commit([], { operation: 'VACUUM START', operationParameters: {} });
    const stale = await planOperation(engine, to(1));
    expect(await executeOperation(engine, plan, { acknowledged: new Set() })).toMatchObject({
      version: 6,
      undoVersion: 5,
    });
    await expect(
      executeOperation(engine, stale, { acknowledged: new Set() }),
    ).rejects.toMatchObject({ code: 'stale-plan' });
    expect((await openSnapshot(engine, claimsRoot, 'latest')).version).toBe(6);
  });

  it('passes over a writer that wins the version with nothing, and gives up against one that wins with rows', async () => {
    const memory = store.inner;
    for (const line of [
      '{"commitInfo":{"operation":"VACUUM END"}}\n',
      '{"add":{"path":"x","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}\n',
    ]) {
      const { version } = await openSnapshot(engine, claimsRoot, 'latest');
      const plan = await planOperation(engine, to(version - 4));
      const racing = new FaultyStore(memory);
      const put = racing.put.bind(racing);
      let isFirst = true;
      racing.put = async (uri, body, options) => {
        if (isFirst) await memory.put(uri, new TextEncoder().encode(line), { mode: 'create' });
        isFirst = false;
        return put(uri, body, options);
      };
      store.inner = racing;
      const outcome = await executeOperation(engine, plan, { acknowledged: new Set() }).catch(
        (error: unknown) => error,
      );
      store.inner = memory;
      if (line.includes('VACUUM'))
        expect(outcome).toMatchObject({ version: version + 2, undoVersion: version + 1 });
      else expect(outcome).toMatchObject({ code: 'stale-plan' });
    }
  });

  it('reverts schema and properties, never the protocol, and keeps the table id', async () => {
    const before = await openSnapshot(engine, claimsRoot, 'latest');
    const schema = JSON.parse(before.metadata.schemaString) as { fields: unknown[] };
    schema.fields.push({ name: 'note', type: 'string', nullable: true, metadata: {} });
    await appendLines(claimsRoot, 5, [
      { commitInfo: { operation: 'SET TBLPROPERTIES' } },
      {
        metaData: {
          ...before.metadata,
          schemaString: JSON.stringify(schema),
          configuration: {
            ...before.metadata.configuration,
            'delta.enableChangeDataFeed': 'true',
            owner: 'me',
          },
        },
      },
      {
        protocol: {
          minReaderVersion: 3,
          minWriterVersion: 7,
          readerFeatures: ['deletionVectors'],
          writerFeatures: ['deletionVectors', 'changeDataFeed'],
        },
      },
    ]);
    const { plan } = await run(engine, to(4));
    expect(plan.schemaChanges).toEqual([{ key: 'note', before: 'string', after: null }]);
    expect(plan.propertyChanges).toEqual([
      { key: 'delta.enableChangeDataFeed', before: 'true', after: null },
      { key: 'owner', before: 'me', after: null },
    ]);
    expect(plan.protocolChanges).toEqual([]);
    expect(plan.findings.map(({ code }) => code)).toEqual(['schema-changes', 'streams']);
    const after = await openSnapshot(engine, claimsRoot, 'latest');
    expect(after.metadata).toEqual(before.metadata);
    expect(after.protocol.writerFeatures).toContain('changeDataFeed');
    expect((await commitOf(engine, claimsRoot, 6)).map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'metaData',
    ]);
  });

  it('refuses to remove from an append-only table', async () => {
    const root = joinUri(warehouse, 'ledger');
    await writeClaims(engine, root, {
      ...claimsSpec,
      configuration: { 'delta.appendOnly': 'true' },
      protocol: {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['deletionVectors'],
        writerFeatures: ['appendOnly', 'deletionVectors'],
      },
    });
    const plan = await planOperation(engine, to(0, root));
    expect(plan.findings.find(({ severity }) => severity === 'blocker')).toMatchObject({
      code: 'append-only',
    });
    await expect(
      executeOperation(engine, plan, { acknowledged: new Set(['append-only']) }),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  it('never gives out an identity value twice, also beyond 2^53 and for a falling sequence', async () => {
    const { metadata } = await openSnapshot(engine, claimsRoot, 'latest');
    const field = (name: string, step: string, mark: string): string =>
      `{"name":"${name}","type":"long","nullable":true,"metadata":{"delta.identity.start":1,"delta.identity.step":${step},"delta.identity.highWaterMark":${mark},"delta.identity.allowExplicitInsert":false}}`;
    const schema = (up: string, down: string): string =>
      `{"type":"struct","fields":[${field('up', '1', up)},${field('down', '-2', down)}]}`;
    const protocol = { minReaderVersion: 1, minWriterVersion: 6 };
    const root = joinUri(warehouse, 'identity');
    await appendLines(root, 0, [
      { protocol },
      {
        metaData: {
          ...metadata,
          partitionColumns: [],
          configuration: {},
          schemaString: schema('5', '-5'),
        },
      },
    ]);
    await appendLines(root, 1, [
      {
        metaData: {
          ...metadata,
          partitionColumns: [],
          configuration: {},
          schemaString: schema('9007199254740995', '-8'),
        },
      },
    ]);
    const { plan } = await run(engine, to(0, root));
    expect(plan.findings.some(({ code }) => code === 'identity')).toBe(true);
    const after = await openSnapshot(engine, root, 'latest');
    expect(after.metadata.schemaString).toBe(schema('9007199254740995', '-8'));
  });

  it('warns about streams whose progress is not taken back', async () => {
    const txn = { appId: 'stream-1', version: 7 };
    await claims.writer.commit([{ kind: 'txn', txn }], {
      operation: 'STREAMING UPDATE',
      operationParameters: {},
    });
    const { plan } = await run(engine, to(4));
    expect(plan.findings.find(({ code }) => code === 'transactions-kept')).toMatchObject({
      severity: 'warning',
      detail: { appIds: ['stream-1'] },
    });
    expect((await openSnapshot(engine, claimsRoot, 'latest')).transactions.get('stream-1')).toEqual(
      txn,
    );
  });

  it('restores a shallow clone whose files lie elsewhere', async () => {
    await run(engine, {
      kind: 'shallow-clone',
      source: claimsRoot,
      target: cloneRoot,
      at: { version: 1 },
    });
    await run(engine, {
      kind: 'shallow-clone',
      source: claimsRoot,
      target: cloneRoot,
      at: 'latest',
      replace: true,
    });
    await run(engine, to(0, cloneRoot));
    expect(await rowsOf(engine, cloneRoot)).toEqual(
      await rowsOf(engine, claimsRoot, { version: 1 }),
    );
    const gone = resolvePath(claimsRoot, claims.files[3]?.path ?? '');
    for await (const _ of store.delete([gone]));
    expect(
      (await planOperation(engine, to(1, cloneRoot))).findings.find(
        ({ severity }) => severity === 'blocker',
      ),
    ).toMatchObject({ code: 'missing-files', detail: { files: [gone] } });
  });

  it('leaves the old version or the restored one when it is killed at any call of the store', async () => {
    const memory = store.inner;
    const old = await rowsOf(engine, claimsRoot);
    const restored = await rowsOf(engine, claimsRoot, { version: 0 });
    let outcomes = '';
    for (let nth = 1; nth < 300; nth++) {
      const before = (await openSnapshot(engine, claimsRoot, 'latest')).version;
      const plan = await planOperation(engine, to(0));
      const faulty = new FaultyStore(memory).inject({
        nth,
        fault: { kind: nth % 2 === 0 ? 'kill-after' : 'kill-before' },
      });
      store.inner = faulty;
      await executeOperation(engine, plan, { acknowledged: new Set() }).catch(
        (error: unknown) => error,
      );
      store.inner = memory;
      const after = (await openSnapshot(engine, claimsRoot, 'latest')).version;
      expect(await rowsOf(engine, claimsRoot)).toEqual(after === before ? old : restored);
      outcomes += after === before ? 'o' : 'n';
      if (after !== before) await run(engine, to(4));
      if (nth > faulty.calls.length) break;
    }
    expect(outcomes).toMatch(/^o{5,}.*n{5,}$/);
  });

  it('says so when the commit was written and its checkpoint was not', async () => {
    const plan = await planOperation(engine, to(0));
    const memory = store.inner;
    store.inner = new FaultyStore(memory).inject({
      verbs: ['put'],
      where: (uri) => uri.endsWith('.checkpoint.parquet'),
      fault: { kind: 'fail' },
    });
    const outcome = await executeOperation(engine, plan, { acknowledged: new Set() });
    store.inner = memory;
    expect(outcome).toMatchObject({ committed: true, version: 5 });
    expect(outcome.warnings[0]).toContain('no checkpoint');
    expect(await rowsOf(engine, claimsRoot)).toEqual(
      await rowsOf(engine, claimsRoot, { version: 0 }),
    );
  });
});
