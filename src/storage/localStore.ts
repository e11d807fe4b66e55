/** The ObjectStore of the local disk, on node:fs. What is published by a put or a copy is durable and was never half there. */
import { constants } from 'node:fs';
import { copyFile, open, realpath, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, throwIfAborted } from '../engine/errors';
import type {
  ByteRange,
  CallOptions,
  ObjectMeta,
  ObjectStore,
  PutBody,
  PutOptions,
  StoreCapabilities,
} from '../engine/objectStore';
import { decodedPath } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { abortable, orderedConcurrent } from './abortable';
import { hasErrno, localError, whenFilesAreFree } from './localErrors';
import { listFiles, listFolders } from './localList';
import { flushCopy, watchSize } from './localCopy';
import { metaOf, readFully, withFile, writeFully } from './localFile';
import { localPath } from './localPath';
import {
  discard,
  LocalPublisher,
  makeFolder,
  openUnpublished,
  unpublishedPath,
} from './localPublish';
import { bodyChunks } from './putBody';

const streamChunk = 1 << 20;
const deletesInFlight = 16;

export class LocalStore implements ObjectStore {
  private readonly publisher = new LocalPublisher();

  list(
    folder: ObjectUri,
    options: CallOptions & { readonly startAfter?: ObjectUri; readonly recursive?: boolean } = {},
  ): AsyncIterable<ObjectMeta> {
    return listFiles(folder, {
      signal: options.signal,
      after: options.startAfter === undefined ? undefined : decodedPath(options.startAfter),
      recursive: options.recursive !== false,
    });
  }

  listFolders(folder: ObjectUri, options: CallOptions = {}): AsyncIterable<ObjectUri> {
    return listFolders(folder, options.signal);
  }

  async head(uri: ObjectUri, options: CallOptions = {}): Promise<ObjectMeta> {
    throwIfAborted(options.signal);
    const path = localPath(uri);
    try {
      const found = await abortable(
        whenFilesAreFree(() => stat(path), options.signal),
        options.signal,
      );
      return metaOf(uri, path, found);
    } catch (error) {
      throw localError(error, path, uri);
    }
  }

  async read(
    uri: ObjectUri,
    options: CallOptions & { readonly range?: ByteRange } = {},
  ): Promise<Uint8Array> {
    const { signal, range } = options;
    return abortable(
      withFile(uri, signal, async (file, size) => {
        const start = Math.min(range?.start ?? 0, size);
        const end = Math.max(start, Math.min(range?.end ?? size, size));
        return readFully(file, start, end - start, signal);
      }),
      signal,
    );
  }

  async *readStream(
    uri: ObjectUri,
    options: CallOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal } = options;
    const path = localPath(uri);
    throwIfAborted(signal);
    let file: FileHandle | undefined;
    try {
      file = await whenFilesAreFree(() => open(path, 'r'), signal);
      metaOf(uri, path, await file.stat());
      for (let at = 0; ;) {
        throwIfAborted(signal);
        const chunk = await readFully(file, at, streamChunk, signal);
        if (chunk.byteLength === 0) return;
        at += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      throw localError(error, path, uri);
    } finally {
      await file?.close();
    }
  }

  async put(uri: ObjectUri, body: PutBody, options: PutOptions): Promise<ObjectMeta> {
    const { signal, mode } = options;
    const path = localPath(uri);
    const temp = unpublishedPath(path);
    throwIfAborted(signal);
    let file: FileHandle | undefined;
    try {
      file = await openUnpublished(temp, signal);
      await this.publisher.prepare(path, uri, mode);
      for await (const chunk of bodyChunks(body, signal)) {
        throwIfAborted(signal);
        await writeFully(file, chunk);
      }
      throwIfAborted(signal);
      await file.sync();
      const written = await file.stat();
      await file.close();
      file = undefined;
      throwIfAborted(signal);
      await this.publisher.publish(temp, path, uri, mode);
      return metaOf(uri, path, written);
    } catch (error) {
      await file?.close().catch(() => undefined);
      await discard(temp);
      throw localError(error, path, uri);
    }
  }

  async copy(
    from: ObjectUri,
    to: ObjectUri,
    options: PutOptions & { readonly onBytes?: (bytes: number) => void },
  ): Promise<ObjectMeta> {
    const { signal, mode, onBytes } = options;
    const source = await this.head(from, { signal });
    const path = localPath(to);
    const temp = unpublishedPath(path);
    let copying: Promise<void> | undefined;
    try {
      await makeFolder(dirname(path));
      await this.publisher.prepare(path, to, mode);
      throwIfAborted(signal);
      copying = this.copyBytes(from, temp, to);
      const progress = watchSize(temp, source.size, onBytes);
      try {
        await abortable(copying, signal);
      } finally {
        await progress.stop();
      }
      const { size } = await flushCopy(temp);
      const now = await this.head(from, { signal });
      if (
        size !== source.size ||
        now.size !== source.size ||
        now.lastModified !== source.lastModified
      ) {
        throw new StoreError(
          'corrupt-response',
          `${localPath(from)} changed while it was copied (${source.size} bytes before, ${size} copied). ` +
            'Nothing was published; try again when nobody writes it.',
          from,
        );
      }
      throwIfAborted(signal);
      await this.publisher.publish(temp, path, to, mode);
      progress.finish(size);
      return await this.head(to);
    } catch (error) {
      // A copy that goes on after an abort is dropped when it ends.
      if (signal?.aborted === true && copying !== undefined) {
        void copying.catch(() => undefined).then(() => discard(temp));
      } else {
        await discard(temp);
      }
      throw localError(error, path, to);
    }
  }

  async *delete(
    uris: readonly ObjectUri[],
    options: CallOptions = {},
  ): AsyncGenerator<{ readonly uri: ObjectUri; readonly error?: unknown }, void, undefined> {
    yield* orderedConcurrent(uris, deletesInFlight, deleteOne, options.signal);
  }

  /**
   * `unsafe` where a link has failed on the device before; `atomic` until then. A put in mode `create` finds out by itself,
   * and refuses rather than overwrite.
   */
  capabilities(uri: ObjectUri): StoreCapabilities {
    const unsafe =
      this.publisher.knowsLinkless &&
      this.publisher.linklessReason(deviceOf(localPath(uri))) !== undefined;
    return { createIfAbsent: unsafe ? 'unsafe' : 'atomic', serverSideCopy: true };
  }

  private async copyBytes(from: ObjectUri, temp: string, to: ObjectUri): Promise<void> {
    const source = localPath(from);
    try {
      await whenFilesAreFree(async () => {
        // macOS copies a link as a link and refuses a target that exists.
        await copyFile(
          await realpath(source),
          temp,
          constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL,
        );
      });
    } catch (error) {
      // copyFile tells only one errno for two files: what is wrong with the source shows when it is asked for.
      await this.head(from);
      throw localError(error, localPath(to), to);
    }
  }
}

async function deleteOne(
  uri: ObjectUri,
): Promise<{ readonly uri: ObjectUri; readonly error?: unknown }> {
  let path: string = uri;
  try {
    path = localPath(uri);
    await unlink(path);
    return { uri };
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR') || (await isFolder(path))) return { uri };
    return { uri, error: localError(error, path, uri) };
  }
}

/** A folder is no object: deleting "it" finds nothing to delete. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** The device of a path or of the nearest folder around it that exists. */
function deviceOf(path: string): number {
  for (let at = path; ; at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found !== undefined) return found.dev;
    if (dirname(at) === at) return -1;
  }
}
