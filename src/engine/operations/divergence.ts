/**
 * What replacing a table by a clone would lose: commits of its own that the source does not contain. Judged by the newer of the two
 * records, because after a clone in the other direction the source contains the target up to the version that was cloned.
 * Source: delta-semantics.md 4.2 step 5; `command-line.md`, `status` and Known clones.
 */
import type { Engine } from '../engine';
import { openHistory, type Commit, type History } from '../history';
import type { Version } from '../log/logPath';
import type { CallOptions } from '../objectStore';
import type { Snapshot } from '../snapshot';
import type { JsonObject } from '../util/json';
import { effectOfCommit, namesTable, newestClone, type CloneRecord } from './cloneRecords';
import { toAcknowledge, type Finding } from './findings';

export interface Divergence {
  /** The target's newest CLONE from the source. */
  readonly lastSync: CloneRecord | undefined;
  readonly findings: readonly Finding[];
}

const pageSize = 64;
const listedCommits = 100;

export async function findDivergence(
  engine: Engine,
  source: Snapshot,
  target: Snapshot,
  options: CallOptions = {},
): Promise<Divergence> {
  const targetHistory = await openHistory(engine, target.root, options);
  const lastSync = await newestClone(targetHistory, {
    ...options,
    upTo: target.version,
    matches: (record) => namesTable(record, { root: source.root, tableId: source.metadata.id }),
  });
  const reverse = await newestClone(await openHistory(engine, source.root, options), {
    ...options,
    upTo: source.version,
    matches: (record) => namesTable(record, { root: target.root, tableId: target.metadata.id }),
  });
  const contained = reverse?.sourceVersion;
  if (lastSync === undefined && contained === undefined) {
    return { lastSync, findings: [notAClone(source, target)] };
  }
  const isReverseNewer = contained !== undefined && contained > (lastSync?.version ?? -1);
  const base = isReverseNewer ? contained : (lastSync?.version ?? -1);
  const lost = await commitsWithChanges(engine, targetHistory, base, target.version, options);
  if (lost.length === 0) return { lastSync, findings: [] };
  return {
    lastSync,
    findings: [
      isReverseNewer ? wouldBeLost(source, target, base, lost) : localCommits(target, base, lost),
    ],
  };
}

/** Commits after `base`, newest first, with data, metadata or protocol changes. */
export async function commitsWithChanges(
  engine: Engine,
  history: History,
  base: Version,
  last: Version,
  options: CallOptions = {},
): Promise<readonly Commit[]> {
  const changed: Commit[] = [];
  let before = last + 1;
  while (before > base + 1) {
    const page = await history.commits({
      before,
      limit: Math.min(pageSize, before - base - 1),
      signal: options.signal,
    });
    for (const commit of page) {
      if (commit.version <= base) continue;
      const { changesData } = await effectOfCommit(engine, history, commit.version, options);
      if (changesData) changed.push(commit);
    }
    const oldest = page.at(-1)?.version;
    if (oldest === undefined) break;
    before = oldest;
  }
  return changed;
}

function commitDetail(commits: readonly Commit[]): JsonObject {
  return {
    count: commits.length,
    commits: commits.slice(0, listedCommits).map(({ version, timestamp, commitInfo }) => ({
      version,
      timestamp: new Date(timestamp).toISOString(),
      operation: typeof commitInfo?.operation === 'string' ? commitInfo.operation : null,
    })),
  };
}

function words(commits: readonly Commit[]): string {
  const named = commits
    .slice(0, 5)
    .map(({ version, commitInfo }) => {
      const { operation } = commitInfo ?? {};
      return typeof operation === 'string' ? `${version} (${operation})` : String(version);
    })
    .join(', ');
  return commits.length > 5 ? `${named} and ${commits.length - 5} more` : named;
}

function notAClone(source: Snapshot, target: Snapshot): Finding {
  return toAcknowledge('target-is-not-a-clone', {
    subject: target.root,
    detail: { source: source.root, targetVersion: target.version },
    message: `${target.root} was never cloned from ${source.root}, nor the other way round. Its content at version ${target.version} will be replaced; it can be restored until its files are vacuumed.`,
  });
}

function localCommits(target: Snapshot, base: Version, lost: readonly Commit[]): Finding {
  return toAcknowledge('target-has-local-commits', {
    subject: target.root,
    detail: { since: base, ...commitDetail(lost) },
    message: `${target.root} was changed on its own after it was last cloned (version ${base}): versions ${words(lost)}. These changes will be overwritten.`,
  });
}

function wouldBeLost(
  source: Snapshot,
  target: Snapshot,
  base: Version,
  lost: readonly Commit[],
): Finding {
  return toAcknowledge('commits-would-be-lost', {
    subject: target.root,
    detail: { since: base, ...commitDetail(lost) },
    message: `${source.root} was cloned from version ${base} of ${target.root} and does not hold what came after it: versions ${words(lost)}. These changes will be lost.`,
  });
}
