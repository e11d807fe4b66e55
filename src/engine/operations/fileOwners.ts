/** Whose files a table lists outside of its own folder: the tables below whose roots they lie. */
import type { Engine } from '../engine';
import { isStoreError } from '../errors';
import type { FileSet } from '../fileSet';
import type { CallOptions } from '../objectStore';
import { parentUri, relativePath, type ObjectUri } from '../objectUri';
import { isTable } from '../table';

const ownersAtMost = 8;

/** Roots of the tables (or, where none is found, folders) that hold the foreign files; at most a few. */
export async function ownersOfForeignFiles(
  engine: Engine,
  files: FileSet,
  options: CallOptions = {},
): Promise<readonly ObjectUri[]> {
  const owners: ObjectUri[] = [];
  while (owners.length < ownersAtMost) {
    let next: ObjectUri | undefined;
    files.forEach((batch, index) => {
      if (!files.isForeign(batch, index)) return true;
      const uri = files.uri(batch, index);
      if (owners.some((owner) => relativePath(owner, uri) !== undefined)) return true;
      next = uri;
      return false;
    });
    if (next === undefined) break;
    owners.push(await ownerOf(engine, next, options));
  }
  return owners;
}

async function ownerOf(engine: Engine, file: ObjectUri, options: CallOptions): Promise<ObjectUri> {
  const folder = parentUri(file) ?? file;
  let at = folder;
  for (;;) {
    try {
      if (await isTable(engine, at, options)) return at;
    } catch (error) {
      // Folders further out may not be ours to look into; then the nearest one stands for the owner.
      if (isStoreError(error)) return folder;
      throw error;
    }
    const parent = parentUri(at);
    if (parent === undefined || parent === at) return folder;
    at = parent;
  }
}
