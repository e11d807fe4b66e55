/**
 * The commits a history page holds, by version. The log is numbered, so any stretch of it can be asked for at once: a jump
 * into the middle loads the middle only. How many commits there are is an upper bound until the oldest one was seen.
 */
import type { CommitRow, HistoryPage, HistoryQuery } from '../../src/protocol/views';

export type CommitSlot =
  | { readonly kind: 'loaded'; readonly commit: CommitRow }
  /** The log has no commit of this version any more. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

export class CommitStore {
  private readonly commits = new Map<number, CommitRow>();
  private readonly absent = new Set<number>();
  private oldest: number | null = null;
  private sorted: readonly CommitRow[] | null = null;

  /**
   * @param latestVersion the newest version when the table was read
   * @param pageSize commits asked for at a time
   */
  constructor(
    readonly latestVersion: number,
    private readonly pageSize: number,
  ) {}

  /** Rows of the table, newest first: all commits that there may be. */
  get rowCount(): number {
    return this.latestVersion - (this.oldest ?? 0) + 1;
  }

  /** True when `rowCount` is the number of commits and not only a bound. */
  get isOldestKnown(): boolean {
    return this.oldest !== null;
  }

  get loadedCount(): number {
    return this.commits.size;
  }

  get isComplete(): boolean {
    return this.isOldestKnown && this.commits.size + this.absent.size === this.rowCount;
  }

  /** True when the loaded commits are the newest ones without a hole. */
  get isNewestContiguous(): boolean {
    for (let seen = 0, version = this.latestVersion; seen < this.commits.size; version -= 1) {
      if (this.commits.has(version)) seen += 1;
      else if (!this.absent.has(version)) return false;
    }
    return true;
  }

  versionAt(index: number): number {
    return this.latestVersion - index;
  }

  indexOf(version: number): number {
    return this.latestVersion - version;
  }

  slot(version: number): CommitSlot {
    const commit = this.commits.get(version);
    if (commit !== undefined) return { kind: 'loaded', commit };
    return { kind: this.absent.has(version) ? 'absent' : 'unknown' };
  }

  /** Newest first. */
  loaded(): readonly CommitRow[] {
    this.sorted ??= [...this.commits.values()].sort((a, b) => b.version - a.version);
    return this.sorted;
  }

  /** Adds the answer to a question. */
  add(query: HistoryQuery, page: HistoryPage): void {
    this.sorted = null;
    const top = Math.min(query.before ?? Infinity, this.latestVersion + 1) - 1;
    for (const commit of page.rows) this.commits.set(commit.version, commit);
    const lowest = page.rows.at(-1)?.version;
    if (page.isEnd) this.oldest = lowest ?? top + 1;
    else if (lowest === undefined) return;
    for (let version = top; version > (lowest ?? top); version -= 1) {
      if (!this.commits.has(version)) this.absent.add(version);
    }
  }

  /**
   * The question whose answer holds the newest unknown version of a stretch, null when all are known. Pages are aligned to
   * multiples of their size, so that jumps do not leave slivers between them.
   */
  queryFor(newest: number, oldest: number): HistoryQuery | null {
    for (
      let version = Math.min(newest, this.latestVersion);
      version >= Math.max(oldest, this.oldest ?? 0);
      version -= 1
    ) {
      if (this.slot(version).kind !== 'unknown') continue;
      return this.pageAround(version, this.pageSize);
    }
    return null;
  }

  /** The question for the newest stretch that is not loaded; null when everything is. */
  nextQuery(limit: number): HistoryQuery | null {
    for (let version = this.latestVersion; version >= (this.oldest ?? 0); version -= 1) {
      if (this.slot(version).kind === 'unknown') return { before: version + 1, limit };
    }
    return null;
  }

  /** The same commits under a newer latest version: what is known of older versions stays true. */
  grownTo(latestVersion: number): CommitStore {
    const grown = new CommitStore(latestVersion, this.pageSize);
    for (const [version, commit] of this.commits) grown.commits.set(version, commit);
    for (const version of this.absent) grown.absent.add(version);
    grown.oldest = this.oldest;
    return grown;
  }

  private pageAround(version: number, size: number): HistoryQuery {
    const bottom = Math.floor(version / size) * size;
    let top = Math.min(bottom + size - 1, this.latestVersion);
    while (top > version && this.slot(top).kind !== 'unknown') top -= 1;
    return { before: top + 1, limit: top - bottom + 1 };
  }
}
