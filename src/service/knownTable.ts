/** What one look at a table tells: enough for an entry of a list and for its place among the clones, and no more. */
import type { Engine } from '../engine/engine';
import { isDeltaError, throwIfAborted } from '../engine/errors';
import type { FileSet } from '../engine/fileSet';
import type { CallOptions } from '../engine/objectStore';
import { parentUri, uriName } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import type { TableEntry, Totals, WireError } from '../protocol/views';
import type { CloneCommit, CloneCommits } from './cloneCommit';
import type { SnapshotCache } from './snapshotCache';
import { toWireError } from './wireErrors';

export interface KnownTable {
  readonly root: ObjectUri;
  /** Absent where the log cannot be read at all. */
  readonly id?: string;
  readonly version?: number;
  /** Absent where the files cannot be read. */
  readonly files?: Totals;
  /** Active files outside of the root, by the folder they are in. */
  readonly foreignFolders: ReadonlyMap<ObjectUri, Totals>;
  readonly clone?: CloneCommit | undefined;
  readonly error?: WireError;
}

export interface TableReader {
  readonly engine: Engine;
  readonly snapshots: SnapshotCache;
  readonly cloneCommits: CloneCommits;
}

/** Looks at a table. Trouble becomes `error`; only a cancel throws. */
export async function lookAt(
  reader: TableReader,
  root: ObjectUri,
  options: CallOptions = {},
): Promise<KnownTable> {
  let known: KnownTable = { root, foreignFolders: new Map() };
  try {
    const snapshot = await reader.snapshots.get(root, 'latest', options);
    known = { ...known, id: snapshot.metadata.id, version: snapshot.version };
    const clone = await reader.cloneCommits.newest(root, snapshot.metadata.id, options);
    known = { ...known, clone };
    const files = await reader.snapshots.files(snapshot, options);
    return { ...known, ...fileFacts(files) };
  } catch (error) {
    throwIfAborted(options.signal);
    if (isDeltaError(error, 'cancelled')) throw error;
    return { ...known, error: toWireError(error) };
  }
}

function fileFacts(files: FileSet): Pick<KnownTable, 'files' | 'foreignFolders'> {
  let bytes = 0;
  const foreignFolders = new Map<ObjectUri, Totals>();
  files.forEach((batch, index) => {
    const size = batch.sizes[index] ?? 0;
    bytes += size;
    if (!files.isForeign(batch, index)) return undefined;
    const uri = files.uri(batch, index);
    const folder = parentUri(uri) ?? uri;
    const seen = foreignFolders.get(folder);
    foreignFolders.set(folder, {
      files: (seen?.files ?? 0) + 1,
      bytes: (seen?.bytes ?? 0) + size,
    });
    return undefined;
  });
  return { files: { files: files.count, bytes }, foreignFolders };
}

/** The table as an entry of a list, without its place among the clones. */
export function tableEntry(table: KnownTable): TableEntry {
  return {
    location: table.root,
    name: uriName(table.root),
    ...(table.version === undefined ? {} : { version: table.version }),
    ...(table.files === undefined
      ? {}
      : { numFiles: table.files.files, sizeInBytes: table.files.bytes }),
    ...(table.error === undefined ? {} : { error: table.error }),
  };
}
