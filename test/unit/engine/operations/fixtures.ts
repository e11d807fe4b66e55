/** Tables and an engine for tests of operations: rows and Parquet are real, the store can be swapped for a faulty one. */
import type { Action, AddFile } from '../../../../src/engine/actions';
import type { Engine } from '../../../../src/engine/engine';
import { fileKey } from '../../../../src/engine/fileSet';
import { readAdds } from '../../../../src/engine/fullFiles';
import { commitUri } from '../../../../src/engine/log/logPath';
import type { ObjectStore } from '../../../../src/engine/objectStore';
import {
  joinUri,
  parseObjectUri,
  relativePath,
  type ObjectUri,
} from '../../../../src/engine/objectUri';
import type {
  ExecuteContext,
  OperationSpec,
  Outcome,
  Plan,
} from '../../../../src/engine/operations/operation';
import { executeOperation, planOperation } from '../../../../src/engine/operations/operations';
import { readRows } from '../../../../src/engine/rows/rowReader';
import { openSnapshot, type AsOf } from '../../../../src/engine/table';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import { createTestEngine } from '../../../helpers/testEngine';
import { TableWriter, type Row, type TableSpec } from '../../../helpers/tableWriter';

/** Delegates to a store that a test may exchange, so that one set of Parquet workers serves many stores. */
export class SwitchStore implements ObjectStore {
  constructor(public inner: ObjectStore) {}
  list: ObjectStore['list'] = (...call) => this.inner.list(...call);
  listFolders: ObjectStore['listFolders'] = (...call) => this.inner.listFolders(...call);
  head: ObjectStore['head'] = (...call) => this.inner.head(...call);
  read: ObjectStore['read'] = (...call) => this.inner.read(...call);
  readStream: ObjectStore['readStream'] = (...call) => this.inner.readStream(...call);
  put: ObjectStore['put'] = (...call) => this.inner.put(...call);
  copy: ObjectStore['copy'] = (...call) => this.inner.copy(...call);
  delete: ObjectStore['delete'] = (...call) => this.inner.delete(...call);
  capabilities: ObjectStore['capabilities'] = (...call) => this.inner.capabilities(...call);
}

export interface OperationBench {
  readonly engine: Engine;
  readonly store: SwitchStore;
  close(): Promise<void>;
}

/** An engine over memory. The clock moves a second each time it is asked, so that every commit has its own time. */
export async function openBench(): Promise<OperationBench> {
  const store = new SwitchStore(new MemoryStore());
  const engine = await createTestEngine({ store });
  let now = Date.UTC(2026, 9, 1);
  return {
    engine: { ...engine, clock: { now: () => (now += 1000) } },
    store,
    close: () => engine.close(),
  };
}

export const warehouse = parseObjectUri('file:///warehouse');
export const claimsRoot = joinUri(warehouse, 'claims');
export const cloneRoot = joinUri(warehouse, 'claims clone');

export const vectorProtocol = {
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['deletionVectors'],
  writerFeatures: ['deletionVectors'],
};

export const claimsSpec: TableSpec = {
  partitionColumns: ['region'],
  protocol: vectorProtocol,
  configuration: { 'delta.enableDeletionVectors': 'true' },
  name: 'claims',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'state', type: 'string' },
    { name: 'region', type: 'string' },
  ],
};

function claims(
  from: number,
  count: number,
  region: string | null,
  state = 'open',
): readonly Row[] {
  return Array.from({ length: count }, (_, i) => ({ id: BigInt(from + i), state, region }));
}

export interface Claims {
  readonly writer: TableWriter;
  readonly files: AddFile[];
}

/** Versions 0 to 4: create with two files, append, update by a vector, append, compaction. */
export async function writeClaims(
  engine: Engine,
  root = claimsRoot,
  spec = claimsSpec,
): Promise<Claims> {
  const writer = new TableWriter(engine, root, spec, engine.ids.uuid());
  const write = {
    operation: 'WRITE',
    operationParameters: { mode: 'Append' },
    isBlindAppend: true,
  };
  const add = (file: AddFile): Action => ({ kind: 'add', add: file });
  const first = await writer.writeFile(claims(0, 10, 'a:b %c'));
  const second = await writer.writeFile(claims(10, 5, null));
  await writer.create([add(first), add(second)], write);
  const third = await writer.writeFile(claims(20, 5, 'north'));
  await writer.commit([add(third)], write);
  const updated = await writer.deleteRows(first, [1, 3]);
  const small = await writer.writeFile(claims(1, 2, 'a:b %c', 'approved'));
  await writer.commit([writer.remove(first), add(updated), add(small)], {
    operation: 'UPDATE',
    operationParameters: {},
  });
  const fourth = await writer.writeFile(claims(30, 5, 'north'));
  await writer.commit([add(fourth)], write);
  const compact = await writer.writeFile([...claims(20, 5, 'north'), ...claims(30, 5, 'north')], {
    dataChange: false,
  });
  await writer.commit(
    [
      writer.remove(third, { dataChange: false }),
      writer.remove(fourth, { dataChange: false }),
      add(compact),
    ],
    { operation: 'OPTIMIZE', operationParameters: {} },
  );
  return { writer, files: [updated, second, small, compact] };
}

/** One more commit of a few rows. */
export async function appendClaims({ writer, files }: Claims, from: number): Promise<void> {
  const file = await writer.writeFile(claims(from, 3, 'south'));
  files.push(file);
  await writer.commit([{ kind: 'add', add: file }], {
    operation: 'WRITE',
    operationParameters: { mode: 'Append' },
  });
}

/** All rows as texts, sorted: equal for equal content. */
export async function rowsOf(
  engine: Engine,
  root: ObjectUri,
  at: AsOf = 'latest',
): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const some of readRows(engine, await openSnapshot(engine, root, at)))
    rows.push(...some);
  return rows.sort();
}

/** Canonical locations and vectors of the active files. */
export async function filesOf(
  engine: Engine,
  root: ObjectUri,
  at: AsOf = 'latest',
): Promise<readonly string[]> {
  const snapshot = await openSnapshot(engine, root, at);
  const keys: string[] = [];
  for await (const adds of readAdds(engine, await snapshot.files())) {
    for (const add of adds) keys.push(fileKey(root, add));
  }
  return keys.sort();
}

/** The lines of a commit, parsed. */
export async function commitOf(
  engine: Engine,
  root: ObjectUri,
  version: number,
): Promise<readonly Record<string, Record<string, unknown>>[]> {
  const text = new TextDecoder().decode(await engine.store.read(commitUri(root, version)));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
}

/** Names of everything below a root, as the store has it. */
export async function objectsOf(
  store: ObjectStore,
  root: ObjectUri,
): Promise<ReadonlyMap<string, number>> {
  const objects = new Map<string, number>();
  for await (const { uri, size } of store.list(root))
    objects.set(relativePath(root, uri) ?? uri, size);
  return objects;
}

/** Plans, and executes with the acknowledgements that the plan asks for. */
export async function run(
  engine: Engine,
  spec: OperationSpec,
  context: Partial<ExecuteContext> = {},
): Promise<{ readonly plan: Plan; readonly outcome: Outcome }> {
  const plan = await planOperation(engine, spec);
  const acknowledged = new Set(
    plan.findings.filter((f) => f.needsAcknowledgement).map(({ code }) => code),
  );
  return { plan, outcome: await executeOperation(engine, plan, { acknowledged, ...context }) };
}
