/** Open files of the local disk: whole reads and writes where the system may do a part only. */
import { open, type FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { StoreError, throwIfAborted } from '../engine/errors';
import type { ObjectMeta } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';
import { localError, whenFilesAreFree } from './localErrors';
import { localPath } from './localPath';

/** Node reads at most 2 GiB - 1 in one call. */
const largestRead = 1 << 30;

/** What is known of a file. Throws `not-found` for a folder or a device. */
export function metaOf(uri: ObjectUri, path: string, found: Stats): ObjectMeta {
  if (!found.isFile()) {
    throw new StoreError('not-found', `${path} is a folder or a device, not a file.`, uri);
  }
  return { uri, size: found.size, lastModified: Math.floor(found.mtimeMs) };
}

/** Opens a file for reading, closes it afterwards, and types what fails. */
export async function withFile<T>(
  uri: ObjectUri,
  signal: AbortSignal | undefined,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const path = localPath(uri);
  try {
    throwIfAborted(signal);
    const file = await whenFilesAreFree(() => open(path, 'r'), signal);
    try {
      return await use(file, metaOf(uri, path, await file.stat()).size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw localError(error, path, uri);
  }
}

/** The bytes that there are, in a buffer of their own. */
export async function readFully(
  file: FileHandle,
  start: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    throwIfAborted(signal);
    const { bytesRead } = await file.read(
      bytes,
      filled,
      Math.min(length - filled, largestRead),
      start + filled,
    );
    if (bytesRead === 0) return bytes.slice(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** Writes all bytes at the current end of the file. */
export async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    const { bytesWritten } = await file.write(
      chunk,
      written,
      Math.min(chunk.byteLength - written, largestRead),
    );
    written += bytesWritten;
  }
}
