/**
 * The rows of a table at one version as JSON texts: active files read through the table's schema, with column mapping, partition
 * values, type widening, defaults of missing columns and deletion vectors applied. Forms of values: command-line.md, `rows`.
 */
import type { Engine } from '../engine';
import { DeltaError, throwIfAborted } from '../errors';
import type { ColumnBatch } from '../column';
import type { CallOptions } from '../objectStore';
import type { RowGroupMetadata } from '../parquetHandler';
import { columnMappingMode, type ColumnMappingMode } from '../properties';
import { parseSchema, type StructField } from '../schema';
import type { Snapshot } from '../snapshot';
import { mapConcurrent } from '../util/async';
import { missingText } from './defaultValue';
import {
  dataFileEntries,
  explainMissing,
  fileOf,
  openDataFile,
  requireFieldIds,
  type DataFile,
} from './dataFile';
import { legacyCalendar } from './legacyCalendar';
import { matchField, storedName } from './fieldMatch';
import { partitionText } from './partitionValue';
import type { ValueWriter } from './scalars';
import { columnWriter, objectWriter } from './values';

export interface RowOptions extends CallOptions {
  /** Logical names in any order and case; all columns when absent. They are shown in schema order. */
  readonly columns?: readonly string[] | undefined;
  /** At most this many rows; all when absent. */
  readonly limit?: number | undefined;
}

/** Rows handed over at once. */
const rowsAtOnce = 1000;
/** Files whose footers are read ahead while the rows of the one before are taken. */
const openAhead = 3;
/** A row group with more stored bytes is read in parts, so that a part fits in memory beside its texts. */
const partBytes = 256 * 1024 * 1024;

/**
 * JSON texts of the rows, in portions. Reads a row group when the portion before was taken, and with a limit only the rows that are
 * shown. Throws `invalid-argument` for a column that the table has not, `unsupported-read`, `missing-files` and `corrupt-file`.
 */
export async function* readRows(
  engine: Engine,
  snapshot: Snapshot,
  options: RowOptions = {},
): AsyncGenerator<readonly string[], void, undefined> {
  const { signal, limit = Infinity } = options;
  if (!(limit >= 0)) throw new DeltaError('invalid-argument', 'The limit of rows is below zero.');
  const fields = selectFields(snapshot, options.columns);
  const files = await snapshot.files({ signal });
  if (limit === 0) return;
  const mode = columnMappingMode(snapshot.metadata.configuration);
  const opened = mapConcurrent(
    dataFileEntries(files),
    limit === Infinity ? openAhead : 1,
    (entry) => openDataFile(engine, snapshot, entry, { signal }),
  );
  let left = limit;
  for await (const file of opened) {
    for await (const rows of fileRows(engine, {
      snapshot,
      fields,
      mode,
      file,
      limit: left,
      signal,
    })) {
      yield rows;
      left -= rows.length;
    }
    if (left <= 0) return;
  }
}

/** The fields to show, in schema order. */
function selectFields(
  snapshot: Snapshot,
  names: readonly string[] | undefined,
): readonly StructField[] {
  const { fields } = parseSchema(snapshot.metadata.schemaString);
  if (names === undefined) return fields;
  const chosen = new Set<StructField>();
  for (const name of names) {
    const field =
      fields.find((each) => each.name === name) ??
      fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (field === undefined) {
      throw new DeltaError(
        'invalid-argument',
        `The table ${snapshot.root} has no column "${name}" at version ${snapshot.version}. Its columns are ${fields.map((each) => each.name).join(', ')}.`,
        { details: { column: name, columns: fields.map((each) => each.name) } },
      );
    }
    chosen.add(field);
  }
  return fields.filter((field) => chosen.has(field));
}

interface FileRead {
  readonly snapshot: Snapshot;
  readonly fields: readonly StructField[];
  readonly mode: ColumnMappingMode;
  readonly file: DataFile;
  /** At most this many rows of the file. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/** Where a shown field comes from: a column of the file, or one text for all rows. */
type FieldSource =
  | { readonly kind: 'column'; readonly field: StructField; readonly index: number }
  | { readonly kind: 'constant'; readonly text: string };

async function* fileRows(
  engine: Engine,
  read: FileRead,
): AsyncGenerator<readonly string[], void, undefined> {
  const { snapshot, file, fields, signal } = read;
  const sources = fieldSources(read);
  const names = fields.map(({ name }) => name);
  const stored = sources.flatMap((source) =>
    source.kind === 'column' ? [file.metadata.fields[source.index]?.name ?? ''] : [],
  );
  let left = read.limit;
  let shown = 0;
  for (const part of parts(file.metadata.rowGroups)) {
    throwIfAborted(signal);
    const alive = file.deleted?.absentIn(part.position, part.position + part.count);
    const available = alive?.length ?? part.count;
    const wanted = Math.min(available, left);
    shown += available;
    if (wanted === 0) continue;
    // The rows from the first to the last one that is shown, as seen from the row group.
    const first = alive?.[0] ?? 0;
    const last = alive === undefined ? wanted - 1 : (alive[wanted - 1] ?? 0);
    const rowAt = (i: number): number => (alive === undefined ? i : (alive[i] ?? 0) - first);
    let write: ValueWriter;
    if (stored.length === 0) {
      write = objectWriter(names, constantWriters(sources));
    } else {
      const batch = await readPart(engine, read, stored, {
        ...part,
        offset: part.offset + first,
        count: last - first + 1,
      });
      write = objectWriter(names, batchWriters(read, sources, batch));
    }
    for (let start = 0; start < wanted; start += rowsAtOnce) {
      throwIfAborted(signal);
      const rows: string[] = [];
      const end = Math.min(start + rowsAtOnce, wanted);
      for (let i = start; i < end; i++) rows.push(write(rowAt(i)));
      yield rows;
    }
    left -= wanted;
    if (left <= 0) return;
  }
  checkDeleted(snapshot, file, shown);
}

/** A vector that deletes rows which the file does not have belongs to another file: what it should delete here is unknown. */
function checkDeleted(snapshot: Snapshot, file: DataFile, shown: number): void {
  const expected = file.metadata.rowCount - (file.deleted?.cardinality ?? 0);
  if (shown === expected) return;
  throw new DeltaError(
    'corrupt-file',
    `The deletion vector of ${fileOf(snapshot, file)} deletes rows that the file does not have. ` +
      'Restore the table to a version that does not use it.',
    { details: { location: snapshot.root, version: snapshot.version, files: [file.uri] } },
  );
}

interface Part {
  readonly group: number;
  /** Of the first row, in the file. */
  readonly position: number;
  /** Of the first row, in the row group. */
  readonly offset: number;
  readonly count: number;
}

function* parts(groups: readonly RowGroupMetadata[]): Generator<Part> {
  let position = 0;
  for (const [group, { rowCount, compressedSize }] of groups.entries()) {
    const size = Math.max(1, Math.ceil(rowCount / Math.ceil((compressedSize + 1) / partBytes)));
    for (let offset = 0; offset < rowCount; offset += size) {
      const count = Math.min(size, rowCount - offset);
      yield { group, position: position + offset, offset, count };
    }
    position += rowCount;
  }
}

async function readPart(
  engine: Engine,
  read: FileRead,
  columns: readonly string[],
  part: Part,
): Promise<ColumnBatch> {
  const { file, snapshot, signal } = read;
  const rowCount = file.metadata.rowGroups[part.group]?.rowCount;
  return explainMissing(snapshot, file, async () => {
    const batches = engine.parquet.readColumns(
      { uri: file.uri, size: file.size },
      {
        signal,
        columns,
        rowGroups: [part.group],
        ...(part.count === rowCount ? {} : { offset: part.offset, limit: part.count }),
      },
    );
    for await (const batch of batches) {
      if (batch.rowCount === part.count) return batch;
      break;
    }
    throw new DeltaError(
      'corrupt-file',
      `Other rows than its footer tells are in ${fileOf(snapshot, file)}.`,
      { details: { location: snapshot.root, version: snapshot.version, files: [file.uri] } },
    );
  });
}

function fieldSources(read: FileRead): readonly FieldSource[] {
  const { snapshot, file, mode } = read;
  const columns = mode === 'id' ? requireFieldIds(snapshot, file) : file.metadata.fields;
  const partitions = new Set(snapshot.metadata.partitionColumns.map((name) => name.toLowerCase()));
  return read.fields.map((field): FieldSource => {
    // Also where the file holds the column: the log's value is the one that counts.
    if (partitions.has(field.name.toLowerCase())) {
      const context = { column: field.name, source: fileOf(snapshot, file) };
      const value = file.partitionValues[storedName(field, mode)];
      return { kind: 'constant', text: partitionText(field.type, value, context) };
    }
    const isVoid = field.type.kind === 'primitive' && field.type.name === 'void';
    const index = isVoid ? -1 : matchField(columns, field, mode);
    if (index >= 0) return { kind: 'column', field, index };
    return { kind: 'constant', text: missingText(field, field.name) };
  });
}

function constantWriters(sources: readonly FieldSource[]): readonly ValueWriter[] {
  return sources.map((source) => {
    const text = source.kind === 'constant' ? source.text : 'null';
    return () => text;
  });
}

function batchWriters(
  read: FileRead,
  sources: readonly FieldSource[],
  batch: ColumnBatch,
): readonly ValueWriter[] {
  const source = fileOf(read.snapshot, read.file);
  const calendar = legacyCalendar(read.file.metadata.keyValues);
  return sources.map((each): ValueWriter => {
    if (each.kind === 'constant') return () => each.text;
    const name = read.file.metadata.fields[each.index]?.name;
    const column = batch.columns[batch.fields.findIndex((field) => field.name === name)];
    if (column === undefined) {
      throw new DeltaError(
        'internal',
        `The column "${each.field.name}" of ${source} was not read.`,
      );
    }
    return columnWriter(each.field.type, column, {
      mode: read.mode,
      path: each.field.name,
      source,
      calendar,
    });
  });
}
