/**
 * What a table's own log says of where it was cloned from: its newest CLONE commit. Source: delta-semantics.md 3.1 and 4.1;
 * open-source writers tell source and version, Databricks also `isShallow`, we also `cloneInfo`.
 */
import type { Engine } from '../engine/engine';
import { isDeltaError } from '../engine/errors';
import { openHistory } from '../engine/history';
import type { Commit } from '../engine/history';
import type { CallOptions } from '../engine/objectStore';
import { fileUri, hasScheme, parseObjectUri } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { isJsonObject } from '../engine/util/json';
import { numberOf, textOf } from './commitView';
import { LruCache } from './lruCache';

export interface CloneCommit {
  /** The version of the clone that this commit made. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** As written: a catalog's name, or a path behind the name of its format. */
  readonly source: string;
  /** Where the source is, in the spellings the text may stand for; none for a catalog's name. */
  readonly sourceRoots: readonly ObjectUri[];
  readonly sourceTableId: string | null;
  /** Null where the source has no versions, or they are not told. */
  readonly sourceVersion: number | null;
  /** Null where the commit does not tell. */
  readonly isShallow: boolean | null;
  readonly numCopiedFiles: number | null;
}

/** Reads a CLONE commit; undefined for any other. */
export function cloneCommitOf(commit: Commit): CloneCommit | undefined {
  const info = commit.commitInfo;
  if (info?.operation !== 'CLONE') return undefined;
  const parameters = isJsonObject(info.operationParameters) ? info.operationParameters : {};
  const metrics = isJsonObject(info.operationMetrics) ? info.operationMetrics : {};
  const cloneInfo = isJsonObject(info.cloneInfo) ? info.cloneInfo : {};
  const source = textOf(parameters.source) ?? '';
  const ownRoot = textOf(cloneInfo.sourceRoot);
  const kind = cloneInfo.kind;
  const version = numberOf(parameters.sourceVersion);
  const isShallow = textOf(parameters.isShallow);
  return {
    version: commit.version,
    timestamp: commit.timestamp,
    source,
    sourceRoots:
      ownRoot !== null && hasScheme(ownRoot) ? [parseObjectUri(ownRoot)] : pathsOf(source),
    sourceTableId: textOf(cloneInfo.sourceTableId),
    sourceVersion: version === null || version < 0 ? null : version,
    isShallow:
      isShallow === 'true' || kind === 'shallow'
        ? true
        : isShallow === 'false' || kind === 'deep'
          ? false
          : null,
    numCopiedFiles: numberOf(metrics.numCopiedFiles),
  };
}

/** ``delta.`file:/a b` `` -> the place it names, percent-decoded and, where that differs, taken literally. */
function pathsOf(source: string): readonly ObjectUri[] {
  const quoted = /^(?:\w+\.)?`((?:[^`]|``)+)`$/.exec(source.trim())?.[1]?.replaceAll('``', '`');
  const text = quoted ?? source.trim();
  if (!hasScheme(text)) return text.startsWith('/') ? [fileUri(text)] : [];
  const decoded = parseObjectUri(text);
  const path = /^file:\/*(\/.*)$/i.exec(text)?.[1];
  const literal = !path?.includes('%') ? decoded : fileUri(path);
  return literal === decoded ? [decoded] : [decoded, literal];
}

interface Searched {
  /** All commits up to this version were looked at. */
  readonly upTo: number;
  readonly clone: CloneCommit | undefined;
}

const pageSize = 64;

/** Finds newest CLONE commits and remembers them, so that a second look reads new commits only. */
export class CloneCommits {
  private readonly searched = new LruCache<string, Searched>(4096);

  constructor(private readonly engine: Engine) {}

  /**
   * The newest CLONE commit that the log still holds. `tableId` keeps a table that was made anew at the same place apart.
   * Commits that cannot be read end the search quietly: they are trouble of the history, not of the table.
   */
  async newest(
    root: ObjectUri,
    tableId: string,
    options: CallOptions = {},
  ): Promise<CloneCommit | undefined> {
    const key = `${root}\0${tableId}`;
    const known = this.searched.get(key);
    const history = await openHistory(this.engine, root, options);
    if (known?.upTo === history.latestVersion) return known.clone;
    const floor = known !== undefined && known.upTo < history.latestVersion ? known.upTo : -1;
    let before: number | undefined;
    let clone: CloneCommit | undefined;
    try {
      search: for (;;) {
        const page = await history.commits({
          ...options,
          limit: before === undefined ? 8 : pageSize,
          ...(before === undefined ? {} : { before }),
        });
        for (const commit of page) {
          if (commit.version <= floor) {
            clone = known?.clone;
            break search;
          }
          clone = cloneCommitOf(commit);
          if (clone !== undefined) break search;
        }
        before = page.at(-1)?.version;
        if (before === undefined || !history.hasOlder(before)) break;
      }
    } catch (error) {
      if (!isDeltaError(error, 'invalid-log')) throw error;
      return undefined;
    }
    this.searched.set(key, { upTo: history.latestVersion, clone });
    return clone;
  }
}
