import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectUri } from '../../../src/engine/objectUri';
import { joinUri } from '../../../src/engine/objectUri';
import type { ProgressEvent } from '../../../src/protocol/views';
import { LocalDeltaService } from '../../../src/service/localDeltaService';
import { resolveLocation } from '../../../src/service/location';
import type { CloneRecord, CloneRegistry } from '../../../src/service/registry';
import { localUri } from '../../../src/storage/localPath';
import {
  addLine,
  memoryEngine,
  metadataLine,
  protocolLine,
  writeLog,
} from '../../helpers/memoryTable';
import { createTestEngine } from '../../helpers/testEngine';
import type { TestEngine } from '../../helpers/testEngine';
import { writeOrders } from '../cli/warehouse';

class MemoryRegistry implements CloneRegistry {
  readonly records: CloneRecord[] = [];
  async record(clone: CloneRecord): Promise<void> {
    this.records.push(clone);
  }
  async clones(): Promise<readonly CloneRecord[]> {
    return this.records;
  }
}

const lake = localUri('/lake');
const table = (name: string): ObjectUri => joinUri(lake, name);
const resolve = (text: string): ObjectUri => resolveLocation(text, { isWindows: false });
const query = (root: string): { roots: string[]; skip: string[]; depth: number } => ({
  roots: [root],
  skip: [],
  depth: 5,
});

function memoryService(): {
  engine: ReturnType<typeof memoryEngine>;
  service: LocalDeltaService;
} {
  const engine = memoryEngine();
  const registry = new MemoryRegistry();
  return { engine, service: new LocalDeltaService({ engine, registry, resolveLocation: resolve }) };
}

const first = [protocolLine, metadataLine];

describe('findTables', () => {
  it('tells each table as it is found, and all of them at the end in the order of their locations', async () => {
    const { engine, service } = memoryService();
    await writeLog(engine, 0, [...first, addLine('a', { size: 7 })], table('b'));
    await writeLog(engine, 0, first, table('a'));
    await writeLog(engine, 0, ['{"torn'], table('deep/c'));
    const found: string[] = [];
    const entries = await service.findTables(query(lake), {
      onProgress: (event) => {
        if (event.found !== undefined) found.push(event.found.name);
      },
    });
    expect(found.sort()).toEqual(['a', 'b', 'c']);
    expect(entries).toMatchObject([
      { location: table('a'), name: 'a', version: 0, numFiles: 0, sizeInBytes: 0 },
      { location: table('b'), name: 'b', numFiles: 1, sizeInBytes: 7 },
      { location: table('deep/c'), name: 'c', error: { code: 'invalid-log' } },
    ]);
  });

  it('links a clone to its source', async () => {
    const { engine, service } = memoryService();
    const clone = `{"commitInfo":{"operation":"CLONE","operationParameters":{"source":"delta.\`file:/lake/prod\`","sourceVersion":0}}}`;
    await writeLog(engine, 0, [...first, addLine('x')], table('prod'));
    await writeLog(engine, 0, [clone, ...first, addLine('file:/lake/prod/x')], table('dev'));
    const [dev] = await service.findTables(query(lake));
    expect(dev?.cloneOf).toEqual({ location: table('prod'), version: 0, kind: 'shallow' });
    const overview = await service.overview(table('dev'));
    expect(overview.entry.cloneOf).toEqual(dev?.cloneOf);
    expect(overview.detail).toMatchObject({ numFiles: 1, ownedFiles: 0 });
    expect(overview.columns).toMatchObject([{ name: 'id', type: 'bigint' }]);
  });

  it('sees a new CLONE commit on a second look', async () => {
    const { engine, service } = memoryService();
    await writeLog(engine, 0, first, table('prod'));
    await writeLog(engine, 0, first, table('copy'));
    expect((await service.findTables(query(lake)))[0]?.cloneOf).toBeUndefined();
    await writeLog(
      engine,
      1,
      [
        `{"commitInfo":{"operation":"CLONE","operationParameters":{"source":"delta.\`file:/lake/prod\`","sourceVersion":0,"isShallow":false}}}`,
      ],
      table('copy'),
    );
    await writeLog(engine, 2, ['{"commitInfo":{"operation":"WRITE"}}'], table('copy'));
    expect((await service.findTables(query(lake)))[0]).toMatchObject({
      version: 2,
      cloneOf: { location: table('prod'), kind: 'deep' },
    });
  });

  it('throws on a cancel', async () => {
    const { engine, service } = memoryService();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      await writeLog(engine, 0, first, table(name));
    const controller = new AbortController();
    const found: string[] = [];
    const scan = service.findTables(query(lake), {
      signal: controller.signal,
      onProgress: (event) => {
        if (event.found === undefined) return;
        found.push(event.found.name);
        controller.abort();
      },
    });
    await expect(scan).rejects.toMatchObject({ code: 'cancelled' });
    expect(found.length).toBeLessThan(6);
  });
});

describe('reading', () => {
  it('sees commits that others write between two calls', async () => {
    const { engine, service } = memoryService();
    await writeLog(engine, 0, [...first, addLine('a')], table('t'));
    expect(await service.detail(table('t'), { at: 'latest' })).toMatchObject({ version: 0 });
    await writeLog(engine, 1, [addLine('b')], table('t'));
    expect(await service.detail(table('t'), { at: 'latest' })).toMatchObject({
      version: 1,
      numFiles: 2,
    });
    expect(await service.detail(table('t'), { at: { version: 0 } })).toMatchObject({ numFiles: 1 });
  });

  it('does not mistake a table that was made anew for the old one', async () => {
    const { engine, service } = memoryService();
    await writeLog(engine, 0, [...first, addLine('a')], table('t'));
    await writeLog(engine, 1, [addLine('b')], table('t'));
    for (const at of ['latest', { version: 1 }] as const)
      await service.files(table('t'), at, { offset: 0, limit: 9 });
    await writeLog(engine, 0, first, table('t'));
    await writeLog(engine, 1, [addLine('new')], table('t'));
    for (const at of ['latest', { version: 1 }] as const) {
      const page = await service.files(table('t'), at, { offset: 0, limit: 9 });
      expect(page.items.map((file) => file.path)).toEqual(['new']);
    }
  });

  it('pages through histories and files, and knows the ends', async () => {
    const { engine, service } = memoryService();
    await writeLog(
      engine,
      0,
      [...first, ...['a', 'b', 'c'].map((name) => addLine(name))],
      table('t'),
    );
    for (const version of [1, 2, 3])
      await writeLog(engine, version, [addLine(`v${version}`)], table('t'));
    const newest = await service.history(table('t'), { limit: 2 });
    expect(newest.rows.map((row) => row.version)).toEqual([3, 2]);
    expect(newest).toMatchObject({ latestVersion: 3, isEnd: false });
    const rest = await service.history(table('t'), { limit: 9, before: 2 });
    expect(rest.rows.map((row) => row.version)).toEqual([1, 0]);
    expect(rest.isEnd).toBe(true);
    const page = await service.files(table('t'), 'latest', { offset: 4, limit: 2 });
    expect(page.total).toBe(6);
    expect(page.items).toHaveLength(2);
    await expect(service.history(table('t'), { limit: 0 })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('streams the files of the version that was opened, whatever is written meanwhile', async () => {
    const { engine, service } = memoryService();
    await writeLog(engine, 0, [...first, addLine('a')], table('t'));
    const cursor = await service.openFiles(table('t'), 'latest');
    await writeLog(engine, 1, [addLine('b')], table('t'));
    expect(cursor.version).toBe(0);
    const chunk = await service.readCursor(cursor.id, 10);
    expect(chunk.lines.map((line) => (JSON.parse(line) as { path: string }).path)).toEqual(['a']);
    expect(chunk.isEnd).toBe(true);
    await service.closeCursor(cursor.id);
  });

  it('names the way out where a location is no table or no path', async () => {
    const { service } = memoryService();
    await expect(service.detail('/lake/none', { at: 'latest' })).rejects.toMatchObject({
      code: 'not-a-table',
    });
    await expect(service.detail('relative', { at: 'latest' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

describe('plans', () => {
  let folder: string;
  let engine: TestEngine;
  let registry: MemoryRegistry;
  let service: LocalDeltaService;
  let orders: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delta-clones-service-'));
    engine = await createTestEngine();
    registry = new MemoryRegistry();
    service = new LocalDeltaService({ engine, registry, resolveLocation: resolve });
    orders = await writeOrders(engine, folder);
  });

  afterAll(async () => {
    await service.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs a plan once, records the clone before its commit, and lists its files', async () => {
    const target = join(folder, 'dev');
    const plan = await service.plan({
      kind: 'shallow-clone',
      source: orders,
      target,
      at: { version: 1 },
    });
    expect(plan).toMatchObject({
      kind: 'shallow-clone',
      source: { location: localUri(orders), version: 1 },
      target: { location: localUri(target), version: null, timestamp: null },
      sql: `CREATE TABLE delta.\`${target}\`\nSHALLOW CLONE delta.\`${orders}\` VERSION AS OF 1;`,
      commandLine: `delta-clones clone ${orders} ${target} --shallow --version 1`,
    });
    const items = await service.planItems(plan.id, { offset: 0, limit: 2 });
    expect(items.total).toBe(3);
    expect(items.items).toHaveLength(2);
    expect(items.items[0]).toMatchObject({ action: 'add', hasDeletionVector: false });
    expect(
      (await service.planItems(plan.id, { offset: 0, limit: 9, action: 'remove' })).total,
    ).toBe(0);
    const outcome = await service.execute(plan.id, { acknowledged: [] });
    expect(outcome).toMatchObject({ version: 0, committed: true, location: localUri(target) });
    expect(registry.records).toMatchObject([
      {
        sourceRoot: localUri(orders),
        cloneRoot: localUri(target),
        kind: 'shallow',
        sourceVersion: 1,
      },
    ]);
    await expect(service.execute(plan.id, { acknowledged: [] })).rejects.toMatchObject({
      code: 'plan-not-found',
    });
    await expect(service.planItems(plan.id, { offset: 0, limit: 1 })).rejects.toMatchObject({
      code: 'plan-not-found',
    });
  });

  it('lets a refused plan run when its finding is acknowledged', async () => {
    const other = await writeOrders(engine, join(folder, 'others'));
    const plan = await service.plan({
      kind: 'deep-clone',
      source: orders,
      target: other,
      at: 'latest',
      replace: true,
    });
    await expect(service.execute(plan.id, { acknowledged: [] })).rejects.toMatchObject({
      code: 'refused',
    });
    expect(
      await service.execute(plan.id, { acknowledged: ['target-is-not-a-clone'] }),
    ).toMatchObject({
      committed: true,
      undoVersion: 2,
    });
  });

  it('refuses a plan whose table has moved on', async () => {
    const moving = await writeOrders(engine, join(folder, 'moving'));
    const plan = await service.plan({ kind: 'restore', table: moving, at: { version: 0 } });
    const again = await service.plan({ kind: 'restore', table: moving, at: { version: 1 } });
    await service.execute(again.id, { acknowledged: [] });
    await expect(service.execute(plan.id, { acknowledged: [] })).rejects.toMatchObject({
      code: expect.stringMatching(/^(stale-plan|conflict)$/) as string,
    });
    expect(await service.detail(moving, { at: 'latest' })).toMatchObject({ version: 3 });
  });

  it('forgets a discarded plan and asks for the version of a restore', async () => {
    const plan = await service.plan({ kind: 'restore', table: orders, at: { version: 0 } });
    expect(plan.sql).toBe(`RESTORE TABLE delta.\`${orders}\` TO VERSION AS OF 0;`);
    await service.discardPlan(plan.id);
    await expect(service.execute(plan.id, { acknowledged: [] })).rejects.toMatchObject({
      code: 'plan-not-found',
    });
    await expect(
      service.plan({ kind: 'restore', table: orders, at: 'latest' }),
    ).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('tells progress and hears a cancel, which commits nothing', async () => {
    const target = join(folder, 'never');
    const plan = await service.plan({ kind: 'deep-clone', source: orders, target, at: 'latest' });
    const controller = new AbortController();
    const phases = new Set<ProgressEvent['phase']>();
    const running = service.execute(
      plan.id,
      { acknowledged: [] },
      {
        signal: controller.signal,
        onProgress: (event) => {
          phases.add(event.phase);
          if (event.phase === 'copying') controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(phases).toContain('copying');
    await expect(service.detail(target, { at: 'latest' })).rejects.toMatchObject({
      code: 'not-a-table',
    });
  });

  it('streams rows and stops a stream that is closed early', async () => {
    const cursor = await service.openRows(orders, { at: 'latest', columns: ['id'] });
    const chunk = await service.readCursor(cursor.id, 2);
    expect(chunk.lines.every((line) => /^\{"id":\d+\}$/.test(line))).toBe(true);
    await service.closeCursor(cursor.id);
    await expect(service.readCursor(cursor.id, 1)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(service.openRows(join(folder, 'no such'), { at: 'latest' })).rejects.toMatchObject(
      {
        code: 'not-a-table',
      },
    );
  });

  it('shows a clone that we recorded elsewhere, and drops a record without a table', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'delta-clones-outside-'));
    try {
      const target = join(outside, 'far');
      const plan = await service.plan({ kind: 'deep-clone', source: orders, target, at: 'latest' });
      await service.execute(plan.id, { acknowledged: [] });
      registry.records.push({
        ...registry.records.at(-1)!,
        cloneRoot: localUri(join(outside, 'never committed')),
        cloneTableId: 'none',
      });
      const view = await service.lineage(query(orders));
      expect(view.edges).toMatchObject([
        { source: localUri(orders), target: localUri(join(folder, 'dev')) },
        { target: localUri(join(folder, 'others', 'orders')) },
        { target: localUri(target), kind: 'deep', evidence: ['clone-commit', 'recorded-by-us'] },
      ]);
      expect(view.tables.map((entry) => entry.location)).not.toContain(
        localUri(join(outside, 'never committed')),
      );
      await writeFile(join(target, '_delta_log', '00000000000000000000.json'), '{');
      await rm(join(target, '_delta_log', '00000000000000000000.checkpoint.parquet'));
      const torn = await service.lineage(query(orders));
      expect(torn.edges.map((edge) => edge.target)).not.toContain(localUri(target));
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });
});
