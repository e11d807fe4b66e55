/**
 * The files of a shallow clone: the source's own, by absolute path. A file that lies below the target itself (a clone turned back onto
 * its source) is listed by its relative path, because other engines protect only those from VACUUM. Source: delta-semantics.md 3.2, 6.2.
 */
import type { DeletionVector } from '../actions';
import { toAbsoluteVector, vectorFileUri, vectorReference } from '../deletionVector';
import { isSelected, select, type FileSet } from '../fileSet';
import { relativePath, writtenUri, type ObjectUri } from '../objectUri';
import { sizeOf, type CloneFiles } from './cloneFiles';
import { FileLookup, fileStateKey, vectorKey } from './fileIndex';

/** Compares the states; reads nothing. */
export function shallowFiles(
  sourceFiles: FileSet,
  targetRoot: ObjectUri,
  targetFiles: FileSet | undefined,
): CloneFiles {
  const adds = sourceFiles.emptySelection();
  const kept = targetFiles?.emptySelection() ?? [];
  const removes = targetFiles?.emptySelection() ?? [];
  const restated = targetFiles?.emptySelection() ?? [];
  const addedPaths = new Set<ObjectUri>();
  const unchanged = { files: 0, bytes: 0 };
  const hasVectors = [sourceFiles, targetFiles].some((files) =>
    files?.batches.some((batch) => batch.vectors.size > 0),
  );
  const lookup =
    targetFiles === undefined
      ? undefined
      : new FileLookup(targetFiles, (batch, index) => fileStateKey(targetFiles, batch, index));
  sourceFiles.forEach((batch, index, batchIndex) => {
    if (lookup === undefined) {
      select(adds, batchIndex, index);
      return undefined;
    }
    const uri = sourceFiles.uri(batch, index);
    const key = vectorKey(sourceFiles.root, batch.vectors.get(index));
    const found = lookup.find(`${relativePath(targetRoot, uri) ?? uri}\0${key}`);
    if (found === undefined) {
      select(adds, batchIndex, index);
      if (hasVectors) addedPaths.add(uri);
    } else {
      select(kept, found.batch, found.index);
      unchanged.files++;
      unchanged.bytes += batch.sizes[index] ?? 0;
    }
    return undefined;
  });
  targetFiles?.forEach((batch, index, batchIndex) => {
    if (isSelected(kept, batchIndex, index)) return undefined;
    select(removes, batchIndex, index);
    if (addedPaths.size > 0 && addedPaths.has(targetFiles.uri(batch, index))) {
      select(restated, batchIndex, index);
    }
    return undefined;
  });
  const none = sourceFiles.emptySelection();
  return {
    sourceFiles,
    targetFiles,
    adds,
    copies: none,
    reuses: none,
    removes,
    restated,
    unchanged,
    vectors: [],
    targetPath: (file) => {
      const batch = sourceFiles.batches[file.batch];
      const uri = batch === undefined ? sourceFiles.root : sourceFiles.uri(batch, file.index);
      return relativePath(targetRoot, uri) ?? writtenUri(uri);
    },
    targetVector: (vector) => vectorInTable(sourceFiles.root, targetRoot, vector),
    storedSize: (file) => sizeOf(sourceFiles, file),
  };
}

const vectorFile =
  /^(?:([^/]*)\/)?deletion_vector_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.bin$/;

/**
 * A vector of one table as another names it: absolute, but relative where its file lies below the other's root under a name that a
 * relative vector can have.
 */
export function vectorInTable(
  from: ObjectUri,
  to: ObjectUri,
  vector: DeletionVector,
): DeletionVector {
  const uri = vectorFileUri(from, vector);
  if (uri === undefined) return vector;
  const match = vectorFile.exec(relativePath(to, uri) ?? '');
  const uuid = match?.[2];
  if (uuid === undefined) return toAbsoluteVector(from, vector);
  return {
    ...vector,
    storageType: 'u',
    pathOrInlineDv: `${match?.[1] ?? ''}${vectorReference(uuid)}`,
  };
}
