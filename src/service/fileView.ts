/** Active files as rows, made from the columns of the set: no action is read again for them. */
import type { DeletionVector } from '../engine/actions';
import { throwIfAborted } from '../engine/errors';
import type { FileBatch, FileSet } from '../engine/fileSet';
import type { JsonObject } from '../protocol/json';
import type { FileRow, Page } from '../protocol/views';

const linesAtOnce = 1000;

/** One file of a batch. */
export function fileRow(files: FileSet, batch: FileBatch, index: number): FileRow {
  const numRecords = batch.numRecords[index] ?? NaN;
  const vector = batch.vectors.get(index);
  return {
    path: files.path(batch, index),
    uri: files.uri(batch, index),
    size: batch.sizes[index] ?? 0,
    partitionValues: files.partitionValues(batch, index),
    numRecords: Number.isNaN(numRecords) ? null : numRecords,
    deletionVector: vector === undefined ? null : vectorView(vector),
  };
}

function vectorView(vector: DeletionVector): JsonObject {
  const { storageType, pathOrInlineDv, offset, sizeInBytes, cardinality } = vector;
  return {
    storageType,
    pathOrInlineDv,
    ...(offset === undefined ? {} : { offset }),
    sizeInBytes,
    cardinality,
  };
}

/** Some files in the order of the set. */
export function filePage(files: FileSet, offset: number, limit: number): Page<FileRow> {
  const items: FileRow[] = [];
  let skip = Math.max(0, offset);
  for (const batch of files.batches) {
    if (skip >= batch.count) {
      skip -= batch.count;
      continue;
    }
    for (let index = skip; index < batch.count && items.length < limit; index++) {
      items.push(fileRow(files, batch, index));
    }
    skip = 0;
    if (items.length >= limit) break;
  }
  return { items, total: files.count };
}

/** All files as NDJSON lines, some at a time, made when they are asked for. */
export async function* fileLines(
  files: FileSet,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, undefined> {
  let lines: string[] = [];
  for (const batch of files.batches) {
    for (let index = 0; index < batch.count; index++) {
      lines.push(JSON.stringify(fileRow(files, batch, index)));
      if (lines.length < linesAtOnce) continue;
      throwIfAborted(signal);
      yield lines;
      lines = [];
    }
  }
  if (lines.length > 0) yield lines;
}
