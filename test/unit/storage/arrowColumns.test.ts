import {
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  FixedSizeList,
  Int32,
  LargeUtf8,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Utf8View,
  vectorFromArray,
} from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { Column, ColumnType } from '../../../src/engine/column';
import { batchOfIpc, column, emptyColumn } from '../../../src/storage/parquet/arrowColumns';
import { arrowSchema } from '../../../src/storage/parquet/arrowTypes';
import { batchToIpc } from '../../../src/storage/parquet/columnsToArrow';
import { columnOf, plainColumn } from '../../contract/columnValues';

const dataOf = (values: readonly unknown[], type: DataType): Data =>
  vectorFromArray(values, type).data[0]!;

/** The column as it arrives from the decoder: through IPC bytes. */
function throughIpc(data: Data): Column {
  const schema = new Schema([new Field('value', data.type, true)]);
  const rows = makeData({
    type: new Struct(schema.fields),
    length: data.length,
    nullCount: 0,
    children: [data],
  });
  const batch = batchOfIpc(
    tableToIPC(new Table(schema, [new RecordBatch(schema, rows)]), 'stream'),
  );
  return batch.columns[0]!;
}

describe('column', () => {
  it.each([
    ['utf8', new Utf8(), ['a', null, '', 'ü🦆', 'e', null, 'g', 'h', 'i', 'j']],
    ['int32', new Int32(), [0, null, 2, 3, 4, 5, 6, null, 8, 9]],
  ])('takes a slice of %s that begins inside a byte of the bitmap', (_name, type, values) => {
    const data = dataOf(values, type);
    for (const [from, to] of [
      [0, 10],
      [1, 9],
      [3, 10],
      [8, 10],
      [9, 9],
    ] as const) {
      expect(plainColumn(column(data.slice(from, to - from)))).toEqual(values.slice(from, to));
    }
  });

  it('takes slices of booleans, structs and lists', () => {
    const element: ColumnType = {
      kind: 'list',
      element: { name: 'element', type: { kind: 'boolean' }, nullable: true },
    };
    const type: ColumnType = {
      kind: 'struct',
      fields: [
        { name: 'flags', type: element, nullable: true },
        { name: 'flag', type: { kind: 'boolean' }, nullable: true },
      ],
    };
    const values = Array.from({ length: 20 }, (_, i) =>
      i % 5 === 0
        ? null
        : { flags: i % 3 === 0 ? null : [true, null, i % 2 === 0], flag: i % 2 === 0 },
    );
    const fields = [{ name: 'value', type, nullable: true }];
    const batch = { rowCount: 20, fields, columns: [columnOf(type, values)] };
    const whole = batchOfIpc(batchToIpc(arrowSchema(fields), fields, batch));
    expect(plainColumn(whole.columns[0]!)).toEqual(values);
    const [arrow] = tableFromIPC(batchToIpc(arrowSchema(fields), fields, batch)).batches;
    const data = arrow?.data.children[0];
    for (const from of [1, 3, 8, 13]) {
      const sliced = data?.slice(from, 6);
      if (sliced === undefined) throw new Error('no batch came back');
      expect(plainColumn(column(sliced))).toEqual(values.slice(from, from + 6));
    }
  });

  it('decodes dictionaries of text, with nulls', () => {
    const values = ['x', 'y', null, 'x', '', 'ü', null, 'y'];
    const data = dataOf(values, new Dictionary(new Utf8(), new Int32()));
    const decoded = throughIpc(data);
    expect(decoded.type).toEqual({ kind: 'utf8' });
    expect(plainColumn(decoded)).toEqual(values);
  });

  it('decodes dictionaries of numbers', () => {
    const values = [5, 7, null, 5, -1];
    expect(
      plainColumn(throughIpc(dataOf(values, new Dictionary(new Int32(), new Int32())))),
    ).toEqual(values);
  });

  it('narrows large offsets', () => {
    const values = ['a', null, 'long '.repeat(100), ''];
    const read = throughIpc(dataOf(values, new LargeUtf8()));
    expect(read.offsets).toBeInstanceOf(Int32Array);
    expect(plainColumn(read)).toEqual(values);
  });

  it('gathers views, short and long', () => {
    const long = 'longer than twelve bytes';
    const text = new TextEncoder().encode(long);
    const views = new Uint8Array(3 * 16);
    const at = new DataView(views.buffer);
    at.setInt32(0, 2, true);
    views.set(new TextEncoder().encode('hi'), 4);
    at.setInt32(16, text.byteLength, true);
    views.set(text.subarray(0, 4), 20);
    at.setInt32(24, 0, true);
    at.setInt32(28, 0, true);
    const data = makeData({
      type: new Utf8View(),
      length: 3,
      nullCount: 0,
      views,
      variadicBuffers: [text],
    } as never);
    expect(plainColumn(column(data))).toEqual(['hi', long, '']);
  });

  it('counts days of dates that are kept in milliseconds', () => {
    const data = dataOf(
      [new Date(0), new Date('9999-12-31'), new Date('0001-01-01')],
      new DateMillisecond(),
    );
    const read = throughIpc(data);
    expect(read.type).toEqual({ kind: 'date32' });
    expect(plainColumn(read)).toEqual([0, 2_932_896, -719_162]);
  });

  it('takes decimals of 256 bits that fit 38 digits', () => {
    const words = new Uint32Array(16);
    words.set([5]);
    words.fill(0xffffffff, 8, 16); // -1
    const data = makeData({ type: new Decimal(2, 38, 256), length: 2, nullCount: 0, data: words });
    expect(plainColumn(column(data as Data))).toEqual([5n, -1n]);
  });

  it('takes lists of fixed size', () => {
    const child = dataOf([1, 2, 3, 4], new Int32());
    const type = new FixedSizeList(2, new Field('item', new Int32(), true));
    const read = throughIpc(makeData({ type, length: 2, nullCount: 0, child } as never));
    expect(plainColumn(read)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('emptyColumn', () => {
  it('has the shape of its type and no rows', () => {
    const type: ColumnType = {
      kind: 'map',
      key: { name: 'key', type: { kind: 'utf8' }, nullable: false },
      value: {
        name: 'value',
        type: { kind: 'struct', fields: [{ name: 'a', type: { kind: 'int64' }, nullable: true }] },
        nullable: true,
      },
    };
    const empty = emptyColumn(type);
    expect(plainColumn(empty)).toEqual([]);
    expect(empty.children?.[1]?.children?.[0]?.values).toBeInstanceOf(BigInt64Array);
  });
});
