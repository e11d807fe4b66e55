/**
 * Names in `_delta_log` as a closed set of kinds, parsed once at the edge. Source: PROTOCOL.md, Delta Log Entries and
 * Checkpoints; versions are exactly 20 digits, parts 10, UUIDs 36 characters. Every other name is ignored.
 */
import type { ObjectMeta } from '../objectStore';
import { joinUri, uriName, type ObjectUri } from '../objectUri';

/** A table version; a safe whole number, 0 included. */
export type Version = number;

export type LogFileKind =
  | { readonly kind: 'commit' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'checkpoint-part'; readonly part: number; readonly of: number }
  | { readonly kind: 'checkpoint-v2'; readonly id: string; readonly format: 'json' | 'parquet' }
  | { readonly kind: 'compacted'; readonly to: Version }
  | { readonly kind: 'crc' };

export type LogFile = ObjectMeta & { readonly version: Version } & LogFileKind;

const pattern =
  /^(\d{20})\.(?:(json)|(crc)|(\d{20})\.compacted\.json|checkpoint\.(?:(parquet)|(\d{10})\.(\d{10})\.parquet|([0-9A-Fa-f-]{36})\.(json|parquet)))$/;

export function logFolder(root: ObjectUri): ObjectUri {
  return joinUri(root, '_delta_log');
}

/** The typed file of a listing's entry, or undefined for a name that means nothing to the protocol. */
export function parseLogFile(meta: ObjectMeta): LogFile | undefined {
  const match = pattern.exec(uriName(meta.uri));
  if (match === null) return undefined;
  const version = Number(match[1]);
  if (!Number.isSafeInteger(version)) return undefined;
  const [, , json, crc, to, classic, part, of, id, format] = match;
  if (json !== undefined) return { ...meta, version, kind: 'commit' };
  if (crc !== undefined) return { ...meta, version, kind: 'crc' };
  if (to !== undefined) {
    const end = Number(to);
    return end > version && Number.isSafeInteger(end)
      ? { ...meta, version, kind: 'compacted', to: end }
      : undefined;
  }
  if (classic !== undefined) return { ...meta, version, kind: 'checkpoint' };
  if (part !== undefined && of !== undefined) {
    const index = Number(part);
    const count = Number(of);
    return index >= 1 && index <= count
      ? { ...meta, version, kind: 'checkpoint-part', part: index, of: count }
      : undefined;
  }
  return {
    ...meta,
    version,
    kind: 'checkpoint-v2',
    id: id ?? '',
    format: format === 'json' ? 'json' : 'parquet',
  };
}

/** The 20 digits of a version in a file name. */
export function versionDigits(version: Version): string {
  return String(version).padStart(20, '0');
}

export function commitUri(root: ObjectUri, version: Version): ObjectUri {
  return joinUri(logFolder(root), `${versionDigits(version)}.json`);
}

export function checkpointUri(root: ObjectUri, version: Version): ObjectUri {
  return joinUri(logFolder(root), `${versionDigits(version)}.checkpoint.parquet`);
}

export function lastCheckpointUri(root: ObjectUri): ObjectUri {
  return joinUri(logFolder(root), '_last_checkpoint');
}
