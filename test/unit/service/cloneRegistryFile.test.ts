import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseObjectUri } from '../../../src/engine/objectUri';
import { CloneRegistryFile, registryPath } from '../../../src/storage/cloneRegistryFile';
import type { RecordedClone } from '../../../src/storage/cloneRegistryFile';
import { FileLock } from '../../../src/storage/fileLock';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-registry-'));
  path = join(folder, 'deep', 'clones.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function clone(name: string, sourceVersion = 0): RecordedClone {
  return {
    sourceRoot: parseObjectUri('file:///lake/prod'),
    sourceTableId: 'source-id',
    sourceVersion,
    cloneRoot: parseObjectUri(`file:///lake/${name}`),
    cloneTableId: `id-${name}`,
    kind: 'shallow',
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

describe('CloneRegistryFile', () => {
  it('is empty where there is no file, and makes it for its user alone', async () => {
    const registry = new CloneRegistryFile(path);
    expect(await registry.clones()).toEqual([]);
    await registry.record(clone('dev'));
    expect(await registry.clones()).toEqual([clone('dev')]);
    expect(await readdir(join(folder, 'deep'))).toEqual(['clones.json']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('renews the record of the same pair', async () => {
    const registry = new CloneRegistryFile(path);
    await registry.record(clone('dev'));
    await registry.record(clone('test'));
    await registry.record(clone('dev', 7));
    expect(await registry.clones()).toEqual([clone('test'), clone('dev', 7)]);
  });

  it('loses nothing when many write at once', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `c${i}`);
    await Promise.all(names.map((name) => new CloneRegistryFile(path).record(clone(name))));
    const kept = await new CloneRegistryFile(path).clones();
    expect(kept.map((record) => record.cloneTableId).sort()).toEqual(
      names.map((n) => `id-${n}`).sort(),
    );
  });

  it('keeps what it does not know', async () => {
    await mkdir(join(folder, 'deep'));
    const foreign = {
      schema: 1,
      pins: [{ version: 3 }],
      clones: [{ shape: 'of another version' }],
    };
    await writeFile(path, JSON.stringify(foreign));
    const registry = new CloneRegistryFile(path);
    expect(await registry.clones()).toEqual([]);
    await registry.record(clone('dev'));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      ...foreign,
      clones: [...foreign.clones, clone('dev')],
    });
  });

  it.each([
    ['damaged', '{"schema":', 'corrupt-response'],
    ['of another kind', '[]', 'corrupt-response'],
    ['of a newer version', '{"schema":99,"clones":[]}', 'unsupported'],
  ])('refuses a file that is %s, and leaves it as it is', async (_what, text, code) => {
    await mkdir(join(folder, 'deep'));
    await writeFile(path, text);
    const registry = new CloneRegistryFile(path);
    await expect(registry.clones()).rejects.toMatchObject({ code });
    await expect(registry.record(clone('dev'))).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(join(folder, 'deep'))).toEqual(['clones.json']);
  });

  it('takes over the lock of a process that died, and an old one', async () => {
    await mkdir(join(folder, 'deep'));
    const lock = `${path}.lock`;
    await writeFile(lock, JSON.stringify({ token: 'x', pid: 2 ** 22 + 12345, host: hostname() }));
    await new CloneRegistryFile(path).record(clone('a'));
    await writeFile(lock, JSON.stringify({ token: 'y', pid: process.pid, host: 'elsewhere' }));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await new CloneRegistryFile(path).record(clone('b'));
    expect(await new CloneRegistryFile(path).clones()).toHaveLength(2);
  });

  it('waits for a lock that is held, and hears a cancel meanwhile', async () => {
    await mkdir(join(folder, 'deep'));
    const lock = await FileLock.acquire(`${path}.lock`);
    const controller = new AbortController();
    const waiting = new CloneRegistryFile(path).record(clone('a'), { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const patient = new CloneRegistryFile(path).record(clone('b'));
    await lock.release();
    await patient;
    expect(await new CloneRegistryFile(path).clones()).toEqual([clone('b')]);
  });
});

describe('registryPath', () => {
  it('is in the folder that is named, or the file', async () => {
    expect(registryPath({ DELTA_CLONES_STATE: folder })).toBe(join(folder, 'clones.json'));
    expect(registryPath({ DELTA_CLONES_STATE: join(folder, 'new') })).toBe(
      join(folder, 'new', 'clones.json'),
    );
    expect(registryPath({ DELTA_CLONES_STATE: join(folder, 'my.json') })).toBe(
      join(folder, 'my.json'),
    );
    await writeFile(join(folder, 'plain'), '{}');
    expect(registryPath({ DELTA_CLONES_STATE: join(folder, 'plain') })).toBe(join(folder, 'plain'));
  });

  it("is in the platform's state folder otherwise", () => {
    const name = join('delta-clones', 'clones.json');
    expect(registryPath({ HOME: '/home/ada' }, 'linux')).toBe(join('/home/ada/.local/state', name));
    expect(registryPath({ HOME: '/home/ada', XDG_STATE_HOME: '/state' }, 'linux')).toBe(
      join('/state', name),
    );
    expect(registryPath({ HOME: '/Users/ada' }, 'darwin')).toBe(
      join('/Users/ada/Library/Application Support', name),
    );
    expect(registryPath({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', name));
  });
});
