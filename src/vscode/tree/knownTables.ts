/**
 * The tables that the editor knows of: found by a scan or opened by hand. Holds what the service told, newest first hand; makes
 * no request itself. Tables are told apart by place, so two spellings of a path are one table.
 */
import type { Location, TableEntry, TableOverview, WireError } from '../../protocol/views';
import { placeKey } from '../locations';

/** What is known of a table's detail and columns. `stale` is shown until a newer overview is read. */
export type OverviewState =
  | { readonly kind: 'unread'; readonly stale?: TableOverview | undefined }
  | { readonly kind: 'read'; readonly overview: TableOverview }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface KnownTable {
  readonly entry: TableEntry;
  /** Opened by hand: stays in the list also when no scan finds it. */
  readonly isOpened: boolean;
  readonly overview: OverviewState;
}

/** `all`: tables came or went, or were linked anew. `table`: what is shown of one table. */
export type TablesChange =
  { readonly kind: 'all' } | { readonly kind: 'table'; readonly location: Location };

/** Failures that say nothing about the table. */
const passingCodes = new Set([
  'engine-crashed',
  'internal',
  'throttled',
  'timeout',
  'unauthenticated',
  'unreachable',
]);

interface Stored extends KnownTable {
  readonly isScanned: boolean;
}

export class KnownTables {
  private readonly tables = new Map<string, Stored>();
  private readonly listeners = new Set<(change: TablesChange) => void>();

  onDidChange(listener: (change: TablesChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** All tables in the order of the tree: by name, then by location. */
  list(): readonly KnownTable[] {
    return [...this.tables.values()].sort((a, b) => compareEntries(a.entry, b.entry));
  }

  get(location: Location): KnownTable | undefined {
    return this.tables.get(placeKey(location));
  }

  /** Locations of the tables opened by hand, to be kept between sessions. */
  opened(): readonly Location[] {
    return this.list()
      .filter((table) => table.isOpened)
      .map((table) => table.entry.location);
  }

  /** Takes in an entry met by a running scan. */
  addFound(entry: TableEntry): void {
    this.put(entry, { isScanned: true });
  }

  /**
   * Takes in the whole answer of a scan: tables that only an earlier scan had found are dropped, links are as the scan says, and
   * overviews are read again when they are asked for, because a table made anew may have the version of the one before.
   */
  finishScan(entries: readonly TableEntry[]): void {
    const found = new Set(entries.map((entry) => placeKey(entry.location)));
    for (const [key, table] of this.tables) {
      if (!table.isScanned || found.has(key)) continue;
      if (table.isOpened) this.tables.set(key, { ...table, isScanned: false });
      else this.tables.delete(key);
    }
    for (const entry of entries) {
      const key = placeKey(entry.location);
      const before = this.tables.get(key);
      const overview = outdated(before?.overview);
      this.tables.set(key, {
        entry,
        isOpened: before?.isOpened ?? false,
        isScanned: true,
        overview,
      });
    }
    this.tell({ kind: 'all' });
  }

  /** Adds a table that was opened by hand. */
  open(entry: TableEntry): void {
    this.put(entry, { isOpened: true });
  }

  /** Takes a table that was opened by hand off the list; one that a scan found stays. */
  close(location: Location): void {
    const key = placeKey(location);
    const table = this.tables.get(key);
    if (table?.isOpened !== true) return;
    if (table.isScanned) this.tables.set(key, { ...table, isOpened: false });
    else this.tables.delete(key);
    this.tell({ kind: 'all' });
  }

  /** The table is gone. One that was opened by hand stays and shows the error. */
  remove(location: Location, error: WireError): void {
    const key = placeKey(location);
    const table = this.tables.get(key);
    if (table === undefined) return;
    if (table.isOpened) {
      this.fail(location, error);
      return;
    }
    this.tables.delete(key);
    this.tell({ kind: 'all' });
  }

  /** Takes in a fresh overview; adds the table when it was not known. */
  setOverview(overview: TableOverview): void {
    this.put(overview.entry, { overview: { kind: 'read', overview } });
  }

  /**
   * Reading failed. Where the table is at fault its entry says so; where the engine or the way to the store is, what was known of
   * the table stays and the failure stands beneath it.
   */
  fail(location: Location, error: WireError): void {
    const known = this.get(location);
    if (known === undefined) return;
    const { name, cloneOf } = known.entry;
    if (passingCodes.has(error.code) && known.entry.error === undefined) {
      this.put(known.entry, { overview: { kind: 'failed', error } });
      return;
    }
    this.put(
      {
        location: known.entry.location,
        name,
        error,
        ...(cloneOf === undefined ? {} : { cloneOf }),
      },
      { overview: { kind: 'failed', error } },
    );
  }

  private put(entry: TableEntry, change: Partial<Omit<Stored, 'entry'>>): void {
    const key = placeKey(entry.location);
    const before = this.tables.get(key);
    const isSameVersion = entry.error === undefined && before?.entry.version === entry.version;
    const after: Stored = {
      isOpened: before?.isOpened ?? false,
      isScanned: before?.isScanned ?? false,
      overview:
        isSameVersion && before !== undefined ? before.overview : outdated(before?.overview),
      ...change,
      entry: keepLink(entry, before?.entry),
    };
    this.tables.set(key, after);
    const isKnownHere = before?.entry.name === after.entry.name;
    const isSameLink = before !== undefined && linkOf(before.entry) === linkOf(after.entry);
    this.tell(
      isKnownHere && isSameLink
        ? { kind: 'table', location: after.entry.location }
        : { kind: 'all' },
    );
  }

  private tell(change: TablesChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** What may be shown of a table while it is read again. */
export function shownOverview(state: OverviewState): TableOverview | undefined {
  switch (state.kind) {
    case 'read':
      return state.overview;
    case 'unread':
      return state.stale;
    case 'failed':
      return undefined;
    default:
      return state satisfies never;
  }
}

function outdated(state: OverviewState | undefined): OverviewState {
  return { kind: 'unread', stale: state === undefined ? undefined : shownOverview(state) };
}

/** A look at one table alone may not tell what the scan told: the source of a clone stays known while the table is readable. */
function keepLink(entry: TableEntry, before: TableEntry | undefined): TableEntry {
  return entry.cloneOf === undefined && before?.cloneOf !== undefined
    ? { ...entry, cloneOf: before.cloneOf }
    : entry;
}

function linkOf(entry: TableEntry): string {
  return entry.cloneOf === undefined ? '' : placeKey(entry.cloneOf.location);
}

/** Case-insensitive by name, then by location. */
export function compareEntries(a: TableEntry, b: TableEntry): number {
  return (
    a.name.localeCompare(b.name, 'en', { sensitivity: 'base', numeric: true }) ||
    (a.location < b.location ? -1 : a.location > b.location ? 1 : 0)
  );
}
