/** errno -> StoreError, once, at the edge of the file system. Messages name the path and the way out. */
import { DeltaError, StoreError } from '../engine/errors';
import type { StoreErrorCode } from '../engine/errors';
import type { ObjectUri } from '../engine/objectUri';
import { pause } from './abortable';

/** The system's name of an error (`ENOENT`), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True for an error of the system with one of the names. */
export function hasErrno(error: unknown, ...names: readonly string[]): boolean {
  const name = errnoOf(error);
  return name !== undefined && names.includes(name);
}

const translations: Readonly<Record<string, readonly [StoreErrorCode, string]>> = {
  ENOENT: ['not-found', 'does not exist'],
  ENOTDIR: ['not-found', 'does not exist: a file is in the place of one of its folders'],
  EISDIR: ['not-found', 'is a folder, not a file'],
  ELOOP: ['not-found', 'is reached through a loop of symbolic links'],
  EEXIST: ['already-exists', 'exists already'],
  ENOTEMPTY: ['already-exists', 'is a folder that is in the way'],
  EACCES: [
    'access-denied',
    'may not be accessed by this user: check its permissions and those of its folders',
  ],
  EPERM: [
    'access-denied',
    'may not be accessed by this user: check its permissions and those of its folders',
  ],
  EROFS: ['access-denied', 'is on a read-only file system: choose a location that can be written'],
  ENOSPC: [
    'no-space',
    'could not be written because the disk is full: free some space and try again',
  ],
  EDQUOT: [
    'no-space',
    "could not be written because this user's quota is used up: free some space and try again",
  ],
  EFBIG: ['no-space', 'would be larger than the file system allows'],
  ENAMETOOLONG: [
    'unsupported',
    'has a longer name than this file system allows: choose a shorter location',
  ],
  EILSEQ: ['unsupported', 'has a name that this file system cannot store: choose another location'],
  EINVAL: ['unsupported', 'was refused by this file system'],
  ENOTSUP: ['unsupported', 'needs something that this file system does not support'],
  ENOSYS: ['unsupported', 'needs something that this file system does not support'],
  EMFILE: [
    'throttled',
    'could not be opened because too many files are open: close other programs or raise the limit',
  ],
  ENFILE: [
    'throttled',
    'could not be opened because too many files are open: close other programs or raise the limit',
  ],
  EBUSY: ['throttled', 'is in use by another program: close it there and try again'],
  ETIMEDOUT: ['timeout', 'did not answer in time: check the network drive'],
  ETXTBSY: ['throttled', 'is in use by another program: close it there and try again'],
  ESTALE: ['unreachable', 'is on a network drive that lost it: list the folder again'],
  EHOSTDOWN: ['unreachable', 'is on a network drive that does not answer'],
  EHOSTUNREACH: ['unreachable', 'is on a network drive that does not answer'],
  ENOTCONN: ['unreachable', 'is on a drive that is not connected'],
  ENODEV: ['unreachable', 'is on a drive that is not connected'],
  EIO: ['corrupt-response', 'could not be read or written: the disk reported an error'],
};

/** The typed error of a failed call on a path; errors that are typed already pass through. */
export function localError(error: unknown, path: string, uri: ObjectUri): Error {
  if (error instanceof StoreError || error instanceof DeltaError) return error;
  const errno = errnoOf(error);
  const known = errno === undefined ? undefined : translations[errno];
  if (known !== undefined) {
    return new StoreError(known[0], `${path} ${known[1]} (${errno ?? ''}).`, uri, { cause: error });
  }
  if (error instanceof Error && errno !== undefined && 'syscall' in error) {
    return new StoreError('unreachable', `${path} could not be used: ${error.message}.`, uri, {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Repeats a call that failed only because too many files are open; other failures pass through as they are. */
export async function whenFilesAreFree<T>(
  call: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!hasErrno(error, 'EMFILE', 'ENFILE', 'EAGAIN') || attempt >= 9) throw error;
      await pause(10 * 2 ** Math.min(attempt, 6), signal);
    }
  }
}
