import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ParquetPool } from '../../../src/storage/parquet/parquetPool';
import type { JobOptions, ParquetPoolOptions } from '../../../src/storage/parquet/parquetPool';
import type { InspectResult } from '../../../src/storage/parquet/parquetMessages';

/**
 * Stands in for the Parquet worker and does what the file's key tells: the pool is judged by what it makes of a worker's
 * behaviour, not by the decoder.
 */
const script = `
const { parentPort, threadId } = require('node:worker_threads');
let jobs = 0;
const done = (heapBytes = 0) =>
  parentPort.postMessage({ kind: 'done', heapBytes, result: { rowCount: threadId, rowGroups: [], keyValues: new Map([['jobs', String(jobs)]]), schema: new Uint8Array(0) } });
let refused = () => undefined;
parentPort.on('message', (message) => {
  if (message.kind === 'answer') return done();
  if (message.kind === 'refuse') return refused();
  jobs++;
  const { key } = message.job.file;
  const ask = () => parentPort.postMessage({ kind: 'ask', question: 1, what: { kind: 'bytes', start: 0, end: 4 } });
  if (key === 'done') done();
  else if (key === 'slow') setTimeout(done, 120);
  else if (key === 'large') done(5000);
  else if (key === 'silent') {}
  else if (key === 'busy') { for (;;) {} }
  else if (key === 'panic') parentPort.postMessage({ kind: 'panicked', message: 'unreachable', heapBytes: 10 });
  else if (key === 'panic when old') jobs > 1 ? parentPort.postMessage({ kind: 'panicked', message: 'unreachable', heapBytes: 900 }) : done();
  else if (key === 'exit') process.exit(3);
  else if (key === 'exit when old') jobs > 1 ? process.exit(3) : done();
  else if (key === 'throw') throw new Error('thrown in the worker');
  else if (key === 'failed') parentPort.postMessage({ kind: 'failed', message: 'no', unreadable: true, heapBytes: 0 });
  else if (key === 'ask') ask();
  else if (key === 'ask in order') { refused = () => parentPort.postMessage({ kind: 'failed', message: 'x', unreadable: false, heapBytes: 0 }); ask(); }
});
`;

describe('ParquetPool', () => {
  let folder: string;
  let workerPath: string;
  const pools: ParquetPool[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delta-pool-'));
    workerPath = join(folder, 'worker.cjs');
    await writeFile(workerPath, script);
  });
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const poolOf = (options: Partial<ParquetPoolOptions> = {}): ParquetPool => {
    const pool = new ParquetPool({
      workerPath,
      size: 1,
      inactivityMs: 800,
      heapBound: 1000,
      ...options,
    });
    pools.push(pool);
    return pool;
  };
  const run = (
    pool: ParquetPool,
    key: string,
    options: Partial<JobOptions> = {},
  ): Promise<InspectResult> =>
    pool.run(
      { kind: 'inspect', file: { key, size: 1 } },
      {
        subject: `file:///${key}`,
        repeatable: true,
        answer: () => Promise.resolve(new Uint8Array(4)),
        ...options,
      },
    );
  const jobsOf = (result: InspectResult): number => Number(result.keyValues.get('jobs'));

  it('keeps a worker for the next job', async () => {
    const pool = poolOf();
    const first = await run(pool, 'done');
    const second = await run(pool, 'done');
    expect(second.rowCount).toBe(first.rowCount);
    expect(jobsOf(second)).toBe(2);
  });

  it('grows to its size only while jobs wait', async () => {
    const pool = poolOf({ size: 3 });
    await run(pool, 'done');
    await run(pool, 'done');
    expect(pool.workerCount).toBe(1);
    await Promise.all(Array.from({ length: 7 }, () => run(pool, 'slow')));
    expect(pool.workerCount).toBe(3);
  });

  it.each([
    ['panic', 'corrupt-file'],
    ['failed', 'corrupt-file'],
    ['exit', 'engine-crashed'],
    ['throw', 'engine-crashed'],
    ['silent', 'engine-crashed'],
    ['busy', 'engine-crashed'],
  ])('turns a worker that does "%s" into %s and goes on with a fresh one', async (key, code) => {
    const pool = poolOf();
    const failing = run(pool, key);
    const waiting = run(pool, 'done');
    await expect(failing).rejects.toMatchObject({ name: 'DeltaError', code });
    await expect(failing).rejects.toThrow(`file:///${key}`);
    expect((await waiting).rowCount).toBeGreaterThan(0);
  });

  it.each(['panic when old', 'exit when old'])(
    'tries a job once more when only the worker was to blame (%s)',
    async (key) => {
      const pool = poolOf();
      await run(pool, 'done');
      expect(jobsOf(await run(pool, key))).toBe(1);
    },
  );

  it('replaces a worker whose memory has grown past the bound', async () => {
    const pool = poolOf();
    await run(pool, 'large');
    expect(jobsOf(await run(pool, 'done'))).toBe(1);
  });

  it('does not count the time that a worker waits for us', async () => {
    const pool = poolOf({ inactivityMs: 500 });
    const answer = async (): Promise<Uint8Array> => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return new Uint8Array(4);
    };
    await expect(run(pool, 'ask', { answer })).resolves.toMatchObject({ rowGroups: [] });
  });

  it.each(['ask', 'ask in order'])(
    'passes on the error of an answer as it came (%s)',
    async (key) => {
      const pool = poolOf();
      const error = new Error('the store said no');
      await expect(run(pool, key, { answer: () => Promise.reject(error) })).rejects.toBe(error);
      await run(pool, 'done');
    },
  );

  it('keeps the worker where a failed answer met no decoder', async () => {
    const pool = poolOf();
    await expect(
      run(pool, 'ask in order', { answer: () => Promise.reject(new Error('no')) }),
    ).rejects.toThrow('no');
    expect(jobsOf(await run(pool, 'done'))).toBe(2);
  });

  it('rejects a cancelled job at once, running or waiting, and replaces a worker that is still busy', async () => {
    const pool = poolOf({ inactivityMs: 60_000 });
    const abort = new AbortController();
    const running = run(pool, 'busy', { signal: abort.signal });
    const waiting = run(pool, 'done', { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    const start = performance.now();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(jobsOf(await run(pool, 'done'))).toBe(1);
  });

  it('keeps a worker that ends its cancelled job in time', async () => {
    const pool = poolOf();
    const abort = new AbortController();
    const running = run(pool, 'slow', { signal: abort.signal });
    setTimeout(() => abort.abort(), 60);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(jobsOf(await run(pool, 'done'))).toBe(2);
  });

  it('says so when its script is missing', async () => {
    const pool = poolOf({ workerPath: join(folder, 'absent.cjs') });
    await expect(run(pool, 'done')).rejects.toMatchObject({ code: 'engine-crashed' });
  });

  it('rejects what runs and what waits when it is closed', async () => {
    const pool = poolOf({ inactivityMs: 60_000 });
    const settled = Promise.allSettled([run(pool, 'silent'), run(pool, 'done')]);
    await pool.close();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'engine-crashed' } });
    }
    await expect(run(pool, 'done')).rejects.toMatchObject({ code: 'engine-crashed' });
  });
});
