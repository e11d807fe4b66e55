import { describe, expect, it } from 'vitest';
import { joinUri, parseObjectUri } from '../../../src/engine/objectUri';
import { orderedConcurrent } from '../../../src/storage/abortable';
import { compareKeys } from '../../../src/storage/keyOrder';
import { MemoryStore } from '../../../src/storage/memoryStore';
import { RoutingStore } from '../../../src/storage/routingStore';
import { FaultyStore, KilledError } from '../../helpers/faultyStore';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

describe('compareKeys', () => {
  it('orders as UTF-8 bytes do, surrogate pairs included', () => {
    const keys = [
      '',
      'a',
      'a-b',
      'a/b',
      'aa',
      'Z',
      'é',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '🦆',
      '🦆a',
      'b',
    ];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...keys].reverse().sort(compareKeys)).toEqual(byBytes);
  });
});

describe('orderedConcurrent', () => {
  it('keeps the order of the items and the bound in flight', async () => {
    let running = 0;
    let most = 0;
    const results = await all(
      orderedConcurrent(
        Array.from({ length: 50 }, (_, i) => i),
        5,
        async (item) => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5));
          running--;
          return item;
        },
      ),
    );
    expect(results).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(most).toBe(5);
  });
});

describe('MemoryStore', () => {
  it('takes its times from the clock it was given', async () => {
    let now = 1000;
    const store = new MemoryStore({ now: () => now++ });
    const uri = parseObjectUri('memory://t/x');
    await store.put(uri, bytes('1'), { mode: 'create' });
    expect((await store.head(uri)).lastModified).toBe(1000);
    await store.put(uri, bytes('2'), { mode: 'overwrite' });
    expect((await store.head(uri)).lastModified).toBe(1001);
  });

  it('is not changed by what a caller does with its bytes afterwards', async () => {
    const store = new MemoryStore();
    const uri = parseObjectUri('memory://t/x');
    const mine = bytes('abc');
    await store.put(uri, mine, { mode: 'create' });
    mine.fill(0);
    (await store.read(uri)).fill(0);
    expect(text(await store.read(uri))).toBe('abc');
  });
});

describe('RoutingStore', () => {
  it('streams a copy between stores and tells its bytes', async () => {
    const store = new RoutingStore({ file: new MemoryStore(), memory: new MemoryStore() });
    const from = parseObjectUri('memory://t/x');
    const to = parseObjectUri('file:///t/y');
    await store.put(from, new Uint8Array(200_000).fill(3), { mode: 'create' });
    let told = 0;
    await store.copy(from, to, { mode: 'create', onBytes: (count) => (told += count) });
    expect(told).toBe(200_000);
    expect((await store.head(to)).size).toBe(200_000);
    await expect(store.copy(from, to, { mode: 'create' })).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  it('says which locations work where a scheme has no store', async () => {
    const store = new RoutingStore({ file: new MemoryStore() });
    await expect(store.head(parseObjectUri('s3a://bucket/key'))).rejects.toMatchObject({
      code: 'unsupported',
      message:
        's3://bucket/key cannot be opened: Amazon S3 is not supported yet. Locations may begin with file:.',
    });
    await expect(all(store.list(parseObjectUri('hdfs://host/key')))).rejects.toMatchObject({
      code: 'unsupported',
      message:
        'hdfs://host/key cannot be opened: locations may begin with file: only, not with hdfs:.',
    });
  });

  it('reports the deletes that it cannot do and does the others', async () => {
    const store = new RoutingStore({ file: new MemoryStore() });
    const [here, there] = [parseObjectUri('file:///x'), parseObjectUri('s3://bucket/x')];
    await store.put(here, bytes('1'), { mode: 'create' });
    const reports = await all(store.delete([there, here]));
    expect(reports.filter(({ error }) => error !== undefined).map(({ uri }) => uri)).toEqual([
      there,
    ]);
    await expect(store.head(here)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('FaultyStore', () => {
  const root = parseObjectUri('memory://t/root');
  const x = joinUri(root, 'x');

  it('fails the n-th call of a verb and no other', async () => {
    const store = new FaultyStore(new MemoryStore()).inject({
      verbs: ['put'],
      nth: 2,
      fault: { kind: 'fail' },
    });
    await store.put(x, bytes('1'), { mode: 'create' });
    await expect(store.put(x, bytes('2'), { mode: 'overwrite' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    await store.put(x, bytes('3'), { mode: 'overwrite' });
    expect(text(await store.read(x))).toBe('3');
  });

  it('loses the answer of work that was done', async () => {
    const store = new FaultyStore(new MemoryStore()).inject({
      verbs: ['put'],
      fault: { kind: 'lose-answer' },
    });
    await expect(store.put(x, bytes('1'), { mode: 'create' })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(text(await store.inner.read(x))).toBe('1');
  });

  it.each([
    ['before', []],
    ['after', [x]],
  ] as const)('stays dead when it was killed %s a write', async (when, left) => {
    const store = new FaultyStore(new MemoryStore()).killAtWrite(1, when);
    await expect(store.put(x, bytes('1'), { mode: 'create' })).rejects.toThrow(KilledError);
    await expect(store.read(x)).rejects.toThrow(KilledError);
    expect(store.killed).toBe(true);
    expect((await all(store.inner.list(root))).map(({ uri }) => uri)).toEqual(left);
    await expect(store.heal().head(joinUri(root, 'y'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('lets an object vanish just before it is used', async () => {
    const store = new FaultyStore(new MemoryStore()).inject({
      verbs: ['copy'],
      where: (uri) => uri === x,
      fault: { kind: 'vanish' },
    });
    await store.put(x, bytes('1'), { mode: 'create' });
    await expect(store.copy(x, joinUri(root, 'y'), { mode: 'create' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
