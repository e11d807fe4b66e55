/** The worker bundle in a real thread, through the proxy that the editor uses. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localUri } from '../../../src/storage/localPath';
import { WorkerClient } from '../../../src/service/worker/workerClient';
import { spawnWorkerThread } from '../../../src/service/worker/workerThread';
import { bundleForTest, removeBundle } from '../../helpers/bundles';
import { createTestEngine } from '../../helpers/testEngine';
import { simpleMetadata, simpleProtocol, writeLogTable, writeOrders } from '../cli/warehouse';

let bundle: string;
let folder: string;
let orders: string;
let client: WorkerClient;
const state = process.env.DELTA_CLONES_STATE;

beforeAll(async () => {
  bundle = await bundleForTest('worker');
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-worker-'));
  process.env.DELTA_CLONES_STATE = join(folder, '.state');
  const engine = await createTestEngine();
  orders = await writeOrders(engine, join(folder, 'lake'));
  await engine.close();
  client = new WorkerClient({
    now: () => performance.now(),
    spawn: () => spawnWorkerThread(join(bundle, 'worker.js'), { maxOldGenerationSizeMb: 512 }),
  });
}, 120_000);

afterAll(async () => {
  await client.dispose();
  if (state === undefined) delete process.env.DELTA_CLONES_STATE;
  else process.env.DELTA_CLONES_STATE = state;
  await rm(folder, { recursive: true, force: true });
  await removeBundle(bundle);
});

describe('the worker', () => {
  it('answers what the service answers, Parquet included', async () => {
    const overview = await client.overview(localUri(orders));
    expect(overview).toMatchObject({
      entry: { name: 'orders', version: 2, numFiles: 3 },
      detail: { numRows: 5 },
      columns: [
        { name: 'id' },
        { name: 'note', comment: 'as the customer wrote it' },
        { isPartition: true },
      ],
    });
    const cursor = await client.openRows(orders, { at: 'latest' });
    const chunk = await client.readCursor(cursor.id, 100);
    expect(chunk.lines).toHaveLength(5);
    expect(chunk.lines.join()).toContain('9007199254740993');
    expect(await client.closeCursor(cursor.id)).toBeNull();
  });

  it('tells every table that it finds', async () => {
    for (let i = 0; i < 30; i++) {
      await writeLogTable(join(folder, 'many', `t${i}`), [[simpleProtocol, simpleMetadata()]]);
    }
    const found: string[] = [];
    const entries = await client.findTables(
      { roots: [join(folder, 'many')], skip: [], depth: 3 },
      {
        onProgress: (event) => {
          if (event.found !== undefined) found.push(event.found.name);
        },
      },
    );
    expect(entries).toHaveLength(30);
    expect(found.sort()).toEqual(entries.map((entry) => entry.name).sort());
  });

  it('keeps the codes and facts of errors', async () => {
    await expect(client.overview('/no/such/table')).rejects.toMatchObject({
      name: 'RemoteError',
      code: 'not-a-table',
    });
    await expect(client.detail(orders, { at: { version: 9 } })).rejects.toMatchObject({
      code: 'version-not-found',
      details: { earliest: 0, latest: 2 },
    });
    await expect(client.overview('relative/path')).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('plans, refuses with findings, runs and records', async () => {
    const target = join(folder, 'clone');
    const spec = { kind: 'deep-clone', source: orders, target, at: 'latest' } as const;
    const plan = await client.plan(spec);
    expect(await client.execute(plan.id, { acknowledged: [] })).toMatchObject({ committed: true });
    const again = await client.plan(spec);
    await expect(client.execute(again.id, { acknowledged: [] })).rejects.toMatchObject({
      code: 'refused',
      details: { findings: [{ code: 'target-exists' }] },
    });
    const lineage = await client.lineage({ roots: [folder], skip: [], depth: 4 });
    expect(lineage.edges).toMatchObject([{ evidence: ['clone-commit', 'recorded-by-us'] }]);
  });

  it('hears a cancel', async () => {
    const controller = new AbortController();
    const scan = client.findTables(
      { roots: [folder], skip: [], depth: 5 },
      {
        signal: controller.signal,
        onProgress: () => {
          controller.abort();
        },
      },
    );
    await expect(scan).rejects.toMatchObject({ code: 'cancelled' });
    expect((await client.overview(orders)).entry.version).toBe(2);
  });
});
