/**
 * An ObjectStore in memory: the reference for the contract, a scratch place, and the ground of tests. Any scheme will do.
 * Every verb takes effect in one step of the event loop, so nothing is ever seen half-done.
 */
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
import { decodedPath, joinUri, relativePath, uriAuthority } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { compareKeys } from './keyOrder';
import { collectBody } from './putBody';

interface StoredObject {
  readonly meta: ObjectMeta;
  /** The decoded path: what a listing is ordered by. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

const streamChunk = 1 << 16;

export class MemoryStore implements ObjectStore {
  private readonly objects = new Map<ObjectUri, StoredObject>();
  private readonly now: () => number;
  private writes = 0;

  /** `now` gives the time of each write in milliseconds since the epoch. */
  constructor(options: { readonly now?: () => number } = {}) {
    this.now = options.now ?? Date.now;
  }

  async *list(
    folder: ObjectUri,
    options: CallOptions & { readonly startAfter?: ObjectUri; readonly recursive?: boolean } = {},
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    throwIfAborted(options.signal);
    const after = options.startAfter === undefined ? undefined : decodedPath(options.startAfter);
    for (const { key, meta } of this.below(folder)) {
      throwIfAborted(options.signal);
      if (after !== undefined && compareKeys(key, after) <= 0) continue;
      if (options.recursive === false && relativePath(folder, meta.uri)?.includes('/') === true) {
        continue;
      }
      if (this.objects.has(meta.uri)) yield meta;
    }
    throwIfAborted(options.signal);
  }

  async *listFolders(
    folder: ObjectUri,
    options: CallOptions = {},
  ): AsyncGenerator<ObjectUri, void, undefined> {
    throwIfAborted(options.signal);
    const names = new Set<string>();
    const depth = decodedPath(folder) === '/' ? 1 : decodedPath(folder).length + 1;
    for (const { key } of this.below(folder)) {
      const slash = key.indexOf('/', depth);
      if (slash >= 0) names.add(key.slice(depth, slash));
    }
    for (const name of [...names].sort(compareKeys)) {
      throwIfAborted(options.signal);
      yield joinUri(folder, name);
    }
  }

  async head(uri: ObjectUri, options: CallOptions = {}): Promise<ObjectMeta> {
    throwIfAborted(options.signal);
    return this.get(uri).meta;
  }

  async read(
    uri: ObjectUri,
    options: CallOptions & { readonly range?: ByteRange } = {},
  ): Promise<Uint8Array> {
    throwIfAborted(options.signal);
    return this.get(uri).bytes.slice(options.range?.start, options.range?.end);
  }

  async *readStream(
    uri: ObjectUri,
    options: CallOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { bytes } = this.get(uri);
    for (let at = 0; at < bytes.byteLength; at += streamChunk) {
      throwIfAborted(options.signal);
      yield bytes.slice(at, at + streamChunk);
    }
    throwIfAborted(options.signal);
  }

  async put(uri: ObjectUri, body: PutBody, options: PutOptions): Promise<ObjectMeta> {
    if (options.mode === 'create') this.refuseExisting(uri);
    const bytes = await collectBody(body, options.signal);
    throwIfAborted(options.signal);
    return this.set(uri, bytes, options.mode);
  }

  async copy(
    from: ObjectUri,
    to: ObjectUri,
    options: PutOptions & { readonly onBytes?: (bytes: number) => void },
  ): Promise<ObjectMeta> {
    throwIfAborted(options.signal);
    const source = this.get(from);
    const meta = this.set(to, source.bytes.slice(), options.mode);
    options.onBytes?.(meta.size);
    return meta;
  }

  async *delete(
    uris: readonly ObjectUri[],
    options: CallOptions = {},
  ): AsyncGenerator<{ readonly uri: ObjectUri; readonly error?: unknown }, void, undefined> {
    for (const uri of uris) {
      throwIfAborted(options.signal);
      this.objects.delete(uri);
      yield { uri };
    }
  }

  capabilities(_uri: ObjectUri): StoreCapabilities {
    return { createIfAbsent: 'atomic', serverSideCopy: true };
  }

  private below(folder: ObjectUri): StoredObject[] {
    return [...this.objects.values()]
      .filter(({ meta }) => relativePath(folder, meta.uri) !== undefined)
      .sort((a, b) => compareKeys(a.key, b.key));
  }

  private get(uri: ObjectUri): StoredObject {
    const found = this.objects.get(uri);
    if (found === undefined) throw new StoreError('not-found', `${uri} does not exist.`, uri);
    return found;
  }

  private refuseExisting(uri: ObjectUri): void {
    if (this.objects.has(uri)) {
      throw new StoreError('already-exists', `${uri} exists already.`, uri);
    }
  }

  private set(uri: ObjectUri, bytes: Uint8Array, mode: PutOptions['mode']): ObjectMeta {
    if (mode === 'create') this.refuseExisting(uri);
    const key = decodedPath(uri);
    if (key === '/' && uri.length <= uriAuthority(uri).length + 1) {
      throw new StoreError('unsupported', `${uri} is the top of a store, not an object.`, uri);
    }
    const meta: ObjectMeta = {
      uri,
      size: bytes.byteLength,
      lastModified: this.now(),
      etag: String(++this.writes),
    };
    this.objects.set(uri, { meta, key, bytes });
    return meta;
  }
}
