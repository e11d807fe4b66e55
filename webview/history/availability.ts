/** What can be done with a commit, and if not, why: the reason is shown, never only a grey button. */
import type { HistoryPageStart } from '../../src/protocol/historyPage';
import type { CommitRow } from '../../src/protocol/views';

export interface Availability {
  /** Null: it can be done. */
  readonly restore: string | null;
  readonly clone: string | null;
}

/** Why an old version can be read about but not rebuilt. */
export const logOnlyReason =
  'Log only: commits or checkpoints needed to rebuild this version are gone from the log, so only its entry can be read.';

/** Why a version whose log is whole can still not be brought back. */
export const filesMissingReason =
  'Files missing: data files or deletion vectors of this version are gone from storage, most likely by VACUUM.';

/** Whether a commit's version can be restored or cloned. */
export function availabilityOf(
  commit: CommitRow,
  start: Pick<HistoryPageStart, 'canWrite' | 'isTrusted'>,
  latestVersion: number,
): Availability {
  const noWrite = noWriteReason(start);
  if (noWrite !== null) return { restore: noWrite, clone: noWrite };
  if (!commit.isRestorable || commit.readable === 'log-only')
    return { restore: logOnlyReason, clone: logOnlyReason };
  if (commit.readable === 'files-missing') {
    return { restore: filesMissingReason, clone: filesMissingReason };
  }
  const isLatest = commit.version >= latestVersion;
  return {
    restore: isLatest ? `Version ${String(commit.version)} is the table as it is now.` : null,
    clone: null,
  };
}

/** Why nothing at all may be written; null when it may. */
export function noWriteReason(
  start: Pick<HistoryPageStart, 'canWrite' | 'isTrusted'>,
): string | null {
  if (start.canWrite) return null;
  return start.isTrusted
    ? 'Restore and clone are switched off: the state of this table cannot be read here, only its history.'
    : 'This workspace is in Restricted Mode: tables can be read, not written. Trust the workspace to restore or clone.';
}
