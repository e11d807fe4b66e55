import { describe, expect, it } from 'vitest';
import type { CommitRow, HistoryPage, HistoryQuery } from '../../../src/protocol/views';
import { CommitStore } from '../../../webview/history/commitStore';
import {
  extentInWords,
  isFiltering,
  matches,
  noFilters,
  operationChoices,
  userChoices,
} from '../../../webview/history/filters';

const commit = (version: number, more: Partial<CommitRow> = {}): CommitRow => ({
  version,
  timestamp: '2025-03-31T23:59:59.000Z',
  userId: null,
  userName: 'ines',
  operation: 'WRITE',
  operationParameters: { mode: 'Append' },
  job: null,
  notebook: null,
  clusterId: null,
  readVersion: null,
  isolationLevel: null,
  isBlindAppend: null,
  operationMetrics: null,
  userMetadata: null,
  engineInfo: null,
  isRestorable: true,
  ...more,
});

/** Answers as the service does, from a log that has the versions `oldest` to `latest` without `missing`. */
function answer(
  query: HistoryQuery,
  latest: number,
  oldest = 0,
  missing: readonly number[] = [],
): HistoryPage {
  const rows: CommitRow[] = [];
  let version = Math.min(query.before ?? Infinity, latest + 1) - 1;
  for (; version >= oldest && rows.length < query.limit; version -= 1) {
    if (!missing.includes(version)) rows.push(commit(version));
  }
  return { rows, latestVersion: latest, isEnd: version < oldest };
}

function storeOf(latest: number, pageSize: number, oldest = 0): CommitStore {
  const store = new CommitStore(latest, pageSize);
  store.add({ limit: pageSize }, answer({ limit: pageSize }, latest, oldest));
  return store;
}

describe('commits by version', () => {
  it('takes every version from 0 for a row until the oldest is known', () => {
    const store = storeOf(999, 100);
    expect([store.rowCount, store.isOldestKnown, store.loadedCount]).toEqual([1000, false, 100]);
    expect(store.versionAt(0)).toBe(999);
    expect(store.indexOf(990)).toBe(9);
  });

  it('ends where the log ends', () => {
    const store = storeOf(120, 50, 60);
    const query = store.queryFor(70, 61);
    expect(query).toEqual({ before: 71, limit: 21 });
    if (query !== null) store.add(query, answer(query, 120, 60));
    expect([store.rowCount, store.isComplete]).toEqual([61, true]);
  });

  it('asks for aligned pages, and in a page only for what is not there', () => {
    const store = storeOf(1023, 100);
    expect(store.queryFor(1023, 950)).toEqual(null);
    expect(store.queryFor(930, 910)).toEqual({ before: 924, limit: 24 });
    expect(store.queryFor(555, 540)).toEqual({ before: 600, limit: 100 });
  });

  it('marks a version that the log has no commit of as absent and does not ask for it again', () => {
    const store = new CommitStore(9, 10);
    store.add({ limit: 10 }, answer({ limit: 10 }, 9, 0, [4, 5]));
    expect(store.slot(4).kind).toBe('absent');
    expect(store.queryFor(9, 0)).toBeNull();
    expect(store.isComplete).toBe(true);
    expect(store.isNewestContiguous).toBe(true);
  });

  it('knows whether the loaded ones are the newest without a hole', () => {
    const store = storeOf(999, 100);
    expect(store.isNewestContiguous).toBe(true);
    store.add({ before: 500, limit: 10 }, answer({ before: 500, limit: 10 }, 999));
    expect(store.isNewestContiguous).toBe(false);
    expect(store.nextQuery(1000)).toEqual({ before: 900, limit: 1000 });
  });

  it('keeps what it knows when newer versions arrive', () => {
    const grown = storeOf(99, 50).grownTo(101);
    expect([grown.rowCount, grown.loadedCount, grown.slot(101).kind, grown.slot(99).kind]).toEqual([
      102,
      50,
      'unknown',
      'loaded',
    ]);
    expect(grown.queryFor(101, 100)).toEqual({ before: 102, limit: 2 });
  });

  it('lists the loaded ones newest first, however they came', () => {
    const store = storeOf(19, 5);
    store.add({ before: 5, limit: 2 }, answer({ before: 5, limit: 2 }, 19));
    store.add({ before: 12, limit: 1 }, answer({ before: 12, limit: 1 }, 19));
    expect(store.loaded().map(({ version }) => version)).toEqual([19, 18, 17, 16, 15, 11, 4, 3]);
  });
});

describe('filters', () => {
  it('find every word in any field, in any case', () => {
    const row = commit(7, {
      userMetadata: 'Nightly Load',
      operation: 'DELETE',
      operationParameters: { predicate: '["(addr_state = OH)"]' },
    });
    expect(matches(row, { ...noFilters, text: 'nightly oh' })).toBe(true);
    expect(matches(row, { ...noFilters, text: 'nightly pa' })).toBe(false);
    expect(matches(row, { ...noFilters, operation: 'WRITE' })).toBe(false);
    expect(matches(row, { ...noFilters, user: 'ines', operation: 'DELETE' })).toBe(true);
    expect(isFiltering({ ...noFilters, text: '  ' })).toBe(false);
  });

  it('count their choices, commonest first, with a place for what was not recorded', () => {
    const rows = [
      commit(3),
      commit(2),
      commit(1, { operation: null, userName: null, userId: '77' }),
      commit(0, { operation: 'MERGE', userName: null }),
    ];
    expect(operationChoices(rows).map(({ label }) => label)).toEqual([
      'Write (2)',
      '(not recorded) (1)',
      'Merge (1)',
    ]);
    expect(userChoices(rows).map(({ label }) => label)).toEqual([
      'ines (2)',
      '(not recorded) (1)',
      '77 (1)',
    ]);
  });

  it('say how much was looked through', () => {
    const extent = {
      loaded: 500,
      total: 12_000,
      isTotalKnown: false,
      isComplete: false,
      isNewestContiguous: true,
    };
    expect(extentInWords(12, true, extent)).toBe(
      '12 of 500 loaded commits. Filtering the newest 500 of up to 12,000 commits',
    );
    expect(
      extentInWords(12, true, { ...extent, isTotalKnown: true, isNewestContiguous: false }),
    ).toBe('12 of 500 loaded commits. Filtering the 500 loaded of 12,000 commits');
    expect(extentInWords(500, false, extent)).toBe('500 of up to 12,000 commits loaded');
    expect(extentInWords(3, true, { ...extent, loaded: 40, total: 40, isComplete: true })).toBe(
      '3 of 40 commits',
    );
  });
});
