import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { joinUri } from '../../../../src/engine/objectUri';
import type { ClonePlan, CloneEdge, CloneSpec } from '../../../../src/engine/operations/operation';
import { executeOperation, planOperation } from '../../../../src/engine/operations/operations';
import { openSnapshot } from '../../../../src/engine/table';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import {
  appendClaims,
  claimsRoot,
  cloneRoot,
  commitOf,
  filesOf,
  objectsOf,
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

const spec: CloneSpec = {
  kind: 'shallow-clone',
  source: claimsRoot,
  target: cloneRoot,
  at: 'latest',
};

describe('shallow clone', () => {
  it('lists the files of every version of the source in one commit, and copies none', async () => {
    for (const version of [0, 1, 2, 3, 4]) {
      const target = joinUri(warehouse, `dev${version}`);
      const { outcome } = await run(engine, { ...spec, target, at: { version } });
      expect(outcome).toMatchObject({
        committed: true,
        version: 0,
        undoVersion: null,
        warnings: [],
      });
      expect(await rowsOf(engine, target)).toEqual(await rowsOf(engine, claimsRoot, { version }));
      const objects = [...(await objectsOf(store, target)).keys()];
      expect(objects.sort()).toEqual([
        '_delta_log/00000000000000000000.checkpoint.parquet',
        '_delta_log/00000000000000000000.json',
        '_delta_log/_last_checkpoint',
      ]);
    }
  });

  it('writes the commit that engines write: order of lines, fields, parameters, metrics', async () => {
    const { outcome } = await run(engine, { ...spec, at: { version: 2 } });
    const lines = await commitOf(engine, cloneRoot, 0);
    expect(lines.map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'metaData',
      'add',
      'add',
      'add',
      'add',
      'protocol',
    ]);
    const source = await openSnapshot(engine, claimsRoot, { version: 2 });
    const totals = await source.totals();
    const commitInfo = lines[0]?.commitInfo;
    expect(commitInfo).toMatchObject({
      operation: 'CLONE',
      operationParameters: {
        source: 'delta.`file:/warehouse/claims`',
        sourceVersion: 2,
        isShallow: true,
      },
      readVersion: -1,
      isolationLevel: 'Serializable',
      isBlindAppend: false,
      operationMetrics: {
        sourceTableSize: String(totals.bytes),
        sourceNumOfFiles: '4',
        numRemovedFiles: '0',
        numCopiedFiles: '0',
        removedFilesSize: '0',
        copiedFilesSize: '0',
        numDeletionVectorsAdded: '1',
        numDeletionVectorsRemoved: '0',
      },
      engineInfo: 'Delta-Clones/test',
      cloneInfo: {
        sourceTableId: source.metadata.id,
        sourceRoot: 'file:///warehouse/claims',
        sourceVersion: 2,
        kind: 'shallow',
        toolVersion: 'test',
        reusedFiles: 0,
        reusedBytes: 0,
      },
    });
    expect(outcome.metrics).toMatchObject({ sourceTableSize: totals.bytes, numCopiedFiles: 0 });
    const metaData = lines[1]?.metaData;
    expect(metaData?.id).not.toBe(source.metadata.id);
    expect(metaData).not.toHaveProperty('name');
    expect(metaData).toMatchObject({
      createdTime: source.metadata.createdTime,
      schemaString: source.metadata.schemaString,
      partitionColumns: ['region'],
      configuration: { 'delta.enableDeletionVectors': 'true' },
    });
    const adds = lines.flatMap((line) => (line.add === undefined ? [] : [line.add]));
    for (const add of adds) {
      expect(add.path).toMatch(/^file:\/warehouse\/claims\//);
      expect(add.dataChange).toBe(true);
      expect(add.stats).toMatch(/^\{"numRecords":/);
    }
    const special = adds.find(
      ({ partitionValues }) => (partitionValues as { region: unknown }).region === 'a:b %c',
    );
    expect(special?.path).toMatch(/region=a%253Ab%20%2525c\//);
    const vectors = adds.flatMap(({ deletionVector }) =>
      deletionVector === undefined ? [] : [deletionVector as Record<string, unknown>],
    );
    expect(vectors).toHaveLength(1);
    expect(vectors[0]).toMatchObject({ storageType: 'p', offset: 1, cardinality: 2 });
    expect(vectors[0]?.pathOrInlineDv).toMatch(
      /^file:\/warehouse\/claims\/deletion_vector_[0-9a-f-]{36}\.bin$/,
    );
  });

  it('tells the readers, the permissions and nothing that stops', async () => {
    const plan = await planOperation(engine, spec);
    expect(plan.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'info readers-limited',
      'info permissions-not-copied',
    ]);
    expect(plan.effect).toMatchObject({
      filesToAdd: { files: 4 },
      filesToCopy: { files: 0, bytes: 0 },
    });
  });

  it('records the clone before its commit, and does not commit where that fails', async () => {
    const edges: CloneEdge[] = [];
    await run(engine, spec, {
      recordClone: async (edge) => {
        expect((await objectsOf(store, cloneRoot)).size).toBe(0);
        edges.push(edge);
      },
    });
    expect(edges).toMatchObject([
      { sourceRoot: claimsRoot, sourceVersion: 4, cloneRoot, kind: 'shallow' },
    ]);
    const other = joinUri(warehouse, 'other');
    const failing = run(
      engine,
      { ...spec, target: other },
      { recordClone: () => Promise.reject(new Error('disk full')) },
    );
    await expect(failing).rejects.toThrow('disk full');
    expect((await objectsOf(store, other)).size).toBe(0);
  });

  it('refuses a target that is a table, unless it is told what to do with it', async () => {
    await run(engine, spec);
    const plan = await planOperation(engine, spec);
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      {
        code: 'refused',
        details: {
          findings: [
            {
              code: 'target-exists',
              severity: 'blocker',
              needsAcknowledgement: false,
              subject: cloneRoot,
            },
          ],
        },
      },
    );
    const { plan: gentle, outcome } = await run(engine, { ...spec, ifNotExists: true });
    expect(gentle.willCommit).toBe(false);
    expect(outcome).toMatchObject({ committed: false, version: 0 });
  });

  it('names a target whose log is broken as one that exists', async () => {
    await store.put(
      joinUri(cloneRoot, '_delta_log', '00000000000000000000.json'),
      new TextEncoder().encode('{"add'),
      { mode: 'create' },
    );
    const plan = await planOperation(engine, spec);
    expect(plan.findings).toMatchObject([{ code: 'target-exists', detail: { version: null } }]);
    await expect(planOperation(engine, { ...spec, replace: true })).rejects.toMatchObject({
      code: 'invalid-log',
    });
  });

  it('refuses a folder that holds something else, and roots that overlap', async () => {
    await store.put(joinUri(cloneRoot, 'notes.txt'), new Uint8Array(3), { mode: 'create' });
    const codes = async (target = cloneRoot) =>
      (await planOperation(engine, { ...spec, target })).findings
        .filter((f) => f.severity === 'blocker')
        .map(({ code }) => code);
    expect(await codes()).toEqual(['target-exists']);
    expect(await codes(joinUri(claimsRoot, 'dev'))).toEqual(['overlapping-roots']);
    expect(await codes(claimsRoot)).toEqual(['overlapping-roots']);
    expect(await codes(warehouse)).toContain('overlapping-roots');
  });

  it('replaces in one commit that removes and adds; the old state can be restored', async () => {
    await run(engine, { ...spec, at: { version: 1 } });
    const before = await rowsOf(engine, cloneRoot);
    const id = (await openSnapshot(engine, cloneRoot, 'latest')).metadata.id;
    const { plan, outcome } = await run(engine, { ...spec, replace: true });
    expect(plan.findings.filter((f) => f.needsAcknowledgement)).toEqual([]);
    expect(outcome).toMatchObject({ version: 1, undoVersion: 0 });
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, claimsRoot));
    expect((await openSnapshot(engine, cloneRoot, 'latest')).metadata.id).toBe(id);
    const lines = await commitOf(engine, cloneRoot, 1);
    // The file whose rows were updated is listed anew with its vector; the second file stays as it is.
    expect(lines.map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'add',
      'add',
      'add',
      'remove',
      'remove',
    ]);
    for (const line of lines) {
      if (line.remove === undefined) continue;
      expect(line.remove).toMatchObject({ dataChange: true, extendedFileMetadata: true });
      expect(line.remove).toHaveProperty('partitionValues');
      expect(line.remove).toHaveProperty('size');
    }
    await run(engine, { kind: 'restore', table: cloneRoot, at: { version: 0 } });
    expect(await rowsOf(engine, cloneRoot)).toEqual(before);
  });

  it('commits nothing when nothing changed, an empty CLONE when only the version moved, and one when asked', async () => {
    await run(engine, spec);
    expect((await run(engine, { ...spec, replace: true })).outcome).toMatchObject({
      committed: false,
      version: 0,
    });
    expect((await run(engine, { ...spec, replace: true, record: true })).outcome).toMatchObject({
      committed: true,
      version: 1,
    });
    await claims.writer.commit([], { operation: 'VACUUM END', operationParameters: {} });
    const { outcome } = await run(engine, { ...spec, replace: true });
    expect(outcome).toMatchObject({ committed: true, version: 2, cloneInfo: { sourceVersion: 5 } });
    expect((await commitOf(engine, cloneRoot, 2)).length).toBe(1);
  });

  it('asks before it overwrites what was written to the clone, and before it replaces a stranger', async () => {
    await run(engine, spec);
    await run(engine, { kind: 'restore', table: cloneRoot, at: { version: 0 } });
    const stranger = joinUri(warehouse, 'stranger');
    await writeClaims(engine, stranger);
    const strange = await planOperation(engine, { ...spec, target: stranger, replace: true });
    expect(strange.findings.find((f) => f.needsAcknowledgement)).toMatchObject({
      code: 'target-is-not-a-clone',
      severity: 'warning',
    });
    await expect(
      executeOperation(engine, strange, { acknowledged: new Set() }),
    ).rejects.toMatchObject({ code: 'refused' });
    expect((await openSnapshot(engine, stranger, 'latest')).version).toBe(4);
    const done = await executeOperation(engine, strange, {
      acknowledged: new Set(['target-is-not-a-clone']),
    });
    expect(done.version).toBe(5);
    expect(await rowsOf(engine, stranger)).toEqual(await rowsOf(engine, claimsRoot));
  });

  it('clones a clone: files stay where they are, and their owner is named', async () => {
    await run(engine, spec);
    const outer = joinUri(warehouse, 'outer');
    const { plan } = await run(engine, { ...spec, source: cloneRoot, target: outer });
    expect(plan.findings.find(({ code }) => code === 'nested-clone')).toMatchObject({
      severity: 'info',
      subject: claimsRoot,
      detail: { owners: [claimsRoot], files: 4 },
    });
    expect(await filesOf(engine, outer)).toEqual(await filesOf(engine, cloneRoot));
    expect(await rowsOf(engine, outer)).toEqual(await rowsOf(engine, claimsRoot));
  });

  it('turns paths below the target back into relative ones when a clone replaces its source', async () => {
    await run(engine, spec);
    const before = await filesOf(engine, claimsRoot);
    const { plan, outcome } = await run(engine, {
      ...spec,
      source: cloneRoot,
      target: claimsRoot,
      replace: true,
    });
    // The clone was made from version 4 of the source, and nothing came after it.
    expect(plan.findings.filter((f) => f.needsAcknowledgement)).toEqual([]);
    expect(plan.effect.filesUnchanged.files).toBe(4);
    expect(outcome.version).toBe(5);
    expect(await filesOf(engine, claimsRoot)).toEqual(before);
  });

  it('names commits that a failback would lose', async () => {
    await run(engine, spec);
    await appendClaims(claims, 100);
    const plan = await planOperation(engine, {
      ...spec,
      source: cloneRoot,
      target: claimsRoot,
      replace: true,
    });
    expect(plan.findings.find((f) => f.needsAcknowledgement)).toMatchObject({
      code: 'commits-would-be-lost',
      subject: claimsRoot,
      detail: { since: 4, count: 1, commits: [{ version: 5, operation: 'WRITE' }] },
    });
  });

  it('applies property overrides and shows their effect on the protocol', async () => {
    const properties = {
      'delta.ENABLEchangeDATAfeed': 'true',
      'delta.logRetentionDuration': '1 day',
      team: 'dev',
    };
    const { plan } = await run(engine, { ...spec, properties });
    expect(plan.propertyChanges).toEqual([
      { key: 'delta.enableChangeDataFeed', before: null, after: 'true' },
      { key: 'delta.logRetentionDuration', before: null, after: '1 day' },
      { key: 'team', before: null, after: 'dev' },
    ]);
    expect(plan.protocolChanges).toEqual([
      { key: 'delta.feature.changeDataFeed', before: null, after: 'supported' },
    ]);
    const { protocol, metadata } = await openSnapshot(engine, cloneRoot, 'latest');
    expect(protocol.writerFeatures).toEqual(['changeDataFeed', 'deletionVectors']);
    expect(metadata.configuration['delta.enableChangeDataFeed']).toBe('true');
    const refused: readonly Readonly<Record<string, string>>[] = [
      { 'delta.columnMapping.mode': 'name' },
      { 'delta.columnMapping.maxColumnId': '5' },
      { 'delta.noSuchThing': '1' },
      { 'delta.enableDeletionVectors': 'false' },
      { 'delta.checkpointInterval': 'often' },
      { 'delta.feature.catalogManaged': 'supported' },
    ];
    for (const bad of refused) {
      const target = joinUri(warehouse, 'bad');
      await expect(
        planOperation(engine, { ...spec, target, properties: bad }),
      ).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });

  it('says which files of an old version are gone', async () => {
    const gone = (await filesOf(engine, claimsRoot, { version: 1 })).filter((key) =>
      key.includes('region=north'),
    );
    for await (const { error } of store.delete(
      gone.map((key) => key.split('\0')[0] as typeof claimsRoot),
    ))
      expect(error).toBeUndefined();
    const plan = await planOperation(engine, { ...spec, at: { version: 1 } });
    expect(plan.findings.find(({ code }) => code === 'missing-files')).toMatchObject({
      severity: 'blocker',
      detail: { missing: 1 },
    });
    expect(
      (await planOperation(engine, spec)).findings.some(({ code }) => code === 'missing-files'),
    ).toBe(false);
  });

  it('is stale when the target appeared or changed after the plan', async () => {
    const plan = await planOperation(engine, spec);
    await run(engine, spec);
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      { code: 'stale-plan' },
    );
    await appendClaims(claims, 100);
    const replace = await planOperation(engine, { ...spec, replace: true });
    await run(engine, { ...spec, replace: true });
    await expect(
      executeOperation(engine, replace, { acknowledged: new Set() }),
    ).rejects.toMatchObject({ code: 'stale-plan' });
    expect((await openSnapshot(engine, cloneRoot, 'latest')).version).toBe(1);
  });

  it('keeps its plan when somebody else commits nothing of weight', async () => {
    await run(engine, { ...spec, at: { version: 0 } });
    const plan = (await planOperation(engine, { ...spec, replace: true })) as ClonePlan;
    await run(engine, { ...spec, at: { version: 0 }, replace: true, record: true });
    const outcome = await executeOperation(engine, plan, { acknowledged: new Set() });
    expect(outcome).toMatchObject({ version: 2, undoVersion: 1 });
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, claimsRoot));
  });
});
