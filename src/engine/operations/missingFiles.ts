/** Files that a version needs and that are not in storage, data files and deletion vector files alike. */
import { vectorFileUri } from '../deletionVector';
import type { Engine } from '../engine';
import type { FileIndex, FileSelection, FileSet } from '../fileSet';
import type { CallOptions } from '../objectStore';
import type { ObjectUri } from '../objectUri';
import { mapConcurrent } from '../util/async';
import { selectedFiles, totalsOfSelection } from './cloneFiles';
import { existingFiles } from './existingFiles';
import { blocker, type Finding } from './findings';

/** Names in a finding or an error; the count tells the rest. */
const namesAtMost = 100;
const askedAtOnce = 32;

export interface FileCheck {
  readonly missing: number;
  /** The first of them. */
  readonly names: readonly ObjectUri[];
  /** Files whose size in storage is not that of the log. */
  readonly otherSizes: readonly {
    readonly file: FileIndex;
    readonly uri: ObjectUri;
    readonly size: number;
  }[];
  /** Sizes of the vector files. */
  readonly vectorSizes: ReadonlyMap<ObjectUri, number>;
}

/** Asks storage for the selected files and for the vector files that they use. */
export async function checkFiles(
  engine: Engine,
  files: FileSet,
  selection: FileSelection,
  options: CallOptions = {},
): Promise<FileCheck> {
  const { files: count } = totalsOfSelection(files, selection);
  const existing = await existingFiles(engine, [files.root], count, options);
  const names: ObjectUri[] = [];
  let missing = 0;
  const note = (uri: ObjectUri): void => {
    missing++;
    if (names.length < namesAtMost) names.push(uri);
  };
  const otherSizes: { file: FileIndex; uri: ObjectUri; size: number }[] = [];
  const vectorUris = new Set<ObjectUri>();
  const asked = mapConcurrent(selectedFiles(files, selection), askedAtOnce, async (file) => {
    const uri = files.uri(file.in, file.index);
    return { file, uri, size: await existing.sizeOf(uri) };
  });
  for await (const { file, uri, size } of asked) {
    if (size === undefined) note(uri);
    else if (size !== file.in.sizes[file.index]) {
      otherSizes.push({ file: { batch: file.batch, index: file.index }, uri, size });
    }
    const vector = file.in.vectors.get(file.index);
    const vectorUri = vector === undefined ? undefined : vectorFileUri(files.root, vector);
    if (vectorUri !== undefined) vectorUris.add(vectorUri);
  }
  const vectorSizes = new Map<ObjectUri, number>();
  const askedVectors = mapConcurrent(vectorUris, askedAtOnce, async (uri) => ({
    uri,
    size: await existing.sizeOf(uri),
  }));
  for await (const { uri, size } of askedVectors) {
    if (size === undefined) note(uri);
    else vectorSizes.set(uri, size);
  }
  return { missing, names, otherSizes, vectorSizes };
}

/** The blocker for missing files, or nothing. `what` says which state needs them. */
export function missingFilesFinding(
  check: FileCheck,
  subject: ObjectUri,
  what: string,
): readonly Finding[] {
  if (check.missing === 0) return [];
  const shown = check.names.slice(0, 3).join(', ');
  const more = check.missing > 3 ? ` and ${check.missing - 3} more` : '';
  return [
    blocker('missing-files', {
      subject,
      detail: { missing: check.missing, files: check.names },
      message: `${what} needs ${check.missing} file(s) that are not in storage: ${shown}${more}. They were deleted (by VACUUM, or by hand); choose a version that does not need them, or bring them back.`,
    }),
  ];
}
