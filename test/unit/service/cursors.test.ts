import { describe, expect, it } from 'vitest';
import { cancelledError } from '../../../src/engine/errors';
import { CursorStore } from '../../../src/service/cursors';

let ids = 0;
const nextId = (): string => `c${ids++}`;

async function* pieces(...all: readonly (readonly string[])[]): AsyncGenerator<readonly string[]> {
  for (const piece of all) yield piece;
}

describe('CursorStore', () => {
  it('hands out lines in pieces of the asked size, across the pieces that come in, and closes at the end', async () => {
    const store = new CursorStore(nextId);
    const id = await store.open(() => pieces(['a', 'b', 'c'], [], ['d', 'e']));
    expect(await store.read(id, 2)).toEqual({ lines: ['a', 'b'], isEnd: false });
    expect(await store.read(id, 2)).toEqual({ lines: ['c', 'd'], isEnd: false });
    expect(await store.read(id, 9)).toEqual({ lines: ['e'], isEnd: true });
    expect(store.size).toBe(0);
    await expect(store.read(id, 1)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('pulls nothing before it is read', async () => {
    let pulled = 0;
    const store = new CursorStore(nextId);
    const id = await store.open(async function* () {
      pulled++;
      yield ['a'];
      pulled++;
      yield ['b'];
    });
    expect(pulled).toBe(0);
    await store.read(id, 1);
    expect(pulled).toBe(1);
  });

  it('ends what runs behind it when it is closed', async () => {
    let ended = false;
    let signal: AbortSignal | undefined;
    const store = new CursorStore(nextId);
    const id = await store.open(async function* (given) {
      signal = given;
      try {
        yield ['a'];
        yield ['b'];
      } finally {
        ended = true;
      }
    });
    await store.read(id, 1);
    await store.close(id);
    expect(ended).toBe(true);
    expect(signal?.aborted).toBe(true);
  });

  it('passes an error on as it is, and is closed by it', async () => {
    const store = new CursorStore(nextId);
    const id = await store.open(async function* () {
      yield ['a'];
      throw new Error('no more');
    });
    await store.read(id, 1);
    await expect(store.read(id, 1)).rejects.toThrow('no more');
    expect(store.size).toBe(0);
  });

  it('hears a cancel while it waits', async () => {
    const store = new CursorStore(nextId);
    const id = await store.open(async function* (signal) {
      yield await new Promise<readonly string[]>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(cancelledError());
        });
      });
    });
    const controller = new AbortController();
    const reading = store.read(id, 1, controller.signal);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(store.size).toBe(0);
  });

  it('closes the oldest when too many are open', async () => {
    const store = new CursorStore(nextId, 2);
    const open = (): Promise<string> => store.open(() => pieces(['x']));
    const [first, second, third] = [await open(), await open(), await open()];
    expect(store.size).toBe(2);
    await expect(store.read(first, 1)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect((await store.read(second, 1)).lines).toEqual(['x']);
    expect((await store.read(third, 1)).lines).toEqual(['x']);
  });
});
