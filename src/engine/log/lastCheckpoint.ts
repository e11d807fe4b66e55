/** The `_last_checkpoint` hint: where to begin a listing, never trusted for more. Source: PROTOCOL.md, Last Checkpoint File. */
import { isStoreError } from '../errors';
import type { CallOptions, ObjectStore } from '../objectStore';
import type { ObjectUri } from '../objectUri';
import { isJsonObject, parseJson } from '../util/json';
import { lastCheckpointUri, type Version } from './logPath';

/** The version that the hint names; undefined where it is absent or unreadable. */
export async function readLastCheckpointVersion(
  store: ObjectStore,
  root: ObjectUri,
  options: CallOptions = {},
): Promise<Version | undefined> {
  try {
    const bytes = await store.read(lastCheckpointUri(root), options);
    const json = parseJson(new TextDecoder().decode(bytes));
    const version = isJsonObject(json) ? json.version : undefined;
    return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0
      ? version
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isStoreError(error, 'not-found')) return undefined;
    throw error;
  }
}
