/**
 * Writes a snapshot as one classic V1 checkpoint, which is legal for every table that we write, and points `_last_checkpoint` at it.
 * A checkpoint that would lose statistics or is not exactly the state is not published. Sources: PROTOCOL.md, Checkpoints and V1 Spec;
 * delta-semantics.md 8.3.
 */
import type {
  AddFile,
  DomainMetadata,
  Metadata,
  Protocol,
  RemoveFile,
  SetTransaction,
} from '../actions';
import type { ColumnBatch } from '../column';
import { buildColumn, nullColumn } from '../columnBuilder';
import type { Engine } from '../engine';
import { DeltaError, isDeltaError, isStoreError, throwIfAborted } from '../errors';
import { select, type FileSelection, type FileSet } from '../fileSet';
import { readAdds, readRemoves } from '../fullFiles';
import type { CallOptions } from '../objectStore';
import { deletedFileRetentionMs, transactionRetentionMs, writesStatsAsJson } from '../properties';
import type { Snapshot } from '../snapshot';
import { checkpointFields } from './checkpointSchema';
import { writeLastCheckpoint } from './lastCheckpointWriter';
import { checkpointUri } from './logPath';

export type CheckpointResult =
  | {
      readonly kind: 'written';
      readonly rows: number;
      readonly sizeInBytes: number;
      readonly adds: number;
    }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Rows of a batch; the memory of a few batches is all that a checkpoint of any size takes. */
const batchRows = 20_000;

type CheckpointRow =
  | { readonly protocol: Protocol }
  | { readonly metaData: Metadata }
  | { readonly txn: SetTransaction }
  | { readonly domainMetadata: DomainMetadata }
  | { readonly add: AddFile }
  | { readonly remove: RemoveFile };

/**
 * Writes the checkpoint of a snapshot whose commit is there. Throws `internal` where the rows do not add up (then nothing was
 * published), StoreErrors as they come.
 */
export async function writeCheckpoint(
  engine: Engine,
  snapshot: Snapshot,
  options: CallOptions = {},
): Promise<CheckpointResult> {
  const { root, version, metadata } = snapshot;
  if (!writesStatsAsJson(metadata.configuration)) {
    return {
      kind: 'skipped',
      reason:
        'The table keeps statistics only as structs (delta.checkpoint.writeStatsAsJson is false), which we do not write.',
    };
  }
  const counts = { rows: 0, adds: 0 };
  const files = await snapshot.files(options);
  const batches = checkpointBatches(engine, snapshot, files, counts, options);
  try {
    const written = await engine.parquet.write(
      checkpointUri(root, version),
      checkpointFields,
      batches,
      {
        mode: 'create',
        signal: options.signal,
      },
    );
    if (written.rowCount !== counts.rows) throw mismatch(snapshot, written.rowCount, counts.rows);
    await writeLastCheckpoint(
      engine,
      root,
      { version, size: counts.rows, sizeInBytes: written.size, numOfAddFiles: counts.adds },
      options,
    );
    return { kind: 'written', rows: counts.rows, sizeInBytes: written.size, adds: counts.adds };
  } catch (error) {
    if (!isStoreError(error, 'already-exists')) throw error;
    return { kind: 'skipped', reason: `Version ${version} has a checkpoint already.` };
  }
}

/**
 * As {@link writeCheckpoint} after a commit of ours: the commit stands whatever happens here, so trouble is told as a text and not
 * thrown. Undefined: all went well.
 */
export async function checkpointAfterCommit(
  engine: Engine,
  openCommitted: () => Promise<Snapshot>,
  options: CallOptions = {},
): Promise<string | undefined> {
  try {
    const result = await writeCheckpoint(engine, await openCommitted(), options);
    return result.kind === 'skipped' ? `No checkpoint was written. ${result.reason}` : undefined;
  } catch (error) {
    if (!isDeltaError(error) && !isStoreError(error)) throw error;
    const warning = `The commit was written, but no checkpoint of it: ${error.message}`;
    engine.log.warn(warning);
    return warning;
  }
}

function mismatch(snapshot: Snapshot, found: number, expected: number): DeltaError {
  return new DeltaError(
    'internal',
    `The checkpoint of ${snapshot.root} at version ${snapshot.version} would hold ${found} rows instead of ${expected}; it is not used.`,
    { details: { location: snapshot.root, version: snapshot.version } },
  );
}

/** State rows, then files, then tombstones; throws at the end where a count is wrong, so that nothing is published. */
async function* checkpointBatches(
  engine: Engine,
  snapshot: Snapshot,
  files: FileSet,
  counts: { rows: number; adds: number },
  options: CallOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  let rows: CheckpointRow[] = stateRows(engine, snapshot);
  const take = function* (isEnd: boolean): Generator<ColumnBatch, void, undefined> {
    while (rows.length >= batchRows || (isEnd && rows.length > 0)) {
      throwIfAborted(options.signal);
      const batch = rows.slice(0, batchRows);
      rows = rows.slice(batchRows);
      counts.rows += batch.length;
      yield batchOf(batch);
    }
  };
  for await (const adds of readAdds(engine, files, options)) {
    counts.adds += adds.length;
    for (const add of adds) rows.push({ add: { ...add, dataChange: false } });
    yield* take(false);
  }
  if (counts.adds !== files.count) throw mismatch(snapshot, counts.adds, files.count);
  const tombstones = await snapshot.tombstones(options);
  const selection = withinRetention(engine, snapshot, tombstones);
  for await (const removes of readRemoves(engine, tombstones, { ...options, selection })) {
    // The schema of removes has no statistics and no tags, so they stay behind.
    for (const remove of removes) rows.push({ remove: { ...remove, dataChange: false } });
    yield* take(false);
  }
  yield* take(true);
}

function withinRetention(engine: Engine, snapshot: Snapshot, tombstones: FileSet): FileSelection {
  const cutoff = engine.clock.now() - deletedFileRetentionMs(snapshot.metadata.configuration);
  const selection = tombstones.emptySelection();
  tombstones.forEach((batch, index, batchIndex) => {
    if ((batch.times[index] ?? 0) > cutoff) select(selection, batchIndex, index);
    return undefined;
  });
  return selection;
}

function stateRows(engine: Engine, snapshot: Snapshot): CheckpointRow[] {
  const retention = transactionRetentionMs(snapshot.metadata.configuration);
  const cutoff = retention === undefined ? -Infinity : engine.clock.now() - retention;
  const transactions = [...snapshot.transactions.values()].filter(
    (txn) => retention === undefined || (txn.lastUpdated ?? -Infinity) > cutoff,
  );
  return [
    { protocol: withValidFeatureLists(snapshot.protocol) },
    { metaData: snapshot.metadata },
    ...transactions.map((txn) => ({ txn })),
    ...[...snapshot.domains.values()]
      .filter((domain) => !domain.removed)
      .map((domainMetadata) => ({ domainMetadata })),
  ];
}

/** Feature lists are there exactly with reader version 3 and writer version 7; anything else is refused by other readers. */
function withValidFeatureLists(protocol: Protocol): Protocol {
  const { minReaderVersion, minWriterVersion, readerFeatures, writerFeatures } = protocol;
  return {
    minReaderVersion,
    minWriterVersion,
    ...(minReaderVersion >= 3 ? { readerFeatures: readerFeatures ?? [] } : {}),
    ...(minWriterVersion >= 7 ? { writerFeatures: writerFeatures ?? [] } : {}),
  };
}

function batchOf(rows: readonly CheckpointRow[]): ColumnBatch {
  const present = new Set(rows.flatMap((row) => Object.keys(row)));
  return {
    rowCount: rows.length,
    fields: checkpointFields,
    columns: checkpointFields.map((field) =>
      present.has(field.name)
        ? buildColumn(
            field.type,
            rows.map((row) => (row as Readonly<Record<string, unknown>>)[field.name]),
          )
        : nullColumn(field.type, rows.length),
    ),
  };
}
