import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../src/engine/column';
import { columnWriter, type ValueContext } from '../../../../src/engine/rows/values';
import { parseSchema, type DataType } from '../../../../src/engine/schema';
import {
  booleanColumn,
  bytesColumn,
  decimalColumn,
  field,
  fixedColumn,
  listColumn,
  mapColumn,
  structColumn,
  textColumn,
} from '../../../helpers/columns';

const context: ValueContext = {
  mode: 'none',
  path: 'c',
  source: 'the file f (table t, version 3)',
};

function typeOf(type: unknown): DataType {
  const schema = parseSchema(
    JSON.stringify({ type: 'struct', fields: [{ name: 'c', type, nullable: true, metadata: {} }] }),
  );
  const first = schema.fields[0];
  if (first === undefined) throw new Error('no field');
  return first.type;
}

function texts(type: unknown, column: Column, mode: ValueContext['mode'] = 'none'): string[] {
  const write = columnWriter(typeOf(type), column, { ...context, mode });
  return Array.from({ length: column.length }, (_, row) => write(row));
}

describe('columnWriter', () => {
  it('writes whole numbers with all digits', () => {
    expect(
      texts('long', fixedColumn({ kind: 'int64' }, BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)))),
    ).toEqual(['9223372036854775807', '-9223372036854775808']);
    expect(texts('byte', fixedColumn({ kind: 'int8' }, Int8Array.of(-128, 127)))).toEqual([
      '-128',
      '127',
    ]);
    expect(texts('short', fixedColumn({ kind: 'int16' }, Int16Array.of(-5), []))).toEqual(['-5']);
    expect(texts('integer', fixedColumn({ kind: 'int32' }, Int32Array.of(1, 2, 3), [1]))).toEqual([
      '1',
      'null',
      '3',
    ]);
    expect(
      texts('long', fixedColumn({ kind: 'uint64' }, BigUint64Array.of(2n ** 64n - 1n))),
    ).toEqual(['18446744073709551615']);
  });

  it('writes floats by their own width', () => {
    expect(
      texts('float', fixedColumn({ kind: 'float32' }, Float32Array.of(0.1, NaN, -Infinity))),
    ).toEqual(['0.1', '"NaN"', '"-Infinity"']);
    expect(
      texts('double', fixedColumn({ kind: 'float64' }, Float64Array.of(0.1, 1e21, Infinity))),
    ).toEqual(['0.1', '1e+21', '"Infinity"']);
    expect(texts('float', fixedColumn({ kind: 'float16' }, Uint16Array.of(0x3c00)))).toEqual(['1']);
  });

  it('writes booleans, texts and bytes', () => {
    expect(texts('boolean', booleanColumn([true, null, false]))).toEqual(['true', 'null', 'false']);
    const hard = ['', 'a"\\\n\u0001', '\ufeffbom', 'né😀\u2028', null];
    expect(texts('string', textColumn(hard)).map((text) => JSON.parse(text) as unknown)).toEqual(
      hard,
    );
    expect(texts('string', textColumn(['plain', 'ascii "only"', null]))).toEqual([
      '"plain"',
      '"ascii \\"only\\""',
      'null',
    ]);
    expect(texts('string', bytesColumn([Uint8Array.of(0x61, 0xff)]))).toEqual(['"a\ufffd"']);
    expect(
      texts('binary', bytesColumn([Uint8Array.of(0, 255, 16), new Uint8Array(0), null])),
    ).toEqual(['"AP8Q"', '""', 'null']);
    const fixed = fixedColumn(
      { kind: 'fixed-binary', byteWidth: 2 },
      Uint8Array.of(1, 2, 3, 4),
      [],
      2,
    );
    expect(texts('binary', fixed)).toEqual(['"AQI="', '"AwQ="']);
    expect(texts('varchar(10)', textColumn(['v']))).toEqual(['"v"']);
    expect(texts('geometry(OGC:CRS84)', bytesColumn([Uint8Array.of(1)]))).toEqual(['"AQ=="']);
  });

  it('reads texts of a part of a column, whose offsets do not begin at zero', () => {
    const whole = textColumn(['zero', 'one', 'two']);
    const part: Column = { ...whole, length: 2, offsets: whole.offsets?.subarray(1) };
    expect(texts('string', part)).toEqual(['"one"', '"two"']);
  });

  it('writes decimals at the scale of the table, whatever the file has', () => {
    const max = 10n ** 38n - 1n;
    expect(texts('decimal(38,2)', decimalColumn(38, 2, [max, -max, 0n, null, -5n]))).toEqual([
      `"${'9'.repeat(36)}.99"`,
      `"-${'9'.repeat(36)}.99"`,
      '"0.00"',
      'null',
      '"-0.05"',
    ]);
    expect(texts('decimal(12,4)', decimalColumn(10, 2, [125n, -125n]))).toEqual([
      '"1.2500"',
      '"-1.2500"',
    ]);
    expect(texts('decimal(12,1)', decimalColumn(12, 2, [120n]))).toEqual(['"1.2"']);
    expect(() => texts('decimal(12,1)', decimalColumn(12, 2, [125n]))).toThrow(
      'more digits behind the point',
    );
  });

  it('writes dates and timestamps of every unit', () => {
    expect(
      texts('date', fixedColumn({ kind: 'date32' }, Int32Array.of(0, -719_162, 19_782))),
    ).toEqual(['"1970-01-01"', '"0001-01-01"', '"2024-02-29"']);
    const units = [
      ['s', -1n, '1969-12-31T23:59:59.000000'],
      ['ms', -1n, '1969-12-31T23:59:59.999000'],
      ['us', -1n, '1969-12-31T23:59:59.999999'],
      ['ns', -1n, '1969-12-31T23:59:59.999999'],
    ] as const;
    for (const [unit, value, text] of units) {
      const column = fixedColumn({ kind: 'timestamp', unit, utc: false }, BigInt64Array.of(value));
      expect(texts('timestamp', column)).toEqual([`"${text}Z"`]);
      expect(texts('timestamp_ntz', column)).toEqual([`"${text}"`]);
    }
  });

  it('shows days before 1582-10-15 of the old calendar as they were meant', () => {
    const calendar = { hasLegacyDates: true, hasLegacyTimestamps: true };
    const dates = fixedColumn({ kind: 'date32' }, Int32Array.of(-683_005, 0));
    const times = fixedColumn(
      { kind: 'timestamp', unit: 'us', utc: true },
      BigInt64Array.of(-683_005n * 86_400_000_000n, 0n),
    );
    const first = (type: string, column: Column, legacy: boolean): string =>
      columnWriter(typeOf(type), column, { ...context, calendar: legacy ? calendar : undefined })(
        0,
      );
    expect(first('date', dates, true)).toBe('"0100-01-01"');
    expect(first('date', dates, false)).toBe('"0099-12-30"');
    expect(first('timestamp', times, true)).toBe('"0100-01-01T00:00:00.000000Z"');
    expect(first('timestamp_ntz', times, true), 'never written so').toBe(
      '"0099-12-30T00:00:00.000000"',
    );
  });

  it('writes structs, arrays and maps, with nulls at every level', () => {
    const struct = {
      type: 'struct',
      fields: [
        { name: 'a', type: 'integer', nullable: true, metadata: {} },
        { name: 'b "q"', type: 'string', nullable: true, metadata: {} },
        { name: 'later', type: 'long', nullable: true, metadata: {} },
      ],
    };
    const column = structColumn(
      {
        'b "q"': textColumn(['x', null, 'hidden']),
        a: fixedColumn({ kind: 'int32' }, Int32Array.of(1, 2, 3)),
        unknown: textColumn(['u', 'u', 'u']),
      },
      [true, true, false],
    );
    expect(texts(struct, column)).toEqual([
      '{"a":1,"b \\"q\\"":"x","later":null}',
      '{"a":2,"b \\"q\\"":null,"later":null}',
      'null',
    ]);
    const list = listColumn(fixedColumn({ kind: 'int32' }, Int32Array.of(1, 2, 3), [1]), [
      2,
      0,
      null,
      1,
    ]);
    expect(texts({ type: 'array', elementType: 'integer', containsNull: true }, list)).toEqual([
      '[1,null]',
      '[]',
      'null',
      '[3]',
    ]);
    const map = mapColumn(
      textColumn(['k', 'k', '__proto__']),
      fixedColumn({ kind: 'int64' }, BigInt64Array.of(1n, 2n, 3n), [2]),
      [2, null, 1, 0],
    );
    expect(
      texts({ type: 'map', keyType: 'string', valueType: 'long', valueContainsNull: true }, map),
    ).toEqual(['[["k",1],["k",2]]', 'null', '[["__proto__",null]]', '[]']);
    expect(texts({ type: 'struct', fields: [] }, structColumn({ a: textColumn(['x']) }))).toEqual([
      '{}',
    ]);
  });

  it('widens values to the type of the table', () => {
    const three = fixedColumn({ kind: 'int32' }, Int32Array.of(-3));
    expect(texts('long', three)).toEqual(['-3']);
    expect(texts('double', three)).toEqual(['-3']);
    expect(texts('decimal(12,2)', three)).toEqual(['"-3.00"']);
    expect(
      texts('decimal(22,2)', fixedColumn({ kind: 'int64' }, BigInt64Array.of(2n ** 62n))),
    ).toEqual(['"4611686018427387904.00"']);
    expect(texts('double', fixedColumn({ kind: 'float32' }, Float32Array.of(0.1)))).toEqual([
      '0.10000000149011612',
    ]);
    expect(texts('timestamp_ntz', fixedColumn({ kind: 'date32' }, Int32Array.of(-1)))).toEqual([
      '"1969-12-31T00:00:00.000000"',
    ]);
  });

  it('shows void columns, and columns of nothing but null, as null', () => {
    expect(texts('void', textColumn(['x']))).toEqual(['null']);
    expect(texts('string', { type: { kind: 'null' }, length: 2 })).toEqual(['null', 'null']);
  });

  it('refuses what cannot be read as the type, by name', () => {
    const wrong: readonly [unknown, Column][] = [
      ['integer', textColumn(['1'])],
      ['string', fixedColumn({ kind: 'int32' }, Int32Array.of(1))],
      ['float', fixedColumn({ kind: 'float64' }, Float64Array.of(1))],
      ['double', fixedColumn({ kind: 'int64' }, BigInt64Array.of(1n))],
      ['timestamp', fixedColumn({ kind: 'date32' }, Int32Array.of(1))],
      ['decimal(5,1)', textColumn(['1'])],
      ['interval day', fixedColumn({ kind: 'int64' }, BigInt64Array.of(1n))],
      [{ type: 'array', elementType: 'integer', containsNull: true }, textColumn(['1'])],
      ['variant', textColumn(['1'])],
    ];
    for (const [type, column] of wrong) {
      expect(() => texts(type, column), JSON.stringify(type)).toThrow(
        expect.objectContaining({
          code: 'unsupported-read',
          message: expect.stringContaining('"c"') as string,
        }),
      );
    }
  });

  it('finds nested fields by physical name or by id where the table maps columns', () => {
    const type = {
      type: 'struct',
      fields: [
        {
          name: 'renamed',
          type: 'integer',
          nullable: true,
          metadata: { 'delta.columnMapping.id': 7, 'delta.columnMapping.physicalName': 'col-x' },
        },
        {
          name: 'x',
          type: 'integer',
          nullable: true,
          metadata: { 'delta.columnMapping.id': 8, 'delta.columnMapping.physicalName': 'col-y' },
        },
      ],
    };
    const one = fixedColumn({ kind: 'int32' }, Int32Array.of(1));
    const two = fixedColumn({ kind: 'int32' }, Int32Array.of(2));
    const byName = structColumn({ x: one, 'col-x': two });
    expect(texts(type, byName, 'name')).toEqual(['{"renamed":2,"x":null}']);
    const byId: Column = {
      type: { kind: 'struct', fields: [field('x', one, 7), field('col-y', two, 9)] },
      length: 1,
      children: [one, two],
    };
    expect(texts(type, byId, 'id')).toEqual(['{"renamed":1,"x":null}']);
  });
});
