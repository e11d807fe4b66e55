/** Every number, size, duration and time of the pages is written here. */

const counts = new Intl.NumberFormat('en-US');
const wholeNumber = /^-?\d{1,30}$/;

/** `1,234,567`; texts of digits keep all of them, anything that is no whole number stays as it is. */
export function formatCount(value: number | string): string {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? counts.format(value) : String(value);
  }
  return wholeNumber.test(value) ? counts.format(BigInt(value)) : value;
}

/** `1 file`, `2 files`. */
export function plural(count: number | string, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${String(count) === '1' ? one : many}`;
}

const byteUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in binary units with three significant digits: `1 byte`, `12.3 KiB`, `4.00 MiB`. */
export function formatBytes(value: number | string): string {
  const bytes = toNumber(value);
  if (bytes === null) return String(value);
  if (Math.abs(bytes) < 1024) return plural(bytes, 'byte');
  let unit = 0;
  let amount = bytes;
  // 1023.995 would print as `1,024 KiB`.
  while (Math.abs(amount) >= 1023.5 && unit < byteUnits.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${threeDigits(amount)} ${byteUnits[unit] ?? 'bytes'}`;
}

/** Milliseconds: `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(value: number | string): string {
  const ms = toNumber(value);
  if (ms === null) return String(value);
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1000) return `${formatCount(Math.round(ms))} ms`;
  if (ms < 59_950) return `${trimZero((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A zone that this runtime knows; `UTC` for one it does not. */
export function usableZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** `2025-03-31 23:59:59`, in the zone that is named beside it (a column's header, or {@link formatTimestampWithZone}). */
export function formatTimestamp(iso: string, timeZone: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const part = timeParts(time, timeZone);
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** `2025-03-31 23:59:59.123 Europe/Amsterdam (GMT+2)`: a moment nobody can mistake, where there is room. */
export function formatTimestampWithZone(iso: string, timeZone: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const zone = usableZone(timeZone);
  const ms = String(((time % 1000) + 1000) % 1000).padStart(3, '0');
  const offset = timeParts(time, zone)('timeZoneName');
  return `${formatTimestamp(iso, zone)}.${ms} ${zone === 'UTC' ? 'UTC' : `${zone} (${offset})`}`;
}

/** A path or URI for reading: `file:///a%20b/c` becomes `/a b/c`; what cannot be decoded stays as it is. */
export function readableLocation(location: string): string {
  const plain = location.startsWith('file:///') ? location.slice('file://'.length) : location;
  // A drive letter has no slash before it outside of URIs.
  const path = /^\/[A-Za-z]:\//.test(plain) ? plain.slice(1) : plain;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function timeParts(time: number, timeZone: string): (type: Intl.DateTimeFormatPartTypes) => string {
  let format = formatters.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: usableZone(timeZone),
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'shortOffset',
    });
    formatters.set(timeZone, format);
  }
  const parts = format.formatToParts(time);
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}

function toNumber(value: number | string): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

function threeDigits(amount: number): string {
  const size = Math.abs(amount);
  return amount.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${formatCount(large)} ${largeUnit}`;
  return small === 0 ? head : `${head} ${String(small)} ${smallUnit}`;
}
