import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import type * as FileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileUri, joinUri } from '../../../src/engine/objectUri';
import type { ObjectUri } from '../../../src/engine/objectUri';
import { LocalStore } from '../../../src/storage/localStore';

/** Errors that the next links answer with; empty: the real link. */
const linkErrors = vi.hoisted((): string[] => []);

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  return {
    ...real,
    link: async (from: string, to: string) => {
      const code = linkErrors.shift();
      if (code === 'LOST') {
        await real.link(from, to);
        throw Object.assign(new Error('EEXIST: lost answer'), { code: 'EEXIST', syscall: 'link' });
      }
      if (code !== undefined && code !== 'REAL') {
        throw Object.assign(new Error(`${code}: link`), { code, syscall: 'link' });
      }
      return real.link(from, to);
    },
  };
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const run = promisify(execFile);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

describe('LocalStore', () => {
  let folder: string;
  let root: ObjectUri;
  let store: LocalStore;
  const at = (path: string): ObjectUri => joinUri(root, path);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delta-local-'));
    root = fileUri(folder);
    store = new LocalStore();
  });
  afterEach(async () => {
    linkErrors.length = 0;
    await rm(folder, { recursive: true, force: true });
  });

  describe('beside Hadoop', () => {
    it.each(['create', 'overwrite'] as const)(
      'removes the stale checksum in mode %s',
      async (mode) => {
        if (mode === 'overwrite') await writeFile(join(folder, '_last_checkpoint'), 'old');
        await writeFile(join(folder, '._last_checkpoint.crc'), 'stale');
        await store.put(at('_last_checkpoint'), bytes('new'), { mode });
        expect(await readdir(folder)).toEqual(['_last_checkpoint']);
      },
    );

    it('keeps the checksum of a file that it failed to create', async () => {
      await writeFile(join(folder, 'x'), 'theirs');
      await writeFile(join(folder, '.x.crc'), 'theirs');
      await expect(store.put(at('x'), bytes('ours'), { mode: 'create' })).rejects.toMatchObject({
        code: 'already-exists',
      });
      expect(await readdir(folder)).toEqual(['.x.crc', 'x']);
    });
  });

  describe('symbolic links', () => {
    it('lists a link to a file with the size of its target and leaves out the rest', async () => {
      await mkdir(join(folder, 'real'));
      await writeFile(join(folder, 'real/data'), '12345');
      await symlink(join(folder, 'real/data'), join(folder, 'linked'));
      await symlink(join(folder, 'real'), join(folder, 'linkedFolder'));
      await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
      await symlink('loop', join(folder, 'loop'));
      const listed = await all(store.list(root));
      expect(listed.map(({ uri, size }) => [uri.slice(root.length + 1), size])).toEqual([
        ['linked', 5],
        ['real/data', 5],
      ]);
      expect((await all(store.listFolders(root))).map((uri) => uri.slice(root.length + 1))).toEqual(
        ['real'],
      );
    });

    it('lists below a folder that is itself reached through a link', async () => {
      await mkdir(join(folder, 'real'));
      await writeFile(join(folder, 'real/data'), '1');
      await symlink(join(folder, 'real'), join(folder, 'entrance'));
      expect((await all(store.list(at('entrance')))).map(({ uri }) => uri)).toEqual([
        at('entrance/data'),
      ]);
    });

    it('copies what a link points to', async () => {
      await writeFile(join(folder, 'data'), '12345');
      await symlink(join(folder, 'data'), join(folder, 'linked'));
      await store.copy(at('linked'), at('copied'), { mode: 'create' });
      expect(await readFile(join(folder, 'copied'), 'utf8')).toBe('12345');
    });

    it('deletes a link and keeps its target', async () => {
      await mkdir(join(folder, 'real'));
      await symlink(join(folder, 'real'), join(folder, 'linkedFolder'));
      await writeFile(join(folder, 'data'), '1');
      await symlink(join(folder, 'data'), join(folder, 'linked'));
      await all(store.delete([at('linked')]));
      expect((await readdir(folder)).sort()).toEqual(['data', 'linkedFolder', 'real']);
    });
  });

  describe('where hard links are missing', () => {
    it.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EISDIR'])(
      'refuses to create after link answered %s, says so, and leaves nothing',
      async (code) => {
        expect(store.capabilities(at('x')).createIfAbsent).toBe('atomic');
        linkErrors.push(code);
        await expect(store.put(at('deep/x'), bytes('x'), { mode: 'create' })).rejects.toMatchObject(
          {
            code: 'unsupported',
            message: expect.stringContaining(`without hard links (${code})`) as string,
          },
        );
        expect(store.capabilities(at('not/yet/there')).createIfAbsent).toBe('unsafe');
        await expect(store.put(at('y'), bytes('y'), { mode: 'create' })).rejects.toMatchObject({
          code: 'unsupported',
        });
        await store.put(at('z'), bytes('z'), { mode: 'overwrite' });
        await expect(store.copy(at('z'), at('w'), { mode: 'create' })).rejects.toMatchObject({
          code: 'unsupported',
        });
        expect((await readdir(folder, { recursive: true })).sort()).toEqual(['deep', 'z']);
      },
    );

    it('refuses when only the link of the file itself fails', async () => {
      linkErrors.push('REAL', 'EPERM');
      await expect(store.put(at('x'), bytes('x'), { mode: 'create' })).rejects.toMatchObject({
        code: 'unsupported',
      });
      expect(await readdir(folder)).toEqual([]);
    });
  });

  it('takes a link whose answer was lost for done', async () => {
    linkErrors.push('REAL', 'LOST');
    await store.put(at('x'), bytes('x'), { mode: 'create' });
    expect(await readdir(folder)).toEqual(['x']);
  });

  describe('files that killed processes left', () => {
    const name = '.delta-clones-0b7e0c2c-6c6e-4a5e-9d59-3c1f1d0a7b11.unpublished';

    it('are never listed', async () => {
      await writeFile(join(folder, name), 'half');
      expect(await all(store.list(root))).toEqual([]);
    });

    it('are removed by the next put in the folder when older than a day, and only ours', async () => {
      const young = name.replace('0b7e', '1111');
      const theirs = '.delta-clones-mine.unpublished';
      const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
      for (const each of [name, young, theirs, '.part-0.tmp']) {
        await writeFile(join(folder, each), 'half');
        if (each !== young) await utimes(join(folder, each), yesterday, yesterday);
      }
      await store.put(at('x'), bytes('x'), { mode: 'create' });
      expect((await readdir(folder)).sort()).toEqual([theirs, young, '.part-0.tmp', 'x'].sort());
    });

    it('keep the published file when they are its second name', async () => {
      await writeFile(join(folder, name), 'whole');
      await link(join(folder, name), join(folder, 'published'));
      const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
      await utimes(join(folder, name), yesterday, yesterday);
      await store.put(at('x'), bytes('x'), { mode: 'create' });
      expect((await readdir(folder)).sort()).toEqual(['published', 'x']);
      expect(await readFile(join(folder, 'published'), 'utf8')).toBe('whole');
    });
  });

  describe('copying', () => {
    it('drops a copy that was cancelled while it ran', async () => {
      await writeFile(join(folder, 'big'), Buffer.alloc(256 << 20, 1));
      const abort = new AbortController();
      const copying = store.copy(at('big'), at('out/copy'), {
        mode: 'create',
        signal: abort.signal,
      });
      setTimeout(() => abort.abort(), 15);
      await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
      await vi.waitFor(async () => expect(await readdir(join(folder, 'out'))).toEqual([]), {
        timeout: 10_000,
      });
    });

    it('makes the copy of a read-only file writable for its owner', async () => {
      await writeFile(join(folder, 'x'), '1');
      await chmod(join(folder, 'x'), 0o444);
      await store.copy(at('x'), at('y'), { mode: 'create' });
      expect((await stat(join(folder, 'y'))).mode & 0o777).toBe(0o644);
    });
  });

  describe('errors', () => {
    it('name a file in the place of a folder', async () => {
      await writeFile(join(folder, 'file'), '1');
      await expect(store.put(at('file/x'), bytes('x'), { mode: 'create' })).rejects.toMatchObject({
        name: 'StoreError',
        message: expect.stringContaining(join(folder, 'file')) as string,
      });
    });

    it('say unsupported for a name that is too long', async () => {
      const long = at('x'.repeat(300));
      await expect(store.put(long, bytes('x'), { mode: 'create' })).rejects.toMatchObject({
        code: 'unsupported',
      });
    });

    it('say already-exists where a folder is in the way', async () => {
      await mkdir(join(folder, 'x/y'), { recursive: true });
      await expect(store.put(at('x'), bytes('x'), { mode: 'create' })).rejects.toMatchObject({
        code: 'already-exists',
      });
      await expect(store.put(at('x'), bytes('x'), { mode: 'overwrite' })).rejects.toMatchObject({
        name: 'StoreError',
      });
      expect(await readdir(folder)).toEqual(['x']);
    });

    it('say access-denied for a folder that may not be read', async () => {
      if (process.getuid?.() === 0) {
        console.warn('access-denied: skipped, because the superuser may read everything.');
        return;
      }
      await mkdir(join(folder, 'secret'));
      await chmod(join(folder, 'secret'), 0o000);
      await expect(all(store.list(root))).rejects.toMatchObject({ code: 'access-denied' });
      await chmod(join(folder, 'secret'), 0o700);
    });
  });

  it('throws when a folder vanishes during the listing', async () => {
    await store.put(at('a/1'), bytes('1'), { mode: 'create' });
    await store.put(at('b/1'), bytes('1'), { mode: 'create' });
    const listing = (async () => {
      for await (const { uri } of store.list(root)) {
        expect(uri).toBe(at('a/1'));
        await rm(join(folder, 'b'), { recursive: true, force: true });
      }
    })();
    await expect(listing).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists 10,000 commits in order within seconds', async () => {
    const log = join(folder, '_delta_log');
    await mkdir(log);
    for (let from = 0; from < 10_000; from += 500) {
      await Promise.all(
        Array.from({ length: 500 }, (_, i) =>
          writeFile(join(log, `${String(from + i).padStart(20, '0')}.json`), '{}'),
        ),
      );
    }
    const start = performance.now();
    const listed = await all(store.list(at('_delta_log'), { recursive: false }));
    const took = performance.now() - start;
    expect(listed).toHaveLength(10_000);
    expect(listed.at(-1)?.uri).toMatch(/0{16}9999\.json$/);
    expect(took).toBeLessThan(5000);
    const tail = await all(
      store.list(at('_delta_log'), {
        recursive: false,
        startAfter: at(`_delta_log/${'9989'.padStart(20, '0')}.json`),
      }),
    );
    expect(tail).toHaveLength(10);
  });
});

describe('LocalStore in several processes', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'delta-race-'));
    await build({
      stdin: {
        contents: `
          import { LocalStore } from './src/storage/localStore';
          import { fileUri, joinUri } from './src/engine/objectUri';
          const [folder, me, start] = process.argv.slice(2);
          const store = new LocalStore();
          const won = [];
          while (Date.now() < Number(start)) {}
          (async () => {
            for (let version = 0; version < 40; version++) {
              const uri = joinUri(fileUri(folder), '_delta_log', String(version).padStart(20, '0') + '.json');
              try {
                await store.put(uri, new TextEncoder().encode(me.repeat(5000)), { mode: 'create' });
                won.push(version);
              } catch (error) {
                if (error.code !== 'already-exists') throw error;
              }
            }
            console.log(JSON.stringify(won));
          })();`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile: join(scratch, 'creator.cjs'),
      logLevel: 'error',
    });
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it('gives every version to exactly one of four writers', async () => {
    const table = join(scratch, 'table');
    const start = String(Date.now() + 700);
    const outputs = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (me) => {
        const { stdout } = await run(process.execPath, [
          join(scratch, 'creator.cjs'),
          table,
          me,
          start,
        ]);
        return { me, won: JSON.parse(stdout) as number[] };
      }),
    );
    const owners = new Map<number, string>();
    for (const { me, won } of outputs) {
      for (const version of won) {
        expect(owners.has(version)).toBe(false);
        owners.set(version, me);
      }
    }
    expect(owners.size).toBe(40);
    for (const [version, me] of owners) {
      const path = join(table, '_delta_log', `${String(version).padStart(20, '0')}.json`);
      expect(await readFile(path, 'utf8')).toBe(me.repeat(5000));
    }
    expect(await readdir(join(table, '_delta_log'))).toHaveLength(40);
  });

  it('keeps a file whole when its writer is killed at any moment', async () => {
    await build({
      stdin: {
        contents: `
          import { LocalStore } from './src/storage/localStore';
          import { fileUri, joinUri } from './src/engine/objectUri';
          const store = new LocalStore();
          const folder = fileUri(process.argv[2]);
          const body = (text) => new TextEncoder().encode(text.repeat(200_000));
          (async () => {
            process.send('ready');
            for (let i = 0; ; i++) {
              await store.put(joinUri(folder, 'replaced'), body(String(i % 10)), { mode: 'overwrite' });
              await store.put(joinUri(folder, String(i)), body(String(i % 10)), { mode: 'create' });
              await store.copy(joinUri(folder, String(i)), joinUri(folder, 'copy-' + i), { mode: 'create' });
            }
          })();`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile: join(scratch, 'writer.cjs'),
      logLevel: 'error',
    });
    let seen = 0;
    for (let round = 0; round < 6; round++) {
      const folder = join(scratch, `killed-${round}`);
      await mkdir(folder);
      const child = fork(join(scratch, 'writer.cjs'), [folder], { execArgv: [] });
      await once(child, 'message');
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 13));
      child.kill('SIGKILL');
      await once(child, 'exit');
      for await (const { uri, size } of new LocalStore().list(fileUri(folder))) {
        expect(size).toBe(200_000);
        const content = Buffer.from(await new LocalStore().read(uri));
        expect(content.equals(Buffer.alloc(200_000, content.subarray(0, 1)))).toBe(true);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(6);
  });
});
