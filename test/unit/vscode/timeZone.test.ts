import { describe, expect, it } from 'vitest';
import { formatInZone, parseTimestamp, resolveTimeZone } from '../../../src/vscode/timeZone';

describe('parseTimestamp', () => {
  const cases: readonly [text: string, zone: string, expected: string | undefined][] = [
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21 14:05', 'UTC', '2026-11-21T14:05:00.000Z'],
    ['2026-11-21T14:05:09.5', 'UTC', '2026-11-21T14:05:09.500Z'],
    ['2026-11-21 14:05:09.123456', 'UTC', '2026-11-21T14:05:09.123Z'],
    ['2026-11-21 14:05', 'Europe/Berlin', '2026-11-21T13:05:00.000Z'],
    ['2026-07-21 14:05', 'Europe/Berlin', '2026-07-21T12:05:00.000Z'],
    ['2026-11-21 14:05', 'Asia/Kolkata', '2026-11-21T08:35:00.000Z'],
    ['2026-11-21 14:05', 'America/New_York', '2026-11-21T19:05:00.000Z'],
    ['2026-11-21T14:05:00Z', 'Europe/Berlin', '2026-11-21T14:05:00.000Z'],
    ['2026-11-21 14:05 +02:00', 'UTC', '2026-11-21T12:05:00.000Z'],
    ['2026-11-21T14:05:00-0530', 'UTC', '2026-11-21T19:35:00.000Z'],
    ['2026-02-30', 'UTC', undefined],
    ['2026-13-01', 'UTC', undefined],
    ['2026-11-21 24:00', 'UTC', undefined],
    ['yesterday', 'UTC', undefined],
    ['', 'UTC', undefined],
  ];
  it.each(cases)('reads %j in %s as %s', (text, zone, expected) => {
    expect(parseTimestamp(text, zone)).toBe(expected);
  });

  it('reads back what formatInZone wrote, in every season', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']) {
      for (const month of ['01', '04', '07', '10']) {
        const iso = `2026-${month}-15T23:59:59.000Z`;
        expect(parseTimestamp(formatInZone(iso, zone), zone)).toBe(iso);
      }
    }
  });
});

describe('resolveTimeZone', () => {
  it('takes UTC and names that exist, and the machine zone for everything else', () => {
    const own = new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
    expect(resolveTimeZone('utc')).toBe('UTC');
    expect(resolveTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect(resolveTimeZone('local')).toBe(own);
    expect(resolveTimeZone('Nowhere/Land')).toBe(own);
  });
});
