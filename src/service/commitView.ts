/** Commits as rows of DESCRIBE HISTORY. Source: delta-semantics.md 7; writers put any shape there, so nothing is trusted. */
import type { Commit } from '../engine/history';
import { isJsonObject, stringifyJson } from '../engine/util/json';
import type { Json, JsonObject } from '../engine/util/json';
import type { JsonObject as WireObject } from '../protocol/json';
import type { CommitRow } from '../protocol/views';
import { isoTime } from './timestamps';
import { toJson } from './wireErrors';

/** One row; what the commit does not tell, or tells in another shape, is null. */
export function commitRow(commit: Commit): CommitRow {
  const info = commit.commitInfo ?? {};
  return {
    version: commit.version,
    timestamp: isoTime(commit.timestamp),
    userId: textOf(info.userId),
    userName: textOf(info.userName),
    operation: textOf(info.operation),
    operationParameters: textsOf(info.operationParameters),
    job: objectOf(info.job),
    notebook: objectOf(info.notebook),
    clusterId: textOf(info.clusterId),
    readVersion: numberOf(info.readVersion),
    isolationLevel: textOf(info.isolationLevel),
    isBlindAppend: typeof info.isBlindAppend === 'boolean' ? info.isBlindAppend : null,
    operationMetrics: textsOf(info.operationMetrics),
    userMetadata: textOf(info.userMetadata),
    engineInfo: textOf(info.engineInfo),
    isRestorable: commit.isRestorable,
  };
}

/** A text stays itself, numbers and booleans become text, objects and lists their JSON. */
export function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** An exact whole number of a JSON value or of its text; null for anything else. */
export function numberOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> | null {
  if (!isJsonObject(value)) return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const text = textOf(inner);
      return text === null ? [] : [[key, text] as const];
    }),
  );
}

function objectOf(value: Json | undefined): WireObject | null {
  return isJsonObject(value) ? (toJson(value satisfies JsonObject) as WireObject) : null;
}
