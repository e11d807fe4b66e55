/**
 * The only door to the engine, for the editor, its pages and the command line. Everything in these signatures is JSON-safe, so
 * that the implementation may live in a worker behind {@link Endpoint}. Locations are absolute URIs; local paths are accepted.
 */
import type {
  AsOf,
  ExecuteOptions,
  FileRow,
  HistoryPage,
  HistoryQuery,
  ItemQuery,
  LineageView,
  Location,
  OperationOutcome,
  OperationSpec,
  Page,
  PlanItem,
  PlanView,
  ProgressEvent,
  TableDetail,
  TableEntry,
  TableOverview,
} from '../protocol/views';

export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

export interface FindTablesQuery {
  /** Folders to look in, as locations. */
  readonly roots: readonly Location[];
  /** Names of folders that are not entered (`node_modules`, ...); hidden folders never are. */
  readonly skip: readonly string[];
  /** Levels below a root that are entered. */
  readonly depth: number;
}

export interface DetailQuery {
  readonly at: AsOf;
  /** Fill `numRows` from Parquet footers where the log's statistics do not tell it. */
  readonly count?: boolean;
  /** Read the published commits of a catalog-managed table. */
  readonly publishedOnly?: boolean;
}

export interface RowsQuery {
  readonly at: AsOf;
  /** Logical names; all columns in schema order when absent. */
  readonly columns?: readonly string[];
  /** At most this many rows; all when absent. */
  readonly limit?: number;
}

/** A stream of NDJSON lines that is read in pieces. */
export interface CursorView {
  readonly id: string;
  /** The version that is read, fixed when the cursor was opened. */
  readonly version: number;
}

export interface CursorChunk {
  /** One JSON object a line, without the line end; integers have all their digits. */
  readonly lines: readonly string[];
  readonly isEnd: boolean;
}

export interface DeltaService {
  /**
   * Finds the Delta tables below some folders, without going into a table. Tells each by `onProgress` (`found`) as it is met; a
   * table that cannot be read is an entry with `error`. The answer holds all of them, `cloneOf` linking clones to sources.
   */
  findTables(query: FindTablesQuery, call?: Call): Promise<readonly TableEntry[]>;
  /** Detail plus columns. Also for tables whose rows cannot be read: `detail.support` says why. */
  overview(table: Location, call?: Call): Promise<TableOverview>;
  detail(table: Location, query: DetailQuery, call?: Call): Promise<TableDetail>;
  /** Commits newest first. */
  history(table: Location, query: HistoryQuery, call?: Call): Promise<HistoryPage>;
  /** Active files in pages, for views. */
  files(table: Location, at: AsOf, query: ItemQuery, call?: Call): Promise<Page<FileRow>>;
  /** All active files as NDJSON of {@link FileRow}; the caller closes the cursor unless it read to the end. */
  openFiles(table: Location, at: AsOf, call?: Call): Promise<CursorView>;
  /** Rows as NDJSON in the forms of `command-line.md`; the caller closes the cursor unless it read to the end. */
  openRows(table: Location, query: RowsQuery, call?: Call): Promise<CursorView>;
  readCursor(id: string, limit: number, call?: Call): Promise<CursorChunk>;
  closeCursor(id: string): Promise<void>;
  lineage(query: FindTablesQuery, call?: Call): Promise<LineageView>;
  /** Reads only. The plan is kept until it is executed, discarded or too old. */
  plan(spec: OperationSpec, call?: Call): Promise<PlanView>;
  planItems(planId: string, query: ItemQuery, call?: Call): Promise<Page<PlanItem>>;
  discardPlan(planId: string): Promise<void>;
  /** Runs a plan once. Throws `refused`, `stale-plan`, `conflict`, `cancelled`, ...; then nothing was committed. */
  execute(planId: string, options: ExecuteOptions, call?: Call): Promise<OperationOutcome>;
}

/** Every method by name, so that a proxy and a server cannot forget one. */
export const deltaServiceMethods = [
  'findTables',
  'overview',
  'detail',
  'history',
  'files',
  'openFiles',
  'openRows',
  'readCursor',
  'closeCursor',
  'lineage',
  'plan',
  'planItems',
  'discardPlan',
  'execute',
] as const satisfies readonly (keyof DeltaService)[];
