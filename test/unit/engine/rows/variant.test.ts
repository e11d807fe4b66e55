import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../src/engine/column';
import { variantText, VariantError, VariantMetadata } from '../../../../src/engine/rows/variant';
import { variantWriter } from '../../../../src/engine/rows/variantColumn';
import {
  booleanColumn,
  bytesColumn,
  decimalColumn,
  fixedColumn,
  listColumn,
  structColumn,
  textColumn,
} from '../../../helpers/columns';
import {
  little,
  writeMetadata,
  writeVariant,
  type VariantInput,
} from '../../../helpers/variantWriter';

const names = ['a', 'b', 'naïve "c"'];

function text(value: VariantInput, width = 1): string {
  return variantText(
    new VariantMetadata(writeMetadata(names, width)),
    writeVariant(value, names, width),
  );
}

function float(value: number, width: 4 | 8): number[] {
  const view = new DataView(new ArrayBuffer(width));
  if (width === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}

describe('variantText', () => {
  it('writes every primitive type', () => {
    const cases: readonly [number, readonly number[], string][] = [
      [0, [], 'null'],
      [1, [], 'true'],
      [2, [], 'false'],
      [3, little(-128, 1), '-128'],
      [4, little(-32768, 2), '-32768'],
      [5, little(-2147483648, 4), '-2147483648'],
      [6, little(-(2n ** 63n), 8), '-9223372036854775808'],
      [7, float(0.1, 8), '0.1'],
      [7, float(NaN, 8), '"NaN"'],
      [8, [2, ...little(-125, 4)], '-1.25'],
      [9, [0, ...little(10n ** 17n, 8)], '100000000000000000'],
      [10, [38, ...little(-(10n ** 38n) + 1n, 16)], `-0.${'9'.repeat(38)}`],
      [11, little(19782, 4), '"2024-02-29"'],
      [12, little(-1n, 8), '"1969-12-31T23:59:59.999999Z"'],
      [13, little(-1n, 8), '"1969-12-31T23:59:59.999999"'],
      [14, float(0.1, 4), '0.1'],
      [15, [...little(3, 4), 0, 255, 16], '"AP8Q"'],
      [16, [...little(2, 4), 0x68, 0x69], '"hi"'],
      [17, little(3_723_000_001n, 8), '"01:02:03.000001"'],
      [18, little(-1n, 8), '"1969-12-31T23:59:59.999999Z"'],
      [19, little(1999n, 8), '"1970-01-01T00:00:00.000001"'],
      [20, Array.from({ length: 16 }, (_, i) => i), '"00010203-0405-0607-0809-0a0b0c0d0e0f"'],
    ];
    for (const [primitive, bytes, expected] of cases)
      expect(text({ primitive, bytes })).toBe(expected);
  });

  it('writes texts, arrays and objects of any nesting and any width of offsets', () => {
    const value: VariantInput = {
      a: [null, true, 'x', { b: 'y'.repeat(100) }],
      b: {},
      'naïve "c"': [],
    };
    for (const width of [1, 2, 3, 4]) expect(JSON.parse(text(value, width))).toEqual(value);
    expect(text(value)).toBe(
      `{"a":[null,true,"x",{"b":"${'y'.repeat(100)}"}],"b":{},"naïve \\"c\\"":[]}`,
    );
  });

  it('refuses every cut, unknown types, unknown names and another version', () => {
    const metadata = new VariantMetadata(writeMetadata(names));
    const bytes = writeVariant({ a: ['x', { b: 'long enough' }] }, names);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => variantText(metadata, bytes.subarray(0, length)), `${length}`).toThrow(
        VariantError,
      );
    }
    expect(() => text({ primitive: 40, bytes: [] })).toThrow('type 40');
    expect(() =>
      variantText(new VariantMetadata(writeMetadata(['a'])), writeVariant({ b: null }, names)),
    ).toThrow('field 1 of 1');
    expect(() => new VariantMetadata(Uint8Array.of(2, 0, 0))).toThrow('version 2');
  });
});

const context = { path: 'v', source: 'the file f (table t, version 3)' };

function columnTexts(column: Column): string[] {
  const write = variantWriter(column, context);
  if (write === undefined) throw new Error('no variant');
  return Array.from({ length: column.length }, (_, row) => write(row));
}

describe('variantWriter', () => {
  const metadata = bytesColumn([writeMetadata(names), writeMetadata(names), writeMetadata(names)]);
  const values = (...list: readonly (VariantInput | undefined)[]): Column =>
    bytesColumn(list.map((value) => (value === undefined ? null : writeVariant(value, names))));

  it('reads plain variants', () => {
    const column = structColumn({ value: values({ a: 'x' }, null, undefined), metadata });
    expect(columnTexts(column)).toEqual(['{"a":"x"}', 'null', 'null']);
  });

  it('takes shredded primitives where they are typed, and the binary value elsewhere', () => {
    const typed: readonly [Column, string][] = [
      [
        fixedColumn({ kind: 'int64' }, BigInt64Array.of(2n ** 60n, 0n, 0n), [1, 2]),
        '1152921504606846976',
      ],
      [booleanColumn([true, null, null]), 'true'],
      [textColumn(['t', null, null]), '"t"'],
      [bytesColumn([Uint8Array.of(1), null, null]), '"AQ=="'],
      [decimalColumn(9, 2, [-125n, null, null]), '-1.25'],
      [fixedColumn({ kind: 'date32' }, Int32Array.of(0, 0, 0), [1, 2]), '"1970-01-01"'],
      [fixedColumn({ kind: 'float32' }, Float32Array.of(0.1, 0, 0), [1, 2]), '0.1'],
      [fixedColumn({ kind: 'float64' }, Float64Array.of(0.1, 0, 0), [1, 2]), '0.1'],
      [
        fixedColumn(
          { kind: 'timestamp', unit: 'us', utc: true },
          BigInt64Array.of(0n, 0n, 0n),
          [1, 2],
        ),
        '"1970-01-01T00:00:00.000000Z"',
      ],
      [
        fixedColumn({ kind: 'time', unit: 'us' }, BigInt64Array.of(1n, 0n, 0n), [1, 2]),
        '"00:00:00.000001"',
      ],
      [
        fixedColumn({ kind: 'fixed-binary', byteWidth: 16 }, new Uint8Array(48), [1, 2], 3),
        '"00000000-0000-0000-0000-000000000000"',
      ],
    ];
    for (const [typedValue, expected] of typed) {
      const column = structColumn({
        metadata,
        value: values(undefined, 'other', undefined),
        typed_value: typedValue,
      });
      expect(columnTexts(column)).toEqual([expected, '"other"', 'null']);
    }
  });

  it('puts shredded objects together from typed and untyped properties', () => {
    const a = structColumn({
      value: values(undefined, 'untyped', undefined),
      typed_value: fixedColumn({ kind: 'int32' }, Int32Array.of(7, 0, 0), [1, 2]),
    });
    const typedValue = structColumn({ a }, [true, true, false]);
    const column = structColumn({
      metadata,
      value: values({ b: 'rest' }, undefined, 'no object'),
      typed_value: typedValue,
    });
    expect(columnTexts(column)).toEqual(['{"a":7,"b":"rest"}', '{"a":"untyped"}', '"no object"']);
    const absent = structColumn({
      metadata,
      value: values(undefined, undefined, undefined),
      typed_value: structColumn(
        { a: structColumn({ value: values(undefined, undefined, undefined) }) },
        [true, true, false],
      ),
    });
    expect(columnTexts(absent), 'a property that is not there is left out').toEqual([
      '{}',
      '{}',
      'null',
    ]);
  });

  it('puts shredded arrays together', () => {
    const element = structColumn({
      value: values(undefined, 'x', undefined),
      typed_value: fixedColumn({ kind: 'int32' }, Int32Array.of(1, 0, 3), [1]),
    });
    const column = structColumn({
      metadata,
      value: values(undefined, undefined, 'no array'),
      typed_value: listColumn(element, [3, 0, null]),
    });
    expect(columnTexts(column)).toEqual(['[1,"x",3]', '[]', '"no array"']);
  });

  it('names the column and the file where bytes are no variant', () => {
    const column = structColumn({
      metadata,
      value: bytesColumn([Uint8Array.of(0xfc), null, null]),
    });
    expect(() => columnTexts(column)).toThrow(
      expect.objectContaining({
        code: 'corrupt-file',
        message: expect.stringContaining('"v" in the file f') as string,
      }),
    );
    expect(variantWriter(structColumn({ value: textColumn(['x']) }), context)).toBeUndefined();
  });
});
