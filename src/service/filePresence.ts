/** Whether the files of a version are in storage. Each folder is listed once, however many files are asked for. */
import type { FileSet } from '../engine/fileSet';
import { vectorFileUri } from '../engine/deletionVector';
import type { CallOptions, ObjectStore } from '../engine/objectStore';
import { parentUri } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { mapConcurrent } from '../engine/util/async';

const listingsInFlight = 16;

export class FilePresence {
  private readonly folders = new Map<ObjectUri, Promise<ReadonlySet<ObjectUri>>>();

  constructor(private readonly store: ObjectStore) {}

  /** True when every data file and every deletion vector of the set is there. Throws what the store says. */
  async areAllThere(files: FileSet, options: CallOptions = {}): Promise<boolean> {
    const folders = new Set<ObjectUri>();
    forEachUri(files, (uri) => {
      folders.add(parentUri(uri) ?? uri);
      return true;
    });
    const present = new Map<ObjectUri, ReadonlySet<ObjectUri>>();
    const listed = mapConcurrent(
      folders,
      listingsInFlight,
      async (folder) => [folder, await this.list(folder, options)] as const,
    );
    for await (const [folder, uris] of listed) present.set(folder, uris);
    return forEachUri(files, (uri) => present.get(parentUri(uri) ?? uri)?.has(uri) === true);
  }

  private async list(folder: ObjectUri, options: CallOptions): Promise<ReadonlySet<ObjectUri>> {
    let listing = this.folders.get(folder);
    if (listing === undefined) {
      listing = listFolder(this.store, folder, options);
      this.folders.set(folder, listing);
      listing.catch(() => this.folders.delete(folder));
    }
    return listing;
  }
}

async function listFolder(
  store: ObjectStore,
  folder: ObjectUri,
  options: CallOptions,
): Promise<ReadonlySet<ObjectUri>> {
  const uris = new Set<ObjectUri>();
  for await (const { uri } of store.list(folder, { ...options, recursive: false })) uris.add(uri);
  return uris;
}

/** Visits data files and vectors until `visit` answers false; true when it never did. */
function forEachUri(files: FileSet, visit: (uri: ObjectUri) => boolean): boolean {
  let goesOn = true;
  files.forEach((batch, index) => {
    goesOn = visit(files.uri(batch, index));
    const vector = batch.vectors.get(index);
    const vectorUri = vector === undefined ? undefined : vectorFileUri(files.root, vector);
    if (goesOn && vectorUri !== undefined) goesOn = visit(vectorUri);
    return goesOn;
  });
  return goesOn;
}
