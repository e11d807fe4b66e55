/** What a copy on the local disk needs around copyFile: its progress while it runs, and its flush afterwards. */
import { chmod, open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { whenFilesAreFree } from './localErrors';

const progressEveryMs = 100;

/** Flushes a copied file, which has the permissions of its source, and makes it writable for its owner. */
export async function flushCopy(path: string): Promise<Stats> {
  const { mode } = await stat(path);
  if ((mode & 0o600) !== 0o600) await chmod(path, (mode & 0o7777) | 0o600);
  const file = await whenFilesAreFree(() => open(path, 'r+'));
  try {
    await file.sync();
    return await file.stat();
  } finally {
    await file.close();
  }
}

export interface SizeWatch {
  /** Ends the polling; resolves when no poll is under way. */
  stop(): Promise<void>;
  /** Reports what the polls have not. */
  finish(size: number): void;
}

/** Tells the progress of a copy from the growing size of its target: copyFile itself tells nothing. */
export function watchSize(
  path: string,
  total: number,
  onBytes: ((bytes: number) => void) | undefined,
): SizeWatch {
  let told = 0;
  let polling = Promise.resolve();
  const tell = (size: number): void => {
    const reached = Math.min(size, total);
    if (reached > told) onBytes?.(reached - told);
    told = Math.max(told, reached);
  };
  if (onBytes === undefined) return { stop: () => polling, finish: tell };
  const timer = setInterval(() => {
    polling = stat(path).then(
      // A reserved file has its full size at once: the last byte is told by finish() alone.
      ({ size }) => {
        if (size < total) tell(size);
      },
      () => undefined,
    );
  }, progressEveryMs);
  return {
    stop: () => {
      clearInterval(timer);
      return polling;
    },
    finish: tell,
  };
}
