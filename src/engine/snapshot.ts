/**
 * A table at one version: an immutable value. The small state (protocol, metadata, domains, transactions) is there when it is
 * opened; the files are reconciled when they are first asked for, and then kept.
 */
import type { DomainMetadata, Metadata, Protocol, SetTransaction } from './actions';
import { DeltaError, isDeltaError, isStoreError, throwIfAborted } from './errors';
import type { Engine } from './engine';
import { PartitionTable, totalsOf, type FileSet, type FileTotals } from './fileSet';
import { readCommit } from './log/commitReader';
import {
  readCheckpointFiles,
  readCheckpointState,
  type CheckpointPart,
} from './log/checkpointReader';
import type { LogSegment } from './log/logSegment';
import type { Version } from './log/logPath';
import { Replay } from './log/replay';
import { commitTimestamps, inCommitTimestampOf } from './log/commitTimestamps';
import type { CallOptions } from './objectStore';
import type { ObjectUri } from './objectUri';
import { requireRead, type SupportOptions } from './protocol';
import { memoise } from './util/async';
import type { JsonObject } from './util/json';

export interface Snapshot {
  readonly root: ObjectUri;
  readonly version: Version;
  /** When the version was committed, in milliseconds (delta-semantics.md 1.6). */
  readonly timestamp: number;
  readonly segment: LogSegment;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly transactions: ReadonlyMap<string, SetTransaction>;
  /** Live domains only. */
  readonly domains: ReadonlyMap<string, DomainMetadata>;
  /** `commitInfo` of the version's commit; undefined where the commit has none or is gone. */
  readonly commitInfo: JsonObject | undefined;
  /** Trouble that was worked around: a damaged checkpoint that an earlier one stood in for. */
  readonly warnings: readonly string[];
  /** Active files. Throws `unsupported-read` for a table that we cannot read. */
  files(options?: CallOptions & SupportOptions): Promise<FileSet>;
  /** Tombstones that the log still holds, expired ones too. */
  tombstones(options?: CallOptions & SupportOptions): Promise<FileSet>;
  totals(options?: CallOptions & SupportOptions): Promise<FileTotals>;
}

interface State {
  readonly segment: LogSegment;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly transactions: ReadonlyMap<string, SetTransaction>;
  readonly domains: ReadonlyMap<string, DomainMetadata>;
  readonly commitInfo: JsonObject | undefined;
  readonly parts: readonly CheckpointPart[];
  readonly replay: Replay;
}

/**
 * Opens the first of the segments whose checkpoint can be read; the others are equivalent, with earlier checkpoints.
 * Throws `invalid-log` for a log without protocol or metadata, or with a line that is no action.
 */
export async function loadSnapshot(
  engine: Engine,
  segments: readonly LogSegment[],
  options: CallOptions = {},
): Promise<Snapshot> {
  const warnings: string[] = [];
  const { state, rest } = await firstReadable(engine, segments, warnings, options);
  const { segment } = state;
  let current = { state, rest };
  let isFresh = true;
  const loadFiles = memoise(async () => {
    for (;;) {
      // A replay is good for one pass: one that ended in the middle already holds a part of the files.
      if (!isFresh) {
        current = { ...current, state: await loadState(engine, current.state.segment, options) };
      }
      isFresh = false;
      try {
        return await replayFiles(engine, current.state, options);
      } catch (error) {
        if (
          current.state.segment.checkpoint === undefined ||
          !isUnreadable(error) ||
          current.rest.length === 0
        ) {
          throw error;
        }
        noteDamage(engine, current.state.segment, error, warnings);
        current = await firstReadable(engine, current.rest, warnings, options);
        isFresh = true;
      }
    }
  });
  const totals = memoise(async () => totalsOf((await loadFiles()).files));
  const table = { root: segment.root, version: segment.endVersion, protocol: state.protocol };
  return {
    ...table,
    timestamp: await snapshotTimestamp(engine, state, options),
    segment,
    metadata: state.metadata,
    transactions: state.transactions,
    domains: state.domains,
    commitInfo: state.commitInfo,
    warnings,
    files: async (call = {}) => {
      requireRead(table, call);
      return (await loadFiles()).files;
    },
    tombstones: async (call = {}) => {
      requireRead(table, call);
      return (await loadFiles()).tombstones;
    },
    totals: async (call = {}) => {
      requireRead(table, call);
      return totals();
    },
  };
}

async function firstReadable(
  engine: Engine,
  segments: readonly LogSegment[],
  warnings: string[],
  options: CallOptions,
): Promise<{ readonly state: State; readonly rest: readonly LogSegment[] }> {
  for (const [i, segment] of segments.entries()) {
    try {
      return { state: await loadState(engine, segment, options), rest: segments.slice(i + 1) };
    } catch (error) {
      if (segment.checkpoint === undefined || !isUnreadable(error) || i === segments.length - 1)
        throw error;
      noteDamage(engine, segment, error, warnings);
    }
  }
  throw new DeltaError('internal', 'A table has no log segment.');
}

/** Errors that another checkpoint may make up for. */
function isUnreadable(error: unknown): boolean {
  return (
    isDeltaError(error, 'corrupt-file', 'invalid-log', 'engine-crashed') ||
    isStoreError(error, 'not-found')
  );
}

function noteDamage(engine: Engine, segment: LogSegment, error: unknown, warnings: string[]): void {
  const reason = error instanceof Error ? error.message : String(error);
  const warning = `The checkpoint of version ${segment.checkpoint?.version ?? '?'} cannot be read and was passed over: ${reason}`;
  warnings.push(warning);
  engine.log.warn(`${segment.root}: ${warning}`);
}

/** One pass over the commits, newest first, and over the checkpoint's state rows. */
async function loadState(
  engine: Engine,
  segment: LogSegment,
  options: CallOptions,
): Promise<State> {
  const replay = new Replay(segment.root, new PartitionTable());
  let protocol: Protocol | undefined;
  let metadata: Metadata | undefined;
  let commitInfo: JsonObject | undefined;
  const transactions = new Map<string, SetTransaction>();
  const domains = new Map<string, DomainMetadata>();
  for (const file of [...segment.commits].reverse()) {
    throwIfAborted(options.signal);
    const source = replay.beginSource({ kind: 'commit', file });
    let newProtocol: Protocol | undefined;
    let newMetadata: Metadata | undefined;
    const newTransactions = new Map<string, SetTransaction>();
    const newDomains = new Map<string, DomainMetadata>();
    for await (const lines of readCommit(engine.store, file, options)) {
      source.push(lines);
      for (const { action } of lines) {
        if (action.kind === 'protocol') newProtocol = action.protocol;
        else if (action.kind === 'metaData') newMetadata = action.metaData;
        else if (action.kind === 'txn') newTransactions.set(action.txn.appId, action.txn);
        else if (action.kind === 'domainMetadata') {
          newDomains.set(action.domainMetadata.domain, action.domainMetadata);
        } else if (action.kind === 'commitInfo' && file.version === segment.endVersion) {
          commitInfo = action.commitInfo;
        }
      }
    }
    source.end();
    protocol ??= newProtocol;
    metadata ??= newMetadata;
    addMissing(transactions, newTransactions);
    addMissing(domains, newDomains);
  }
  const checkpoint = await readCheckpointState(engine, segment, options);
  for (const action of checkpoint.actions) {
    if (action.kind === 'protocol') protocol ??= action.protocol;
    else if (action.kind === 'metaData') metadata ??= action.metaData;
    else if (action.kind === 'txn')
      addMissing(transactions, new Map([[action.txn.appId, action.txn]]));
    else if (action.kind === 'domainMetadata') {
      addMissing(domains, new Map([[action.domainMetadata.domain, action.domainMetadata]]));
    }
  }
  for (const [name, domain] of domains) if (domain.removed) domains.delete(name);
  const missing = protocol === undefined ? 'protocol' : 'metaData';
  if (protocol === undefined || metadata === undefined) {
    throw new DeltaError(
      'invalid-log',
      `The log of ${segment.root} has no ${missing} action up to version ${segment.endVersion}; the table cannot be opened.`,
      { details: { location: segment.root, version: segment.endVersion, missing } },
    );
  }
  return {
    segment,
    protocol,
    metadata,
    transactions,
    domains,
    commitInfo,
    parts: checkpoint.parts,
    replay,
  };
}

function addMissing<T>(to: Map<string, T>, from: ReadonlyMap<string, T>): void {
  for (const [key, value] of from) if (!to.has(key)) to.set(key, value);
}

async function replayFiles(
  engine: Engine,
  state: State,
  options: CallOptions,
): Promise<{ readonly files: FileSet; readonly tombstones: FileSet }> {
  for (const { format, file } of state.parts) {
    if (format === 'json') {
      const source = state.replay.beginSource({ kind: 'checkpoint-json', file });
      for await (const lines of readCommit(engine.store, file, options)) source.push(lines);
      source.end();
      continue;
    }
    for await (const files of readCheckpointFiles(engine, file, options)) {
      state.replay.pushCheckpoint({ kind: 'checkpoint', file, rowGroup: files.rowGroup }, files);
    }
  }
  return state.replay.finish();
}

async function snapshotTimestamp(
  engine: Engine,
  state: State,
  options: CallOptions,
): Promise<number> {
  const { segment, metadata, protocol } = state;
  const inCommit = await inCommitTimestampOf(
    engine,
    segment.listedCommits.find((commit) => commit.version === segment.endVersion),
    { metadata, protocol, version: segment.endVersion, commitInfo: state.commitInfo },
    options,
  );
  if (inCommit !== undefined) return inCommit;
  const times = commitTimestamps(segment.listedCommits);
  return times.get(segment.endVersion) ?? segment.checkpoint?.files[0]?.lastModified ?? 0;
}
