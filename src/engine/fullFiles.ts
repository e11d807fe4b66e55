/**
 * Full file actions, read again from where they stand, a batch at a time: what a commit or a checkpoint writes, or a page shows.
 * Memory is bounded by one source batch, however large the table is.
 */
import { decodeAction, type Action, type AddFile, type RemoveFile } from './actions';
import { objectAt } from './columnJson';
import { DeltaError, throwIfAborted } from './errors';
import type { Engine } from './engine';
import { isSelected, type FileBatch, type FileSelection, type FileSet } from './fileSet';
import { readFullFiles } from './log/checkpointReader';
import { readCommit } from './log/commitReader';
import type { CallOptions } from './objectStore';
import { isJsonObject, stringifyJson, type Json } from './util/json';

export interface ReadFilesOptions extends CallOptions {
  /** Only these files; all when absent. */
  readonly selection?: FileSelection;
}

/** Adds in the order of the set. `dataChange` is as the source has it. */
export async function* readAdds(
  engine: Engine,
  files: FileSet,
  options: ReadFilesOptions = {},
): AsyncGenerator<readonly AddFile[], void, undefined> {
  for await (const actions of readActions(engine, files, 'add', options)) {
    yield actions.flatMap((action) => (action.kind === 'add' ? [action.add] : []));
  }
}

/** Removes in the order of the set. */
export async function* readRemoves(
  engine: Engine,
  tombstones: FileSet,
  options: ReadFilesOptions = {},
): AsyncGenerator<readonly RemoveFile[], void, undefined> {
  for await (const actions of readActions(engine, tombstones, 'remove', options)) {
    yield actions.flatMap((action) => (action.kind === 'remove' ? [action.remove] : []));
  }
}

async function* readActions(
  engine: Engine,
  files: FileSet,
  name: 'add' | 'remove',
  options: ReadFilesOptions,
): AsyncGenerator<readonly Action[], void, undefined> {
  for (const [batchIndex, batch] of files.batches.entries()) {
    throwIfAborted(options.signal);
    const rows = wantedRows(batch, batchIndex, options.selection);
    if (rows.length === 0) continue;
    let found = 0;
    const pieces =
      batch.source.kind === 'checkpoint'
        ? fromCheckpoint(engine, batch.source, rows, name, options)
        : fromCommit(engine, batch.source.file, rows, options);
    for await (const actions of pieces) {
      found += actions.length;
      yield actions;
    }
    if (found !== rows.length) {
      throw new DeltaError(
        'invalid-log',
        `${batch.source.file.uri} changed while it was read: ${found} of ${rows.length} actions were found again.`,
        { details: { file: batch.source.file.uri } },
      );
    }
  }
}

function wantedRows(
  batch: FileBatch,
  index: number,
  selection: FileSelection | undefined,
): Int32Array {
  if (selection === undefined) return batch.rows;
  return batch.rows.filter((_, i) => isSelected(selection, index, i));
}

async function* fromCommit(
  engine: Engine,
  file: FileBatch['source']['file'],
  rows: Int32Array,
  options: CallOptions,
): AsyncGenerator<readonly Action[], void, undefined> {
  // Rows ascend, and lines are asked about in order: one pointer is enough.
  let next = 0;
  const wanted = (line: number): boolean => {
    if (rows[next] !== line) return false;
    next++;
    return true;
  };
  for await (const lines of readCommit(engine.store, file, { ...options, wanted })) {
    if (lines.length > 0) yield lines.map(({ action }) => action);
  }
}

const rowsAtOnce = 10_000;

async function* fromCheckpoint(
  engine: Engine,
  source: Extract<FileBatch['source'], { kind: 'checkpoint' }>,
  rows: Int32Array,
  name: 'add' | 'remove',
  options: CallOptions,
): AsyncGenerator<readonly Action[], void, undefined> {
  const column = await readFullFiles(engine, source.file, source.rowGroup, name, options);
  if (column === undefined) return;
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const actions: Action[] = [];
    for (const row of rows.subarray(start, start + rowsAtOnce)) {
      const value = objectAt(column, row);
      if (value !== undefined)
        actions.push(decodeAction(stringifyJson({ [name]: asLogAction(value) })));
    }
    yield actions;
  }
}

/** A checkpoint's row as the commit would have it: statistics as text, no parsed copies, no empty vector. */
function asLogAction(value: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const {
    stats_parsed: parsed,
    partitionValues_parsed: _partitions,
    deletionVector,
    ...action
  } = value;
  const hasVector = isJsonObject(deletionVector) && deletionVector.storageType !== '';
  return {
    ...action,
    ...(hasVector ? { deletionVector } : {}),
    ...(action.stats === undefined && parsed !== undefined ? { stats: stringifyJson(parsed) } : {}),
  };
}
