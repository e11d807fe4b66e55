/** One active file, opened: its footer and the rows that are deleted from it. */
import type { DeletionVector, PartitionValues } from '../actions';
import type { ColumnField } from '../column';
import { readVector } from '../deletionVector';
import type { Engine } from '../engine';
import { DeltaError, isDeltaError, isStoreError } from '../errors';
import type { FileBatch, FileSet } from '../fileSet';
import type { CallOptions } from '../objectStore';
import type { ObjectUri } from '../objectUri';
import type { ParquetMetadata } from '../parquetHandler';
import type { Snapshot } from '../snapshot';
import type { RowBitmap } from '../util/roaring';

export interface DataFileEntry {
  readonly uri: ObjectUri;
  /** Bytes, as the log tells. */
  readonly size: number;
  readonly partitionValues: PartitionValues;
  readonly vector: DeletionVector | undefined;
  /** Physical rows as the statistics tell; NaN where they do not. */
  readonly numRecords: number;
}

export interface DataFile extends DataFileEntry {
  readonly metadata: ParquetMetadata;
  readonly deleted: RowBitmap | undefined;
}

/** Whose files are read, for messages. */
export type TableVersion = Pick<Snapshot, 'root' | 'version'>;

export function dataFileEntry(files: FileSet, batch: FileBatch, index: number): DataFileEntry {
  return {
    uri: files.uri(batch, index),
    size: batch.sizes[index] ?? 0,
    partitionValues: files.partitionValues(batch, index),
    vector: batch.vectors.get(index),
    numRecords: batch.numRecords[index] ?? NaN,
  };
}

/** The active files, one after the other. */
export function* dataFileEntries(files: FileSet): Generator<DataFileEntry> {
  for (const batch of files.batches) {
    for (let index = 0; index < batch.count; index++) yield dataFileEntry(files, batch, index);
  }
}

/** How messages name a file. */
export function fileOf(table: TableVersion, file: Pick<DataFileEntry, 'uri'>): string {
  return `the file ${file.uri} (table ${table.root}, version ${table.version})`;
}

/** Reads footer and deletion vector. Throws `missing-files` and `corrupt-file`, naming the table, its version and the file. */
export async function openDataFile(
  engine: Engine,
  table: TableVersion,
  entry: DataFileEntry,
  options: CallOptions = {},
): Promise<DataFile> {
  const { metadata, size } = await readFooter(engine, table, entry, options);
  const deleted =
    entry.vector === undefined
      ? undefined
      : await readVector(engine.store, table, entry.vector, options);
  return { ...entry, size, metadata, deleted };
}

/**
 * The footer, and the size that the file was found to have: some writers put another one into the log, and a footer stands at the
 * end of a file.
 */
export async function readFooter(
  engine: Engine,
  table: TableVersion,
  entry: DataFileEntry,
  options: CallOptions = {},
): Promise<{ readonly metadata: ParquetMetadata; readonly size: number }> {
  const read = (size: number): Promise<ParquetMetadata> =>
    engine.parquet.metadata({ uri: entry.uri, size }, options);
  return explainMissing(table, entry, async () => {
    try {
      return { metadata: await read(entry.size), size: entry.size };
    } catch (error) {
      if (!isDeltaError(error, 'corrupt-file') && !isStoreError(error, 'corrupt-response')) {
        throw error;
      }
      const { size } = await engine.store.head(entry.uri, options);
      if (size === entry.size) throw error;
      return { metadata: await read(size), size };
    }
  });
}

/** Runs a read of a file and says what a file that is not there means. */
export async function explainMissing<T>(
  table: TableVersion,
  entry: Pick<DataFileEntry, 'uri'>,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isStoreError(error, 'not-found')) throw error;
    throw new DeltaError(
      'missing-files',
      `The file ${entry.uri}, which the table ${table.root} needs at version ${table.version}, is not in storage; ` +
        'it may have been vacuumed. Bring it back from a backup, read a version that does not use it, or restore the table to one.',
      {
        details: { location: table.root, version: table.version, files: [entry.uri] },
        cause: error,
      },
    );
  }
}

/** The fields of a file as the table's mapping mode may use them. Throws where a file has no field ids under mapping by id. */
export function requireFieldIds(table: TableVersion, file: DataFile): readonly ColumnField[] {
  const { fields } = file.metadata;
  if (fields.length === 0 || fields.some((field) => field.fieldId !== undefined)) return fields;
  throw new DeltaError(
    'unsupported-read',
    `No field ids are in ${fileOf(table, file)}, but the table finds its columns by them (column mapping by id). ` +
      'Read it with the engine that wrote it, and rewrite the file.',
    { details: { location: table.root, version: table.version, files: [file.uri] } },
  );
}
