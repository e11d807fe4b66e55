/**
 * An ObjectStore that fails on purpose: the n-th call of a verb, a lost answer (the work is done, the caller is told
 * otherwise), an object that vanishes, a process that dies, a slow disk.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from '../../src/engine/errors';
import type {
  ByteRange,
  CallOptions,
  ObjectMeta,
  ObjectStore,
  PutBody,
  PutOptions,
  StoreCapabilities,
} from '../../src/engine/objectStore';
import type { ObjectUri } from '../../src/engine/objectUri';

export type StoreVerb =
  'list' | 'listFolders' | 'head' | 'read' | 'readStream' | 'put' | 'copy' | 'delete';

/** What happens at a call. */
export type Fault =
  /** The call fails and nothing is done. */
  | { readonly kind: 'fail'; readonly error?: Error }
  /** The call does its work and fails afterwards. */
  | { readonly kind: 'lose-answer'; readonly error?: Error }
  /** The process dies before the work of the call, or right after it; every later call fails too. */
  | { readonly kind: 'kill-before' | 'kill-after' }
  /** The object of the call is deleted first. */
  | { readonly kind: 'vanish' }
  /** The call waits first. */
  | { readonly kind: 'delay'; readonly milliseconds: number };

export interface FaultRule {
  /** All verbs when absent. */
  readonly verbs?: readonly StoreVerb[];
  /** Only calls on these objects (a copy: on either end). */
  readonly where?: (uri: ObjectUri) => boolean;
  /** Which matching call, from 1; every one when absent. */
  readonly nth?: number;
  readonly fault: Fault;
}

export interface StoreCall {
  readonly verb: StoreVerb;
  /** For a delete: the first object. For a copy: the target. */
  readonly uri: ObjectUri;
}

/** What every call of a killed store throws: nothing that a caller could handle as a fault of storage. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
  constructor() {
    super('The process was killed.');
  }
}

/** The verbs that change what is stored. */
export const writingVerbs: readonly StoreVerb[] = ['put', 'copy', 'delete'];

interface ArmedRule {
  readonly rule: FaultRule;
  seen: number;
}

export class FaultyStore implements ObjectStore {
  /** Every call made so far, in order. */
  readonly calls: StoreCall[] = [];
  private readonly rules: ArmedRule[] = [];
  private dead = false;

  constructor(readonly inner: ObjectStore) {}

  /** Arms a fault. Rules are asked in the order they were added; all that match apply. */
  inject(rule: FaultRule): this {
    this.rules.push({ rule, seen: 0 });
    return this;
  }

  /** Dies at the n-th call (from 1) that writes: before its work, or right after it. */
  killAtWrite(nth: number, when: 'before' | 'after'): this {
    return this.inject({ verbs: writingVerbs, nth, fault: { kind: `kill-${when}` } });
  }

  /** Disarms every fault and wakes a killed store. */
  heal(): this {
    this.rules.length = 0;
    this.dead = false;
    return this;
  }

  get killed(): boolean {
    return this.dead;
  }

  /** How many calls of the verbs were made. */
  count(...verbs: readonly StoreVerb[]): number {
    return this.calls.filter((call) => verbs.includes(call.verb)).length;
  }

  async *list(
    folder: ObjectUri,
    options?: CallOptions & { readonly startAfter?: ObjectUri; readonly recursive?: boolean },
  ): AsyncGenerator<ObjectMeta, void, undefined> {
    yield* this.around('list', [folder], () => this.inner.list(folder, options));
  }

  async *listFolders(
    folder: ObjectUri,
    options?: CallOptions,
  ): AsyncGenerator<ObjectUri, void, undefined> {
    yield* this.around('listFolders', [folder], () => this.inner.listFolders(folder, options));
  }

  async head(uri: ObjectUri, options?: CallOptions): Promise<ObjectMeta> {
    return this.call('head', [uri], () => this.inner.head(uri, options));
  }

  async read(
    uri: ObjectUri,
    options?: CallOptions & { readonly range?: ByteRange },
  ): Promise<Uint8Array> {
    return this.call('read', [uri], () => this.inner.read(uri, options));
  }

  async *readStream(
    uri: ObjectUri,
    options?: CallOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.around('readStream', [uri], () => this.inner.readStream(uri, options));
  }

  async put(uri: ObjectUri, body: PutBody, options: PutOptions): Promise<ObjectMeta> {
    return this.call('put', [uri], () => this.inner.put(uri, body, options));
  }

  async copy(
    from: ObjectUri,
    to: ObjectUri,
    options: PutOptions & { readonly onBytes?: (bytes: number) => void },
  ): Promise<ObjectMeta> {
    return this.call('copy', [to, from], () => this.inner.copy(from, to, options));
  }

  async *delete(
    uris: readonly ObjectUri[],
    options?: CallOptions,
  ): AsyncGenerator<{ readonly uri: ObjectUri; readonly error?: unknown }, void, undefined> {
    yield* this.around('delete', uris, () => this.inner.delete(uris, options));
  }

  capabilities(uri: ObjectUri): StoreCapabilities {
    return this.inner.capabilities(uri);
  }

  private async call<T>(
    verb: StoreVerb,
    uris: readonly ObjectUri[],
    work: () => Promise<T>,
  ): Promise<T> {
    const after = await this.before(verb, uris);
    const result = await work();
    this.refuseDead();
    after();
    return result;
  }

  private async *around<T>(
    verb: StoreVerb,
    uris: readonly ObjectUri[],
    work: () => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const after = await this.before(verb, uris);
    for await (const item of work()) {
      this.refuseDead();
      yield item;
    }
    after();
  }

  /** Applies what comes before the work, and returns what comes after it. */
  private async before(verb: StoreVerb, uris: readonly ObjectUri[]): Promise<() => void> {
    this.refuseDead();
    const [uri] = uris;
    if (uri === undefined) return () => undefined;
    this.calls.push({ verb, uri });
    const faults: Fault[] = [];
    for (const armed of this.rules) {
      const { verbs, where, nth, fault } = armed.rule;
      if (verbs?.includes(verb) === false) continue;
      if (where !== undefined && !uris.some(where)) continue;
      armed.seen++;
      if (nth === undefined || nth === armed.seen) faults.push(fault);
    }
    let after = (): void => undefined;
    for (const fault of faults) {
      switch (fault.kind) {
        case 'delay':
          await delay(fault.milliseconds);
          break;
        case 'vanish':
          for await (const { error } of this.inner.delete([...uris].reverse().slice(0, 1))) {
            if (error instanceof Error) throw error;
          }
          break;
        case 'fail':
          throw fault.error ?? new StoreError('unreachable', `${uri} failed on purpose.`, uri);
        case 'kill-before':
          this.dead = true;
          throw new KilledError();
        case 'lose-answer':
          after = () => {
            throw (
              fault.error ?? new StoreError('timeout', `The answer about ${uri} was lost.`, uri)
            );
          };
          break;
        case 'kill-after':
          after = () => {
            this.dead = true;
            throw new KilledError();
          };
          break;
      }
    }
    return after;
  }

  private refuseDead(): void {
    if (this.dead) throw new KilledError();
  }
}
