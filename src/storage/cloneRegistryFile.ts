/**
 * The record of clones in one JSON file per user, shared by the editor and the command line. Every change is made under a lock
 * file and published by a rename, so that several processes lose nothing and a reader never sees half a file. What this version
 * does not know in the file is kept as it is. Source: command-line.md, Known clones.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StoreError, throwIfAborted } from '../engine/errors';
import type { CallOptions } from '../engine/objectStore';
import type { ObjectUri } from '../engine/objectUri';
import { FileLock } from './fileLock';
import { hasErrno, localError } from './localErrors';
import { localUri } from './localPath';

/** One clone; the same shape as the service's. */
export interface RecordedClone {
  readonly sourceRoot: ObjectUri;
  readonly sourceTableId: string;
  readonly sourceVersion: number;
  readonly cloneRoot: ObjectUri;
  readonly cloneTableId: string;
  readonly kind: 'shallow' | 'deep';
  readonly createdAt: string;
  readonly expires?: string | undefined;
}

const schemaVersion = 1;
const fileName = 'clones.json';

interface RegistryContent {
  readonly schema: number;
  readonly clones: readonly unknown[];
  readonly [key: string]: unknown;
}

/**
 * Where the file is: `DELTA_CLONES_STATE` (a folder, or a file that exists or ends in `.json`), else the state folder of the
 * platform.
 */
export function registryPath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const given = environment.DELTA_CLONES_STATE;
  if (given !== undefined && given !== '') {
    const path = resolve(given);
    const found = statSync(path, { throwIfNoEntry: false });
    const isFile = found === undefined ? path.toLowerCase().endsWith('.json') : found.isFile();
    return isFile ? path : join(path, fileName);
  }
  return join(stateFolder(environment, platform), 'delta-clones', fileName);
}

function stateFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const home = environment.HOME ?? homedir();
  if (platform === 'win32') return environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment.XDG_STATE_HOME || join(home, '.local', 'state');
}

export class CloneRegistryFile {
  private readonly uri: ObjectUri;

  constructor(private readonly path: string) {
    this.uri = localUri(resolve(path));
  }

  /** Adds or renews the record of (source, clone). Throws StoreErrors; then nothing was changed. */
  async record(clone: RecordedClone, options: CallOptions = {}): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      while (!(await this.tryRecord(clone, options)));
    } catch (error) {
      throw localError(error, this.path, this.uri);
    }
  }

  /** All records that this version understands. Throws StoreErrors, `corrupt-response` for a file that is no registry. */
  async clones(options: CallOptions = {}): Promise<readonly RecordedClone[]> {
    throwIfAborted(options.signal);
    try {
      return (await this.read()).clones.filter(isClone);
    } catch (error) {
      throw localError(error, this.path, this.uri);
    }
  }

  /** False where the lock was lost before the change was published. */
  private async tryRecord(clone: RecordedClone, options: CallOptions): Promise<boolean> {
    const lock = await FileLock.acquire(`${this.path}.lock`, options.signal);
    try {
      const content = await this.read();
      const others = content.clones.filter((other) => !isSamePair(other, clone));
      throwIfAborted(options.signal);
      return await this.write({ ...content, clones: [...others, clone] }, lock);
    } finally {
      await lock.release();
    }
  }

  private async read(): Promise<RegistryContent> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return { schema: schemaVersion, clones: [] };
      throw error;
    }
    const content = parseContent(text);
    if (content === undefined) {
      throw new StoreError(
        'corrupt-response',
        `${this.path} should hold the record of clones but cannot be understood. Move it away to begin a new one; ` +
          'clones outside of the scanned folders are then not known any more.',
        this.uri,
      );
    }
    if (content.schema > schemaVersion) {
      throw new StoreError(
        'unsupported',
        `${this.path} was written by a newer version of Delta Clones: update this one.`,
        this.uri,
      );
    }
    return content;
  }

  private async write(content: RegistryContent, lock: FileLock): Promise<boolean> {
    const temp = `${this.path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temp, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      if (!(await lock.isHeld())) {
        await unlink(temp);
        return false;
      }
      await renameOver(temp, this.path);
    } catch (error) {
      await unlink(temp).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(this.path));
    return true;
  }
}

function parseContent(text: string): RegistryContent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { schema, clones } = value as Partial<RegistryContent>;
  return typeof schema === 'number' && Array.isArray(clones)
    ? (value as RegistryContent)
    : undefined;
}

function isClone(value: unknown): value is RecordedClone {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof RecordedClone, unknown>>;
  return (
    typeof record.sourceRoot === 'string' &&
    typeof record.cloneRoot === 'string' &&
    typeof record.sourceTableId === 'string' &&
    typeof record.cloneTableId === 'string' &&
    typeof record.sourceVersion === 'number' &&
    typeof record.createdAt === 'string' &&
    (record.kind === 'shallow' || record.kind === 'deep')
  );
}

function isSamePair(value: unknown, clone: RecordedClone): boolean {
  return (
    isClone(value) && value.sourceRoot === clone.sourceRoot && value.cloneRoot === clone.cloneRoot
  );
}

/** Windows refuses a rename while somebody reads the old file; a reader is done in an instant. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt >= 20 || !hasErrno(error, 'EPERM', 'EACCES', 'EBUSY')) throw error;
      if (process.platform !== 'win32') throw error;
      await new Promise((settle) => setTimeout(settle, 10 + attempt * 5));
    }
  }
}

/** Makes the new name durable where the system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32' || !(await stat(folder)).isDirectory()) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!hasErrno(error, 'EINVAL', 'ENOTSUP', 'EPERM')) throw error;
  } finally {
    await handle.close();
  }
}
