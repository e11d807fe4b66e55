/**
 * Which files of the log make up a version: one complete checkpoint and the commits right after it.
 * Source: PROTOCOL.md, Delta Log Entries, Checkpoints; delta-semantics.md 1.3.
 */
import { DeltaError } from '../errors';
import type { CallOptions, ObjectStore } from '../objectStore';
import { joinUri, type ObjectUri } from '../objectUri';
import { logFolder, parseLogFile, versionDigits, type LogFile, type Version } from './logPath';

/** All files of one checkpoint; a multi-part one is here only when every part is. */
export interface CompleteCheckpoint {
  readonly version: Version;
  readonly kind: 'classic' | 'multi-part' | 'v2';
  readonly files: readonly LogFile[];
}

/**
 * The files of one version. Invariants: `commits` are contiguous, ascending, begin right after the checkpoint (at 0 without
 * one) and end at `endVersion`, or are empty when the checkpoint is that version.
 */
export interface LogSegment {
  readonly root: ObjectUri;
  readonly endVersion: Version;
  readonly checkpoint: CompleteCheckpoint | undefined;
  readonly commits: readonly LogFile[];
  /** Every commit that the listing saw up to `endVersion`, also those below the checkpoint: their times anchor later ones. */
  readonly listedCommits: readonly LogFile[];
}

/** The typed files of `_delta_log`, by name; `from` leaves out lower versions. */
export async function listLog(
  store: ObjectStore,
  root: ObjectUri,
  options: CallOptions & { readonly from?: Version } = {},
): Promise<readonly LogFile[]> {
  const folder = logFolder(root);
  const files: LogFile[] = [];
  const startAfter =
    options.from === undefined || options.from === 0
      ? undefined
      : joinUri(folder, `${versionDigits(options.from - 1)}.~`);
  const listing = store.list(folder, {
    recursive: false,
    signal: options.signal,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  for await (const meta of listing) {
    const file = parseLogFile(meta);
    if (file !== undefined) files.push(file);
  }
  return files;
}

/** Complete checkpoints, best first: the highest version, then V2 by name, then more parts, then classic. */
export function completeCheckpoints(files: readonly LogFile[]): readonly CompleteCheckpoint[] {
  const found: CompleteCheckpoint[] = [];
  const parts = new Map<string, LogFile[]>();
  for (const file of files) {
    if (file.size === 0) continue; // a writer that died: nothing can be read from it
    switch (file.kind) {
      case 'checkpoint':
        found.push({ version: file.version, kind: 'classic', files: [file] });
        break;
      case 'checkpoint-v2':
        found.push({ version: file.version, kind: 'v2', files: [file] });
        break;
      case 'checkpoint-part': {
        const key = `${file.version}/${file.of}`;
        const group = parts.get(key) ?? [];
        if (!group.some((other) => other.kind === 'checkpoint-part' && other.part === file.part))
          group.push(file);
        parts.set(key, group);
        if (group.length === file.of) {
          found.push({ version: file.version, kind: 'multi-part', files: group });
        }
        break;
      }
      case 'commit':
      case 'compacted':
      case 'crc':
        break;
      default:
        file satisfies never;
    }
  }
  return found.sort(compareCheckpoints);
}

const kindRank = { classic: 0, 'multi-part': 1, v2: 2 } as const;

function compareCheckpoints(a: CompleteCheckpoint, b: CompleteCheckpoint): number {
  if (a.version !== b.version) return b.version - a.version;
  if (a.kind !== b.kind) return kindRank[b.kind] - kindRank[a.kind];
  if (a.files.length !== b.files.length) return b.files.length - a.files.length;
  return (a.files[0]?.uri ?? '') < (b.files[0]?.uri ?? '') ? 1 : -1;
}

/** The commits of a listing, ascending. */
export function commitsOf(files: readonly LogFile[]): readonly LogFile[] {
  return files.filter((file) => file.kind === 'commit').sort((a, b) => a.version - b.version);
}

/** The newest version that a listing knows of, or undefined for an empty log. */
export function latestVersionOf(files: readonly LogFile[]): Version | undefined {
  let latest: Version | undefined;
  for (const { version } of [...commitsOf(files), ...completeCheckpoints(files)]) {
    if (latest === undefined || version > latest) latest = version;
  }
  return latest;
}

/**
 * The oldest version that can be rebuilt: 0 with its commit, else the oldest complete checkpoint. Undefined for a log without
 * either.
 */
export function earliestRestorable(files: readonly LogFile[]): Version | undefined {
  if (files.some((file) => file.kind === 'commit' && file.version === 0)) return 0;
  return completeCheckpoints(files).at(-1)?.version;
}

/**
 * The segments that may give a version, best first: one for each complete checkpoint at or below it, then the one of commits
 * alone. The later ones are for a checkpoint that turns out to be unreadable.
 * Throws `version-not-found` and, where a commit is missing in every segment, `versions-not-contiguous`.
 */
export function logSegments(
  root: ObjectUri,
  files: readonly LogFile[],
  version: Version | undefined,
): readonly LogSegment[] {
  const latest = latestVersionOf(files);
  if (latest === undefined) throw notATable(root);
  const endVersion = version ?? latest;
  const commits = commitsOf(files);
  if (endVersion > latest || endVersion < 0) throw versionNotFound(root, endVersion, files);
  const listedCommits = commits.filter((commit) => commit.version <= endVersion);
  const candidates: (CompleteCheckpoint | undefined)[] = [
    ...completeCheckpoints(files).filter((checkpoint) => checkpoint.version <= endVersion),
    undefined,
  ];
  const segments: LogSegment[] = [];
  let missing: Version | undefined;
  for (const checkpoint of candidates) {
    const first = checkpoint === undefined ? 0 : checkpoint.version + 1;
    const wanted = listedCommits.filter((commit) => commit.version >= first);
    const gap = firstGap(wanted, first, endVersion);
    if (gap === undefined) {
      segments.push({ root, endVersion, checkpoint, commits: wanted, listedCommits });
    } else {
      missing ??= gap;
    }
  }
  if (segments.length > 0) return segments;
  const oldest = earliestRestorable(files);
  if (oldest === undefined || endVersion < oldest) {
    if (version === undefined || oldest === undefined) throw notContiguous(root, missing ?? 0);
    throw versionNotFound(root, endVersion, files);
  }
  throw notContiguous(root, missing ?? 0);
}

/** A place without a log. */
export function notATable(root: ObjectUri): DeltaError {
  return new DeltaError(
    'not-a-table',
    `${root} is not a Delta table: there is no _delta_log folder with a commit or a checkpoint in it.`,
    { details: { location: root } },
  );
}

function firstGap(commits: readonly LogFile[], first: Version, end: Version): Version | undefined {
  let expected = first;
  for (const { version } of commits) {
    if (version !== expected) return expected;
    expected++;
  }
  return expected > end ? undefined : expected;
}

function notContiguous(root: ObjectUri, missing: Version): DeltaError {
  return new DeltaError(
    'versions-not-contiguous',
    `The log of ${root} is broken: commit ${missing} is missing, and no checkpoint makes up for it. Restore the file ${versionDigits(missing)}.json from a backup, or clone an older version.`,
    { details: { location: root, missingVersion: missing } },
  );
}

function versionNotFound(root: ObjectUri, version: Version, files: readonly LogFile[]): DeltaError {
  const latest = latestVersionOf(files) ?? null;
  const earliest = earliestRestorable(files) ?? null;
  return new DeltaError(
    'version-not-found',
    `Version ${version} of ${root} cannot be read: versions ${earliest ?? '?'} to ${latest ?? '?'} are there.`,
    { details: { location: root, version, earliest, latest } },
  );
}
