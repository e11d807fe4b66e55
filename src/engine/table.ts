/** Opening a table at a version or a time. */
import { DeltaError } from './errors';
import type { Engine } from './engine';
import { openHistory, versionAt } from './history';
import { readLastCheckpointVersion } from './log/lastCheckpoint';
import { completeCheckpoints, latestVersionOf, listLog, logSegments } from './log/logSegment';
import type { LogFile, Version } from './log/logPath';
import type { CallOptions } from './objectStore';
import type { ObjectUri } from './objectUri';
import { loadSnapshot, type Snapshot } from './snapshot';

/** Which version; a timestamp is in milliseconds since the epoch. */
export type AsOf = { readonly version: Version } | { readonly timestamp: number } | 'latest';

/**
 * Opens a table. Throws `not-a-table`, `version-not-found` or `timestamp-out-of-range` (with the valid range in `details`),
 * `versions-not-contiguous`, `invalid-log`, `corrupt-file`. Tables whose rows we cannot read are opened too: their files are refused
 * when they are asked for.
 */
export async function openSnapshot(
  engine: Engine,
  root: ObjectUri,
  at: AsOf,
  options: CallOptions = {},
): Promise<Snapshot> {
  if (at !== 'latest' && 'timestamp' in at) {
    const history = await openHistory(engine, root, options);
    const version = await versionAt(engine, history, at.timestamp, options);
    return loadSnapshot(engine, logSegments(root, history.files, version), options);
  }
  const version = at === 'latest' ? undefined : at.version;
  if (version !== undefined && (!Number.isSafeInteger(version) || version < 0)) {
    throw new DeltaError(
      'invalid-argument',
      `${version} is not a table version: versions are whole numbers from 0.`,
    );
  }
  const files = await listForVersion(engine, root, version, options);
  return loadSnapshot(engine, logSegments(root, files, version), options);
}

/** The listing from the hinted checkpoint on where that gives the version, else the whole one. */
async function listForVersion(
  engine: Engine,
  root: ObjectUri,
  version: Version | undefined,
  options: CallOptions,
): Promise<readonly LogFile[]> {
  const hint = await readLastCheckpointVersion(engine.store, root, options);
  if (hint !== undefined && hint > 0 && (version === undefined || hint <= version)) {
    const files = await listLog(engine.store, root, { ...options, from: hint });
    const latest = latestVersionOf(files);
    const hasCheckpoint = completeCheckpoints(files).some(
      (checkpoint) => checkpoint.version <= (version ?? Infinity),
    );
    if (hasCheckpoint && latest !== undefined && (version === undefined || version <= latest)) {
      try {
        const segments = logSegments(root, files, version);
        if (segments.length > 0 && (await isReadable(engine, segments, options))) return files;
      } catch {
        // The whole listing may know more, and gives the right error where it does not.
      }
    }
  }
  return listLog(engine.store, root, options);
}

/** A short listing has no earlier checkpoint to fall back to, so its own must have a footer. */
async function isReadable(
  engine: Engine,
  segments: ReturnType<typeof logSegments>,
  options: CallOptions,
): Promise<boolean> {
  for (const file of segments[0]?.checkpoint?.files ?? []) {
    if (file.kind === 'checkpoint-v2' && file.format === 'json') continue;
    try {
      await engine.parquet.metadata(file, options);
    } catch {
      return false;
    }
  }
  return true;
}

/** The newest snapshot: the same object when the log has not grown. */
export async function refreshSnapshot(
  engine: Engine,
  snapshot: Snapshot,
  options: CallOptions = {},
): Promise<Snapshot> {
  const newer = await listLog(engine.store, snapshot.root, { ...options, from: snapshot.version });
  const known = snapshot.segment.listedCommits.at(-1);
  const same = newer.find((file) => file.kind === 'commit' && file.version === snapshot.version);
  const isUnchanged =
    latestVersionOf(newer) === snapshot.version &&
    same?.lastModified === known?.lastModified &&
    same?.size === known?.size;
  return isUnchanged ? snapshot : openSnapshot(engine, snapshot.root, 'latest', options);
}

/** True when the place has a log with a commit or a complete checkpoint. */
export async function isTable(
  engine: Engine,
  root: ObjectUri,
  options: CallOptions = {},
): Promise<boolean> {
  return latestVersionOf(await listLog(engine.store, root, options)) !== undefined;
}
