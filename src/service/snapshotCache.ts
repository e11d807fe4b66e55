/**
 * Snapshots by table and version, a bounded number of them, bounded in files too. The newest snapshot is brought up to date at
 * every use; one of a fixed version is used again only while its commit file is the same, since a table may be deleted and made
 * anew at the same place.
 */
import type { Engine } from '../engine/engine';
import { cancelledError, isDeltaError, throwIfAborted } from '../engine/errors';
import type { FileSet } from '../engine/fileSet';
import type { CallOptions } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';
import type { SupportOptions } from '../engine/protocol';
import type { Snapshot } from '../engine/snapshot';
import { openSnapshot, refreshSnapshot } from '../engine/table';
import type { AsOf } from '../engine/table';
import { LruCache } from './lruCache';

const maxSnapshots = 48;
const maxFiles = 3_000_000;

interface Entry {
  readonly snapshot: Snapshot;
  /** The snapshot goes on reading under the signal it was opened with. */
  readonly openedWith: AbortSignal | undefined;
}

export class SnapshotCache {
  private readonly fileCounts = new WeakMap<Snapshot, number>();
  private readonly entries = new LruCache<string, Entry>(
    maxSnapshots,
    maxFiles,
    ({ snapshot }) => this.fileCounts.get(snapshot) ?? 0,
  );

  constructor(private readonly engine: Engine) {}

  /** Opens or reuses. Throws as {@link openSnapshot} does. */
  async get(root: ObjectUri, at: AsOf, options: CallOptions = {}): Promise<Snapshot> {
    throwIfAborted(options.signal);
    if (at === 'latest') return this.latest(root, options);
    if ('version' in at) {
      const entry = this.usable(`${root}@${at.version}`);
      if (entry !== undefined && (await this.isUnchanged(entry.snapshot, options))) {
        return entry.snapshot;
      }
    }
    const snapshot = await openSnapshot(this.engine, root, at, options);
    this.keep(`${root}@${snapshot.version}`, snapshot, options);
    return snapshot;
  }

  /** The active files; a cancel is heard at once, also while the snapshot reads for somebody else. */
  async files(snapshot: Snapshot, options: CallOptions & SupportOptions = {}): Promise<FileSet> {
    const { signal } = options;
    throwIfAborted(signal);
    const loading = snapshot.files(options);
    const files = await (signal === undefined ? loading : heed(loading, signal));
    this.fileCounts.set(snapshot, files.count);
    this.entries.trim();
    return files;
  }

  forget(root: ObjectUri): void {
    this.entries.delete(root);
  }

  private async latest(root: ObjectUri, options: CallOptions): Promise<Snapshot> {
    const entry = this.usable(root);
    if (entry !== undefined) {
      try {
        const newest = await refreshSnapshot(this.engine, entry.snapshot, options);
        if (newest !== entry.snapshot) this.keep(root, newest, options);
        return newest;
      } catch (error) {
        this.entries.delete(root);
        if (isDeltaError(error, 'cancelled')) throw error;
      }
    }
    const snapshot = await openSnapshot(this.engine, root, 'latest', options);
    this.keep(root, snapshot, options);
    return snapshot;
  }

  private usable(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.openedWith?.aborted !== true) return entry;
    this.entries.delete(key);
    return undefined;
  }

  private keep(key: string, snapshot: Snapshot, options: CallOptions): void {
    this.entries.set(key, { snapshot, openedWith: options.signal });
  }

  private async isUnchanged(snapshot: Snapshot, options: CallOptions): Promise<boolean> {
    const commit = snapshot.segment.listedCommits.at(-1);
    if (commit?.version !== snapshot.version) return false;
    try {
      const meta = await this.engine.store.head(commit.uri, options);
      return meta.lastModified === commit.lastModified && meta.size === commit.size;
    } catch (error) {
      if (isDeltaError(error, 'cancelled')) throw error;
      return false;
    }
  }
}

/** Settles like the promise, or rejects as cancelled as soon as the signal says so. */
async function heed<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(cancelledError(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
