/**
 * What is kept between sessions: every stored key with its type and scope. Nothing here is a secret, and everything that can be
 * read from a log is left out.
 */
import type { Location } from '../protocol/views';

/** Kept per workspace. */
export interface WorkspaceState {
  /** Tables that were opened by hand, also those outside the scanned folders. */
  'openedTables.v1': readonly Location[];
}

/** The editor's store, as far as it is used. */
export interface StateStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Reads a stored list of locations; anything else that an older or newer version left counts as none. */
export function readOpenedTables(store: StateStore): readonly Location[] {
  const value = store.get('openedTables.v1' satisfies keyof WorkspaceState);
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** Stores one value under its typed key. */
export async function writeState<K extends keyof WorkspaceState>(
  store: StateStore,
  key: K,
  value: WorkspaceState[K],
): Promise<void> {
  await store.update(key, value);
}
