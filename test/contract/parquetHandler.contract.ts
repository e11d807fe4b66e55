/** What every ParquetHandler promises, as one suite. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchColumn } from '../../src/engine/column';
import type { ColumnBatch, ColumnField, ColumnType } from '../../src/engine/column';
import type { ObjectMeta, ObjectStore } from '../../src/engine/objectStore';
import { joinUri, parseObjectUri } from '../../src/engine/objectUri';
import type { ObjectUri } from '../../src/engine/objectUri';
import type { ParquetHandler, ReadColumnsOptions } from '../../src/engine/parquetHandler';
import { MemoryStore } from '../../src/storage/memoryStore';
import { FaultyStore } from '../helpers/faultyStore';
import { columnOf, plainColumn } from './columnValues';
import type { Plain } from './columnValues';

const field = (name: string, type: ColumnType, nullable = true): ColumnField => ({
  name,
  type,
  nullable,
});
const utf8: ColumnType = { kind: 'utf8' };
const int32: ColumnType = { kind: 'int32' };
const int64: ColumnType = { kind: 'int64' };

function batchOf(
  fields: readonly ColumnField[],
  values: readonly (readonly Plain[])[],
): ColumnBatch {
  return {
    rowCount: values[0]?.length ?? 0,
    fields,
    columns: fields.map(({ type }, i) => columnOf(type, values[i] ?? [])),
  };
}

const max38 = 10n ** 38n - 1n;

/** Every type with the values that go wrong first. */
const everyType: readonly (readonly [name: string, type: ColumnType, values: readonly Plain[]])[] =
  [
    [
      'boolean',
      { kind: 'boolean' },
      [true, false, null, true, false, false, true, null, true, true, false],
    ],
    ['int8', { kind: 'int8' }, [-128, 127, 0, null]],
    ['int16', { kind: 'int16' }, [-32768, 32767, null]],
    ['int32', { kind: 'int32' }, [-(2 ** 31), 2 ** 31 - 1, null]],
    ['int64', { kind: 'int64' }, [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, null]],
    ['uint8', { kind: 'uint8' }, [0, 255, null]],
    ['uint16', { kind: 'uint16' }, [0, 65535, null]],
    ['uint32', { kind: 'uint32' }, [0, 2 ** 32 - 1, null]],
    ['uint64', { kind: 'uint64' }, [0n, 2n ** 64n - 1n, null]],
    ['float16 as its bits', { kind: 'float16' }, [0x3c00, 0x7bff, 0xfc00, null]],
    ['float32', { kind: 'float32' }, [1.5, -0, Infinity, NaN, null]],
    [
      'float64',
      { kind: 'float64' },
      [Number.MAX_VALUE, Number.MIN_VALUE, -0, -Infinity, NaN, null],
    ],
    [
      'utf8',
      utf8,
      ['', 'plain', '\ufeffmarked', 'ümläut 日本 🦆', 'nul\0inside', null, 'x'.repeat(70_000)],
    ],
    ['binary', { kind: 'binary' }, [new Uint8Array(0), new Uint8Array([0, 255, 128, 10]), null]],
    ['date32', { kind: 'date32' }, [-719_162, 0, 2_932_896, null]],
    [
      'fixed-binary',
      { kind: 'fixed-binary', byteWidth: 3 },
      [new Uint8Array([1, 2, 3]), null, new Uint8Array([0, 0, 255])],
    ],
    [
      'decimal(38, 10)',
      { kind: 'decimal', precision: 38, scale: 10 },
      [max38, -max38, 0n, -1n, 2n ** 64n, -(2n ** 64n), null],
    ],
    [
      'decimal(9, 2)',
      { kind: 'decimal', precision: 9, scale: 2 },
      [999_999_999n, -999_999_999n, 0n, null],
    ],
    [
      'decimal(18, 0)',
      { kind: 'decimal', precision: 18, scale: 0 },
      [10n ** 18n - 1n, -(10n ** 18n) + 1n, null],
    ],
    [
      'timestamp us UTC',
      { kind: 'timestamp', unit: 'us', utc: true },
      [-62_135_596_800_000_000n, 253_402_300_799_999_999n, 1n, null],
    ],
    [
      'timestamp us without zone',
      { kind: 'timestamp', unit: 'us', utc: false },
      [-1n, 0n, 253_402_300_799_999_999n, null],
    ],
    [
      'timestamp ms',
      { kind: 'timestamp', unit: 'ms', utc: true },
      [-1n, 253_402_300_799_999n, null],
    ],
    [
      'timestamp ns',
      { kind: 'timestamp', unit: 'ns', utc: false },
      [-(2n ** 63n), 2n ** 63n - 1n, null],
    ],
    ['time ms', { kind: 'time', unit: 'ms' }, [0, 86_399_999, null]],
    ['time us', { kind: 'time', unit: 'us' }, [0n, 86_399_999_999n, null]],
    [
      'list',
      { kind: 'list', element: field('element', int32) },
      [[1, 2, 3], [], null, [null, 4], []],
    ],
    [
      'list of lists',
      {
        kind: 'list',
        element: field('element', { kind: 'list', element: field('element', utf8) }),
      },
      [[['a'], [], null], null, []],
    ],
    [
      'map',
      { kind: 'map', key: field('key', utf8, false), value: field('value', int64) },
      [
        [
          ['a', 1n],
          ['b', null],
        ],
        [],
        null,
        [['', 2n ** 60n]],
      ],
    ],
    [
      'struct',
      {
        kind: 'struct',
        fields: [
          field('a', int32),
          field('b', {
            kind: 'struct',
            fields: [field('c', utf8), field('d', { kind: 'boolean' })],
          }),
        ],
      },
      [
        { a: 1, b: { c: 'x', d: true } },
        { a: null, b: null },
        null,
        { a: 2, b: { c: null, d: false } },
      ],
    ],
    [
      'list of structs with maps',
      {
        kind: 'list',
        element: field('element', {
          kind: 'struct',
          fields: [
            field('name', utf8, false),
            field('tags', {
              kind: 'map',
              key: field('key', utf8, false),
              value: field('value', { kind: 'list', element: field('element', int32) }),
            }),
          ],
        }),
      },
      [
        [
          { name: 'x', tags: [['k', [1, null]]] },
          { name: '', tags: null },
        ],
        null,
        [null],
        [],
      ],
    ],
  ];

export interface HandlerUnderTest extends ParquetHandler {
  close(): Promise<void>;
}

export function parquetHandlerContract(
  name: string,
  open: (store: ObjectStore) => Promise<HandlerUnderTest>,
): void {
  describe(`${name} keeps the contract of ParquetHandler`, () => {
    const store = new FaultyStore(new MemoryStore());
    let handler: HandlerUnderTest;
    let files = 0;
    const fresh = (): ObjectUri =>
      joinUri(parseObjectUri('memory://test/data'), `part ${++files}.parquet`);

    beforeAll(async () => {
      handler = await open(store);
    });
    afterAll(() => handler.close());

    const write = (
      fields: readonly ColumnField[],
      batches: readonly ColumnBatch[],
      options: { rowGroupSize?: number; keyValues?: ReadonlyMap<string, string> } = {},
    ): Promise<ObjectMeta & { readonly rowCount: number }> =>
      handler.write(fresh(), fields, batches, { mode: 'create', ...options });

    const read = async (
      file: Pick<ObjectMeta, 'uri' | 'size'>,
      options?: ReadColumnsOptions,
    ): Promise<ColumnBatch[]> => {
      const out: ColumnBatch[] = [];
      for await (const batch of handler.readColumns(file, options)) out.push(batch);
      return out;
    };

    const values = (batches: readonly ColumnBatch[], column: string): Plain[] =>
      batches.flatMap((batch) => {
        const found = batchColumn(batch, column);
        if (found === undefined) throw new Error(`no column ${column}`);
        return plainColumn(found);
      });

    /** 1,000 rows in ten row groups of one hundred. */
    const thousand = async (): Promise<ObjectMeta> => {
      const fields = [field('id', int32, false), field('text', utf8), field('big', int64)];
      const ids = Array.from({ length: 1000 }, (_, i) => i);
      return write(
        fields,
        [
          batchOf(fields, [
            ids,
            ids.map((id) => (id % 7 === 0 ? null : `row ${id}`)),
            ids.map((id) => BigInt(id) ** 5n),
          ]),
        ],
        { rowGroupSize: 100 },
      );
    };

    it.each(everyType)('writes and reads back %s', async (_name, type, given) => {
      const fields = [field('value', type)];
      const file = await write(fields, [batchOf(fields, [given])]);
      expect(file.rowCount).toBe(given.length);
      const metadata = await handler.metadata(file);
      expect(metadata.fields).toEqual(fields);
      expect(metadata.rowCount).toBe(given.length);
      const [batch] = await read(file);
      expect(batch?.fields).toEqual(fields);
      expect(values(batch === undefined ? [] : [batch], 'value')).toEqual(given);
    });

    it.each(everyType)('writes and reads back %s without a null', async (_name, type, given) => {
      const present = given.filter((value) => value !== null);
      const fields = [field('value', type, false)];
      const file = await write(fields, [batchOf(fields, [present])]);
      const batches = await read(file);
      expect(batches[0]?.fields).toEqual(fields);
      expect(values(batches, 'value')).toEqual(present);
    });

    it('writes and reads back many rows with nulls at every place of a bitmap', async () => {
      const fields = [
        field('flag', { kind: 'boolean' }),
        field('text', utf8),
        field('list', { kind: 'list', element: field('element', utf8) }),
      ];
      const rows = Array.from({ length: 5003 }, (_, i) => i);
      const flags = rows.map((i) => (i % 3 === 0 ? null : i % 2 === 0));
      const texts = rows.map((i) => (i % 5 === 0 ? null : `t${i}`));
      const lists = rows.map((i) =>
        i % 11 === 0
          ? null
          : Array.from({ length: i % 4 }, (_, k) => (k === 1 ? null : `${i}.${k}`)),
      );
      const whole = [flags, texts, lists];
      const cut = (from: number, to: number): ColumnBatch =>
        batchOf(
          fields,
          whole.map((column) => column.slice(from, to)),
        );
      const file = await write(
        fields,
        [cut(0, 1), cut(1, 1004), cut(1004, 1004), cut(1004, 5003)],
        { rowGroupSize: 777 },
      );
      expect((await handler.metadata(file)).rowGroups.map(({ rowCount }) => rowCount)).toEqual([
        ...Array<number>(6).fill(777),
        5003 - 6 * 777,
      ]);
      const batches = await read(file);
      expect(values(batches, 'flag')).toEqual(flags);
      expect(values(batches, 'text')).toEqual(texts);
      expect(values(batches, 'list')).toEqual(lists);
    });

    it('writes what it read, columns that are views into larger buffers included', async () => {
      const file = await thousand();
      const { fields } = await handler.metadata(file);
      const again = await handler.write(
        fresh(),
        fields,
        handler.readColumns(file, { offset: 13, limit: 50 }),
        { mode: 'create' },
      );
      expect(again.rowCount).toBe(500);
      expect(values(await read(again), 'text')).toEqual(
        values(await read(file, { offset: 13, limit: 50 }), 'text'),
      );
    });

    it('writes a file of no rows that keeps its columns', async () => {
      const fields = everyType.map(([each, type]) => field(each, type));
      for (const batches of [
        [],
        [
          batchOf(
            fields,
            fields.map(() => []),
          ),
        ],
      ]) {
        const file = await write(fields, batches);
        expect(file.rowCount).toBe(0);
        const metadata = await handler.metadata(file);
        expect(metadata.fields).toEqual(fields);
        expect(metadata.rowCount).toBe(0);
        expect(values(await read(file), 'map')).toEqual([]);
      }
    });

    it('keeps field ids, at the top and inside, and key-value pairs', async () => {
      const fields: ColumnField[] = [
        { ...field('a', int32), fieldId: 7 },
        {
          ...field('s', { kind: 'struct', fields: [{ ...field('b', utf8), fieldId: 9 }] }),
          fieldId: 8,
        },
      ];
      const file = await write(fields, [batchOf(fields, [[1], [{ b: 'x' }]])], {
        keyValues: new Map([['delta.key', 'wärde']]),
      });
      const metadata = await handler.metadata(file);
      expect(metadata.fields).toEqual(fields);
      expect(metadata.keyValues.get('delta.key')).toBe('wärde');
      expect((await read(file))[0]?.fields).toEqual(fields);
    });

    it('yields one batch for each row group, in the order of the file or as asked', async () => {
      const file = await thousand();
      const batches = await read(file);
      expect(batches.map(({ rowCount }) => rowCount)).toEqual(Array<number>(10).fill(100));
      expect(values(batches, 'id')).toEqual(Array.from({ length: 1000 }, (_, i) => i));
      expect(values(await read(file, { rowGroups: [9, 2] }), 'id')).toEqual([
        ...Array.from({ length: 100 }, (_, i) => 900 + i),
        ...Array.from({ length: 100 }, (_, i) => 200 + i),
      ]);
      expect(await read(file, { rowGroups: [] })).toEqual([]);
      await expect(read(file, { rowGroups: [10] })).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    });

    it('takes offset and limit inside each row group', async () => {
      const file = await thousand();
      const some = await read(file, { rowGroups: [1, 3], offset: 5, limit: 3 });
      expect(values(some, 'id')).toEqual([105, 106, 107, 305, 306, 307]);
      expect(values(await read(file, { rowGroups: [0], offset: 98, limit: 10 }), 'id')).toEqual([
        98, 99,
      ]);
      const beyond = await read(file, { rowGroups: [0], offset: 100, limit: 10 });
      expect(beyond.map(({ rowCount }) => rowCount)).toEqual([0]);
      expect(values(beyond, 'id')).toEqual([]);
      expect((await read(file, { rowGroups: [0], limit: 0 }))[0]?.rowCount).toBe(0);
    });

    it('counts the rows of no columns', async () => {
      const file = await thousand();
      expect(
        (await read(file, { columns: [], rowGroups: [0, 1] })).map(({ rowCount, columns }) => [
          rowCount,
          columns.length,
        ]),
      ).toEqual([
        [100, 0],
        [100, 0],
      ]);
    });

    describe('a projection', () => {
      const fields = [
        field('add', {
          kind: 'struct',
          fields: [
            field('path', utf8, false),
            field('size', int64),
            field('stats_parsed', {
              kind: 'struct',
              fields: [field('numRecords', int64), field('other', int32)],
            }),
          ],
        }),
        field('address', utf8),
        field('a.b', int32),
        field('a', { kind: 'struct', fields: [field('b', utf8), field('c', utf8)] }),
        field('remove', { kind: 'struct', fields: [field('path', utf8)] }),
      ];
      let file: ObjectMeta;
      beforeAll(async () => {
        file = await write(fields, [
          batchOf(fields, [
            [{ path: 'p1', size: 1n, stats_parsed: { numRecords: 5n, other: 1 } }, null],
            ['street', null],
            [1, 2],
            [{ b: 'inner', c: 'x' }, null],
            [null, { path: 'p0' }],
          ]),
        ]);
      });

      it('takes leaves inside structs and keeps the nesting and the rows', async () => {
        const batches = await read(file, {
          columns: ['add.path', 'add.stats_parsed.numRecords', 'remove.path'],
        });
        expect(batches[0]?.fields.map(({ name: each }) => each)).toEqual(['add', 'remove']);
        expect(values(batches, 'add')).toEqual([
          { path: 'p1', stats_parsed: { numRecords: 5n } },
          null,
        ]);
        expect(values(batches, 'remove')).toEqual([null, { path: 'p0' }]);
      });

      it('takes a whole struct by its name and not what only begins like it', async () => {
        const batches = await read(file, { columns: ['add'] });
        expect(batches[0]?.fields.map(({ name: each }) => each)).toEqual(['add']);
        expect(values(batches, 'add')).toEqual([
          { path: 'p1', size: 1n, stats_parsed: { numRecords: 5n, other: 1 } },
          null,
        ]);
      });

      it('takes a column whose name holds a dot by that exact name', async () => {
        const batches = await read(file, { columns: ['a.b'] });
        expect(batches[0]?.fields).toEqual([fields[2]]);
        expect(values(batches, 'a.b')).toEqual([1, 2]);
      });

      it('takes a struct without a column that is named like its child', async () => {
        const batches = await read(file, { columns: ['a'] });
        expect(values(batches, 'a')).toEqual([{ b: 'inner', c: 'x' }, null]);
        expect(batches[0]?.fields).toHaveLength(1);
      });

      it.each(['missing', 'add.missing', 'add.path.deeper', 'ad'])(
        'refuses %s, which the file has not',
        async (column) => {
          await expect(read(file, { columns: [column] })).rejects.toMatchObject({
            name: 'DeltaError',
            code: 'invalid-argument',
          });
        },
      );
    });

    describe('a file that is not sound', () => {
      const damage = async (change: (bytes: Uint8Array) => Uint8Array): Promise<ObjectMeta> => {
        const file = await thousand();
        return store.put(fresh(), change(await store.read(file.uri)), { mode: 'create' });
      };

      it.each([
        ['whose page is damaged', (bytes: Uint8Array) => bytes.slice().fill(0xff, 4, 120)],
        [
          'whose footer is damaged',
          (bytes: Uint8Array) => bytes.slice().fill(0xff, bytes.length - 200, bytes.length - 8),
        ],
        ['that was cut', (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1)],
        ['whose beginning is missing', (bytes: Uint8Array) => bytes.slice(1000)],
        ['that is text', () => new TextEncoder().encode('{"add":{"path":"x"}}\n'.repeat(10))],
        ['that is empty', () => new Uint8Array(0)],
        [
          'that claims a footer larger than itself',
          (bytes: Uint8Array) => bytes.slice().fill(0x7f, bytes.length - 8, bytes.length - 4),
        ],
      ])(
        '%s ends in corrupt-file that names it, and the next file is read',
        async (_name, change) => {
          const file = await damage(change);
          const reading = read(file);
          await expect(reading).rejects.toMatchObject({ name: 'DeltaError', code: 'corrupt-file' });
          await expect(reading).rejects.toThrow(file.uri);
          expect(values(await read(await thousand()), 'id')).toHaveLength(1000);
        },
      );

      it('that is shorter than the log says ends in corrupt-file', async () => {
        const file = await thousand();
        await expect(read({ uri: file.uri, size: file.size + 100 })).rejects.toMatchObject({
          code: 'corrupt-file',
        });
        await expect(read({ uri: file.uri, size: file.size - 100 })).rejects.toMatchObject({
          code: 'corrupt-file',
        });
      });
    });

    it('passes on what the store says about an absent file', async () => {
      await expect(read({ uri: fresh(), size: 5000 })).rejects.toMatchObject({
        name: 'StoreError',
        code: 'not-found',
      });
    });

    it('passes on a failure of the store in the middle of a large file', async () => {
      const fields = [field('noise', { kind: 'binary' })];
      const noise = new Uint8Array(6 << 20);
      for (let i = 0, state = 1; i < noise.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        noise[i] = state >>> 24;
      }
      const file = await write(fields, [batchOf(fields, [[noise]])]);
      expect(file.size).toBeGreaterThan(4 << 20);
      const readsNoise = async (): Promise<boolean> => {
        const [value] = values(await read({ uri: file.uri, size: file.size }), 'noise');
        return Buffer.compare(value as Uint8Array, noise) === 0;
      };
      expect(await readsNoise()).toBe(true);
      store.inject({
        verbs: ['read'],
        where: (uri) => uri === file.uri,
        nth: 2,
        fault: { kind: 'fail' },
      });
      await expect(read({ uri: file.uri, size: file.size })).rejects.toMatchObject({
        name: 'StoreError',
        code: 'unreachable',
      });
      store.heal();
      expect(await readsNoise()).toBe(true);
    });

    it('reads many files at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, thousand));
      const all = await Promise.all(made.map((file) => read(file)));
      for (const batches of all) expect(values(batches, 'id')).toHaveLength(1000);
    });

    it('rejects at once when it is cancelled, and goes on with other files', async () => {
      const file = await thousand();
      await expect(read(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'cancelled',
      });
      const abort = new AbortController();
      store.inject({
        verbs: ['read'],
        where: (uri) => uri === file.uri,
        fault: { kind: 'delay', milliseconds: 3000 },
      });
      const start = performance.now();
      const reading = read(file, { signal: abort.signal });
      setTimeout(() => abort.abort(), 30);
      await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
      expect(performance.now() - start).toBeLessThan(1500);
      store.heal();
      expect(values(await read(await thousand()), 'id')).toHaveLength(1000);
    });

    it('lets a reader stop after the first batch', async () => {
      const file = await thousand();
      for await (const batch of handler.readColumns(file)) {
        expect(batch.rowCount).toBe(100);
        break;
      }
      expect(values(await read(file), 'id')).toHaveLength(1000);
    });

    describe('a write', () => {
      const fields = [field('id', int32, false)];

      it('publishes nothing when its rows fail to come', async () => {
        async function* failing(): AsyncGenerator<ColumnBatch> {
          yield batchOf(fields, [[1, 2]]);
          await Promise.resolve();
          throw new Error('the source ended');
        }
        const uri = fresh();
        await expect(handler.write(uri, fields, failing(), { mode: 'create' })).rejects.toThrow(
          'the source ended',
        );
        await expect(store.head(uri)).rejects.toMatchObject({ code: 'not-found' });
      });

      it('publishes nothing when it is cancelled, and closes its source', async () => {
        const abort = new AbortController();
        let closed = false;
        async function* endless(): AsyncGenerator<ColumnBatch> {
          try {
            for (let i = 0; ; i++) {
              if (i === 3) abort.abort();
              await new Promise((resolve) => setImmediate(resolve));
              yield batchOf(fields, [[i]]);
            }
          } finally {
            closed = true;
          }
        }
        const uri = fresh();
        await expect(
          handler.write(uri, fields, endless(), { mode: 'create', signal: abort.signal }),
        ).rejects.toMatchObject({ code: 'cancelled' });
        await expect(store.head(uri)).rejects.toMatchObject({ code: 'not-found' });
        await expect.poll(() => closed).toBe(true);
      });

      it('refuses an existing object in mode create and leaves it', async () => {
        const file = await thousand();
        await expect(
          handler.write(file.uri, fields, [batchOf(fields, [[1]])], { mode: 'create' }),
        ).rejects.toMatchObject({ code: 'already-exists' });
        expect(values(await read(file), 'id')).toHaveLength(1000);
      });

      it('refuses a null in a column that has none, and a column of another type', async () => {
        await expect(write(fields, [batchOf(fields, [[1, null]])])).rejects.toMatchObject({
          code: 'invalid-argument',
        });
        await expect(write(fields, [batchOf([field('id', utf8)], [['x']])])).rejects.toMatchObject({
          code: 'invalid-argument',
        });
      });

      it('passes on what the store says', async () => {
        store.inject({ verbs: ['put'], nth: 1, fault: { kind: 'fail' } });
        await expect(write(fields, [batchOf(fields, [[1]])])).rejects.toMatchObject({
          code: 'unreachable',
        });
        store.heal();
      });

      it('takes children whose nulls are those of the struct around them, also where they may not be null', async () => {
        const nested = [field('add', { kind: 'struct', fields: [field('path', utf8, false)] })];
        const file = await write(nested, [batchOf(nested, [[{ path: 'x' }, null]])]);
        expect(values(await read(file), 'add')).toEqual([{ path: 'x' }, null]);
      });
    });
  });
}
