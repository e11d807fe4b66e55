/**
 * What we remember of the clones we made. The log of a clone is the authority on what it references; this record only says where
 * to look, so that a clone outside of the scanned folders is not forgotten. Source: command-line.md, Known clones.
 */
import type { CallOptions } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';

export interface CloneRecord {
  readonly sourceRoot: ObjectUri;
  readonly sourceTableId: string;
  readonly sourceVersion: number;
  readonly cloneRoot: ObjectUri;
  readonly cloneTableId: string;
  readonly kind: 'shallow' | 'deep';
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601: when the clone may be removed; listed, never acted on. */
  readonly expires?: string | undefined;
}

export interface CloneRegistry {
  /** Adds or renews the record of (source, clone); durable when it returns. Called before the clone's commit. */
  record(clone: CloneRecord, options?: CallOptions): Promise<void>;
  /** All records; none where nothing was recorded yet. Throws where the file is there but cannot be read. */
  clones(options?: CallOptions): Promise<readonly CloneRecord[]>;
}
