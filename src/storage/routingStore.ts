/**
 * One ObjectStore over many, chosen by the scheme of the URI: the engine is handed exactly one store. A copy inside one store
 * is that store's own; between two it streams through this process.
 */
import { StoreError } from '../engine/errors';
import type {
  ByteRange,
  CallOptions,
  ObjectMeta,
  ObjectStore,
  PutBody,
  PutOptions,
  StoreCapabilities,
} from '../engine/objectStore';
import { uriScheme } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';

const cloudSchemes: Readonly<Record<string, string>> = {
  s3: 'Amazon S3',
  gs: 'Google Cloud Storage',
  abfss: 'Azure storage',
  abfs: 'Azure storage',
};

export class RoutingStore implements ObjectStore {
  /** The stores by canonical scheme (`file`). One store may serve several. */
  constructor(private readonly stores: Readonly<Record<string, ObjectStore>>) {}

  async *list(
    folder: ObjectUri,
    options?: CallOptions & { readonly startAfter?: ObjectUri; readonly recursive?: boolean },
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    yield* this.storeOf(folder).list(folder, options);
  }

  async *listFolders(
    folder: ObjectUri,
    options?: CallOptions,
  ): AsyncGenerator<ObjectUri, void, undefined> {
    yield* this.storeOf(folder).listFolders(folder, options);
  }

  async head(uri: ObjectUri, options?: CallOptions): Promise<ObjectMeta> {
    return this.storeOf(uri).head(uri, options);
  }

  async read(
    uri: ObjectUri,
    options?: CallOptions & { readonly range?: ByteRange },
  ): Promise<Uint8Array> {
    return this.storeOf(uri).read(uri, options);
  }

  async *readStream(
    uri: ObjectUri,
    options?: CallOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.storeOf(uri).readStream(uri, options);
  }

  async put(uri: ObjectUri, body: PutBody, options: PutOptions): Promise<ObjectMeta> {
    return this.storeOf(uri).put(uri, body, options);
  }

  async copy(
    from: ObjectUri,
    to: ObjectUri,
    options: PutOptions & { readonly onBytes?: (bytes: number) => void },
  ): Promise<ObjectMeta> {
    const source = this.storeOf(from);
    const target = this.storeOf(to);
    if (source === target) return target.copy(from, to, options);
    const { signal, mode, onBytes } = options;
    const { size } = await source.head(from, { signal });
    return target.put(to, measured(source.readStream(from, { signal }), from, size, onBytes), {
      signal,
      mode,
    });
  }

  async *delete(
    uris: readonly ObjectUri[],
    options?: CallOptions,
  ): AsyncGenerator<{ readonly uri: ObjectUri; readonly error?: unknown }, void, undefined> {
    const byScheme = new Map<string, ObjectUri[]>();
    for (const uri of uris) {
      const scheme = uriScheme(uri);
      const group = byScheme.get(scheme);
      if (group === undefined) byScheme.set(scheme, [uri]);
      else group.push(uri);
    }
    for (const [scheme, group] of byScheme) {
      const store = this.stores[scheme];
      if (store !== undefined) yield* store.delete(group, options);
      else for (const uri of group) yield { uri, error: this.unknownScheme(uri) };
    }
  }

  capabilities(uri: ObjectUri): StoreCapabilities {
    return this.storeOf(uri).capabilities(uri);
  }

  private storeOf(uri: ObjectUri): ObjectStore {
    const store = this.stores[uriScheme(uri)];
    if (store === undefined) throw this.unknownScheme(uri);
    return store;
  }

  private unknownScheme(uri: ObjectUri): StoreError {
    const scheme = uriScheme(uri);
    const place = cloudSchemes[scheme];
    const known = Object.keys(this.stores)
      .map((name) => `${name}:`)
      .join(', ');
    return new StoreError(
      'unsupported',
      place === undefined
        ? `${uri} cannot be opened: locations may begin with ${known} only, not with ${scheme}:.`
        : `${uri} cannot be opened: ${place} is not supported yet. Locations may begin with ${known}.`,
      uri,
    );
  }
}

/** Counts the bytes through, and fails before the end when they are not as many as promised: then nothing is published. */
async function* measured(
  body: AsyncIterable<Uint8Array>,
  from: ObjectUri,
  size: number,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.byteLength;
    yield chunk;
    onBytes?.(chunk.byteLength);
  }
  if (seen !== size) {
    throw new StoreError(
      'corrupt-response',
      `${from} changed while it was copied (${size} bytes before, ${seen} read). Nothing was published; try again.`,
      from,
    );
  }
}
