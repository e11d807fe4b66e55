import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateText,
  microsText,
  parseDate,
  parseTimestamp,
} from '../../../../src/engine/rows/calendar';
import {
  legacyCalendar,
  rebaseDays,
  rebaseMicros,
} from '../../../../src/engine/rows/legacyCalendar';

describe('rebaseDays', () => {
  it('keeps the date that a person read in the hybrid calendar', () => {
    // Stored day, as the proleptic Gregorian date that it has -> the Julian date of the same day.
    const cases: readonly [string, string][] = [
      ['1582-10-14', '1582-10-04'],
      ['1582-10-15', '1582-10-15'],
      ['1500-03-10', '1500-03-01'], // February 29 of 1500 was Julian's alone
      ['1500-03-11', '1500-03-01'],
      ['0099-12-30', '0100-01-01'],
      ['0000-12-30', '0001-01-01'],
      ['2020-02-29', '2020-02-29'],
    ];
    for (const [stored, meant] of cases) {
      expect(dateText(rebaseDays(parseDate(stored) ?? NaN)), stored).toBe(meant);
    }
  });

  it('differs by whole days that shrink from century to century, as the calendars do', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: -141_428 }), (days) => {
        const shift = rebaseDays(days) - days;
        expect(shift).toBeGreaterThanOrEqual(-10);
        expect(shift).toBeLessThanOrEqual(2);
        expect(rebaseDays(days + 1) - rebaseDays(days)).toBeGreaterThanOrEqual(0);
      }),
      { examples: [[-141_429]] },
    );
  });

  it('keeps the time of the day', () => {
    const micros = parseTimestamp('0099-12-30 01:02:03.000004') ?? 0n;
    expect(microsText(rebaseMicros(micros))).toBe('0100-01-01T01:02:03.000004');
    expect(rebaseMicros(0n)).toBe(0n);
  });
});

describe('legacyCalendar', () => {
  it('is what the footer tells of the writer', () => {
    const spark = (version: string, ...keys: readonly string[]): ReadonlyMap<string, string> =>
      new Map([
        ['org.apache.spark.version', version],
        ...keys.map((key): [string, string] => [key, '']),
      ]);
    const int96 = 'ARROW:schema';
    const cases: readonly [ReadonlyMap<string, string>, boolean, boolean][] = [
      [new Map(), false, false],
      [new Map([['org.apache.spark.legacyDateTime', '']]), false, false],
      [spark('2.4.8'), true, true],
      [spark('3.0.1'), false, false],
      [spark('3.0.1', int96), false, true],
      [spark('3.1.0', int96), false, false],
      [spark('3.3.0', 'org.apache.spark.legacyDateTime'), true, true],
      [spark('3.3.0', 'org.apache.spark.legacyDateTime', int96), true, false],
      [spark('3.3.0', 'org.apache.spark.legacyINT96', int96), false, true],
      [spark('3.3.0', 'org.apache.spark.legacyINT96'), false, false],
    ];
    for (const [keyValues, hasLegacyDates, hasLegacyTimestamps] of cases) {
      expect(legacyCalendar(keyValues)).toEqual({ hasLegacyDates, hasLegacyTimestamps });
    }
  });
});
