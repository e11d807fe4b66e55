/** Which files a clone adds, removes, copies and leaves alone: selections of the source's and the target's files, and names. */
import type { DeletionVector } from '../actions';
import {
  isSelected,
  type FileBatch,
  type FileIndex,
  type FileSelection,
  type FileSet,
} from '../fileSet';
import type { ObjectUri } from '../objectUri';
import { noTotals, type Totals } from './totals';

/** A deletion vector file that the target needs. */
export interface VectorTransfer {
  readonly from: ObjectUri;
  readonly to: ObjectUri;
  readonly size: number;
  /** It is at the target already. */
  readonly isThere: boolean;
}

export interface CloneFiles {
  readonly sourceFiles: FileSet;
  readonly targetFiles: FileSet | undefined;
  /** Of the source: what the commit adds. */
  readonly adds: FileSelection;
  /** Of `adds`: whose bytes are copied. */
  readonly copies: FileSelection;
  /** Of `adds`: whose bytes are at the target, unlisted, or listed with another deletion vector. */
  readonly reuses: FileSelection;
  /** Of the target: what the commit removes. */
  readonly removes: FileSelection;
  /** Of the target: removed only to be added again with another deletion vector; their rows keep their ids. */
  readonly restated: FileSelection;
  readonly unchanged: Totals;
  /** Each vector file once. */
  readonly vectors: readonly VectorTransfer[];
  /** The path that the target's log gives a file of the source. */
  targetPath(file: FileIndex): string;
  /** The vector as the target's log names it. */
  targetVector(vector: DeletionVector): DeletionVector;
  /** Bytes of a source file in storage; differs from the log's where the log is wrong. */
  storedSize(file: FileIndex): number;
}

/** One number for a file of a set, as a key. */
export function fileNumber({ batch, index }: FileIndex): number {
  return batch * 0x1_0000_0000 + index;
}

export function sizeOf(files: FileSet, { batch, index }: FileIndex): number {
  return files.batches[batch]?.sizes[index] ?? NaN;
}

/** The selected files in the order of the set. */
export function* selectedFiles(
  files: FileSet,
  selection: FileSelection,
): Generator<FileIndex & { readonly in: FileBatch }, void, undefined> {
  for (const [batchIndex, batch] of files.batches.entries()) {
    for (let index = 0; index < batch.count; index++) {
      if (isSelected(selection, batchIndex, index)) yield { batch: batchIndex, index, in: batch };
    }
  }
}

/** Number and bytes of the selected files; sizes that the log does not tell count as 0. */
export function totalsOfSelection(files: FileSet | undefined, selection: FileSelection): Totals {
  if (files === undefined) return noTotals;
  let count = 0;
  let bytes = 0;
  for (const file of selectedFiles(files, selection)) {
    count++;
    const size = file.in.sizes[file.index] ?? 0;
    if (!Number.isNaN(size)) bytes += size;
  }
  return { files: count, bytes };
}

export function addTotals(a: Totals, b: Totals): Totals {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** Number of selected files that have a deletion vector. */
export function countVectors(files: FileSet | undefined, selection: FileSelection): number {
  let count = 0;
  for (const [batchIndex, batch] of (files?.batches ?? []).entries()) {
    for (const index of batch.vectors.keys()) if (isSelected(selection, batchIndex, index)) count++;
  }
  return count;
}
