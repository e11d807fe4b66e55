/**
 * How a file of the local disk appears at once and whole: written under a hidden name in its folder, flushed, then linked
 * (mode `create`: the one call that fails when the name is taken, in any process; delta-semantics.md 8.1 and trap 38) or
 * renamed (mode `overwrite`) to its name, and the folder flushed.
 */
import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../engine/errors';
import type { PutOptions } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';
import { pause } from './abortable';
import { errnoOf, hasErrno, whenFilesAreFree } from './localErrors';

const unpublishedName = /^\.delta-clones-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.unpublished$/;
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** What systems answer to link() on file systems that have no hard links. Windows says EISDIR for exFAT and FAT. */
const noLinks = [
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
  'EINVAL',
  'EMLINK',
  'EISDIR',
  'UNKNOWN',
];

/** True for the hidden name of a file that a put or a copy of ours has not published yet. */
export function isUnpublishedName(name: string): boolean {
  return unpublishedName.test(name);
}

/** A fresh hidden path in the folder of `path`. */
export function unpublishedPath(path: string): string {
  return join(dirname(path), `.delta-clones-${randomUUID()}.unpublished`);
}

/** Opens a fresh file for writing, making missing folders (durably) first. */
export async function openUnpublished(path: string, signal?: AbortSignal): Promise<FileHandle> {
  const create = (): Promise<FileHandle> => open(path, 'wx');
  try {
    return await whenFilesAreFree(create, signal);
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
    await makeFolder(dirname(path));
    return whenFilesAreFree(create, signal);
  }
}

/** Makes a folder and those around it, and flushes the folders that gained an entry. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await flushFolder(dirname(made));
  }
}

/** Makes the entries of a folder durable. Systems that cannot open a folder flush it themselves. */
export async function flushFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await whenFilesAreFree(() => open(folder, 'r'));
  } catch (error) {
    if (hasErrno(error, 'EISDIR', 'EPERM', 'EACCES', 'EINVAL')) return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!hasErrno(error, 'EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF', 'ENOTSUP', 'ENOSYS'))
      throw error;
  } finally {
    await handle.close();
  }
}

/** Removes an unpublished file; one that cannot be removed is left to {@link LocalPublisher.sweep}. */
export async function discard(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

/** Remembers which devices have no hard links and which folders were swept. */
export class LocalPublisher {
  private readonly linkless = new Map<number, string>();
  private readonly probed = new Set<number>();
  private readonly swept = new Set<string>();

  /** Why nothing may be created atomically on a device, or undefined while nothing speaks against it. */
  linklessReason(device: number): string | undefined {
    return this.linkless.get(device);
  }

  get knowsLinkless(): boolean {
    return this.linkless.size > 0;
  }

  /**
   * Refuses mode `create` where the name is taken or the device has no hard links, before anything large is written. The
   * folder must exist; the first time on a device an empty file is linked in it to see whether links work.
   */
  async prepare(path: string, uri: ObjectUri, mode: PutOptions['mode']): Promise<void> {
    if (mode === 'overwrite') return;
    if (await exists(path)) throw existsAlready(path, uri);
    const { dev } = await stat(dirname(path));
    if (!this.probed.has(dev)) {
      await this.probe(path, dev);
      this.probed.add(dev);
    }
    const reason = this.linkless.get(dev);
    if (reason !== undefined) throw noAtomicCreate(path, uri, reason);
  }

  private async probe(path: string, device: number): Promise<void> {
    const [first, second] = [unpublishedPath(path), unpublishedPath(path)];
    try {
      await (await openUnpublished(first)).close();
      await link(first, second);
    } catch (error) {
      if (!hasErrno(error, ...noLinks) || !(await exists(first))) throw error;
      this.linkless.set(device, errnoOf(error) ?? 'unknown error');
    } finally {
      await discard(first);
      await discard(second);
    }
  }

  /** Gives a complete, flushed file its name. Afterwards `temp` is gone. */
  async publish(
    temp: string,
    path: string,
    uri: ObjectUri,
    mode: PutOptions['mode'],
  ): Promise<void> {
    await removeChecksum(path);
    if (mode === 'create') {
      await this.linkTo(temp, path, uri);
      await discard(temp);
    } else {
      await renameOver(temp, path);
    }
    await flushFolder(dirname(path));
    await this.sweep(dirname(path));
  }

  private async linkTo(temp: string, path: string, uri: ObjectUri): Promise<void> {
    try {
      await link(temp, path);
    } catch (error) {
      // A network drive may lose the answer and see its own repetition fail: a second name means that it was done.
      if ((await stat(temp)).nlink > 1) return;
      if (hasErrno(error, 'EEXIST')) throw existsAlready(path, uri, error);
      if (!hasErrno(error, ...noLinks)) throw error;
      const reason = errnoOf(error) ?? 'unknown error';
      this.linkless.set((await stat(temp)).dev, reason);
      throw noAtomicCreate(path, uri, reason, error);
    }
  }

  /** Once for each folder: removes what killed processes left, when it is ours and older than a day. */
  private async sweep(folder: string): Promise<void> {
    if (this.swept.has(folder)) return;
    this.swept.add(folder);
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (!isUnpublishedName(name)) continue;
      const path = join(folder, name);
      const found = await lstat(path).catch(() => undefined);
      if (found?.isFile() === true && Date.now() - found.mtimeMs > abandonedAfterMs)
        await discard(path);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/**
 * Hadoop checks a file against its `.<name>.crc` when there is one (delta-semantics.md, trap 27). It goes before the new
 * content comes, so that no reader ever sees the one with the other.
 */
async function removeChecksum(path: string): Promise<void> {
  try {
    await unlink(join(dirname(path), `.${basename(path)}.crc`));
  } catch (error) {
    if (!hasErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) throw error;
  }
}

/** Windows refuses to replace a file that a virus scanner or an indexer holds for a moment. */
async function renameOver(temp: string, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(temp, path);
      return;
    } catch (error) {
      const passing = process.platform === 'win32' && hasErrno(error, 'EPERM', 'EACCES', 'EBUSY');
      if (!passing || attempt >= 6) throw error;
      await pause(20 * 2 ** attempt);
    }
  }
}

function existsAlready(path: string, uri: ObjectUri, cause?: unknown): StoreError {
  return new StoreError('already-exists', `${path} exists already.`, uri, { cause });
}

function noAtomicCreate(path: string, uri: ObjectUri, reason: string, cause?: unknown): StoreError {
  return new StoreError(
    'unsupported',
    `${path} lies on a file system without hard links (${reason}), where a new file cannot be protected from another ` +
      'writer. Choose a location on a local disk that has them (ext4, XFS, APFS, NTFS).',
    uri,
    { cause },
  );
}
