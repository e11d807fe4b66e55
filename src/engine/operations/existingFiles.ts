/** What is in storage: a few files are asked for one by one, many are listed at once. */
import type { Engine } from '../engine';
import { isStoreError } from '../errors';
import type { CallOptions } from '../objectStore';
import { relativePath, type ObjectUri } from '../objectUri';
import { ByteDictionary } from '../util/byteDictionary';

const listAbove = 1000;
const encoder = new TextEncoder();

export interface ExistingFiles {
  /** Bytes, or undefined for a file that is not there. */
  sizeOf(uri: ObjectUri): number | undefined | Promise<number | undefined>;
}

/**
 * Looks at the files below some folders (others are asked for one by one). `expected` is how many will be asked for. An aborted or
 * denied listing throws; it never counts as absence.
 */
export async function existingFiles(
  engine: Engine,
  folders: readonly ObjectUri[],
  expected: number,
  options: CallOptions = {},
): Promise<ExistingFiles> {
  const ask = async (uri: ObjectUri): Promise<number | undefined> => {
    try {
      return (await engine.store.head(uri, options)).size;
    } catch (error) {
      if (isStoreError(error, 'not-found')) return undefined;
      throw error;
    }
  };
  if (expected <= listAbove) return { sizeOf: ask };
  const names = new ByteDictionary(expected);
  let sizes = new Float64Array(expected);
  for (const folder of folders) {
    for await (const { uri, size } of engine.store.list(folder, options)) {
      const bytes = encoder.encode(uri);
      const code = names.intern(bytes, 0, bytes.length);
      if (code >= sizes.length) {
        const larger = new Float64Array(sizes.length * 2);
        larger.set(sizes);
        sizes = larger;
      }
      sizes[code] = size;
    }
  }
  return {
    sizeOf: (uri) => {
      if (!folders.some((folder) => relativePath(folder, uri) !== undefined)) return ask(uri);
      const bytes = encoder.encode(uri);
      const code = names.find(bytes, 0, bytes.length);
      return code < 0 ? undefined : sizes[code];
    },
  };
}
