/** Methods and events between the history page and the editor. */
import type { CommitRow, HistoryPage, HistoryQuery, TableEntry } from './views';

/** Asked by the page, answered by the editor. */
export interface HistoryPageMethods {
  /** Once, when the page has loaded: what to show. */
  'history.start': { readonly params: readonly []; readonly result: HistoryPageStart };
  'history.page': { readonly params: readonly [HistoryQuery]; readonly result: HistoryPage };
  /** Opens the plan of a restore to this version; changes nothing by itself. */
  'history.restore': { readonly params: readonly [number]; readonly result: null };
  /** Asks for a target, then opens the plan of a clone of this version. */
  'history.clone': {
    readonly params: readonly ['shallow-clone' | 'deep-clone', number];
    readonly result: null;
  };
  /** Puts a text on the clipboard: SQL that reads the version, its JSON, or the location. */
  'history.copy': {
    readonly params: readonly [HistoryCopyForm, CommitRow];
    readonly result: null;
  };
}

export type HistoryCopyForm = 'sql' | 'json' | 'command-line';

export interface HistoryPageStart {
  readonly table: TableEntry;
  readonly pageSize: number;
  /** IANA name or `UTC`: the zone in which times are shown. */
  readonly timeZone: string;
  /** False in an untrusted workspace: actions that write are not offered. */
  readonly canWrite: boolean;
  readonly isTrusted: boolean;
}

/** Told by the editor. */
export interface HistoryPageEvents {
  /** The table has a newer version, or settings changed: start again from the newest. */
  'history.changed': HistoryPageStart;
}
