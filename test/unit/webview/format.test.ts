import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatTimestamp,
  formatTimestampWithZone,
  plural,
  readableLocation,
  usableZone,
} from '../../../webview/shared/format';

describe('numbers', () => {
  it.each([
    [1234567, '1,234,567'],
    ['12345678901234567890', '12,345,678,901,234,567,890'],
    ['-42', '-42'],
    ['part of a text', 'part of a text'],
    [0, '0'],
  ])('writes %s as %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it('counts one thing and several', () => {
    expect([
      plural(1, 'file'),
      plural('1', 'row'),
      plural(0, 'file'),
      plural(2, 'entry', 'entries'),
    ]).toEqual(['1 file', '1 row', '0 files', '2 entries']);
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1,023 bytes'],
    [1024, '1.00 KiB'],
    ['12595', '12.3 KiB'],
    [1048575, '1.00 MiB'],
    [1099511627776, '1.00 TiB'],
    ['unknown', 'unknown'],
  ])('writes %s as %s', (value, text) => {
    expect(formatBytes(value)).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    [850, '850 ms'],
    [4200, '4.2 s'],
    [59_999, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    ['604800000', '7 d'],
    ['soon', 'soon'],
  ])('writes %s as %s', (value, text) => {
    expect(formatDuration(value)).toBe(text);
  });
});

describe('times', () => {
  const summer = '2025-07-01T21:59:59.123Z';

  it('are shown in the named zone, the same in every locale', () => {
    expect(formatTimestamp(summer, 'Europe/Amsterdam')).toBe('2025-07-01 23:59:59');
    expect(formatTimestamp(summer, 'UTC')).toBe('2025-07-01 21:59:59');
    expect(formatTimestamp('2025-01-01T00:00:00.000Z', 'UTC')).toBe('2025-01-01 00:00:00');
  });

  it('name the zone and its offset of that day, so that winter and summer differ', () => {
    expect(formatTimestampWithZone(summer, 'Europe/Amsterdam')).toBe(
      '2025-07-01 23:59:59.123 Europe/Amsterdam (GMT+2)',
    );
    expect(formatTimestampWithZone('2025-01-01T00:00:00.007Z', 'Europe/Amsterdam')).toBe(
      '2025-01-01 01:00:00.007 Europe/Amsterdam (GMT+1)',
    );
    expect(formatTimestampWithZone(summer, 'UTC')).toBe('2025-07-01 21:59:59.123 UTC');
  });

  it('fall back to UTC for a zone that nobody knows', () => {
    expect(usableZone('Nowhere/Atlantis')).toBe('UTC');
    expect(formatTimestamp(summer, 'Nowhere/Atlantis')).toBe('2025-07-01 21:59:59');
  });

  it('stay as written when they are no time', () => {
    expect(formatTimestamp('yesterday', 'UTC')).toBe('yesterday');
  });
});

describe('locations', () => {
  it.each([
    ['file:///warehouse/claims%20team/t', '/warehouse/claims team/t'],
    ['file:///C:/data/t', 'C:/data/t'],
    ['s3://bucket/a%2Fb', 's3://bucket/a/b'],
    ['file:///100%/t', '/100%/t'],
  ])('reads %s as %s', (uri, text) => {
    expect(readableLocation(uri)).toBe(text);
  });
});
