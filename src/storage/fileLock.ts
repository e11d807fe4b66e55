/**
 * A lock between processes: a file that only one of them can create. It is held for milliseconds; one that was left behind by a
 * process that died is taken over, never one that is held.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { StoreError } from '../engine/errors';
import { pause } from './abortable';
import { hasErrno } from './localErrors';
import { localUri } from './localPath';

/** Long past any holder's work, also on a network drive. */
const staleMs = 30_000;
const waitMs = 15_000;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

export class FileLock {
  private constructor(
    private readonly path: string,
    private readonly token: string,
  ) {}

  /** Waits for the lock. Throws StoreError `timeout` when others hold it for too long; the folder must exist. */
  static async acquire(path: string, signal?: AbortSignal): Promise<FileLock> {
    const token = randomUUID();
    const holder: Holder = { token, pid: process.pid, host: hostname() };
    const giveUpAt = performance.now() + waitMs;
    for (let attempt = 0; ; attempt++) {
      if (await create(path, JSON.stringify(holder))) return new FileLock(path, token);
      await takeAwayIfLeft(path);
      if (performance.now() > giveUpAt) {
        throw new StoreError(
          'timeout',
          `${path} is held by another process for too long. If no other Delta Clones runs, delete this file.`,
          localUri(path),
        );
      }
      await pause(2 + Math.random() * Math.min(50, 5 * (attempt + 1)), signal);
    }
  }

  /** False where somebody took it over, thinking that its holder had died: nothing may be published then. */
  async isHeld(): Promise<boolean> {
    return (await readHolder(this.path))?.token === this.token;
  }

  /** Gives the lock up, unless it was taken over in the meantime. */
  async release(): Promise<void> {
    if (await this.isHeld()) {
      await unlink(this.path).catch(() => undefined);
    }
  }
}

async function create(path: string, text: string): Promise<boolean> {
  let file;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    // Windows answers so while the file before is being deleted.
    if (hasErrno(error, 'EEXIST') || (process.platform === 'win32' && hasErrno(error, 'EPERM'))) {
      return false;
    }
    throw error;
  }
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return true;
}

/** Undefined where there is no lock, or one that is being written. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/**
 * Moves a left lock out of the way. Two processes may find the same one: what was moved is looked at again, and put back when it
 * is another than the one that was found.
 */
async function takeAwayIfLeft(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const holder = await readHolder(path);
  const isOld = Date.now() - found.mtimeMs > staleMs;
  if (!isOld && (holder === undefined || !hasDied(holder))) return;
  const moved = `${path}.${randomUUID()}`;
  try {
    await rename(path, moved);
  } catch {
    return;
  }
  if ((await readHolder(moved))?.token !== holder?.token) {
    await link(moved, path).catch(() => undefined);
  }
  await unlink(moved).catch(() => undefined);
}

function hasDied(holder: Holder): boolean {
  if (holder.host !== hostname() || !Number.isSafeInteger(holder.pid) || holder.pid <= 0)
    return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return hasErrno(error, 'ESRCH');
  }
}
