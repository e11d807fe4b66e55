import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../../src/engine/errors';
import { checkpointUri, commitUri, lastCheckpointUri } from '../../../../src/engine/log/logPath';
import {
  joinUri,
  parseObjectUri,
  resolvePath,
  type ObjectUri,
} from '../../../../src/engine/objectUri';
import { selectedFiles } from '../../../../src/engine/operations/cloneFiles';
import type {
  ClonePlan,
  CloneSpec,
  ProgressEvent,
} from '../../../../src/engine/operations/operation';
import { executeOperation, planOperation } from '../../../../src/engine/operations/operations';
import { openSnapshot } from '../../../../src/engine/table';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import { FaultyStore, KilledError, writingVerbs } from '../../../helpers/faultyStore';
import {
  appendClaims,
  claimsRoot,
  cloneRoot,
  commitOf,
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

const spec: CloneSpec = { kind: 'deep-clone', source: claimsRoot, target: cloneRoot, at: 'latest' };
const again: CloneSpec = { ...spec, replace: true };

async function deleteBelow(root: ObjectUri): Promise<void> {
  const uris: ObjectUri[] = [];
  for await (const { uri } of store.list(root)) uris.push(uri);
  for await (const { error } of store.delete(uris)) expect(error).toBeUndefined();
}

/** Data and vector files, without the log. */
async function dataOf(root: ObjectUri): Promise<readonly string[]> {
  return [...(await objectsOf(store, root)).keys()]
    .filter((name) => !name.startsWith('_delta_log/'))
    .sort();
}

describe('deep clone', () => {
  it('is whole without its source, at every version', async () => {
    const targets: [ObjectUri, readonly string[]][] = [];
    for (const version of [0, 1, 2, 3, 4]) {
      const target = joinUri(warehouse, `backup${version}`);
      await run(engine, { ...spec, target, at: { version } });
      targets.push([target, await rowsOf(engine, claimsRoot, { version })]);
    }
    await deleteBelow(claimsRoot);
    for (const [target, rows] of targets) expect(await rowsOf(engine, target)).toEqual(rows);
  });

  it('writes the commit that engines write, with the names and times of the source', async () => {
    const { plan, outcome } = await run(engine, spec);
    const source = await openSnapshot(engine, claimsRoot, 'latest');
    const totals = await source.totals();
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
    expect(lines[0]?.commitInfo).toMatchObject({
      operation: 'CLONE',
      operationParameters: {
        source: 'delta.`file:/warehouse/claims`',
        sourceVersion: 4,
        isShallow: false,
      },
      readVersion: -1,
      operationMetrics: {
        sourceTableSize: String(totals.bytes),
        sourceNumOfFiles: '4',
        numRemovedFiles: '0',
        numCopiedFiles: '4',
        removedFilesSize: '0',
        copiedFilesSize: String(totals.bytes),
        numDeletionVectorsAdded: '1',
      },
      cloneInfo: { kind: 'deep', sourceVersion: 4, reusedFiles: 0, reusedBytes: 0 },
    });
    const adds = lines.flatMap((line) => (line.add === undefined ? [] : [line.add]));
    const byPath = (a: { path?: unknown }, b: { path?: unknown }): number =>
      String(a.path) < String(b.path) ? -1 : 1;
    expect(adds.sort(byPath)).toEqual(
      claims.files.map((add) => ({ ...add, dataChange: true })).sort(byPath),
    );
    expect(plan.effect.filesToCopy.files).toBe(5);
    expect(plan.effect.filesToCopy.bytes).toBeGreaterThan(totals.bytes);
    expect(outcome.metrics).toMatchObject({ numCopiedFiles: 4, copiedFilesSize: totals.bytes });
  });

  it('copies nothing twice: a re-sync moves only new files, one without changes commits nothing', async () => {
    await run(engine, spec);
    expect((await run(engine, again)).outcome).toMatchObject({ committed: false, version: 0 });
    await appendClaims(claims, 100);
    const gone = claims.files[1];
    if (gone === undefined) throw new Error('no file');
    await claims.writer.commit([claims.writer.remove(gone)], {
      operation: 'DELETE',
      operationParameters: {},
    });
    const { plan, outcome } = await run(engine, again);
    expect(plan.effect).toMatchObject({
      filesToAdd: { files: 1 },
      filesToRemove: { files: 1, bytes: gone.size },
      filesToCopy: { files: 1 },
      filesUnchanged: { files: 3 },
    });
    expect((plan as ClonePlan).lastSync).toEqual({ sourceVersion: 4, targetVersion: 0 });
    expect(outcome).toMatchObject({
      version: 1,
      undoVersion: 0,
      metrics: {
        sourceNumOfFiles: 4,
        numCopiedFiles: 1,
        numRemovedFiles: 1,
        removedFilesSize: gone.size,
      },
      cloneInfo: { sourceVersion: 6 },
    });
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, claimsRoot));
    expect((await commitOf(engine, cloneRoot, 1)).map((line) => Object.keys(line)[0])).toEqual([
      'commitInfo',
      'add',
      'remove',
    ]);
  });

  it('moves only the vector where rows of a file were deleted', async () => {
    await run(engine, { ...spec, at: { version: 1 } });
    const names = await dataOf(cloneRoot);
    const { plan, outcome } = await run(engine, { ...again, at: { version: 2 } });
    expect(plan.effect).toMatchObject({
      filesToAdd: { files: 2 },
      filesToCopy: { files: 2 },
      filesReused: { files: 1 },
    });
    expect(outcome.metrics).toMatchObject({ numCopiedFiles: 1, numDeletionVectorsAdded: 1 });
    expect(outcome.cloneInfo).toMatchObject({ reusedFiles: 1 });
    expect(await rowsOf(engine, cloneRoot)).toEqual(
      await rowsOf(engine, claimsRoot, { version: 2 }),
    );
    const added = (await dataOf(cloneRoot)).filter((name) => !names.includes(name));
    expect(added.filter((name) => name.endsWith('.bin'))).toHaveLength(1);
    expect(added).toHaveLength(2);
  });

  it('drills recovery: sync, change, fail over, fail back, and reports what would be lost', async () => {
    await run(engine, spec);
    await appendClaims(claims, 100);
    await run(engine, again);
    // The clone takes writes while the source is away.
    await run(engine, { kind: 'restore', table: cloneRoot, at: { version: 0 } });
    expect((await openSnapshot(engine, cloneRoot, 'latest')).version).toBe(2);
    const sync = await planOperation(engine, again);
    expect(sync.findings.filter((f) => f.needsAcknowledgement)).toMatchObject([
      {
        code: 'target-has-local-commits',
        detail: { since: 1, commits: [{ version: 2, operation: 'RESTORE' }] },
      },
    ]);
    const back: CloneSpec = { ...again, source: cloneRoot, target: claimsRoot };
    const failback = await run(engine, back);
    expect(failback.plan.findings.filter((f) => f.needsAcknowledgement)).toEqual([]);
    expect(failback.outcome).toMatchObject({
      version: 6,
      metrics: { numCopiedFiles: 0, numRemovedFiles: 1 },
    });
    expect(await rowsOf(engine, claimsRoot)).toEqual(await rowsOf(engine, cloneRoot));
    // In sync again: the clone's own commit is contained in the source now.
    expect(
      (await planOperation(engine, again)).findings.filter((f) => f.needsAcknowledgement),
    ).toEqual([]);
    // A write on the source after the failback is told before it is lost.
    const lost = await writeOn(claimsRoot);
    expect(
      (await planOperation(engine, back)).findings.filter((f) => f.needsAcknowledgement),
    ).toMatchObject([
      { code: 'target-has-local-commits', detail: { commits: [{ version: lost }] } },
    ]);
  });

  async function writeOn(root: ObjectUri): Promise<number> {
    const { outcome } = await run(engine, { kind: 'restore', table: root, at: { version: 0 } });
    return outcome.version ?? -1;
  }

  it('makes a shallow clone whole: files of elsewhere are copied, vectors become relative', async () => {
    const shallow = joinUri(warehouse, 'shallow');
    await run(engine, { ...spec, kind: 'shallow-clone', target: shallow });
    const { plan } = await run(engine, { ...spec, source: shallow });
    expect(plan.findings.some(({ code }) => code === 'nested-clone')).toBe(true);
    const adds = (await commitOf(engine, cloneRoot, 0)).flatMap((line) =>
      line.add === undefined ? [] : [line.add],
    );
    for (const add of adds) {
      expect(add.path).not.toMatch(/^file:/);
      const vector = add.deletionVector as Record<string, unknown> | undefined;
      if (vector !== undefined) expect(vector.storageType).toBe('u');
    }
    expect(adds.map(({ path }) => path).sort()).toEqual(
      claims.files.map(({ path }) => path).sort(),
    );
    const rows = await rowsOf(engine, claimsRoot);
    // The names are the same at every run, so nothing is copied again.
    await run(engine, { ...again, source: shallow, record: true });
    expect((await commitOf(engine, cloneRoot, 1)).length).toBe(1);
    await deleteBelow(claimsRoot);
    await deleteBelow(shallow);
    expect(await rowsOf(engine, cloneRoot)).toEqual(rows);
  });

  it('gives two files of one name from elsewhere two names', async () => {
    const one = joinUri(warehouse, 'one');
    const name = claims.files[1]?.path ?? '';
    const uri = resolvePath(claimsRoot, name);
    const twin = resolvePath(joinUri(warehouse, 'elsewhere'), name);
    await store.copy(uri, twin, { mode: 'create' });
    await run(engine, { ...spec, kind: 'shallow-clone', target: one });
    const [line] = (await commitOf(engine, one, 0)).filter(
      (action) => typeof action.add?.path === 'string' && parseObjectUri(action.add.path) === uri,
    );
    const body =
      JSON.stringify({ commitInfo: {} }) +
      '\n' +
      JSON.stringify({ add: { ...line?.add, path: twin } }) +
      '\n';
    await store.put(commitUri(one, 1), new TextEncoder().encode(body), { mode: 'create' });
    await run(engine, { ...spec, source: one });
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, one));
    expect((await dataOf(cloneRoot)).filter((path) => path.endsWith('.parquet'))).toHaveLength(5);
  });

  it('never lists another file of the same name and size, and never overwrites one', async () => {
    const path = claims.files[1]?.path ?? '';
    const from = resolvePath(claimsRoot, path);
    const to = resolvePath(cloneRoot, path);
    await run(engine, spec);
    // The clone drops the file; its bytes stay, but a VACUUM may be about to delete them.
    await run(engine, { ...again, at: { version: 0 } });
    const smaller = joinUri(warehouse, 'smaller');
    await writeClaims(engine, smaller);
    await run(engine, { ...again, source: smaller });
    const { outcome } = await run(engine, again);
    expect(outcome.metrics.numCopiedFiles).toBe(4);
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, claimsRoot));
    expect(await store.read(to)).toEqual(await store.read(from));
    const names = (await dataOf(cloneRoot)).filter((name) =>
      name.includes(path.split('/').at(-1) ?? ''),
    );
    expect(names).toHaveLength(2);
  });

  it('finds the bytes decide where name and size agree and the time does not', async () => {
    await run(engine, spec);
    const add = claims.files[1];
    if (add === undefined) throw new Error('no file');
    // The source lists the same file with another time: nothing moves.
    const touched = { ...add, modificationTime: add.modificationTime + 5, dataChange: false };
    await claims.writer.commit([{ kind: 'add', add: touched }], {
      operation: 'COMPUTE STATS',
      operationParameters: {},
    });
    expect((await planOperation(engine, again)).effect).toMatchObject({
      filesToCopy: { files: 0 },
      filesToAdd: { files: 0 },
    });
    // Its bytes are others now: it is copied under a name of its own.
    const uri = resolvePath(claimsRoot, add.path);
    const bytes = await store.read(uri);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    await store.put(uri, bytes, { mode: 'overwrite' });
    expect((await planOperation(engine, again)).effect).toMatchObject({
      filesToCopy: { files: 1 },
      filesToRemove: { files: 1 },
    });
  });

  it('writes what the plan tells and nothing else, from every version to every other', async () => {
    const memory = store.inner;
    for (const from of [0, 1, 2, 3, 4]) {
      for (const to of [0, 1, 2, 3, 4]) {
        if (from === to) continue;
        const target = joinUri(warehouse, `pair-${from}-${to}`);
        await run(engine, { ...spec, target, at: { version: from } });
        const plan = (await planOperation(engine, {
          ...again,
          target,
          at: { version: to },
        })) as ClonePlan;
        const files = plan.work?.files;
        if (files === undefined) throw new Error('no files');
        const planned = new Set<string>([
          commitUri(target, 1),
          checkpointUri(target, 1),
          lastCheckpointUri(target),
          ...files.vectors.filter(({ isThere }) => !isThere).map((vector) => vector.to),
          ...[...selectedFiles(files.sourceFiles, files.copies)].map((file) =>
            resolvePath(target, files.targetPath(file)),
          ),
        ]);
        const watched = new FaultyStore(memory);
        store.inner = watched;
        await executeOperation(engine, plan, { acknowledged: new Set() });
        store.inner = memory;
        const written = watched.calls.filter(({ verb }) => writingVerbs.includes(verb));
        expect(new Set(written.map(({ uri }) => uri as string))).toEqual(planned);
        expect(written.some(({ verb }) => verb === 'delete')).toBe(false);
        expect(await rowsOf(engine, target)).toEqual(
          await rowsOf(engine, claimsRoot, { version: to }),
        );
        const totals = await (await openSnapshot(engine, target, 'latest')).totals();
        expect(totals.files).toBe(plan.effect.filesUnchanged.files + plan.effect.filesToAdd.files);
      }
    }
  });

  it('copies the identifiers of streams only when asked', async () => {
    const txn = { appId: 'stream-1', version: 7, lastUpdated: 5 };
    await claims.writer.commit([{ kind: 'txn', txn }], {
      operation: 'STREAMING UPDATE',
      operationParameters: {},
    });
    await run(engine, spec);
    expect((await openSnapshot(engine, cloneRoot, 'latest')).transactions.size).toBe(0);
    await run(engine, { ...again, copyTxn: true });
    expect([...(await openSnapshot(engine, cloneRoot, 'latest')).transactions.values()]).toEqual([
      txn,
    ]);
  });

  it('does not write into a log or out of the target through a path that leads there', async () => {
    for (const path of [
      '_delta_log/00000000000000000007.json',
      'x/../_delta_log/_last_checkpoint',
      '%5Fdelta_log/x',
    ]) {
      const root = joinUri(warehouse, 'evil');
      store.inner = new MemoryStore();
      const { writer } = await writeClaims(engine, root);
      const add = {
        path,
        partitionValues: { region: 'x' },
        size: 3,
        modificationTime: 1,
        dataChange: true,
      };
      await writer.commit([{ kind: 'add', add }], { operation: 'WRITE', operationParameters: {} });
      await expect(planOperation(engine, { ...spec, source: root })).rejects.toMatchObject({
        code: 'invalid-log',
      });
    }
  });
});

describe('deep clone in trouble', () => {
  it('names the source files that are gone before anything is copied', async () => {
    const uri = resolvePath(claimsRoot, claims.files[2]?.path ?? '');
    for await (const _ of store.delete([uri]));
    const plan = await planOperation(engine, spec);
    expect(plan.findings.find(({ severity }) => severity === 'blocker')).toMatchObject({
      code: 'missing-files',
      detail: { missing: 1, files: [uri] },
    });
    await expect(
      executeOperation(engine, plan, { acknowledged: new Set(['missing-files']) }),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  it('commits nothing when a source file vanishes during the copy', async () => {
    const plan = await planOperation(engine, spec);
    const faulty = new FaultyStore(store.inner);
    store.inner = faulty.inject({ verbs: ['copy'], nth: 3, fault: { kind: 'vanish' } });
    const error = await executeOperation(engine, plan, { acknowledged: new Set() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'missing-files' });
    expect((await objectsOf(store, joinUri(cloneRoot, '_delta_log'))).size).toBe(0);
  });

  it('commits nothing to a target that cannot be written', async () => {
    const plan = await planOperation(engine, spec);
    const denied = new StoreError('access-denied', 'read-only', cloneRoot);
    store.inner = new FaultyStore(store.inner).inject({
      verbs: ['copy', 'put'],
      fault: { kind: 'fail', error: denied },
    });
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      { code: 'access-denied' },
    );
    expect((await objectsOf(store, cloneRoot)).size).toBe(0);
  });

  it('refuses a disk that turns out to have no atomic create', async () => {
    const plan = await planOperation(engine, spec);
    const faulty = new FaultyStore(store.inner);
    const error = new StoreError('unsupported', 'no hard links', cloneRoot);
    store.inner = faulty.inject({ verbs: ['copy'], fault: { kind: 'fail', error } });
    faulty.capabilities = () => ({ createIfAbsent: 'unsafe', serverSideCopy: false });
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      {
        code: 'refused',
        details: { findings: [{ code: 'unsafe-store' }] },
      },
    );
    const next = await planOperation(engine, spec);
    expect(
      next.findings.some(({ code, severity }) => code === 'unsafe-store' && severity === 'blocker'),
    ).toBe(true);
  });

  it('finds its commit after a lost answer', async () => {
    const plan = await planOperation(engine, spec);
    const faulty = new FaultyStore(store.inner);
    store.inner = faulty.inject({
      verbs: ['put'],
      where: (uri) => uri === commitUri(cloneRoot, 0),
      fault: { kind: 'lose-answer' },
    });
    const outcome = await executeOperation(engine, plan, { acknowledged: new Set() });
    expect(outcome).toMatchObject({ committed: true, version: 0 });
    expect((await commitOf(engine, cloneRoot, 0))[0]?.commitInfo?.operation).toBe('CLONE');
  });

  it('loses to a writer that makes the table first', async () => {
    const plan = await planOperation(engine, spec);
    const memory = store.inner;
    const other = new TextEncoder().encode('{"commitInfo":{"operation":"CREATE TABLE"}}\n');
    const racing = new FaultyStore(memory);
    const put = racing.put.bind(racing);
    racing.put = async (uri, body, options) => {
      if (uri === commitUri(cloneRoot, 0)) await memory.put(uri, other, { mode: 'create' });
      return put(uri, body, options);
    };
    store.inner = racing;
    await expect(executeOperation(engine, plan, { acknowledged: new Set() })).rejects.toMatchObject(
      { code: 'conflict' },
    );
    expect(await store.read(commitUri(cloneRoot, 0))).toEqual(other);
  });

  it('tells what is there already when it is cancelled, and takes it up the next time', async () => {
    const plan = await planOperation(engine, spec);
    const controller = new AbortController();
    const onProgress = (event: ProgressEvent): void => {
      if (event.phase === 'copying' && event.done > 0) controller.abort();
    };
    const error = await executeOperation(engine, plan, {
      acknowledged: new Set(),
      signal: controller.signal,
      onProgress,
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'cancelled', details: { files: 5 } });
    const there = (error as { details: { filesThere: number } }).details.filesThere;
    expect((await objectsOf(store, joinUri(cloneRoot, '_delta_log'))).size).toBe(0);
    const resumed = await planOperation(engine, spec);
    expect(resumed.effect.filesReused.files).toBe(there);
    expect(resumed.effect.filesToCopy.files).toBe(5 - there);
    expect(resumed.findings.filter((f) => f.severity === 'blocker')).toEqual([]);
    const outcome = await executeOperation(engine, resumed, { acknowledged: new Set() });
    expect(outcome.committed).toBe(true);
    expect(await rowsOf(engine, cloneRoot)).toEqual(await rowsOf(engine, claimsRoot));
  });

  it.each(['before', 'after'] as const)(
    'leaves nothing or all when it is killed %s any call of the store',
    async (when) => {
      const memory = store.inner;
      const rows = await rowsOf(engine, claimsRoot);
      for (let nth = 1; ; nth++) {
        const target = joinUri(warehouse, `killed-${when}-${nth}`);
        const plan = await planOperation(engine, { ...spec, target });
        const faulty = new FaultyStore(memory).inject({ nth, fault: { kind: `kill-${when}` } });
        store.inner = faulty;
        const outcome = await executeOperation(engine, plan, { acknowledged: new Set() }).catch(
          (error: unknown) => error,
        );
        store.inner = memory;
        const isCommitted = (await objectsOf(store, target)).has(
          '_delta_log/00000000000000000000.json',
        );
        if (isCommitted) {
          expect(await rowsOf(engine, target)).toEqual(rows);
        } else {
          expect(outcome).toBeInstanceOf(KilledError);
          const copied = (await dataOf(target)).length;
          const resumed = await planOperation(engine, { ...spec, target });
          expect(resumed.effect.filesToCopy.files).toBe(5 - copied);
          await executeOperation(engine, resumed, { acknowledged: new Set() });
          expect(await rowsOf(engine, target)).toEqual(rows);
        }
        if (nth > faulty.calls.length) break;
        expect(nth).toBeLessThan(200);
      }
    },
  );

  it('leaves the old state or the new one when a re-sync is killed at any call of the store', async () => {
    await run(engine, { ...spec, at: { version: 1 } });
    const old = await rowsOf(engine, cloneRoot);
    const fresh = await rowsOf(engine, claimsRoot);
    const memory = store.inner;
    let outcomes = '';
    for (let nth = 1; nth < 200; nth++) {
      const before = (await openSnapshot(engine, cloneRoot, 'latest')).version;
      const plan = await planOperation(engine, again);
      const acknowledged = new Set(['target-has-local-commits']);
      const faulty = new FaultyStore(memory).inject({
        nth,
        fault: { kind: nth % 2 === 0 ? 'kill-after' : 'kill-before' },
      });
      store.inner = faulty;
      await executeOperation(engine, plan, { acknowledged }).catch((error: unknown) => error);
      store.inner = memory;
      const after = (await openSnapshot(engine, cloneRoot, 'latest')).version;
      const rows = await rowsOf(engine, cloneRoot);
      expect(rows).toEqual(after === before ? old : fresh);
      outcomes += after === before ? 'o' : 'n';
      if (after !== before) {
        await run(engine, { kind: 'restore', table: cloneRoot, at: { version: 0 } });
        if (nth > faulty.calls.length) break;
      }
    }
    // Killed before the commit, right after it, and in the checkpoint.
    expect(outcomes).toMatch(/^o{5,}.*n{5,}$/);
  });
});
