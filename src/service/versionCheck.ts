/** Which versions of a history can still be read: rebuilt from the log, and with their files in storage. */
import { isDeltaError, isStoreError, throwIfAborted } from '../engine/errors';
import type { Engine } from '../engine/engine';
import type { CallOptions } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';
import { openSnapshot } from '../engine/table';
import type { CommitRow, VersionReadability } from '../protocol/views';
import { FilePresence } from './filePresence';

/** The rows with `readable`. Throws StoreErrors: what cannot be looked at is not called missing. */
export async function checkVersions(
  engine: Engine,
  root: ObjectUri,
  rows: readonly CommitRow[],
  options: CallOptions = {},
): Promise<readonly CommitRow[]> {
  const presence = new FilePresence(engine.store);
  const checked: CommitRow[] = [];
  for (const row of rows) {
    throwIfAborted(options.signal);
    checked.push({ ...row, readable: await readability(engine, root, row, presence, options) });
  }
  return checked;
}

async function readability(
  engine: Engine,
  root: ObjectUri,
  row: CommitRow,
  presence: FilePresence,
  options: CallOptions,
): Promise<VersionReadability> {
  if (!row.isRestorable) return 'log-only';
  let files;
  try {
    const snapshot = await openSnapshot(engine, root, { version: row.version }, options);
    files = await snapshot.files(options);
  } catch (error) {
    if (isDeltaError(error, 'cancelled') || (isStoreError(error) && error.code !== 'not-found')) {
      throw error;
    }
    if (isDeltaError(error) || isStoreError(error)) return 'log-only';
    throw error;
  }
  try {
    return (await presence.areAllThere(files, options)) ? 'yes' : 'files-missing';
  } catch (error) {
    // Files in a store that we do not have: all that can be read of the version is its log.
    if (isStoreError(error, 'unsupported')) return 'log-only';
    throw error;
  }
}
