/** File actions as operations write them. Sources: delta-semantics.md 3.1, 3.2, 5. */
import type { AddFile, RemoveFile } from '../actions';
import type { Engine } from '../engine';
import type { FileIndex, FileSelection, FileSet } from '../fileSet';
import { readAdds } from '../fullFiles';
import type { CallOptions } from '../objectStore';
import { selectedFiles } from './cloneFiles';

/** An active file with its place in the set. */
export interface PlacedAdd {
  readonly file: FileIndex;
  readonly add: AddFile;
}

/** The selected adds in full, a batch at a time, each with its place. */
export async function* readPlacedAdds(
  engine: Engine,
  files: FileSet,
  selection: FileSelection,
  options: CallOptions = {},
): AsyncGenerator<readonly PlacedAdd[], void, undefined> {
  const places = selectedFiles(files, selection);
  for await (const adds of readAdds(engine, files, { ...options, selection })) {
    const placed: PlacedAdd[] = [];
    for (const add of adds) {
      const place = places.next();
      if (place.done === true) break;
      placed.push({ file: { batch: place.value.batch, index: place.value.index }, add });
    }
    yield placed;
  }
}

/** The removal of an active file, with everything that is needed to put it back. The path keeps its spelling. */
export function removeOf(add: AddFile, deletionTimestamp: number): RemoveFile {
  return {
    path: add.path,
    deletionTimestamp,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues: add.partitionValues,
    size: add.size,
    ...(add.tags === undefined ? {} : { tags: add.tags }),
    ...(add.deletionVector === undefined ? {} : { deletionVector: add.deletionVector }),
    ...(add.baseRowId === undefined ? {} : { baseRowId: add.baseRowId }),
    ...(add.defaultRowCommitVersion === undefined
      ? {}
      : { defaultRowCommitVersion: add.defaultRowCommitVersion }),
    ...(add.stats === undefined ? {} : { stats: add.stats }),
  };
}

/** An add of the state as a new commit lists it: a change of data, which the state itself never is. */
export function asChange(add: AddFile): AddFile {
  return { ...add, dataChange: true };
}

export function withoutRowIds(add: AddFile): AddFile {
  const { baseRowId: _id, defaultRowCommitVersion: _version, ...rest } = add;
  return rest;
}
