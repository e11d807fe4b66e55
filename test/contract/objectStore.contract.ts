/** What every ObjectStore promises, as one suite that is run against each implementation. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/engine/objectStore';
import { joinUri, uriName } from '../../src/engine/objectUri';
import type { ObjectUri } from '../../src/engine/objectUri';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** A fresh, empty place. */
  readonly root: ObjectUri;
  readonly dispose?: () => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

async function* slowly(parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield bytes(part);
  }
}

/** Names that mean something to a URI, a shell or a system, and must not here. */
export const awkwardNames = [
  'with space',
  'per%cent',
  'per%25cent',
  'hash#mark',
  'question?mark',
  'plus+sign',
  'ümläut-日本-🦆',
  "quote's",
  'a=b,c;d&e@f',
  'br[ack]et{s}',
  'tilde~$!()',
  ' leading',
  '.hidden',
];

export function objectStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of ObjectStore`, () => {
    let store: ObjectStore;
    let root: ObjectUri;
    const opened: StoreUnderTest[] = [];
    const at = (path: string): ObjectUri => joinUri(root, path);
    const put = async (path: string, content = path): Promise<void> => {
      await store.put(at(path), bytes(content), { mode: 'create' });
    };
    const keys = async (
      options: { startAfter?: ObjectUri; recursive?: boolean } = {},
      folder = root,
    ): Promise<string[]> =>
      (await all(store.list(folder, options))).map(({ uri }) => uri.slice(root.length + 1));

    beforeEach(async () => {
      const made = await open();
      opened.push(made);
      ({ store, root } = made);
    });
    afterAll(async () => {
      for (const { dispose } of opened) await dispose?.();
    });

    it('lists at any depth in the order of the UTF-8 bytes of decoded keys', async () => {
      const names = [
        'a/b',
        'a-b',
        'a.b',
        'a/c/d',
        'ab',
        'a0',
        'Z',
        'é',
        '\ue000x',
        '🦆',
        '~',
        'b%',
        'b a',
        'b/ ',
      ];
      for (const each of names) await put(each);
      const expected = [...names]
        .sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
        .map((each) => joinUri(root, each));
      expect((await all(store.list(root))).map(({ uri }) => uri)).toEqual(expected);
    });

    it('lists only the objects directly in the folder when not recursive', async () => {
      for (const each of ['b', 'a/x', 'a', 'c/y/z'].filter((path) => path !== 'a')) await put(each);
      expect(await keys({ recursive: false })).toEqual(['b']);
      expect(await keys({ recursive: false }, at('a'))).toEqual(['a/x']);
    });

    it('begins behind startAfter, in this folder and below others', async () => {
      for (const each of ['a/1', 'a/2', 'a-', 'b/1', 'b/2', 'c']) await put(each);
      expect(await keys({ startAfter: at('a/1') })).toEqual(['a/2', 'b/1', 'b/2', 'c']);
      expect(await keys({ startAfter: at('b') })).toEqual(['b/1', 'b/2', 'c']);
      expect(await keys({ startAfter: at('b/15') })).toEqual(['b/2', 'c']);
      expect(await keys({ startAfter: at('c') })).toEqual([]);
      expect(await keys({ startAfter: at('a-'), recursive: false })).toEqual(['c']);
      expect(await keys({ startAfter: at('a/1'), recursive: false }, at('a'))).toEqual(['a/2']);
    });

    it('tells size and time of each object in a listing as head does', async () => {
      await put('dir/x', 'four');
      const [listed] = await all(store.list(root));
      const head = await store.head(at('dir/x'));
      expect(listed).toEqual(head);
      expect(head.size).toBe(4);
      expect(Number.isSafeInteger(head.lastModified)).toBe(true);
    });

    it('takes an absent folder for an empty one', async () => {
      expect(await keys({}, at('nothing'))).toEqual([]);
      expect(await all(store.listFolders(at('nothing')))).toEqual([]);
      await put('file');
      expect(await keys({}, at('file'))).toEqual([]);
      expect(await all(store.listFolders(at('file')))).toEqual([]);
    });

    it('does not take a name with the same beginning for a folder', async () => {
      await put('tab/x');
      await put('table/x');
      expect(await keys({}, at('tab'))).toEqual(['tab/x']);
    });

    it('lists the folders directly in a folder, in order and once', async () => {
      for (const each of ['b/1', 'b/2', 'a b/1', 'file', 'c/d/e', 'ü/1']) await put(each);
      expect((await all(store.listFolders(root))).map(uriName)).toEqual(['a b', 'b', 'c', 'ü']);
    });

    it('throws at an abort in the middle of a listing instead of ending it', async () => {
      for (let i = 0; i < 200; i++) await put(`f${String(i).padStart(3, '0')}`, '');
      const abort = new AbortController();
      let seen = 0;
      const listing = (async () => {
        for await (const { size } of store.list(root, { signal: abort.signal })) {
          expect(size).toBe(0);
          if (++seen === 3) abort.abort();
        }
      })();
      await expect(listing).rejects.toMatchObject({ code: 'cancelled' });
      expect(seen).toBe(3);
    });

    it('throws at an abort that comes with the last entry', async () => {
      await put('only');
      const abort = new AbortController();
      const listing = (async () => {
        for await (const { size } of store.list(root, { signal: abort.signal })) abort.abort(size);
      })();
      await expect(listing).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('writes and reads back objects under awkward names', async () => {
      for (const each of awkwardNames) await put(`${each}/${each}`, each);
      const listed = await all(store.list(root));
      expect(listed).toHaveLength(awkwardNames.length);
      for (const { uri } of listed) expect(text(await store.read(uri))).toBe(uriName(uri));
      expect((await all(store.listFolders(root))).map(uriName).sort()).toEqual(
        [...awkwardNames].sort(),
      );
    });

    it('reads a whole object, a range, and what there is of a range', async () => {
      await put('x', '0123456789');
      expect(text(await store.read(at('x')))).toBe('0123456789');
      expect(text(await store.read(at('x'), { range: { start: 2, end: 5 } }))).toBe('234');
      expect(text(await store.read(at('x'), { range: { start: 8, end: 99 } }))).toBe('89');
      expect(text(await store.read(at('x'), { range: { start: 10, end: 20 } }))).toBe('');
      expect(text(await store.read(at('x'), { range: { start: 50, end: 60 } }))).toBe('');
      expect(text(await store.read(at('x'), { range: { start: 4, end: 4 } }))).toBe('');
    });

    it('streams an object in order', async () => {
      const big = new Uint8Array(3_000_001).map((_, i) => i * 31);
      await store.put(at('big'), big, { mode: 'create' });
      const chunks = await all(store.readStream(at('big')));
      expect(Buffer.compare(Buffer.concat(chunks), big)).toBe(0);
      expect(chunks.length).toBeGreaterThan(1);
    });

    it('says not-found for absent objects and for folders', async () => {
      await put('folder/x');
      for (const path of ['absent', 'folder', 'folder/x/below']) {
        await expect(store.head(at(path))).rejects.toMatchObject({
          name: 'StoreError',
          code: 'not-found',
        });
        await expect(store.read(at(path))).rejects.toMatchObject({ code: 'not-found' });
        await expect(all(store.readStream(at(path)))).rejects.toMatchObject({ code: 'not-found' });
        await expect(store.copy(at(path), at('copied'), { mode: 'create' })).rejects.toMatchObject({
          code: 'not-found',
        });
      }
      expect(await keys()).toEqual(['folder/x']);
    });

    it('creates once: a second create fails and changes nothing', async () => {
      await put('x', 'first');
      await expect(put('x', 'second')).rejects.toMatchObject({
        name: 'StoreError',
        code: 'already-exists',
        uri: at('x'),
      });
      await expect(
        store.put(at('x'), slowly(['se', 'cond']), { mode: 'create' }),
      ).rejects.toMatchObject({
        code: 'already-exists',
      });
      expect(text(await store.read(at('x')))).toBe('first');
    });

    it('lets exactly one of 32 concurrent creators win', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 32 }, (_, i) =>
          store.put(at('v/00000000000000000001.json'), slowly([`writer ${i}`, ' was here']), {
            mode: 'create',
          }),
        ),
      );
      const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
      expect(winners).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ code: 'already-exists' });
      }
      expect(text(await store.read(at('v/00000000000000000001.json')))).toBe(
        `writer ${winners[0]} was here`,
      );
      expect(await keys()).toEqual(['v/00000000000000000001.json']);
    });

    it('replaces an object at once: a reader sees the old or the new', async () => {
      const old = 'old '.repeat(50_000);
      const fresh = 'new! '.repeat(50_000);
      await put('x', old);
      let done = false;
      const writing = (async () => {
        for (let i = 0; i < 10; i++) {
          await store.put(at('x'), slowly([fresh.slice(0, 100_000), fresh.slice(100_000)]), {
            mode: 'overwrite',
          });
          await store.put(at('x'), bytes(old), { mode: 'overwrite' });
        }
        done = true;
      })();
      while (!done) {
        const seen = text(await store.read(at('x')));
        expect(seen === old || seen === fresh).toBe(true);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
    });

    it('overwrites what is absent', async () => {
      const meta = await store.put(at('new/x'), bytes('abc'), { mode: 'overwrite' });
      expect(meta).toEqual(await store.head(at('new/x')));
    });

    it('writes nothing when the body fails or the call is cancelled', async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield bytes('half');
        await Promise.resolve();
        throw new Error('the body ended');
      }
      await expect(store.put(at('x'), failing(), { mode: 'create' })).rejects.toThrow(
        'the body ended',
      );
      const abort = new AbortController();
      async function* hanging(): AsyncGenerator<Uint8Array> {
        yield bytes('half');
        setTimeout(() => abort.abort(), 5);
        await new Promise(() => undefined);
      }
      await expect(
        store.put(at('y'), hanging(), { mode: 'create', signal: abort.signal }),
      ).rejects.toMatchObject({ code: 'cancelled' });
      expect(await keys()).toEqual([]);
    });

    it('does nothing for a call that is cancelled already', async () => {
      await put('x');
      const signal = AbortSignal.abort();
      for (const call of [
        () => store.head(at('x'), { signal }),
        () => store.read(at('x'), { signal }),
        () => all(store.readStream(at('x'), { signal })),
        () => all(store.list(root, { signal })),
        () => all(store.listFolders(root, { signal })),
        () => store.put(at('y'), bytes('y'), { mode: 'create', signal }),
        () => store.copy(at('x'), at('y'), { mode: 'create', signal }),
        () => all(store.delete([at('x')], { signal })),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'cancelled' });
      }
      expect(await keys()).toEqual(['x']);
    });

    it('copies an object, tells all its bytes, and refuses an existing target', async () => {
      const big = new Uint8Array(2_000_000).fill(7);
      await store.put(at('from'), big, { mode: 'create' });
      let told = 0;
      const meta = await store.copy(at('from'), at('deep/down/to'), {
        mode: 'create',
        onBytes: (count) => (told += count),
      });
      expect(told).toBe(big.byteLength);
      expect(meta).toEqual(await store.head(at('deep/down/to')));
      expect(Buffer.compare(await store.read(at('deep/down/to')), big)).toBe(0);
      await put('other', 'small');
      await expect(
        store.copy(at('other'), at('deep/down/to'), { mode: 'create' }),
      ).rejects.toMatchObject({ code: 'already-exists' });
      expect((await store.head(at('deep/down/to'))).size).toBe(big.byteLength);
      await store.copy(at('other'), at('deep/down/to'), { mode: 'overwrite' });
      expect(text(await store.read(at('deep/down/to')))).toBe('small');
      expect(await keys()).toEqual(['deep/down/to', 'from', 'other']);
    });

    it('copies an empty object', async () => {
      await put('from', '');
      expect((await store.copy(at('from'), at('to'), { mode: 'create' })).size).toBe(0);
    });

    it('deletes objects, absent ones included, and reports each', async () => {
      await put('a');
      await put('b/c');
      await put('kept');
      const uris = [at('a'), at('absent'), at('b/c'), at('no/such/folder')];
      const reports = await all(store.delete(uris));
      expect(reports.map(({ uri }) => uri)).toEqual(uris);
      expect(reports.every(({ error }) => error === undefined)).toBe(true);
      expect(await keys()).toEqual(['kept']);
    });

    it('never deletes a folder', async () => {
      await put('folder/x');
      await all(store.delete([at('folder')]));
      expect(await keys()).toEqual(['folder/x']);
    });

    it('says that its creates are atomic', () => {
      expect(store.capabilities(root).createIfAbsent).toBe('atomic');
    });
  });
}
