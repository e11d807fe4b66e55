/**
 * Times for people: the zone that is shown, a point in time typed in that zone, and an instant written in it. Everything between
 * the editor and the service is ISO 8601 in UTC.
 */

/** The zone behind the setting: `UTC`, an IANA name that this machine knows, else the machine's own zone. */
export function resolveTimeZone(setting: string): string {
  if (setting !== 'local' && isTimeZone(setting))
    return setting.toUpperCase() === 'UTC' ? 'UTC' : setting;
  return new Intl.DateTimeFormat('en').resolvedOptions().timeZone || 'UTC';
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `2026-11-21 14:05:09` in the zone; the text itself where it is no time. */
export function formatInZone(iso: string, timeZone: string): string {
  const instant = Date.parse(iso);
  if (Number.isNaN(instant)) return iso;
  const { year, month, day, hour, minute, second } = partsInZone(instant, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

const timestampPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads `2026-11-21`, `2026-11-21 14:05`, `2026-11-21T14:05:09.123` as a time in the zone; with `Z` or an offset as that instant.
 * A date alone is its first moment. Returns ISO 8601 in UTC with milliseconds, undefined for anything else.
 */
export function parseTimestamp(text: string, timeZone: string): string | undefined {
  const match = timestampPattern.exec(text.trim());
  if (match === null) return undefined;
  const number = (index: number): number => Number(match[index] ?? '0');
  const wall = Date.UTC(number(1), number(2) - 1, number(3), number(4), number(5), number(6));
  const check = new Date(wall);
  const isReal =
    check.getUTCMonth() === number(2) - 1 &&
    check.getUTCDate() === number(3) &&
    number(4) < 24 &&
    number(5) < 60 &&
    number(6) < 60;
  if (!isReal) return undefined;
  const millis = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000);
  const zone = match[8];
  const instant = zone === undefined ? wallToInstant(wall, timeZone) : wall - offsetMs(zone);
  return new Date(instant + millis).toISOString();
}

function offsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The instant at which clocks of the zone show `wall`; the later reading of a wall time that a clock change skips. */
function wallToInstant(wall: number, timeZone: string): number {
  let instant = wall;
  for (let round = 0; round < 3; round++) {
    const shown = shownAt(instant, timeZone);
    if (shown === wall) return instant;
    instant += wall - shown;
  }
  return instant;
}

function shownAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsInZone(instant, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

interface WallParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function partsInZone(instant: number, timeZone: string): WallParts {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const values = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  const value = (type: Intl.DateTimeFormatPartTypes): number => Number(values.get(type) ?? '0');
  return {
    year: value('year'),
    month: value('month'),
    day: value('day'),
    hour: value('hour'),
    minute: value('minute'),
    second: value('second'),
  };
}
