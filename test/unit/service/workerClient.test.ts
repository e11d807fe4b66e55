import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/protocol/json';
import { Endpoint, type Handler, type Port } from '../../../src/protocol/rpc';
import type { ProgressEvent, WireError } from '../../../src/protocol/views';
import { deltaServiceMethods } from '../../../src/service/deltaService';
import {
  maxRestarts,
  restartWindowMs,
  WorkerClient,
  type WorkerHandle,
} from '../../../src/service/worker/workerClient';

/** Two ports whose messages are cloned as a worker's are, and delivered in a later turn. */
function portPair(): [Port, Port] {
  const receivers: ((message: unknown) => void)[] = [];
  const port = (own: 0 | 1): Port => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => receivers[1 - own]?.(copy));
    },
    onMessage: (receive) => {
      receivers[own] = receive;
    },
  });
  return [port(0), port(1)];
}

interface FakeWorker extends WorkerHandle {
  crash(reason: string): void;
  isTerminated: boolean;
}

function harness(handlers: Record<string, Handler>): {
  client: WorkerClient;
  workers: FakeWorker[];
  clock: { now: number };
} {
  const workers: FakeWorker[] = [];
  const clock = { now: 1_000 };
  const toWire = (error: unknown): WireError => ({
    code: (error as { code?: string }).code ?? 'internal',
    message: error instanceof Error ? error.message : String(error),
    details: {},
  });
  const client = new WorkerClient({
    now: () => clock.now,
    spawn: () => {
      const [near, far] = portPair();
      new Endpoint(far, new Map(Object.entries(handlers)), toWire);
      let listener: ((reason: string) => void) | undefined;
      const worker: FakeWorker = {
        port: near,
        isTerminated: false,
        onExit: (given) => {
          listener = given;
        },
        terminate: () => {
          worker.isTerminated = true;
          return Promise.resolve();
        },
        crash: (reason) => listener?.(reason),
      };
      workers.push(worker);
      return worker;
    },
  });
  return { client, workers, clock };
}

const never: Handler = () => new Promise<Json>(() => undefined);
const code = (error: unknown): string => (error as { code: string }).code;

describe('WorkerClient', () => {
  it('has every method of DeltaService', () => {
    const { client } = harness({});
    for (const method of deltaServiceMethods) expect(client[method]).toBeTypeOf('function');
  });

  it('starts no worker before the first call and one for all calls', async () => {
    const { client, workers } = harness({ overview: async (params) => [...params] });
    expect(workers).toHaveLength(0);
    await client.overview('a');
    await client.overview('b');
    expect(workers).toHaveLength(1);
  });

  it('sends arguments in order, without the call and without trailing undefined ones', async () => {
    const seen: Json[] = [];
    const { client } = harness({
      files: async (params) => {
        seen.push(params);
        return null;
      },
      closeCursor: async (params) => {
        seen.push(params);
        return null;
      },
    });
    await client.files('t', { version: 3 }, { offset: 0, limit: 2 }, {});
    await client.closeCursor('c');
    expect(seen).toEqual([['t', { version: 3 }, { offset: 0, limit: 2 }], ['c']]);
  });

  it('keeps the code, message and details of an error', async () => {
    const { client } = harness({
      overview: () => Promise.reject(Object.assign(new Error('no log'), { code: 'not-a-table' })),
    });
    await expect(client.overview('t')).rejects.toMatchObject({
      code: 'not-a-table',
      message: 'no log',
    });
  });

  it('passes progress and cancel', async () => {
    const events: ProgressEvent[] = [];
    const { client } = harness({
      execute: (_params, call) => {
        call.onProgress({ phase: 'copying', done: 1, total: 2, unit: 'files' });
        return new Promise<Json>((_resolve, reject) => {
          call.signal.addEventListener('abort', () => {
            reject(Object.assign(new Error('cancelled'), { code: 'cancelled' }));
          });
        });
      },
    });
    const controller = new AbortController();
    const running = client.execute(
      'p',
      { acknowledged: [] },
      {
        signal: controller.signal,
        onProgress: (event) => {
          events.push(event);
          controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(events).toEqual([{ phase: 'copying', done: 1, total: 2, unit: 'files' }]);
  });

  it('rejects what is in flight with engine-crashed and starts again on the next call', async () => {
    let answer: Handler = never;
    const { client, workers } = harness({ overview: (params, call) => answer(params, call) });
    const first = client.overview('t').catch(code);
    const second = client.overview('u').catch(code);
    await Promise.resolve();
    workers[0]?.crash('out of memory');
    expect(await Promise.all([first, second])).toEqual(['engine-crashed', 'engine-crashed']);
    answer = async () => 'ok';
    expect(await client.overview('t')).toBe('ok');
    expect(workers).toHaveLength(2);
  });

  it('names the reason of the crash', async () => {
    const { client, workers } = harness({ overview: never });
    const running = client.overview('t').catch((error: unknown) => (error as Error).message);
    workers[0]?.crash('exit code 134');
    expect(await running).toContain('exit code 134');
  });

  it('gives up after three restarts within five minutes, until it is restarted by hand', async () => {
    const { client, workers } = harness({ overview: never });
    for (let i = 0; i <= maxRestarts; i++) {
      const running = client.overview('t').catch(code);
      workers[i]?.crash('panic');
      expect(await running).toBe('engine-crashed');
    }
    await expect(client.overview('t')).rejects.toMatchObject({
      code: 'engine-crashed',
      details: { needsRestart: true },
    });
    expect(workers).toHaveLength(maxRestarts + 1);
    await client.restart();
    void client.overview('t').catch(() => undefined);
    expect(workers).toHaveLength(maxRestarts + 2);
  });

  it('allows restarts again when the window has passed', async () => {
    const { client, workers, clock } = harness({ overview: never });
    for (let i = 0; i <= maxRestarts; i++) {
      const running = client.overview('t').catch(code);
      workers[i]?.crash('panic');
      await running;
    }
    clock.now += restartWindowMs;
    void client.overview('t').catch(() => undefined);
    expect(workers).toHaveLength(maxRestarts + 2);
  });

  it('ignores the late end of a worker that was replaced', async () => {
    const { client, workers } = harness({ overview: async () => 'ok' });
    await client.overview('t');
    await client.restart();
    await client.overview('t');
    workers[0]?.crash('late');
    expect(await client.overview('t')).toBe('ok');
    expect(workers).toHaveLength(2);
  });

  it('ends the worker on dispose and refuses later calls', async () => {
    const { client, workers } = harness({ overview: never });
    const running = client.overview('t').catch(code);
    await client.dispose();
    expect(await running).toBe('cancelled');
    expect(workers[0]?.isTerminated).toBe(true);
    await expect(client.overview('t')).rejects.toMatchObject({ code: 'cancelled' });
  });
});
