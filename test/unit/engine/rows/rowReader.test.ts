import { describe, expect, it } from 'vitest';
import type { Column, ColumnBatch, ColumnField } from '../../../../src/engine/column';
import type { Engine } from '../../../../src/engine/engine';
import { DeltaError, StoreError } from '../../../../src/engine/errors';
import { joinUri, parseObjectUri, type ObjectUri } from '../../../../src/engine/objectUri';
import type { ParquetHandler, ReadColumnsOptions } from '../../../../src/engine/parquetHandler';
import { countPhysicalRows, countRows } from '../../../../src/engine/rows/countRows';
import { readRows, type RowOptions } from '../../../../src/engine/rows/rowReader';
import { openSnapshot } from '../../../../src/engine/table';
import { encodeZ85 } from '../../../../src/engine/util/z85';
import { MemoryStore } from '../../../../src/storage/memoryStore';
import { field, fixedColumn, textColumn } from '../../../helpers/columns';
import { writePortable } from '../../../helpers/roaringWriter';

const root = parseObjectUri('memory://tables/t');

interface FakeFile {
  readonly size: number;
  readonly fields: readonly ColumnField[];
  /** Row groups: columns in the order of the fields. */
  readonly groups: readonly (readonly Column[])[];
}

interface Read {
  readonly file: string;
  readonly columns: readonly string[] | undefined;
  readonly rowGroups: readonly number[] | undefined;
  readonly offset: number | undefined;
  readonly limit: number | undefined;
}

/** A handler over columns made by hand that keeps account of what it was asked. */
class FakeParquet implements ParquetHandler {
  readonly files = new Map<string, FakeFile>();
  readonly reads: Read[] = [];
  footers = 0;

  metadata(file: {
    readonly uri: ObjectUri;
    readonly size: number;
  }): ReturnType<ParquetHandler['metadata']> {
    this.footers++;
    const found = this.find(file.uri);
    if (found.size !== file.size) {
      return Promise.reject(
        new DeltaError('corrupt-file', `The file ${file.uri} cannot be decoded.`),
      );
    }
    const rowGroups = found.groups.map((columns) => ({
      rowCount: columns[0]?.length ?? 0,
      compressedSize: 100,
    }));
    return Promise.resolve({
      rowCount: rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
      rowGroups,
      fields: found.fields,
      keyValues: new Map(),
    });
  }

  async *readColumns(
    file: { readonly uri: ObjectUri },
    options: ReadColumnsOptions = {},
  ): AsyncIterable<ColumnBatch> {
    const { columns, rowGroups, offset, limit } = options;
    const found = this.find(file.uri);
    this.reads.push({ file: file.uri.slice(root.length + 1), columns, rowGroups, offset, limit });
    for (const group of rowGroups ?? []) {
      const chosen = found.fields.flatMap((each, i) => {
        const column = found.groups[group]?.[i];
        return column !== undefined && columns?.includes(each.name) === true
          ? [{ each, column }]
          : [];
      });
      await Promise.resolve();
      const parts = chosen.map(({ column }) => part(column, offset ?? 0, limit ?? column.length));
      yield {
        rowCount: parts[0]?.length ?? 0,
        fields: chosen.map(({ each }) => each),
        columns: parts,
      };
    }
  }

  write(): never {
    throw new Error('not asked for');
  }

  private find(uri: string): FakeFile {
    const found = this.files.get(uri);
    if (found === undefined) throw new StoreError('not-found', `There is no object ${uri}.`, uri);
    return found;
  }
}

function part(column: Column, offset: number, limit: number): Column {
  const length = Math.min(limit, column.length - offset);
  return {
    ...column,
    length,
    values: (column.values as Int32Array).slice(offset, offset + length),
  };
}

function ints(...values: readonly number[]): Column {
  return fixedColumn({ kind: 'int32' }, Int32Array.from(values));
}

interface TestTable {
  readonly engine: Engine;
  readonly parquet: FakeParquet;
  rows(options?: RowOptions): Promise<string[]>;
  counts(): Promise<readonly [number, number]>;
}

interface TestAdd {
  readonly path: string;
  readonly size?: number;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  readonly stats?: string;
  readonly deletionVector?: object;
}

const integer = (name: string, metadata: object = {}): object => ({
  name,
  type: 'integer',
  nullable: true,
  metadata,
});

async function makeTable(
  table: {
    readonly schema: readonly object[];
    readonly adds: readonly TestAdd[];
    readonly partitionColumns?: readonly string[];
    readonly configuration?: Readonly<Record<string, string>>;
  },
  files: Readonly<
    Record<
      string,
      {
        readonly fields: readonly ColumnField[];
        readonly groups: readonly (readonly Column[])[];
        readonly size?: number;
      }
    >
  >,
): Promise<TestTable> {
  const store = new MemoryStore();
  const parquet = new FakeParquet();
  const actions = [
    {
      protocol: {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['deletionVectors', 'columnMapping'],
        writerFeatures: ['deletionVectors', 'columnMapping'],
      },
    },
    {
      metaData: {
        id: 'id',
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify({ type: 'struct', fields: table.schema }),
        partitionColumns: table.partitionColumns ?? [],
        configuration: table.configuration ?? {},
      },
    },
    ...table.adds.map((add) => ({
      add: { partitionValues: {}, size: 100, modificationTime: 0, dataChange: true, ...add },
    })),
  ];
  await store.put(
    joinUri(root, '_delta_log', '00000000000000000000.json'),
    new TextEncoder().encode(actions.map((action) => JSON.stringify(action)).join('\n')),
    { mode: 'create' },
  );
  for (const [name, file] of Object.entries(files)) {
    const uri = joinUri(root, name);
    parquet.files.set(uri, { size: 100, ...file });
    await store.put(uri, new Uint8Array(file.size ?? 100), { mode: 'create' });
  }
  const engine: Engine = {
    store,
    parquet,
    clock: { now: () => 0 },
    ids: { uuid: () => '00000000-0000-4000-8000-000000000000' },
    log: { debug: () => undefined, warn: () => undefined },
    engineInfo: 'test',
  };
  const snapshot = await openSnapshot(engine, root, 'latest');
  return {
    engine,
    parquet,
    rows: async (options) => {
      const rows: string[] = [];
      for await (const portion of readRows(engine, snapshot, options)) rows.push(...portion);
      return rows;
    },
    counts: async () => [
      await countPhysicalRows(engine, snapshot),
      await countRows(engine, snapshot),
    ],
  };
}

/** An inline vector that deletes these rows. */
function vectorOf(...rows: readonly number[]): object {
  const payload = writePortable(rows);
  return {
    storageType: 'i',
    pathOrInlineDv: encodeZ85(payload),
    sizeInBytes: payload.length,
    cardinality: rows.length,
  };
}

const idField = field('id', ints());
/** Two row groups, rows 0 to 5. */
const sixRows = { fields: [idField], groups: [[ints(0, 1, 2)], [ints(3, 4, 5)]] };

describe('readRows', () => {
  it('shows partition values from the log, also where the file holds the column, and missing columns as null', async () => {
    const table = await makeTable(
      {
        schema: [
          integer('p'),
          { name: 'late', type: 'string', nullable: true, metadata: {} },
          integer('id'),
          integer('d', { EXISTS_DEFAULT: '7' }),
          { name: 'v', type: 'void', nullable: true, metadata: {} },
        ],
        partitionColumns: ['p'],
        adds: [
          { path: 'a', partitionValues: { p: '1' } },
          { path: 'b', partitionValues: { p: null } },
        ],
      },
      {
        a: {
          fields: [field('p', ints()), idField, field('_row-id-col-x', ints())],
          groups: [[ints(9), ints(10), ints(11)]],
        },
        b: { fields: [idField], groups: [[ints(20)]] },
      },
    );
    expect(await table.rows()).toEqual([
      '{"p":1,"late":null,"id":10,"d":7,"v":null}',
      '{"p":null,"late":null,"id":20,"d":7,"v":null}',
    ]);
    expect(table.parquet.reads.map(({ columns }) => columns)).toEqual([['id'], ['id']]);
  });

  it('leaves out deleted rows over all row groups', async () => {
    const table = await makeTable(
      {
        schema: [integer('id')],
        adds: [{ path: 'a', deletionVector: vectorOf(0, 2, 4), stats: '{"numRecords":6}' }],
      },
      { a: sixRows },
    );
    expect(await table.rows()).toEqual(['{"id":1}', '{"id":3}', '{"id":5}']);
    expect(await table.counts()).toEqual([6, 3]);
  });

  it('reads only the rows that are shown with a limit', async () => {
    const table = await makeTable(
      {
        schema: [integer('id')],
        adds: [{ path: 'a', deletionVector: vectorOf(0, 3) }, { path: 'b' }],
      },
      { a: sixRows, b: sixRows },
    );
    expect(await table.rows({ limit: 3 })).toEqual(['{"id":1}', '{"id":2}', '{"id":4}']);
    expect(table.parquet.reads).toEqual([
      { file: 'a', columns: ['id'], rowGroups: [0], offset: 1, limit: 2 },
      { file: 'a', columns: ['id'], rowGroups: [1], offset: 1, limit: 1 },
    ]);
    expect(table.parquet.footers).toBe(1);
    expect(await table.rows({ limit: 0 })).toEqual([]);
    expect(await table.rows({ limit: 100 })).toHaveLength(10);
  });

  it('counts rows without reading a column where none is asked for', async () => {
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a' }] },
      { a: sixRows },
    );
    expect(await table.rows({ columns: [] })).toEqual(Array(6).fill('{}'));
    expect(table.parquet.reads).toEqual([]);
  });

  it('shows chosen columns in schema order, whatever their case, and lists the columns for one that is not there', async () => {
    const table = await makeTable(
      { schema: [integer('id'), integer('Other')], adds: [{ path: 'a' }] },
      { a: { fields: [idField, field('Other', ints())], groups: [[ints(1), ints(2)]] } },
    );
    expect(await table.rows({ columns: ['OTHER', 'id'] })).toEqual(['{"id":1,"Other":2}']);
    await expect(table.rows({ columns: ['nope'] })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('Its columns are id, Other.') as string,
    });
    await expect(table.rows({ limit: -1 })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('finds columns by their only spelling without mapping, and never guesses between two', async () => {
    const table = await makeTable(
      { schema: [integer('Id'), integer('two')], adds: [{ path: 'a' }] },
      {
        a: {
          fields: [idField, field('TWO', ints()), field('Two', ints())],
          groups: [[ints(1), ints(2), ints(3)]],
        },
      },
    );
    expect(await table.rows()).toEqual(['{"Id":1,"two":null}']);
  });

  it('finds columns by physical name under mapping by name', async () => {
    const mapped = { 'delta.columnMapping.id': 1, 'delta.columnMapping.physicalName': 'col-1' };
    const part = { 'delta.columnMapping.id': 2, 'delta.columnMapping.physicalName': 'col-p' };
    const table = await makeTable(
      {
        schema: [integer('shown', mapped), integer('p', part)],
        partitionColumns: ['p'],
        configuration: { 'delta.columnMapping.mode': 'name' },
        adds: [{ path: 'a', partitionValues: { 'col-p': '5' } }],
      },
      {
        a: {
          fields: [field('shown', ints()), field('col-1', ints())],
          groups: [[ints(1), ints(2)]],
        },
      },
    );
    expect(await table.rows()).toEqual(['{"shown":2,"p":5}']);
  });

  it('finds columns by id under mapping by id, and refuses a file without ids', async () => {
    const schema = [
      integer('shown', { 'delta.columnMapping.id': 7, 'delta.columnMapping.physicalName': 'x' }),
      integer('gone', { 'delta.columnMapping.id': 8, 'delta.columnMapping.physicalName': 'y' }),
    ];
    const configuration = { 'delta.columnMapping.mode': 'id' };
    const table = await makeTable(
      { schema, configuration, adds: [{ path: 'a' }] },
      {
        a: {
          fields: [field('x', ints(), 9), field('z', ints(), 7), field('y', ints(), 1)],
          groups: [[ints(1), ints(2), ints(3)]],
        },
      },
    );
    expect(await table.rows()).toEqual(['{"shown":2,"gone":null}']);
    const without = await makeTable(
      { schema, configuration, adds: [{ path: 'a' }] },
      { a: { fields: [field('x', ints())], groups: [[ints(1)]] } },
    );
    await expect(without.rows()).rejects.toMatchObject({ code: 'unsupported-read' });
  });

  it('reads a file whose size differs from what the log tells', async () => {
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a', size: 1 }] },
      { a: sixRows },
    );
    expect(await table.rows()).toHaveLength(6);
    expect(await table.counts()).toEqual([6, 6]);
  });

  it('names table, version and file where a data file is not there', async () => {
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a' }, { path: 'gone%20file' }] },
      { a: sixRows },
    );
    const gone = joinUri(root, 'gone file');
    const missing = {
      code: 'missing-files',
      details: { location: root, version: 0, files: [gone] },
    };
    await expect(table.rows()).rejects.toMatchObject(missing);
    await expect(table.counts()).rejects.toMatchObject(missing);
    expect(
      await table.rows({ limit: 6 }),
      'files that are not needed are not asked for',
    ).toHaveLength(6);
  });

  it('refuses a deletion vector that was made for another file', async () => {
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a', deletionVector: vectorOf(1, 6) }] },
      { a: sixRows },
    );
    await expect(table.rows()).rejects.toMatchObject({ code: 'corrupt-file' });
  });

  it('names column and file where the stored type does not fit', async () => {
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a' }] },
      { a: { fields: [field('id', textColumn([]))], groups: [[textColumn(['1'])]] } },
    );
    await expect(table.rows()).rejects.toMatchObject({
      code: 'unsupported-read',
      message: expect.stringMatching(
        /"id" has the type int, but the file .*\/a \(table .*, version 0\) holds utf8/,
      ) as string,
    });
  });

  it('hands over portions, and ends with an error when it is cancelled', async () => {
    const many = Array.from({ length: 2500 }, (_, i) => i);
    const table = await makeTable(
      { schema: [integer('id')], adds: [{ path: 'a' }] },
      { a: { fields: [idField], groups: [[ints(...many)]] } },
    );
    const snapshot = await openSnapshot(table.engine, root, 'latest');
    const sizes: number[] = [];
    for await (const portion of readRows(table.engine, snapshot)) sizes.push(portion.length);
    expect(sizes).toEqual([1000, 1000, 500]);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _portion of readRows(table.engine, snapshot, { signal: controller.signal }))
        controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('countPhysicalRows', () => {
  it('opens only files whose statistics do not tell their rows', async () => {
    const table = await makeTable(
      {
        schema: [integer('id')],
        adds: [
          { path: 'a', stats: '{"numRecords":6}' },
          { path: 'b', stats: '{}' },
        ],
      },
      { a: sixRows, b: sixRows },
    );
    expect(await table.counts()).toEqual([12, 12]);
    expect(table.parquet.footers, 'one footer for each of the two counts').toBe(2);
  });
});
