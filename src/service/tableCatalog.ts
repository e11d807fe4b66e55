/**
 * Finds tables below folders: level by level, some folders at a time, without going into a table. A folder is a table when it
 * has a `_delta_log` folder. Links to folders are not followed, so a loop cannot be entered and no table is met twice.
 */
import { DeltaError, StoreError, throwIfAborted } from '../engine/errors';
import type { CallOptions, ObjectStore } from '../engine/objectStore';
import { parentUri, uriName } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { mapConcurrent } from '../engine/util/async';

export interface CatalogQuery {
  readonly roots: readonly ObjectUri[];
  /** Names of folders that are not entered; hidden ones (a leading `.` or `_`) never are. */
  readonly skip: ReadonlySet<string>;
  /** Levels below a root that are entered; 0 looks at the roots alone. */
  readonly depth: number;
}

export interface CatalogObserver {
  /** A folder was looked at. */
  readonly onFolder?: ((folder: ObjectUri) => void) | undefined;
  /** A folder below a root could not be listed; it is passed over. */
  readonly onUnreadable?: ((folder: ObjectUri, error: unknown) => void) | undefined;
}

const listingsInFlight = 16;
const logFolderName = '_delta_log';

/** Listed: whether the folder is a table, and the folders in it. */
interface Listing {
  readonly folder: ObjectUri;
  readonly children: readonly ObjectUri[];
  readonly error?: Error;
}

/**
 * Yields the root of each table once, in the order of levels. Throws what the store says where none of the roots can be listed:
 * `not-found` for a place that does not exist. A cancel throws; it never ends the list early.
 */
export async function* findTableRoots(
  store: ObjectStore,
  query: CatalogQuery,
  observer: CatalogObserver,
  options: CallOptions = {},
): AsyncGenerator<ObjectUri, void, undefined> {
  const seen = new Set<ObjectUri>();
  let level: ObjectUri[] = [];
  let rootError: Error | undefined;
  let listedRoots = 0;
  for (const root of query.roots) {
    if (!seen.has(root)) level.push(root);
    seen.add(root);
  }
  for (let depth = 0; level.length > 0; depth++) {
    const next: ObjectUri[] = [];
    const listings = mapConcurrent(level, listingsInFlight, (folder) =>
      depth === 0 ? listRoot(store, folder, options) : listFolder(store, folder, options),
    );
    for await (const { folder, children, error } of listings) {
      throwIfAborted(options.signal);
      observer.onFolder?.(folder);
      if (error !== undefined) {
        if (depth === 0) rootError ??= error;
        observer.onUnreadable?.(folder, error);
        continue;
      }
      if (depth === 0) listedRoots++;
      if (children.some((child) => uriName(child) === logFolderName)) {
        yield folder;
        continue;
      }
      if (depth >= query.depth) continue;
      for (const child of children) {
        if (!isEntered(uriName(child), query.skip) || seen.has(child)) continue;
        seen.add(child);
        next.push(child);
      }
    }
    if (depth === 0 && listedRoots === 0 && rootError !== undefined) throw rootError;
    level = next;
  }
  throwIfAborted(options.signal);
}

function isEntered(name: string, skip: ReadonlySet<string>): boolean {
  return !name.startsWith('.') && !name.startsWith('_') && !skip.has(name);
}

async function listRoot(
  store: ObjectStore,
  folder: ObjectUri,
  options: CallOptions,
): Promise<Listing> {
  const listing = await listFolder(store, folder, options);
  if (listing.error !== undefined || listing.children.length > 0) return listing;
  try {
    if (await folderExists(store, folder, options)) return listing;
  } catch (error) {
    throwIfAborted(options.signal);
    if (!(error instanceof StoreError)) throw error;
    return { folder, children: [], error };
  }
  return {
    folder,
    children: [],
    error: new StoreError('not-found', `There is no folder ${folder}.`, folder),
  };
}

async function listFolder(
  store: ObjectStore,
  folder: ObjectUri,
  options: CallOptions,
): Promise<Listing> {
  const children: ObjectUri[] = [];
  try {
    for await (const child of store.listFolders(folder, options)) children.push(child);
  } catch (error) {
    throwIfAborted(options.signal);
    if (error instanceof StoreError || error instanceof DeltaError) {
      return { folder, children: [], error };
    }
    throw error;
  }
  return { folder, children };
}

/**
 * True for a folder that exists, also an empty one where the store has such. A store answers an absent folder with an empty list,
 * so the folder around it is asked.
 */
export async function folderExists(
  store: ObjectStore,
  folder: ObjectUri,
  options: CallOptions = {},
): Promise<boolean> {
  for await (const _child of store.listFolders(folder, options)) return true;
  for await (const _object of store.list(folder, { ...options, recursive: false })) return true;
  const parent = parentUri(folder);
  if (parent === undefined) return true;
  for await (const sibling of store.listFolders(parent, options)) {
    if (sibling === folder) return true;
  }
  return false;
}
