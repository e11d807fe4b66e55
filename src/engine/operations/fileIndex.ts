/** Which files of one set are in another: keys are bytes in one dictionary, so that a million files cost no million objects. */
import type { DeletionVector } from '../actions';
import { vectorFileUri } from '../deletionVector';
import type { FileBatch, FileIndex, FileSet } from '../fileSet';
import { canonicalKey } from '../log/replay';
import type { ObjectUri } from '../objectUri';
import { ByteDictionary } from '../util/byteDictionary';

const encoder = new TextEncoder();

/** Files of a set by a key. Where several have the same key, the last one is found. */
export class FileLookup {
  private readonly dictionary: ByteDictionary;
  /** Batch and index for each code. */
  private readonly positions: Int32Array;

  constructor(files: FileSet, keyOf: (batch: FileBatch, index: number) => string) {
    this.dictionary = new ByteDictionary(files.count);
    this.positions = new Int32Array(files.count * 2);
    files.forEach((batch, index, batchIndex) => {
      const bytes = encoder.encode(keyOf(batch, index));
      const code = this.dictionary.intern(bytes, 0, bytes.length);
      this.positions[code * 2] = batchIndex;
      this.positions[code * 2 + 1] = index;
      return undefined;
    });
  }

  find(key: string): FileIndex | undefined {
    const bytes = encoder.encode(key);
    const code = this.dictionary.find(bytes, 0, bytes.length);
    if (code < 0) return undefined;
    return { batch: this.positions[code * 2] ?? 0, index: this.positions[code * 2 + 1] ?? 0 };
  }
}

/** Where the rows that a vector deletes are written down: equal for two spellings of one vector. */
export function vectorKey(root: ObjectUri, vector: DeletionVector | undefined): string {
  if (vector === undefined) return '';
  const place = vectorFileUri(root, vector) ?? `inline:${vector.pathOrInlineDv}`;
  return `${place}@${vector.offset ?? ''}#${vector.sizeInBytes}`;
}

/** Path and vector of a file of a table, in one spelling. */
export function fileStateKey(files: FileSet, batch: FileBatch, index: number): string {
  const path = canonicalKey(files.root, files.path(batch, index));
  return `${path}\0${vectorKey(files.root, batch.vectors.get(index))}`;
}
