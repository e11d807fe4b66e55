/**
 * Checkpoints as a few state actions and columns of file actions, a row group at a time. Source: PROTOCOL.md, Checkpoints, V2
 * Spec, Sidecar Files. Any column may be absent; a classic name may hold a V2 checkpoint, so the content decides.
 */
import { decodeAction, type Action } from '../actions';
import {
  batchColumn,
  childColumn,
  isNullAt,
  type Column,
  type ColumnBatch,
  type ColumnField,
} from '../column';
import { objectAt } from '../columnJson';
import { DeltaError } from '../errors';
import type { Engine } from '../engine';
import type { CallOptions, ObjectMeta } from '../objectStore';
import { hasScheme, joinUri, parseObjectUri, decodePercent } from '../objectUri';
import { isJsonObject, stringifyJson, type Json } from '../util/json';
import { readCommit } from './commitReader';
import { logFolder } from './logPath';
import type { LogSegment } from './logSegment';

/** A file that holds file actions of a checkpoint. */
export interface CheckpointPart {
  readonly format: 'json' | 'parquet';
  readonly file: ObjectMeta;
}

export interface CheckpointState {
  /** Protocol, metadata, transactions, domains; in the order of the rows. */
  readonly actions: readonly Action[];
  /** Where the file actions are: the checkpoint's own files and its sidecars. */
  readonly parts: readonly CheckpointPart[];
}

const stateColumns = ['metaData', 'protocol', 'txn', 'domainMetadata', 'sidecar'] as const;

/** Reads everything but the file actions. Throws `corrupt-file` and what the store throws for a missing sidecar. */
export async function readCheckpointState(
  engine: Engine,
  segment: LogSegment,
  options: CallOptions = {},
): Promise<CheckpointState> {
  const actions: Action[] = [];
  const parts: CheckpointPart[] = [];
  const sidecars: Json[] = [];
  for (const file of segment.checkpoint?.files ?? []) {
    if (file.kind === 'checkpoint-v2' && file.format === 'json') {
      parts.push({ format: 'json', file });
      for await (const lines of readCommit(engine.store, file, options)) {
        for (const { action } of lines) {
          if (action.kind === 'other') {
            if (action.name === 'sidecar') sidecars.push(action.value);
          } else if (action.kind !== 'add' && action.kind !== 'remove') {
            actions.push(action);
          }
        }
      }
      continue;
    }
    parts.push({ format: 'parquet', file });
    const { fields } = await engine.parquet.metadata(file, options);
    const columns = stateColumns.filter((name) => fields.some((field) => field.name === name));
    if (columns.length === 0) continue;
    for await (const batch of engine.parquet.readColumns(file, { ...options, columns })) {
      collectState(batch, columns, actions, sidecars);
    }
  }
  for (const sidecar of sidecars) {
    parts.push({ format: 'parquet', file: await sidecarFile(engine, segment, sidecar, options) });
  }
  return { actions, parts };
}

function collectState(
  batch: ColumnBatch,
  names: readonly (typeof stateColumns)[number][],
  actions: Action[],
  sidecars: Json[],
): void {
  for (const name of names) {
    const column = batchColumn(batch, name);
    if (column === undefined) continue;
    for (let row = 0; row < batch.rowCount; row++) {
      if (isNullAt(column, row)) continue;
      const value = objectAt(column, row);
      // Some writers' null structs come back as structs of nulls.
      if (value === undefined || Object.keys(value).length === 0) continue;
      if (name === 'sidecar') sidecars.push(value);
      else actions.push(decodeAction(stringifyJson({ [name]: value })));
    }
  }
}

async function sidecarFile(
  engine: Engine,
  segment: LogSegment,
  sidecar: Json,
  options: CallOptions,
): Promise<ObjectMeta> {
  const path = isJsonObject(sidecar) ? sidecar.path : undefined;
  if (typeof path !== 'string' || path === '') {
    throw new DeltaError(
      'corrupt-file',
      `A checkpoint of ${segment.root} names a sidecar without a path.`,
      {
        details: { location: segment.root },
      },
    );
  }
  const uri = hasScheme(path)
    ? parseObjectUri(path)
    : joinUri(logFolder(segment.root), '_sidecars', decodePercent(path.split('/').at(-1) ?? path));
  return engine.store.head(uri, options);
}

/** Columns of the file actions of one row group. */
export interface CheckpointFiles {
  readonly rowGroup: number;
  readonly rowCount: number;
  readonly add: Column | undefined;
  readonly remove: Column | undefined;
}

/** Which fields of `add` and `remove` to read. */
export interface FileFields {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What the reconciled state holds in memory; the rest is read again when it is wanted. */
const replayFields: FileFields = {
  add: ['path', 'size', 'modificationTime', 'partitionValues', 'deletionVector'],
  remove: ['path', 'size', 'deletionTimestamp', 'partitionValues', 'deletionVector'],
};

/** The columns that replay needs, a row group at a time. */
export async function* readCheckpointFiles(
  engine: Engine,
  file: ObjectMeta,
  options: CallOptions = {},
): AsyncGenerator<CheckpointFiles, void, undefined> {
  const { fields, rowGroups } = await engine.parquet.metadata(file, options);
  const parsedRows = hasPath(fields, ['add', 'stats_parsed', 'numRecords']);
  const statsColumn = parsedRows ? 'add.stats_parsed.numRecords' : 'add.stats';
  const columns = [
    ...existing(fields, 'add', replayFields.add),
    ...existing(fields, 'remove', replayFields.remove),
    ...(hasPath(fields, statsColumn.split('.')) ? [statsColumn] : []),
  ];
  if (columns.length === 0) return;
  const indices = rowGroups.map((_, index) => index);
  let rowGroup = 0;
  for await (const batch of engine.parquet.readColumns(file, {
    ...options,
    columns,
    rowGroups: indices,
  })) {
    let add = batchColumn(batch, 'add');
    if (
      parsedRows &&
      add !== undefined &&
      lacksRowCounts(add) &&
      hasPath(fields, ['add', 'stats'])
    ) {
      add = await withField(engine, file, rowGroup, add, 'stats', options);
    }
    yield { rowGroup, rowCount: batch.rowCount, add, remove: batchColumn(batch, 'remove') };
    rowGroup++;
  }
}

/** True when a live `add` of the batch has no parsed statistics. */
function lacksRowCounts(add: Column): boolean {
  const path = childColumn(add, 'path');
  const parsed = childColumn(add, 'stats_parsed');
  const numRecords = childColumn(parsed, 'numRecords');
  if (path === undefined || numRecords === undefined) return true;
  for (let row = 0; row < add.length; row++) {
    if (!isNullAt(path, row) && !isNullAt(add, row) && isNullAt(numRecords, row)) return true;
  }
  return false;
}

/** The same `add` column with one more of its fields, read for it alone. */
async function withField(
  engine: Engine,
  file: ObjectMeta,
  rowGroup: number,
  add: Column,
  name: 'stats' | 'stats_parsed',
  options: CallOptions,
): Promise<Column> {
  if (add.type.kind !== 'struct') return add;
  const batches = engine.parquet.readColumns(file, {
    ...options,
    columns: [`add.${name}`],
    rowGroups: [rowGroup],
  });
  for await (const batch of batches) {
    const child = childColumn(batchColumn(batch, 'add'), name);
    if (child === undefined) return add;
    const field: ColumnField = { name, type: child.type, nullable: true };
    return {
      ...add,
      type: { kind: 'struct', fields: [...add.type.fields, field] },
      children: [...(add.children ?? []), child],
    };
  }
  return add;
}

/** All fields of `add` or `remove` of one row group, for actions that are wanted in full. */
export async function readFullFiles(
  engine: Engine,
  file: ObjectMeta,
  rowGroup: number,
  name: 'add' | 'remove',
  options: CallOptions = {},
): Promise<Column | undefined> {
  const { fields } = await engine.parquet.metadata(file, options);
  const type = fields.find((field) => field.name === name)?.type;
  if (type?.kind !== 'struct') return undefined;
  const hasStatsText = type.fields.some((field) => field.name === 'stats');
  const columns = type.fields
    .map((field) => field.name)
    .filter(
      (field) => field !== 'partitionValues_parsed' && !(field === 'stats_parsed' && hasStatsText),
    )
    .map((field) => `${name}.${field}`);
  for await (const batch of engine.parquet.readColumns(file, {
    ...options,
    columns,
    rowGroups: [rowGroup],
  })) {
    const column = batchColumn(batch, name);
    // Where texts of statistics are missing, the parsed ones stand beside them.
    const isParsed = name === 'add' && hasStatsText && hasPath(fields, ['add', 'stats_parsed']);
    if (isParsed && column !== undefined && lacksStatsText(column)) {
      return withField(engine, file, rowGroup, column, 'stats_parsed', options);
    }
    return column;
  }
  return undefined;
}

/** True when a live `add` has no text of its statistics. */
function lacksStatsText(add: Column): boolean {
  const stats = childColumn(add, 'stats');
  const path = childColumn(add, 'path');
  if (path === undefined) return false;
  for (let row = 0; row < add.length; row++) {
    if (isNullAt(add, row) || isNullAt(path, row)) continue;
    if (stats === undefined || isNullAt(stats, row)) return true;
  }
  return false;
}

function existing(
  fields: readonly ColumnField[],
  name: string,
  wanted: readonly string[],
): readonly string[] {
  return wanted
    .filter((field) => hasPath(fields, [name, field]))
    .map((field) => `${name}.${field}`);
}

function hasPath(fields: readonly ColumnField[], path: readonly string[]): boolean {
  let level = fields;
  for (const [i, name] of path.entries()) {
    const field = level.find((candidate) => candidate.name === name);
    if (field === undefined) return false;
    if (i === path.length - 1) return true;
    if (field.type.kind !== 'struct') return false;
    level = field.type.fields;
  }
  return false;
}
