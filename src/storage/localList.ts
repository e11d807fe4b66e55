/**
 * Listing folders of the local disk in the order of object stores. What is listed: regular files and symbolic links to them
 * (with the target's size). What is not: links to folders, links to nothing (there is no object), sockets and the like, our
 * own unpublished files, and names that are not UTF-8 (no URI can name them).
 */
import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { throwIfAborted } from '../engine/errors';
import type { ObjectMeta } from '../engine/objectStore';
import { decodedPath, encodeSegment } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { abortable, orderedConcurrent } from './abortable';
import { compareKeys } from './keyOrder';
import { hasErrno, localError, whenFilesAreFree } from './localErrors';
import { localPath } from './localPath';
import { isUnpublishedName } from './localPublish';

const statsInFlight = 64;

interface ListedEntry {
  readonly name: string;
  /** The last part of every key it stands for: a folder's ends in `/`. */
  readonly sortName: string;
  readonly folder: boolean;
}

export interface LocalListOptions {
  readonly signal: AbortSignal | undefined;
  /** The decoded path to begin behind. */
  readonly after: string | undefined;
  readonly recursive: boolean;
}

/** The files below a folder; see ObjectStore.list. An absent folder is empty. */
export async function* listFiles(
  folder: ObjectUri,
  options: LocalListOptions,
): AsyncGenerator<ObjectMeta, void, undefined> {
  const key = decodedPath(folder);
  yield* listLevel(folder, key === '/' ? '/' : `${key}/`, options, true);
  throwIfAborted(options.signal);
}

async function* listLevel(
  folder: ObjectUri,
  prefix: string,
  options: LocalListOptions,
  top: boolean,
): AsyncGenerator<ObjectMeta, void, undefined> {
  const { after, signal } = options;
  const entries = (await readEntries(folder, signal, top)).filter((entry) => {
    if (entry.folder && !options.recursive) return false;
    if (after === undefined) return true;
    const key = prefix + entry.sortName;
    return compareKeys(key, after) > 0 || (entry.folder && after.startsWith(key));
  });
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  // Files are asked for their size ahead of their turn, folders are entered in their turn.
  const steps = orderedConcurrent(
    entries,
    statsInFlight,
    async ({ name, sortName, folder: isFolder }) => {
      const uri = `${base}${encodeSegment(name)}` as ObjectUri;
      return isFolder ? { uri, prefix: prefix + sortName } : await fileMeta(uri, signal);
    },
    signal,
  );
  for await (const step of steps) {
    throwIfAborted(signal);
    if (step === undefined) continue;
    if ('prefix' in step) yield* listLevel(step.uri, step.prefix, options, false);
    else yield step;
  }
}

/** The folders directly in a folder, in listing order. */
export async function* listFolders(
  folder: ObjectUri,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectUri, void, undefined> {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  const names = (await readEntries(folder, signal, true))
    .filter((entry) => entry.folder)
    .map((entry) => entry.name)
    .sort(compareKeys);
  for (const name of names) {
    throwIfAborted(signal);
    yield `${base}${encodeSegment(name)}` as ObjectUri;
  }
}

async function readEntries(
  folder: ObjectUri,
  signal: AbortSignal | undefined,
  top: boolean,
): Promise<ListedEntry[]> {
  throwIfAborted(signal);
  const path = localPath(folder);
  let found: Dirent[];
  try {
    found = await abortable(
      whenFilesAreFree(() => readdir(path, { withFileTypes: true }), signal),
      signal,
    );
  } catch (error) {
    if (top && hasErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw localError(error, path, folder);
  }
  const entries: ListedEntry[] = [];
  for (const entry of found) {
    const { name } = entry;
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile() && !entry.isSymbolicLink()) continue;
    if (isUnpublishedName(name) || name.includes('\ufffd')) continue;
    entries.push({ name, sortName: isFolder ? `${name}/` : name, folder: isFolder });
  }
  return entries.sort((a, b) => compareKeys(a.sortName, b.sortName));
}

/** Undefined where the entry is no file any more: deleted since, or a link to a folder or to nothing. */
async function fileMeta(
  uri: ObjectUri,
  signal: AbortSignal | undefined,
): Promise<ObjectMeta | undefined> {
  const path = localPath(uri);
  try {
    const found = await whenFilesAreFree(() => stat(path), signal);
    if (!found.isFile()) return undefined;
    return { uri, size: found.size, lastModified: Math.floor(found.mtimeMs) };
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
    throw localError(error, path, uri);
  }
}
