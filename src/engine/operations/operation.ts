/**
 * What all operations share. An operation is planned, seen, and then executed: `plan` only reads, a plan is an immutable value, and
 * `execute` does no more than the plan tells, ends in one commit or in none, and refuses a plan whose ground has moved.
 */
import type { DomainMetadata, Metadata, Protocol, SetTransaction } from '../actions';
import type { FileSelection, FileSet } from '../fileSet';
import type { Version } from '../log/logPath';
import type { ObjectUri } from '../objectUri';
import type { Snapshot } from '../snapshot';
import type { AsOf } from '../table';
import type { JsonObject } from '../util/json';
import type { Finding } from './findings';
import type { CloneFiles } from './cloneFiles';
import type { Totals } from './totals';

export type OperationKind = 'shallow-clone' | 'deep-clone' | 'restore';

export interface CloneSpec {
  readonly kind: 'shallow-clone' | 'deep-clone';
  readonly source: ObjectUri;
  readonly target: ObjectUri;
  readonly at: AsOf;
  /** Create or replace: an existing table gets one commit that removes and adds. */
  readonly replace?: boolean | undefined;
  /** An existing table is left as it is. */
  readonly ifNotExists?: boolean | undefined;
  /** Property overrides of the clone. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** Commit also where nothing changed since the last clone of the same source. */
  readonly record?: boolean | undefined;
  /** Deep clones: copy the transaction identifiers of streams. */
  readonly copyTxn?: boolean | undefined;
  /** ISO 8601; noted in the commit, never acted on. */
  readonly expires?: string | undefined;
}

export interface RestoreSpec {
  readonly kind: 'restore';
  readonly table: ObjectUri;
  readonly at: AsOf;
}

export type OperationSpec = CloneSpec | RestoreSpec;

/** Null fields: the table does not exist yet. */
export interface PlannedTable {
  readonly root: ObjectUri;
  readonly version: Version | null;
  /** Milliseconds. */
  readonly timestamp: number | null;
  readonly tableId: string | null;
}

/** What was read when the plan was made and must still hold when it runs. */
export interface Precondition {
  readonly root: ObjectUri;
  /** Null: there is no table. */
  readonly tableId: string | null;
  readonly version: Version | null;
}

export interface ValueChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlanEffect {
  /** What the commit adds, whether bytes move for it or not. */
  readonly filesToAdd: Totals;
  readonly filesToRemove: Totals;
  /** Bytes that move: data files and deletion vector files. */
  readonly filesToCopy: Totals;
  /** Data files and vector files that are at the target already. */
  readonly filesReused: Totals;
  readonly filesUnchanged: Totals;
}

/** The facts of a plan. */
export interface PlanFacts {
  readonly id: string;
  /** Milliseconds. */
  readonly createdAt: number;
  /** What is read: the clone's source, or the version that is restored. */
  readonly source: PlannedTable;
  /** What is written. */
  readonly target: PlannedTable;
  readonly reads: readonly Precondition[];
  /** False: there is nothing to do, and executing commits nothing. */
  readonly willCommit: boolean;
  readonly effect: PlanEffect;
  readonly schemaChanges: readonly ValueChange[];
  readonly propertyChanges: readonly ValueChange[];
  readonly protocolChanges: readonly ValueChange[];
  readonly findings: readonly Finding[];
  /** Which readers can open the result, in words. */
  readonly readers: readonly string[];
}

/** The state of the target as the commit will make it; absent parts are not touched. */
export interface TargetState {
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly writesMetadata: boolean;
  readonly writesProtocol: boolean;
  readonly domains: readonly DomainMetadata[];
  readonly transactions: readonly SetTransaction[];
}

/** What a plan holds for its execution: snapshots and selections of their files, never an object per file. */
export interface CloneWork {
  readonly source: Snapshot;
  readonly target: Snapshot | undefined;
  readonly files: CloneFiles;
  readonly state: TargetState;
}

export interface ClonePlan extends PlanFacts {
  readonly kind: 'shallow-clone' | 'deep-clone';
  readonly spec: CloneSpec;
  /** Undefined where there is nothing to do because the target exists. */
  readonly work: CloneWork | undefined;
  /** The version of the source that the target's newest CLONE from it recorded. */
  readonly lastSync: { readonly sourceVersion: Version; readonly targetVersion: Version } | null;
}

export interface RestoreWork {
  readonly current: Snapshot;
  readonly restored: Snapshot;
  readonly currentFiles: FileSet;
  readonly restoredFiles: FileSet;
  readonly adds: FileSelection;
  readonly removes: FileSelection;
  readonly state: TargetState;
  readonly totalsAfter: Totals;
}

export interface RestorePlan extends PlanFacts {
  readonly kind: 'restore';
  readonly spec: RestoreSpec;
  readonly work: RestoreWork;
}

export type Plan = ClonePlan | RestorePlan;

export interface ProgressEvent {
  readonly phase:
    'listing' | 'replaying' | 'copying' | 'verifying' | 'committing' | 'checkpointing';
  readonly done: number;
  readonly total?: number;
  readonly unit: 'files' | 'bytes' | 'commits';
  readonly subject?: string;
}

export interface PlanContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** A clone as the registry of known clones keeps it. */
export interface CloneEdge {
  readonly sourceRoot: ObjectUri;
  readonly sourceTableId: string;
  readonly sourceVersion: Version;
  readonly cloneRoot: ObjectUri;
  readonly cloneTableId: string;
  readonly kind: 'shallow' | 'deep';
  /** Milliseconds. */
  readonly createdAt: number;
  readonly expires?: string;
}

export interface ExecuteContext extends PlanContext {
  /** Codes of findings that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Told of a clone before its commit; a failure here stops the clone. */
  readonly recordClone?: ((edge: CloneEdge) => Promise<void>) | undefined;
}

export interface Outcome {
  /** The committed version; the current one where nothing was committed; null where the target does not exist. */
  readonly version: Version | null;
  readonly committed: boolean;
  readonly root: ObjectUri;
  readonly metrics: Readonly<Record<string, number>>;
  readonly cloneInfo: JsonObject | null;
  /** The version to restore the target to in order to undo; null where the target was created or nothing was committed. */
  readonly undoVersion: Version | null;
  /** Trouble that did not stop the operation: a checkpoint that could not be written. */
  readonly warnings: readonly string[];
}
