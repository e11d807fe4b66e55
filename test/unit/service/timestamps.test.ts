import { describe, expect, it } from 'vitest';
import { isoTime, parseTimestamp } from '../../../src/service/timestamps';

describe('parseTimestamp', () => {
  it.each([
    ['2025-03-31', '2025-03-31T00:00:00.000Z', false],
    ['2025-03-31T23:59:59', '2025-03-31T23:59:59.000Z', false],
    ['2025-03-31 23:59', '2025-03-31T23:59:00.000Z', false],
    ['2025-03-31T23:59:59Z', '2025-03-31T23:59:59.000Z', true],
    ['2025-03-31T23:59:59.123456Z', '2025-03-31T23:59:59.123Z', true],
    ['2025-03-31T23:59:59.5+02:00', '2025-03-31T21:59:59.500Z', true],
    ['2025-03-31T23:59:59-0530', '2025-04-01T05:29:59.000Z', true],
    ['2025-03-31 23:59:59 UTC', '2025-03-31T23:59:59.000Z', true],
    ['0001-01-01', '0001-01-01T00:00:00.000Z', false],
  ])('reads %s', (text, iso, hasZone) => {
    const parsed = parseTimestamp(text);
    expect(isoTime(parsed.ms)).toBe(iso);
    expect(parsed.hasZone).toBe(hasZone);
  });

  it.each([
    '',
    'yesterday',
    '2025-02-30',
    '2025-13-01',
    '2025-01-01T25:00',
    '1735689600',
    '2025-01-01T10:00+99:00',
  ])('refuses "%s"', (text) => {
    expect(() => parseTimestamp(text)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });

  it("does not depend on the machine's zone", () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Asia/Kolkata';
      expect(parseTimestamp('2025-03-31T00:00:00').ms).toBe(Date.UTC(2025, 2, 31));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});
