/**
 * The commits of a table, newest first, and versions by time. Source: delta-semantics.md 1.6 and 7. Only commit files count:
 * checkpoints hold no `commitInfo`. Commits that were cleaned up are absent.
 */
import { DeltaError, isStoreError } from './errors';
import type { Engine } from './engine';
import {
  commitTimestamps,
  firstInCommitVersion,
  inCommitTimestamp,
  readCommitInfo,
} from './log/commitTimestamps';
import {
  commitsOf,
  earliestRestorable,
  latestVersionOf,
  listLog,
  logSegments,
  notATable,
} from './log/logSegment';
import type { LogFile, Version } from './log/logPath';
import type { CallOptions } from './objectStore';
import type { ObjectUri } from './objectUri';
import { loadSnapshot } from './snapshot';
import { mapConcurrent, memoise } from './util/async';
import type { JsonObject } from './util/json';

export interface Commit {
  readonly version: Version;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly commitInfo: JsonObject | undefined;
  /** False for a version that is older than the oldest one that can be rebuilt. */
  readonly isRestorable: boolean;
}

/** The log's commits as one listing saw them. */
export interface History {
  readonly root: ObjectUri;
  readonly files: readonly LogFile[];
  readonly latestVersion: Version;
  /** The oldest version whose state can be rebuilt; undefined where none can. */
  readonly earliestRestorable: Version | undefined;
  /** Newest first: at most `limit` commits below `before`, each read on its own. */
  commits(
    options: CallOptions & { readonly before?: Version; readonly limit: number },
  ): Promise<readonly Commit[]>;
  /** True when a commit older than `version` is there. */
  hasOlder(version: Version): boolean;
}

/** Lists the log; commits are read when they are asked for. Throws `not-a-table`. */
export async function openHistory(
  engine: Engine,
  root: ObjectUri,
  options: CallOptions = {},
): Promise<History> {
  const files = await listLog(engine.store, root, options);
  const latestVersion = latestVersionOf(files);
  if (latestVersion === undefined) throw notATable(root);
  const commits = commitsOf(files);
  const times = commitTimestamps(commits);
  const earliest = earliestRestorable(files);
  const firstInCommit = memoise(() => firstInCommitVersionOf(engine, root, files));
  return {
    root,
    files,
    latestVersion,
    earliestRestorable: earliest,
    hasOlder: (version) => (commits[0]?.version ?? Infinity) < version,
    commits: async ({ before = Infinity, limit, signal }) => {
      const wanted = commits
        .filter((commit) => commit.version < before)
        .slice(-limit)
        .reverse();
      const first = await firstInCommit();
      const page: Commit[] = [];
      for await (const commit of mapConcurrent(wanted, 16, (file) =>
        readOne(engine, file, signal),
      )) {
        if (commit === undefined) continue;
        const { version, commitInfo } = commit;
        const inCommit =
          first !== undefined && version >= first ? inCommitTimestamp(commitInfo) : undefined;
        page.push({
          version,
          timestamp: inCommit ?? times.get(version) ?? 0,
          commitInfo,
          isRestorable: earliest !== undefined && version >= earliest,
        });
      }
      return page;
    },
  };
}

/** A commit that log cleanup takes away while we list is left out, as engines do. */
async function readOne(
  engine: Engine,
  file: LogFile,
  signal: AbortSignal | undefined,
): Promise<{ readonly version: Version; readonly commitInfo: JsonObject | undefined } | undefined> {
  try {
    return { version: file.version, commitInfo: await readCommitInfo(engine, file, { signal }) };
  } catch (error) {
    if (isStoreError(error, 'not-found')) return undefined;
    throw error;
  }
}

/** Where in-commit timestamps begin, from the newest state; undefined also where that cannot be read. */
async function firstInCommitVersionOf(
  engine: Engine,
  root: ObjectUri,
  files: readonly LogFile[],
): Promise<Version | undefined> {
  try {
    const { metadata, protocol } = await loadSnapshot(engine, logSegments(root, files, undefined));
    return firstInCommitVersion(metadata, protocol);
  } catch {
    return undefined;
  }
}

/**
 * The newest version that was committed at or before a time (milliseconds). Throws `timestamp-out-of-range` naming the valid
 * range; `canReturnLast` gives the latest version for a later time instead.
 */
export async function versionAt(
  engine: Engine,
  history: History,
  timestamp: number,
  options: CallOptions & { readonly canReturnLast?: boolean } = {},
): Promise<Version> {
  const earliest = history.earliestRestorable;
  const commits = commitsOf(history.files).filter((commit) => commit.version >= (earliest ?? 0));
  const times = await timesOf(engine, history, commits, timestamp, options);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || earliest === undefined) {
    throw new DeltaError('version-not-found', `No version of ${history.root} can be rebuilt.`, {
      details: { location: history.root },
    });
  }
  if (
    timestamp < first.timestamp ||
    (timestamp > last.timestamp && options.canReturnLast !== true)
  ) {
    const range = `${iso(first.timestamp)} (version ${first.version}) to ${iso(last.timestamp)} (version ${last.version})`;
    throw new DeltaError(
      'timestamp-out-of-range',
      `${iso(timestamp)} is ${timestamp < first.timestamp ? 'before the first' : 'after the last'} version of ${history.root} that can be read. Valid: ${range}, in UTC.`,
      {
        details: {
          location: history.root,
          timestamp: iso(timestamp),
          earliest: iso(first.timestamp),
          latest: iso(last.timestamp),
          earliestVersion: first.version,
          latestVersion: last.version,
        },
      },
    );
  }
  let found = first;
  for (const commit of times) if (commit.timestamp <= timestamp) found = commit;
  return found.version;
}

interface TimedVersion {
  readonly version: Version;
  readonly timestamp: number;
}

/** Times of the commits, ascending. In-commit timestamps are read from the files, so only where they count. */
async function timesOf(
  engine: Engine,
  history: History,
  commits: readonly LogFile[],
  timestamp: number,
  options: CallOptions,
): Promise<readonly TimedVersion[]> {
  const fileTimes = commitTimestamps(commitsOf(history.files));
  const byFile = commits.map(({ version }) => ({
    version,
    timestamp: fileTimes.get(version) ?? 0,
  }));
  const firstInCommit = await firstInCommitVersionOf(engine, history.root, history.files);
  if (firstInCommit === undefined) return byFile;
  const before = byFile.filter((commit) => commit.version < firstInCommit);
  const inCommit = commits.filter((commit) => commit.version >= firstInCommit);
  const bounds = await inCommitBounds(engine, inCommit, timestamp, options);
  return [...before, ...bounds];
}

/**
 * In-commit timestamps increase, so a binary search reads a few commits only: the first, the last, and those around the time.
 */
async function inCommitBounds(
  engine: Engine,
  commits: readonly LogFile[],
  timestamp: number,
  options: CallOptions,
): Promise<readonly TimedVersion[]> {
  const known = new Map<number, number>();
  const timeAt = async (index: number): Promise<number> => {
    let time = known.get(index);
    const commit = commits[index];
    if (time === undefined && commit !== undefined) {
      time =
        inCommitTimestamp(await readCommitInfo(engine, commit, options)) ?? commit.lastModified;
      known.set(index, time);
    }
    return time ?? 0;
  };
  if (commits.length === 0) return [];
  let low = 0;
  let high = commits.length - 1;
  await timeAt(low);
  await timeAt(high);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await timeAt(middle)) <= timestamp) low = middle;
    else high = middle - 1;
  }
  return [...known.entries()]
    .sort(([a], [b]) => a - b)
    .map(([index, time]) => ({ version: commits[index]?.version ?? 0, timestamp: time }));
}

function iso(timestamp: number): string {
  return Number.isFinite(timestamp) && Math.abs(timestamp) < 8.64e15
    ? new Date(timestamp).toISOString()
    : String(timestamp);
}
