import { describe, expect, it } from 'vitest';
import { missingText } from '../../../../src/engine/rows/defaultValue';
import { partitionText } from '../../../../src/engine/rows/partitionValue';
import type { DataType, StructField } from '../../../../src/engine/schema';

const context = { column: 'p', source: 'the file f (table t, version 3)' };
const primitive = (name: string): DataType => ({ kind: 'primitive', name });
const decimal: DataType = { kind: 'decimal', precision: 10, scale: 2 };

describe('partitionText', () => {
  it('shows absent, null and empty values of every type as null', () => {
    for (const name of ['string', 'integer', 'binary', 'timestamp', 'boolean']) {
      for (const value of [undefined, null, '']) {
        expect(partitionText(primitive(name), value, context)).toBe('null');
      }
    }
    expect(partitionText(decimal, '', context)).toBe('null');
  });

  it('reads each type from its text', () => {
    const cases: readonly [DataType, string, string][] = [
      [primitive('string'), 'a "b"', '"a \\"b\\""'],
      [primitive('string'), '__HIVE_DEFAULT_PARTITION__', '"__HIVE_DEFAULT_PARTITION__"'],
      [primitive('long'), '-9223372036854775808', '-9223372036854775808'],
      [primitive('integer'), '007', '7'],
      [primitive('float'), '0.1', '0.1'],
      [primitive('double'), '1.0E10', '10000000000'],
      [primitive('double'), '-Infinity', '"-Infinity"'],
      [primitive('double'), 'NaN', '"NaN"'],
      [primitive('boolean'), 'TRUE', 'true'],
      [primitive('binary'), '\u0001\u0002', '"AQI="'],
      [primitive('date'), '2021-01-05', '"2021-01-05"'],
      [primitive('timestamp'), '2021-01-01 10:00:00', '"2021-01-01T10:00:00.000000Z"'],
      [primitive('timestamp'), '2021-01-01T10:00:00.000001Z', '"2021-01-01T10:00:00.000001Z"'],
      [primitive('timestamp_ntz'), '2021-01-01 10:00:00.5', '"2021-01-01T10:00:00.500000"'],
      [decimal, '-1.5', '"-1.50"'],
      [decimal, '0E-18', '"0.00"'],
    ];
    for (const [type, value, text] of cases) expect(partitionText(type, value, context)).toBe(text);
  });

  it('names column, value and file where the text is no value of the type', () => {
    for (const type of [primitive('integer'), primitive('date'), primitive('boolean'), decimal]) {
      expect(() => partitionText(type, 'x', context)).toThrow(
        expect.objectContaining({
          code: 'invalid-log',
          message: expect.stringMatching(/"x" of the file f .* column "p"/) as string,
        }),
      );
    }
  });
});

describe('missingText', () => {
  const field = (name: string, expression?: string, type = primitive(name)): StructField => ({
    name: 'c',
    type,
    nullable: true,
    metadata: expression === undefined ? {} : { EXISTS_DEFAULT: expression },
  });

  it('is null without a default, and the constant with one', () => {
    expect(missingText(field('integer'), 'c')).toBe('null');
    const cases: readonly [StructField, string][] = [
      [field('integer', '42'), '42'],
      [field('long', '42L'), '42'],
      [field('integer', '- 7'), '-7'],
      [field('double', '1.5D'), '1.5'],
      [field('string', "'it''s \\'q\\' \\u0041'"), `"it's 'q' A"`],
      [field('string', '"double"'), '"double"'],
      [field('string', 'NULL'), 'null'],
      [field('boolean', 'TRUE'), 'true'],
      [field('date', "DATE '2021-01-05'"), '"2021-01-05"'],
      [field('timestamp', "TIMESTAMP '2021-01-05 01:02:03'"), '"2021-01-05T01:02:03.000000Z"'],
      [field('binary', "X'00FF'"), '"AP8="'],
      [field('long', 'CAST(7 AS BIGINT)'), '7'],
      [field('', '1.5BD', decimal), '"1.50"'],
    ];
    for (const [each, text] of cases) expect(missingText(each, 'c')).toBe(text);
  });

  it('refuses a default that is no constant, rather than show null', () => {
    for (const expression of ['current_date()', 'array(1, 2)', "'abc"]) {
      expect(() => missingText(field('date', expression), 'c')).toThrow(
        expect.objectContaining({ code: 'unsupported-read' }),
      );
    }
  });
});
