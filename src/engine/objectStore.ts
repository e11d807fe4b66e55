/**
 * The one storage interface of the engine: a handful of verbs over absolute URIs, each with an exact promise.
 * The contract tests (`test/contract/objectStore.contract.ts`) are run against every implementation.
 */
import type { ObjectUri } from './objectUri';

export interface ObjectMeta {
  readonly uri: ObjectUri;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly etag?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** `start` inclusive, `end` exclusive, in bytes; `end` may lie beyond the object. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions extends CallOptions {
  /** `create` fails with `already-exists` and writes nothing when the object is there. */
  readonly mode: 'create' | 'overwrite';
}

export type PutBody = Uint8Array | AsyncIterable<Uint8Array>;

export interface StoreCapabilities {
  /** `unsafe`: a put in mode `create` may overwrite a concurrent writer; nothing may commit through it. */
  readonly createIfAbsent: 'atomic' | 'unsafe';
  readonly serverSideCopy: boolean;
}

export interface ObjectStore {
  /**
   * All objects below a folder, at any depth, ordered by the UTF-8 bytes of their decoded key; folders themselves are not
   * listed, symbolic links to folders are not followed. A folder that is absent is empty. `startAfter` leaves out keys up
   * to and including it. `recursive: false` lists only the objects directly in the folder. An abort throws, it never ends
   * the list early; a folder that vanishes or is denied during the listing throws as well.
   */
  list(
    folder: ObjectUri,
    options?: CallOptions & { readonly startAfter?: ObjectUri; readonly recursive?: boolean },
  ): AsyncIterable<ObjectMeta>;
  /** The folders directly in a folder, in the same order; symbolic links to folders are left out. Absent: empty. */
  listFolders(folder: ObjectUri, options?: CallOptions): AsyncIterable<ObjectUri>;
  /** Throws `not-found` for an absent object and for a folder. */
  head(uri: ObjectUri, options?: CallOptions): Promise<ObjectMeta>;
  /** The whole object or a range of it (what there is of the range). Throws `not-found`. */
  read(uri: ObjectUri, options?: CallOptions & { readonly range?: ByteRange }): Promise<Uint8Array>;
  /** The object in chunks, for what may be large. Throws `not-found` at the first step. */
  readStream(uri: ObjectUri, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** Writes a whole object and makes missing folders; readers never see a part of it. Durable when it returns. */
  put(uri: ObjectUri, body: PutBody, options: PutOptions): Promise<ObjectMeta>;
  /**
   * Copies one object, server-side where possible, and verifies the size. Readers never see a part of it. Mode `create`
   * fails with `already-exists`. `onBytes` is told the bytes copied since its last call.
   */
  copy(
    from: ObjectUri,
    to: ObjectUri,
    options: PutOptions & { readonly onBytes?: (bytes: number) => void },
  ): Promise<ObjectMeta>;
  /** Deletes objects; an absent one counts as deleted. Reports each, so that a partial failure is visible. */
  delete(
    uris: readonly ObjectUri[],
    options?: CallOptions,
  ): AsyncIterable<{ readonly uri: ObjectUri; readonly error?: unknown }>;
  capabilities(uri: ObjectUri): StoreCapabilities;
}
