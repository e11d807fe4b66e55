/**
 * The one way to write a version. A commit is a put-if-absent of the next version's file, and it carries a fresh transaction id: after
 * any failure of the put the version is read back, because a request whose answer was lost may have been done, and a repeated one can
 * lose to itself. Nothing is ever overwritten. Sources: PROTOCOL.md, Delta Log Entries and In-Commit Timestamps; delta-semantics.md 8.1.
 */
import type { Action, Metadata, Protocol } from './actions';
import { commitBody } from './commitBody';
import type { Engine } from './engine';
import { DeltaError, isDeltaError, isStoreError, StoreError } from './errors';
import { commitUri, type Version } from './log/logPath';
import type { CallOptions } from './objectStore';
import type { ObjectUri } from './objectUri';
import { hasInCommitTimestamps } from './properties';
import { protocolFeatures, requireWrite } from './protocol';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from './util/json';

/** What `commitInfo` tells about an operation. */
export interface OperationInfo {
  /** As DESCRIBE HISTORY shows it: `WRITE`, `CLONE`, `RESTORE`. */
  readonly operation: string;
  /** Raw JSON values. */
  readonly operationParameters: JsonObject;
  /** Texts of digits. */
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly isBlindAppend: boolean;
  /** `Serializable` when absent. */
  readonly isolationLevel?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** More top-level fields of `commitInfo`, which readers must ignore. */
  readonly extra?: JsonObject;
}

/** One version to be written. */
export interface CommitIntent {
  readonly root: ObjectUri;
  /** The version that was read; the next one is written. `new-table` writes version 0. */
  readonly readVersion: Version | 'new-table';
  readonly info: OperationInfo;
  /** Protocol and metadata as they are after the commit, whether the actions hold them or not. */
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  /** In the order of the lines, without `commitInfo`. Read once. */
  readonly actions: AsyncIterable<Action> | Iterable<Action>;
  /** Milliseconds; {@link nextCommitTimestamp} of the version that was read. The clock's time when absent. */
  readonly timestamp?: number;
}

export type CommitResult =
  | {
      readonly status: 'committed';
      readonly version: Version;
      /** Milliseconds; also the in-commit timestamp where the table has them. */
      readonly timestamp: number;
      readonly txnId: string;
    }
  | {
      /** Another writer wrote the version first; nothing of ours is there. */
      readonly status: 'conflicted';
      readonly version: Version;
      /** Of the winner, where its first line tells it. */
      readonly winner: JsonObject | undefined;
    };

/** What of a snapshot decides the timestamp of the commit after it. */
export interface TimestampBase {
  /** Milliseconds; the in-commit timestamp where the table has them. */
  readonly timestamp: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
}

/** True where commits of the table carry in-commit timestamps: the feature is in force and switched on. */
export function usesInCommitTimestamps(
  table: Pick<TimestampBase, 'protocol' | 'metadata'>,
): boolean {
  return (
    protocolFeatures(table.protocol).has('inCommitTimestamp') &&
    hasInCommitTimestamps(table.metadata.configuration)
  );
}

/** `max(now, previous + 1)` after a version with an in-commit timestamp, else now. */
export function nextCommitTimestamp(engine: Engine, previous: TimestampBase | undefined): number {
  const now = engine.clock.now();
  return previous !== undefined && usesInCommitTimestamps(previous)
    ? Math.max(now, previous.timestamp + 1)
    : now;
}

/**
 * The finding of a store whose create is not atomic, in the shape of `command-line.md`.
 */
function unsafeStoreFinding(root: ObjectUri): JsonObject {
  return {
    code: 'unsafe-store',
    severity: 'blocker',
    needsAcknowledgement: false,
    subject: root,
    detail: { createIfAbsent: 'unsafe' },
  };
}

/**
 * Writes one version, whole or not at all. Throws `refused` (`unsafe-store`) and `unsupported-write` before anything is written, and the
 * error of the put where the version is certainly not ours. Where that cannot be found out, the StoreError says so.
 */
export async function commit(
  engine: Engine,
  intent: CommitIntent,
  options: CallOptions = {},
): Promise<CommitResult> {
  const { root } = intent;
  const version = intent.readVersion === 'new-table' ? 0 : intent.readVersion + 1;
  requireWrite({ root, version, protocol: intent.protocol });
  const uri = commitUri(root, version);
  if (engine.store.capabilities(uri).createIfAbsent === 'unsafe') throw refuseUnsafe(root);
  const timestamp = intent.timestamp ?? engine.clock.now();
  const txnId = engine.ids.uuid();
  const commitInfo = commitInfoOf(engine, intent, timestamp, txnId);
  const body = await commitBody(withCommitInfo(commitInfo, intent.actions), options);
  const committed: CommitResult = { status: 'committed', version, timestamp, txnId };
  try {
    await engine.store.put(uri, body, { mode: 'create', signal: options.signal });
    return committed;
  } catch (error) {
    const found = await readBack(engine, uri, error, version);
    if (found.txnId === txnId) return committed;
    if (found.exists) return { status: 'conflicted', version, winner: found.commitInfo };
    if (engine.store.capabilities(uri).createIfAbsent === 'unsafe') throw refuseUnsafe(root, error);
    throw error;
  }
}

function commitInfoOf(
  engine: Engine,
  intent: CommitIntent,
  timestamp: number,
  txnId: string,
): JsonObject {
  const { info } = intent;
  return {
    ...(usesInCommitTimestamps(intent) ? { inCommitTimestamp: timestamp } : {}),
    timestamp,
    operation: info.operation,
    operationParameters: info.operationParameters,
    readVersion: intent.readVersion === 'new-table' ? -1 : intent.readVersion,
    isolationLevel: info.isolationLevel ?? 'Serializable',
    isBlindAppend: info.isBlindAppend,
    ...(info.operationMetrics === undefined ? {} : { operationMetrics: info.operationMetrics }),
    ...(info.tags === undefined ? {} : { tags: info.tags }),
    engineInfo: engine.engineInfo,
    txnId,
    ...info.extra,
  };
}

async function* withCommitInfo(
  commitInfo: JsonObject,
  actions: AsyncIterable<Action> | Iterable<Action>,
): AsyncGenerator<Action, void, undefined> {
  yield { kind: 'commitInfo', commitInfo };
  yield* actions;
}

interface ReadBack {
  readonly exists: boolean;
  readonly txnId?: unknown;
  readonly commitInfo?: JsonObject | undefined;
}

/** Looks at what stands at a version after a failed put. Not cancellable: the answer decides what the caller is told. */
async function readBack(
  engine: Engine,
  uri: ObjectUri,
  failure: unknown,
  version: Version,
): Promise<ReadBack> {
  let line: string;
  try {
    line = await readFirstLine(engine, uri);
  } catch (error) {
    if (isStoreError(error, 'not-found')) return { exists: false };
    throw doubtful(uri, version, failure, error);
  }
  let commitInfo: JsonObject | undefined;
  try {
    const json = parseJson(line);
    const value = isJsonObject(json) ? json.commitInfo : undefined;
    commitInfo = isJsonObject(value) ? value : undefined;
  } catch {
    // The first line of another writer may be anything; it is not ours.
  }
  return { exists: true, txnId: commitInfo?.txnId, commitInfo };
}

/** Our commits begin with `commitInfo`, so the first line is enough. */
async function readFirstLine(engine: Engine, uri: ObjectUri): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: false });
  let text = '';
  for await (const chunk of engine.store.readStream(uri)) {
    const end = chunk.indexOf(0x0a);
    text += decoder.decode(end < 0 ? chunk : chunk.subarray(0, end), { stream: end < 0 });
    if (end >= 0) break;
  }
  return text;
}

function doubtful(uri: ObjectUri, version: Version, failure: unknown, cause: unknown): Error {
  if (!isStoreError(failure) && !isStoreError(cause) && !isDeltaError(failure)) {
    return failure instanceof Error ? failure : new Error(String(failure));
  }
  const code = isStoreError(failure)
    ? failure.code
    : isStoreError(cause)
      ? cause.code
      : 'unreachable';
  const message = failure instanceof Error ? failure.message : String(failure);
  return new StoreError(
    code,
    `Writing version ${version} ended in doubt: ${message} The version could not be read back either, so it is not known whether it was written. Look at the table's history before trying again.`,
    uri,
    { cause },
  );
}

/** The refusal of a store whose create is not atomic: `refused` with the finding `unsafe-store`. */
export function refuseUnsafe(root: ObjectUri, cause?: unknown): DeltaError {
  return new DeltaError(
    'refused',
    `The table ${root} lies on a store where a new version cannot be protected from another writer, so nothing was written. Choose a location whose store can create a file only if it is absent.`,
    { details: { location: root, findings: [unsafeStoreFinding(root)] }, cause },
  );
}

/** The same text for a metric as other engines write it. */
export function metricTexts(
  metrics: Readonly<Record<string, number>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, stringifyJson(value)]),
  );
}
