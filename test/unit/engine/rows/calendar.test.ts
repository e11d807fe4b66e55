import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateText,
  daysOf,
  microsText,
  nanosToMicros,
  parseDate,
  parseTimestamp,
} from '../../../../src/engine/rows/calendar';

/** JavaScript's own dates are proleptic Gregorian too, within their range of +-100,000,000 days. */
function reference(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

describe('dateText', () => {
  it("agrees with the platform's calendar", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        expect(dateText(days)).toBe(reference(days));
      }),
    );
    for (let days = -1_000; days < 1_000; days++) expect(dateText(days)).toBe(reference(days));
  });

  it('writes years that have not four digits with a sign', () => {
    expect(dateText(-719_528)).toBe('0000-01-01');
    expect(dateText(-719_529)).toBe('-000001-12-31');
    expect(dateText(2_932_896)).toBe('9999-12-31');
    expect(dateText(2_932_897)).toBe('+010000-01-01');
    expect(dateText(2_147_483_647)).toBe('+5881580-07-11');
    expect(dateText(-2_147_483_648)).toBe('-5877641-06-23');
  });

  it('has the inverse daysOf, which refuses days that are none', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }), (days) => {
        expect(parseDate(dateText(days))).toBe(days);
      }),
    );
    expect(daysOf(2023, 2, 29)).toBeUndefined();
    expect(daysOf(2024, 2, 29)).toBe(19_782);
    expect(parseDate('2024-13-01')).toBeUndefined();
    expect(parseDate('2024-1-5')).toBe(19_727);
    expect(parseDate('20240105')).toBeUndefined();
  });
});

describe('microsText', () => {
  const dayMicros = 86_400_000_000n;

  it('agrees with whole-number arithmetic over all of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (micros) => {
        const ofDay = ((micros % dayMicros) + dayMicros) % dayMicros;
        const days = Number((micros - ofDay) / dayMicros);
        const parts: readonly [bigint, bigint, number][] = [
          [3_600_000_000n, 24n, 2],
          [60_000_000n, 60n, 2],
          [1_000_000n, 60n, 2],
          [1n, 1_000_000n, 6],
        ];
        const [hours, minutes, seconds, fraction] = parts.map(([unit, modulus, width]) =>
          ((ofDay / unit) % modulus).toString().padStart(width, '0'),
        );
        expect(microsText(micros)).toBe(
          `${dateText(days)}T${hours}:${minutes}:${seconds}.${fraction}`,
        );
      }),
    );
  });

  it('keeps every microsecond at the ends of common ranges', () => {
    expect(microsText(253_402_300_799_999_999n)).toBe('9999-12-31T23:59:59.999999');
    expect(microsText(-62_135_596_800_000_000n)).toBe('0001-01-01T00:00:00.000000');
    expect(microsText(-1n)).toBe('1969-12-31T23:59:59.999999');
    expect(microsText(9_007_199_254_740_993n)).toBe('2255-06-05T23:47:34.740993');
  });

  it('rounds nanoseconds down, also before 1970', () => {
    expect([1999n, 1000n, 999n, 0n, -1n, -1000n, -1001n].map(nanosToMicros)).toEqual([
      1n,
      1n,
      0n,
      0n,
      -1n,
      -1n,
      -2n,
    ]);
  });
});

describe('parseTimestamp', () => {
  it('reads both spellings of the protocol, with and without fractions and zones', () => {
    const cases: readonly [string, bigint | undefined][] = [
      ['1970-01-01 00:00:00', 0n],
      ['1970-01-01 00:00:01.5', 1_500_000n],
      ['1970-01-01 00:00:00.123456', 123_456n],
      ['1970-01-01T00:00:00.123456Z', 123_456n],
      ['1970-01-01T01:00:00+01:00', 0n],
      ['1970-01-01 00:00:00.1234567', 123_456n],
      ['1969-12-31 23:59:59.999999', -1n],
      ['2021-01-01', 1_609_459_200_000_000n],
      ['2021-01-01 24:00:00', undefined],
      ['2021-02-30 00:00:00', undefined],
      ['yesterday', undefined],
    ];
    for (const [text, micros] of cases) expect(parseTimestamp(text), text).toBe(micros);
  });

  it('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (micros) => {
        expect(parseTimestamp(microsText(micros))).toBe(micros);
        expect(parseTimestamp(`${microsText(micros).replace('T', ' ')}Z`)).toBe(micros);
      }),
    );
  });
});
