/** Table properties with their defaults, read as the engines read them: booleans and intervals in any case. */
import type { Metadata } from './actions';

const dayMs = 86_400_000;

const unitMs: Readonly<Record<string, number>> = {
  week: 7 * dayMs,
  day: dayMs,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
};

/**
 * Milliseconds of a calendar interval (`interval 1 week`, `168 hours`, `interval 1 day 12 hours`), or undefined for a text that
 * is none. Months and years have no fixed length and are refused by the engines too.
 */
export function parseInterval(text: string): number | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '');
  const pattern = /(-?\d+)\s+([a-z]+)\s*/gy;
  let total = 0;
  let end = 0;
  for (let match = pattern.exec(words); match !== null; match = pattern.exec(words)) {
    const ms = unitMs[(match[2] ?? '').replace(/s$/, '')];
    if (ms === undefined) return undefined;
    total += Number(match[1]) * ms;
    end = pattern.lastIndex;
  }
  return end > 0 && end === words.length ? total : undefined;
}

type Configuration = Metadata['configuration'];

function flag(configuration: Configuration, key: string): boolean {
  return configuration[key]?.trim().toLowerCase() === 'true';
}

function interval(configuration: Configuration, key: string, fallback: number): number {
  const text = configuration[key];
  return (text === undefined ? undefined : parseInterval(text)) ?? fallback;
}

/** `delta.deletedFileRetentionDuration`: how long removed files are kept; 7 days by default. */
export function deletedFileRetentionMs(configuration: Configuration): number {
  return interval(configuration, 'delta.deletedFileRetentionDuration', 7 * dayMs);
}

/** `delta.setTransactionRetentionDuration`, or undefined: transaction identifiers are kept for ever. */
export function transactionRetentionMs(configuration: Configuration): number | undefined {
  const text = configuration['delta.setTransactionRetentionDuration'];
  return text === undefined ? undefined : parseInterval(text);
}

/** `delta.checkpointInterval`: commits between checkpoints; 10 by default. */
export function checkpointInterval(configuration: Configuration): number {
  const value = Number(configuration['delta.checkpointInterval'] ?? 10);
  return Number.isInteger(value) && value > 0 ? value : 10;
}

export function isAppendOnly(configuration: Configuration): boolean {
  return flag(configuration, 'delta.appendOnly');
}

export function hasInCommitTimestamps(configuration: Configuration): boolean {
  return flag(configuration, 'delta.enableInCommitTimestamps');
}

export function hasRowTracking(configuration: Configuration): boolean {
  return flag(configuration, 'delta.enableRowTracking');
}

export function isRowTrackingSuspended(configuration: Configuration): boolean {
  return flag(configuration, 'delta.rowTrackingSuspended');
}

export type ColumnMappingMode = 'none' | 'name' | 'id';

export function columnMappingMode(configuration: Configuration): ColumnMappingMode {
  const mode = configuration['delta.columnMapping.mode']?.toLowerCase();
  return mode === 'name' || mode === 'id' ? mode : 'none';
}

/** `delta.checkpoint.writeStatsAsJson`; true by default. */
export function writesStatsAsJson(configuration: Configuration): boolean {
  return configuration['delta.checkpoint.writeStatsAsJson']?.trim().toLowerCase() !== 'false';
}

/** Enablement of in-commit timestamps in the middle of a history; both or neither are set. */
export function inCommitTimestampEnablement(
  configuration: Configuration,
): { readonly version: number; readonly timestamp: number } | undefined {
  const version = configuration['delta.inCommitTimestampEnablementVersion'];
  const timestamp = configuration['delta.inCommitTimestampEnablementTimestamp'];
  return version === undefined || timestamp === undefined
    ? undefined
    : { version: Number(version), timestamp: Number(timestamp) };
}
