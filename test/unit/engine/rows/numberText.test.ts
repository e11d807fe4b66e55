import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64Text,
  decimalText,
  doubleText,
  floatText,
  halfFloat,
  parseDecimal,
  rescale,
} from '../../../../src/engine/rows/numberText';

describe('floatText', () => {
  it('is the shortest text of a single-precision number', () => {
    const cases: readonly [number, string][] = [
      [0.1, '0.1'],
      [1.1, '1.1'],
      [-3.3, '-3.3'],
      [16777216, '16777216'],
      [1e20, '100000000000000000000'],
      [3.4028234663852886e38, '3.4028235e+38'],
      [1.1754943508222875e-38, '1.1754944e-38'],
      [1.401298464324817e-45, '1e-45'],
      [0, '0'],
      [-0, '-0.0'],
      [NaN, '"NaN"'],
      [Infinity, '"Infinity"'],
      [-Infinity, '"-Infinity"'],
    ];
    for (const [value, text] of cases) expect(floatText(Math.fround(value))).toBe(text);
  });

  it('reads back as the same number, and is never longer than nine digits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatText(value);
        expect(Math.fround(Number(text))).toBe(value);
        const digits = text
          .replace(/e.*$/, '')
          .replace(/\D/g, '')
          .replace(/^0+|0+$/g, '');
        expect(digits.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it('gives back any number of up to six digits as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999, max: 999_999 }), fc.nat(6), (digits, scale) => {
        const written = digits / 10 ** scale;
        if (digits !== 0) expect(Number(floatText(Math.fround(written)))).toBe(written);
      }),
    );
  });
});

describe('doubleText', () => {
  it('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(JSON.parse(doubleText(value))).toBe(value);
      }),
    );
    expect([NaN, Infinity, -Infinity, -0].map(doubleText)).toEqual([
      '"NaN"',
      '"Infinity"',
      '"-Infinity"',
      '-0.0',
    ]);
  });
});

describe('halfFloat', () => {
  it('decodes normal, small and special values', () => {
    expect([0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x7c00, 0xfc00].map(halfFloat)).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
      65504,
      Infinity,
      -Infinity,
    ]);
    expect(halfFloat(0x7e00)).toBeNaN();
  });
});

describe('decimals', () => {
  const unscaled = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });

  it('have exactly their scale behind the point', () => {
    expect(decimalText(0n, 0)).toBe('0');
    expect(decimalText(0n, 2)).toBe('0.00');
    expect(decimalText(-5n, 3)).toBe('-0.005');
    expect(decimalText(-(10n ** 38n) + 1n, 38)).toBe(`-0.${'9'.repeat(38)}`);
  });

  it('agree with whole-number arithmetic, and are parsed back', () => {
    fc.assert(
      fc.property(unscaled, fc.nat(38), (value, scale) => {
        const text = decimalText(value, scale);
        const [whole = '', fraction = ''] = text.replace('-', '').split('.');
        expect(fraction).toHaveLength(scale);
        const magnitude =
          BigInt(whole) * 10n ** BigInt(scale) + BigInt(fraction === '' ? '0' : fraction);
        expect(text.startsWith('-') ? -magnitude : magnitude).toBe(value);
        expect(parseDecimal(text, scale)).toBe(value);
      }),
    );
  });

  it('change their scale only without loss', () => {
    expect(rescale(125n, 2, 4)).toBe(12500n);
    expect(rescale(12500n, 4, 2)).toBe(125n);
    expect(rescale(12501n, 4, 2)).toBeUndefined();
    expect(parseDecimal('0E-18', 2)).toBe(0n);
    expect(parseDecimal('1.2E+3', 0)).toBe(1200n);
    expect(parseDecimal('.5', 1)).toBe(5n);
    for (const none of ['', '.', '-', '1.2.3', 'abc', '1e', '0.005x'])
      expect(parseDecimal(none, 2)).toBeUndefined();
    expect(parseDecimal('0.005', 2)).toBeUndefined();
  });
});

describe('base64Text', () => {
  it('is what the platform writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(base64Text(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});
