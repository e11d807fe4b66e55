/**
 * JSON-safe views of what the engine knows, shared by the editor, its pages, the worker and the command line.
 * Whole numbers that may exceed 2^53 are texts of digits; times are milliseconds since the epoch unless a name says ISO.
 */
import type { JsonObject } from './json';

/** An absolute canonical URI of a table's root. Also accepted wherever a table is asked for: a plain local path. */
export type Location = string;

export interface Totals {
  readonly files: number;
  readonly bytes: number;
}

export type CloneKind = 'shallow' | 'deep' | 'unknown';

export interface WireError {
  /** DeltaErrorCode or StoreErrorCode. */
  readonly code: string;
  readonly message: string;
  readonly details: JsonObject;
}

export interface ProgressEvent {
  readonly phase:
    'scanning' | 'listing' | 'replaying' | 'copying' | 'verifying' | 'committing' | 'checkpointing';
  readonly done: number;
  readonly total?: number;
  readonly unit: 'folders' | 'files' | 'bytes' | 'commits' | 'rows';
  readonly subject?: string;
  /** With phase `scanning`: a table found just now. */
  readonly found?: TableEntry;
  /** With phase `scanning`: a folder that could not be listed and was passed over. */
  readonly unreadable?: Location;
}

export interface CloneOfView {
  readonly location: Location;
  /** The source's version that was cloned; null where the log does not tell it. */
  readonly version: number | null;
  readonly kind: CloneKind;
}

/** A table found by a scan: a readable one, or one that says why it is not. */
export interface TableEntry {
  readonly location: Location;
  /** Last segment of the location. */
  readonly name: string;
  readonly version?: number;
  readonly numFiles?: number | null;
  readonly sizeInBytes?: number | null;
  readonly cloneOf?: CloneOfView;
  readonly error?: WireError;
}

export interface ColumnView {
  readonly name: string;
  /** As a person writes it: `decimal(10,2)`, `array<string>`, `struct<a: int>`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly comment?: string;
  readonly children: readonly ColumnView[];
}

export interface SupportView {
  readonly read: boolean;
  readonly write: boolean;
  /** Bare names of the features (or versions) that stand against it. */
  readonly reasons: readonly string[];
  /** The same in words, for people. */
  readonly explanations?: readonly string[];
}

/** DESCRIBE DETAIL, as `command-line.md` names its fields. */
export interface TableDetail {
  readonly location: Location;
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly format: string;
  readonly version: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly timestamp: string;
  readonly createdAt: string | null;
  readonly lastModified: string;
  readonly schema: JsonObject | null;
  /** The schema as the log has it: `schema` without loss of long whole numbers. */
  readonly schemaString?: string;
  readonly partitionColumns: readonly string[];
  readonly clusteringColumns: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly tableFeatures: readonly string[];
  readonly numFiles: number | null;
  readonly sizeInBytes: number | null;
  readonly numRows: number | null;
  readonly numDeletionVectors: number | null;
  readonly ownedFiles: number | null;
  readonly ownedBytes: number | null;
  readonly support: SupportView;
}

/** What the tree shows of one table. */
export interface TableOverview {
  readonly entry: TableEntry;
  readonly detail: TableDetail;
  readonly columns: readonly ColumnView[];
}

/** A row of DESCRIBE HISTORY; fields that the commit does not carry are null. */
export interface CommitRow {
  readonly version: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly timestamp: string;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly operation: string | null;
  readonly operationParameters: Readonly<Record<string, string>> | null;
  readonly job: JsonObject | null;
  readonly notebook: JsonObject | null;
  readonly clusterId: string | null;
  readonly readVersion: number | null;
  readonly isolationLevel: string | null;
  readonly isBlindAppend: boolean | null;
  readonly operationMetrics: Readonly<Record<string, string>> | null;
  readonly userMetadata: string | null;
  readonly engineInfo: string | null;
  /** False for versions older than the oldest one that can be rebuilt. */
  readonly isRestorable: boolean;
  /** Only where it was asked for: whether the files of the version are there. */
  readonly readable?: VersionReadability;
}

/** `log-only`: the state cannot be rebuilt or read; `files-missing`: it can, but data files or vectors are gone. */
export type VersionReadability = 'yes' | 'log-only' | 'files-missing';

export interface HistoryQuery {
  /** Only versions below this one; absent: from the newest. */
  readonly before?: number;
  readonly limit: number;
  /** Look whether the files of each version are there (`readable`); costs a listing and a replay of each version. */
  readonly check?: boolean;
}

export interface HistoryPage {
  readonly rows: readonly CommitRow[];
  /** The newest version of the table when the page was read. */
  readonly latestVersion: number;
  /** True when no older commit is left. */
  readonly isEnd: boolean;
}

/** An active file of a version. */
export interface FileRow {
  /** As written in the log: URI-encoded, relative or absolute. */
  readonly path: string;
  readonly uri: string;
  readonly size: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly numRecords: number | null;
  readonly deletionVector: JsonObject | null;
}

export type AsOf = { readonly version: number } | { readonly timestamp: string } | 'latest';

export type OperationKind = 'shallow-clone' | 'deep-clone' | 'restore';

export interface CloneSpec {
  readonly kind: 'shallow-clone' | 'deep-clone';
  readonly source: Location;
  readonly target: Location;
  readonly at: AsOf;
  /** CREATE OR REPLACE. */
  readonly replace?: boolean;
  readonly ifNotExists?: boolean;
  readonly properties?: Readonly<Record<string, string>>;
  /** Commit also when nothing changed since the last clone of the same source. */
  readonly record?: boolean;
  /** Deep clones only: copy the streams' transaction identifiers. */
  readonly copyTxn?: boolean;
  /** Snapshot clones: when the clone may be removed (ISO 8601); listed, never acted on by itself. */
  readonly expires?: string;
}

export interface RestoreSpec {
  readonly kind: 'restore';
  readonly table: Location;
  readonly at: AsOf;
}

export type OperationSpec = CloneSpec | RestoreSpec;

/** The closed set of `command-line.md`; infos and warnings may be others. */
export interface FindingView {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'blocker';
  readonly needsAcknowledgement: boolean;
  readonly subject: string | null;
  readonly detail: JsonObject;
  /** A sentence for people. */
  readonly message: string;
}

export interface TableVersionView {
  readonly location: Location;
  readonly name: string;
  /** Null: the table does not exist yet. */
  readonly version: number | null;
  /** ISO 8601; null with `version` null. */
  readonly timestamp: string | null;
}

export interface ValueChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** An operation as it will run if it is confirmed. */
export interface PlanView {
  readonly id: string;
  readonly kind: OperationKind;
  /** ISO 8601. */
  readonly createdAt: string;
  /** What is read: the clone's source, or the version that is restored. */
  readonly source: TableVersionView;
  /** What is written. */
  readonly target: TableVersionView;
  /** False: there is nothing to do, and executing commits nothing. */
  readonly willCommit: boolean;
  readonly filesToAdd: Totals;
  readonly filesToRemove: Totals;
  /** Bytes that move, data files and deletion vectors. */
  readonly filesToCopy: Totals;
  /** Files that are at the target already and will not be copied again. */
  readonly filesReused: Totals;
  readonly filesUnchanged: Totals;
  readonly schemaChanges: readonly ValueChange[];
  readonly propertyChanges: readonly ValueChange[];
  readonly protocolChanges: readonly ValueChange[];
  readonly findings: readonly FindingView[];
  /** Which readers can open the result, and which can not, in words. */
  readonly readers: readonly string[];
  /** The same operation for Spark SQL or Databricks SQL, where there is one. */
  readonly sql: string | null;
  /** The same operation as a command line. */
  readonly commandLine: string;
}

export type PlanItemAction = 'add' | 'remove' | 'copy' | 'reuse';

export interface PlanItem {
  readonly action: PlanItemAction;
  readonly path: string;
  readonly size: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly hasDeletionVector: boolean;
}

export interface ItemQuery {
  readonly offset: number;
  readonly limit: number;
  readonly action?: PlanItemAction;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface ExecuteOptions {
  /** Codes of findings that were acknowledged. */
  readonly acknowledged: readonly string[];
}

export interface OperationOutcome {
  /** The committed version; the current one when nothing was committed; null where the target does not exist. */
  readonly version: number | null;
  readonly committed: boolean;
  readonly location: Location;
  readonly metrics: Readonly<Record<string, number>>;
  readonly cloneInfo: JsonObject | null;
  /** Version to restore the target to in order to undo; null where the target was created. */
  readonly undoVersion: number | null;
  /** Trouble that did not stop the operation, in sentences. */
  readonly warnings?: readonly string[];
}

export interface LineageTable {
  readonly location: Location;
  readonly id: string | null;
  readonly name: string;
  readonly version: number | null;
  readonly health: 'ok' | 'broken' | 'unreadable';
}

export interface LineageEdge {
  readonly source: Location;
  readonly target: Location;
  readonly kind: CloneKind;
  readonly sourceVersion: number | null;
  readonly targetVersion: number | null;
  /** ISO 8601. */
  readonly at: string | null;
  readonly evidence: readonly ('clone-commit' | 'foreign-files' | 'recorded-by-us')[];
  readonly sharedFiles: number;
  readonly sharedBytes: number;
}

export interface LineageView {
  /** ISO 8601. */
  readonly scannedAt: string;
  readonly roots: readonly Location[];
  readonly tables: readonly LineageTable[];
  readonly edges: readonly LineageEdge[];
}
