/** Times as people write them (ISO 8601, with or without a zone) and as the views hold them (UTC, milliseconds). */
import { DeltaError } from '../engine/errors';

export interface ParsedTimestamp {
  /** Milliseconds since the epoch. */
  readonly ms: number;
  /** False: no zone was written, and UTC was taken. */
  readonly hasZone: boolean;
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Parses `YYYY-MM-DD`, with a time of day and a zone if wanted. Without a zone it is UTC, never the machine's zone: the same text
 * must mean the same version everywhere. Fractions below a millisecond are cut. Throws `invalid-argument`.
 */
export function parseTimestamp(text: string): ParsedTimestamp {
  const match = pattern.exec(text.trim());
  if (match === null) throw invalid(text);
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const parts = [year, month, day, hour, minute, second].map((part) => Number(part ?? 0));
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3) || 0);
  const date = new Date(Date.UTC(2000, mo - 1, d, h, mi, s, ms));
  date.setUTCFullYear(y, mo - 1, d);
  const isReal =
    date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!isReal) throw invalid(text);
  return { ms: date.getTime() - offsetMs(zone, text), hasZone: zone !== undefined };
}

function offsetMs(zone: string | undefined, text: string): number {
  if (zone === undefined || /^(Z|UTC)$/i.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) throw invalid(text);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function invalid(text: string): DeltaError {
  return new DeltaError(
    'invalid-argument',
    `"${text}" is not a time: write it as 2025-03-31T23:59:59Z (a zone such as +02:00 instead of Z; UTC when there is none).`,
  );
}

/** ISO 8601 in UTC with milliseconds; a time that no calendar holds is shown as its number. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
