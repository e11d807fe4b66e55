/** Which of the loaded commits a person wants to see, and the honest words on how much was looked through. */
import type { CommitRow } from '../../src/protocol/views';
import { formatCount, plural } from '../shared/format';
import { operationInWords, operationName } from './operationWords';

export interface Filters {
  readonly text: string;
  /** The operation's own name; empty: all. */
  readonly operation: string;
  /** {@link userKey}; empty: all. */
  readonly user: string;
}

export const noFilters: Filters = { text: '', operation: '', user: '' };

export function isFiltering(filters: Filters): boolean {
  return filters.text.trim() !== '' || filters.operation !== '' || filters.user !== '';
}

/** Stands for commits that name no operation, or no user. */
export const notRecorded = '\u0000';

/** What a commit counts as in the list of users: the name, else the id. */
export function userKey(commit: CommitRow): string {
  return commit.userName ?? commit.userId ?? notRecorded;
}

/** Every word of the text must occur somewhere in the commit, in any case. */
export function matches(commit: CommitRow, filters: Filters): boolean {
  if (filters.operation !== '' && (commit.operation ?? notRecorded) !== filters.operation)
    return false;
  if (filters.user !== '' && userKey(commit) !== filters.user) return false;
  const words = filters.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = searchText(commit);
  return words.every((word) => text.includes(word));
}

export interface CountedChoice {
  readonly value: string;
  readonly label: string;
}

/** The operations of the loaded commits, commonest first, with how many there are of each. */
export function operationChoices(commits: readonly CommitRow[]): readonly CountedChoice[] {
  return choices(
    commits,
    (commit) => commit.operation ?? notRecorded,
    (value) => operationName(value === notRecorded ? null : value),
  );
}

/** The users of the loaded commits, commonest first. */
export function userChoices(commits: readonly CommitRow[]): readonly CountedChoice[] {
  return choices(commits, userKey, (value) => (value === notRecorded ? '(not recorded)' : value));
}

export interface LoadedExtent {
  readonly loaded: number;
  /** All commits, or an upper bound while `isTotalKnown` is false. */
  readonly total: number;
  readonly isTotalKnown: boolean;
  readonly isComplete: boolean;
  readonly isNewestContiguous: boolean;
}

/** `12 of 500 loaded commits` and what that leaves out. */
export function extentInWords(shown: number, isFiltered: boolean, extent: LoadedExtent): string {
  const all = `${extent.isTotalKnown ? '' : 'up to '}${plural(extent.total, 'commit')}`;
  if (!isFiltered) {
    return extent.isComplete
      ? plural(extent.loaded, 'commit')
      : `${formatCount(extent.loaded)} of ${all} loaded`;
  }
  const found = `${formatCount(shown)} of ${plural(extent.loaded, 'loaded commit')}`;
  if (extent.isComplete) return `${formatCount(shown)} of ${plural(extent.loaded, 'commit')}`;
  const which = extent.isNewestContiguous
    ? `the newest ${formatCount(extent.loaded)}`
    : `the ${formatCount(extent.loaded)} loaded`;
  return `${found}. Filtering ${which} of ${all}`;
}

function choices(
  commits: readonly CommitRow[],
  keyOf: (commit: CommitRow) => string,
  nameOf: (value: string) => string,
): readonly CountedChoice[] {
  const counts = new Map<string, number>();
  for (const commit of commits) {
    const key = keyOf(commit);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([nameA, a], [nameB, b]) => b - a || nameA.localeCompare(nameB))
    .map(([value, count]) => ({ value, label: `${nameOf(value)} (${formatCount(count)})` }));
}

const searchTexts = new WeakMap<CommitRow, string>();

function searchText(commit: CommitRow): string {
  let text = searchTexts.get(commit);
  if (text === undefined) {
    text = [
      String(commit.version),
      commit.timestamp,
      operationInWords(commit),
      ...Object.values(commit).flatMap((value) =>
        typeof value === 'string'
          ? [value]
          : typeof value === 'object' && value !== null
            ? [JSON.stringify(value)]
            : [],
      ),
    ]
      .join('\n')
      .toLowerCase();
    searchTexts.set(commit, text);
  }
  return text;
}
