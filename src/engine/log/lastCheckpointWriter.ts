/** Writes `_last_checkpoint`. Source: PROTOCOL.md, Last Checkpoint File and its checksum. */
import type { Engine } from '../engine';
import type { CallOptions } from '../objectStore';
import type { ObjectUri } from '../objectUri';
import { isJsonObject, stringifyJson, type Json, type JsonObject } from '../util/json';
import { md5Hex } from '../util/md5';
import { readLastCheckpointVersion } from './lastCheckpoint';
import { lastCheckpointUri, type Version } from './logPath';

const encoder = new TextEncoder();

export interface CheckpointHint {
  readonly version: Version;
  /** Rows of the checkpoint. */
  readonly size: number;
  readonly sizeInBytes: number;
  readonly numOfAddFiles: number;
}

/** Points the hint at a checkpoint, unless it points at a newer one already. Version 0 is a version like any other. */
export async function writeLastCheckpoint(
  engine: Engine,
  root: ObjectUri,
  hint: CheckpointHint,
  options: CallOptions = {},
): Promise<void> {
  const current = await readLastCheckpointVersion(engine.store, root, options);
  if (current !== undefined && current > hint.version) return;
  const fields: JsonObject = {
    version: hint.version,
    size: hint.size,
    sizeInBytes: hint.sizeInBytes,
    numOfAddFiles: hint.numOfAddFiles,
  };
  const text = stringifyJson({ ...fields, checksum: checkpointHintChecksum(fields) });
  await engine.store.put(lastCheckpointUri(root), encoder.encode(text), {
    mode: 'overwrite',
    signal: options.signal,
  });
}

/** MD5 of the canonical form: sorted `path=value` pairs of all leaves but the checksum itself. */
export function checkpointHintChecksum(hint: JsonObject): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(hint)) {
    if (key !== 'checksum') collectLeaves(quoted(key), value, pairs);
  }
  // The pairs are ASCII, so the order of their code units is that of their bytes.
  return md5Hex(encoder.encode(pairs.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(',')));
}

function collectLeaves(path: string, value: Json, pairs: string[]): void {
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly Json[]).entries())
      collectLeaves(`${path}+${i}`, item, pairs);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value))
      collectLeaves(`${path}+${quoted(key)}`, item, pairs);
  } else {
    pairs.push(`${path}=${typeof value === 'string' ? quoted(value) : stringifyJson(value)}`);
  }
}

function quoted(text: string): string {
  let out = '';
  for (const byte of encoder.encode(text)) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-._~]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `"${out}"`;
}
