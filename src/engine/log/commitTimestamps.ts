/**
 * When a version was committed. Source: PROTOCOL.md, In-Commit Timestamps; delta-semantics.md 1.6: the commit file's modification
 * time, made strictly increasing, or the in-commit timestamp from its enablement on. `commitInfo.timestamp` is never used.
 */
import type { Metadata, Protocol } from '../actions';
import { DeltaError } from '../errors';
import type { Engine } from '../engine';
import type { CallOptions } from '../objectStore';
import { hasInCommitTimestamps, inCommitTimestampEnablement } from '../properties';
import { protocolFeatures } from '../protocol';
import type { JsonObject } from '../util/json';
import { readCommit } from './commitReader';
import type { LogFile, Version } from './logPath';

/** Modification times in milliseconds, each later than the one before; `commits` ascend. */
export function commitTimestamps(commits: readonly LogFile[]): ReadonlyMap<Version, number> {
  const times = new Map<Version, number>();
  let last = -Infinity;
  for (const { version, lastModified } of commits) {
    last = lastModified <= last ? last + 1 : lastModified;
    times.set(version, last);
  }
  return times;
}

/**
 * The first version whose time is in its commit; undefined where in-commit timestamps are off. Throws `invalid-log` where only
 * one of the two enablement properties is set.
 */
export function firstInCommitVersion(metadata: Metadata, protocol: Protocol): Version | undefined {
  const { configuration } = metadata;
  if (
    !hasInCommitTimestamps(configuration) ||
    !protocolFeatures(protocol).has('inCommitTimestamp')
  ) {
    return undefined;
  }
  const hasVersion = configuration['delta.inCommitTimestampEnablementVersion'] !== undefined;
  const hasTimestamp = configuration['delta.inCommitTimestampEnablementTimestamp'] !== undefined;
  if (hasVersion !== hasTimestamp) {
    throw new DeltaError(
      'invalid-log',
      'Only one of the properties delta.inCommitTimestampEnablementVersion and delta.inCommitTimestampEnablementTimestamp is set.',
    );
  }
  return inCommitTimestampEnablement(configuration)?.version ?? 0;
}

/** `inCommitTimestamp` of a `commitInfo`, or undefined. */
export function inCommitTimestamp(commitInfo: JsonObject | undefined): number | undefined {
  const value = commitInfo?.inCommitTimestamp;
  return typeof value === 'number' ? value : undefined;
}

/** The in-commit timestamp of a version where it counts; its commit is read when `commitInfo` is not at hand. */
export async function inCommitTimestampOf(
  engine: Engine,
  commit: LogFile | undefined,
  state: {
    readonly metadata: Metadata;
    readonly protocol: Protocol;
    readonly version: Version;
    readonly commitInfo: JsonObject | undefined;
  },
  options: CallOptions = {},
): Promise<number | undefined> {
  const first = firstInCommitVersion(state.metadata, state.protocol);
  if (first === undefined || state.version < first) return undefined;
  if (state.commitInfo !== undefined) return inCommitTimestamp(state.commitInfo);
  return commit === undefined
    ? undefined
    : inCommitTimestamp(await readCommitInfo(engine, commit, options));
}

/** The `commitInfo` of a commit wherever it stands in the file, or undefined. */
export async function readCommitInfo(
  engine: Engine,
  commit: LogFile,
  options: CallOptions = {},
): Promise<JsonObject | undefined> {
  for await (const lines of readCommit(engine.store, commit, options)) {
    for (const { action } of lines) if (action.kind === 'commitInfo') return action.commitInfo;
  }
  return undefined;
}
