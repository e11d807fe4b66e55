/**
 * What the logs tell about clones: each CLONE commit names its source. A table is recognised by its id where the commit holds it, else by
 * its location. Source: delta-semantics.md 3.1 and 4.2 step 5; `command-line.md`, Known clones.
 */
import type { Engine } from '../engine';
import type { Commit, History } from '../history';
import { readCommit } from '../log/commitReader';
import { commitsOf } from '../log/logSegment';
import type { Version } from '../log/logPath';
import type { CallOptions } from '../objectStore';
import { hasScheme, parseObjectUri, resolvePath, type ObjectUri } from '../objectUri';
import type { Action } from '../actions';
import { isJsonObject, type JsonObject } from '../util/json';

/** A CLONE commit. */
export interface CloneRecord {
  readonly version: Version;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly sourceRoot: ObjectUri | undefined;
  readonly sourceTableId: string | undefined;
  /** -1 for sources that are no Delta tables. */
  readonly sourceVersion: Version | undefined;
  readonly kind: 'shallow' | 'deep' | 'unknown';
}

const pageSize = 64;

/** The CLONE that a `commitInfo` tells of, or undefined. `root` is the table's own. */
export function cloneRecordOf(
  root: ObjectUri,
  commit: Pick<Commit, 'version' | 'timestamp' | 'commitInfo'>,
): CloneRecord | undefined {
  const { commitInfo } = commit;
  if (commitInfo?.operation !== 'CLONE') return undefined;
  const parameters = isJsonObject(commitInfo.operationParameters)
    ? commitInfo.operationParameters
    : {};
  const own = isJsonObject(commitInfo.cloneInfo) ? commitInfo.cloneInfo : {};
  const isShallow = parameters.isShallow;
  const version = Number(own.sourceVersion ?? parameters.sourceVersion ?? NaN);
  return {
    version: commit.version,
    timestamp: commit.timestamp,
    sourceRoot: sourceRootOf(root, own, parameters),
    sourceTableId: typeof own.sourceTableId === 'string' ? own.sourceTableId : undefined,
    sourceVersion: Number.isSafeInteger(version) ? version : undefined,
    kind:
      own.kind === 'shallow' || own.kind === 'deep'
        ? own.kind
        : isShallow === true || isShallow === 'true'
          ? 'shallow'
          : isShallow === false || isShallow === 'false'
            ? 'deep'
            : 'unknown',
  };
}

function sourceRootOf(
  root: ObjectUri,
  own: JsonObject,
  parameters: JsonObject,
): ObjectUri | undefined {
  const { sourceRoot } = own;
  const { source } = parameters;
  const written =
    typeof sourceRoot === 'string'
      ? sourceRoot
      : typeof source === 'string'
        ? /^delta\.`(.*)`$/.exec(source)?.[1]
        : undefined;
  if (written === undefined) return undefined;
  if (hasScheme(written)) return parseObjectUri(written);
  return written.startsWith('/') ? resolvePath(root, written) : undefined;
}

/** The newest CLONE of a table, up to a version, that `matches`; reads commits newest first until it is found. */
export async function newestClone(
  history: History,
  options: CallOptions & {
    readonly upTo?: Version | undefined;
    readonly matches?: (record: CloneRecord) => boolean;
  },
): Promise<CloneRecord | undefined> {
  let before = (options.upTo ?? history.latestVersion) + 1;
  for (;;) {
    const page = await history.commits({ before, limit: pageSize, signal: options.signal });
    for (const commit of page) {
      const record = cloneRecordOf(history.root, commit);
      if (record !== undefined && options.matches?.(record) !== false) return record;
    }
    const oldest = page.at(-1)?.version;
    if (oldest === undefined || !history.hasOlder(oldest)) return undefined;
    before = oldest;
  }
}

/** True when a record names the table as its source, by id where both are known, else by location. */
export function namesTable(
  record: CloneRecord,
  table: { readonly root: ObjectUri; readonly tableId: string },
): boolean {
  if (record.sourceTableId !== undefined) return record.sourceTableId === table.tableId;
  return record.sourceRoot === table.root;
}

/** What a commit did to the state of a table. */
export interface CommitEffect {
  /** Files that hold other rows than before, metadata or protocol: what a replacement of the table would lose. */
  readonly changesData: boolean;
  /** Anything but `commitInfo`: what a plan made before must not pass over. */
  readonly changesState: boolean;
}

/** Reads a commit until its effect is known. */
export async function effectOfCommit(
  engine: Engine,
  history: Pick<History, 'files'>,
  version: Version,
  options: CallOptions = {},
): Promise<CommitEffect> {
  const file = commitsOf(history.files).find((commit) => commit.version === version);
  // A commit that is gone cannot be judged: it counts as one that changed everything.
  if (file === undefined) return { changesData: true, changesState: true };
  let changesState = false;
  for await (const lines of readCommit(engine.store, file, options)) {
    for (const { action } of lines) {
      if (action.kind === 'commitInfo') continue;
      changesState = true;
      if (isDataChange(action)) return { changesData: true, changesState: true };
    }
  }
  return { changesData: false, changesState };
}

function isDataChange(action: Action): boolean {
  switch (action.kind) {
    case 'add':
      return action.add.dataChange;
    case 'remove':
      return action.remove.dataChange;
    case 'metaData':
    case 'protocol':
      return true;
    case 'txn':
    case 'domainMetadata':
    case 'commitInfo':
    case 'other':
      return false;
    default:
      return action satisfies never;
  }
}
