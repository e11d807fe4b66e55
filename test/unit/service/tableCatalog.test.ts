import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../src/engine/errors';
import type { ObjectStore } from '../../../src/engine/objectStore';
import { joinUri, parseObjectUri, uriName } from '../../../src/engine/objectUri';
import type { ObjectUri } from '../../../src/engine/objectUri';
import { findTableRoots, folderExists } from '../../../src/service/tableCatalog';
import type { CatalogObserver, CatalogQuery } from '../../../src/service/tableCatalog';
import { MemoryStore } from '../../../src/storage/memoryStore';

const root = parseObjectUri('file:///lake');

async function storeWith(...paths: readonly string[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const path of paths)
    await store.put(joinUri(root, path), new Uint8Array(1), { mode: 'create' });
  return store;
}

const commit = (table: string): string => `${table}/_delta_log/00000000000000000000.json`;

async function find(
  store: ObjectStore,
  query: Partial<CatalogQuery> = {},
  observer: CatalogObserver = {},
): Promise<string[]> {
  const found: string[] = [];
  const roots = findTableRoots(
    store,
    { roots: [root], skip: new Set(['node_modules']), depth: 8, ...query },
    observer,
  );
  for await (const table of roots) found.push(table.slice(root.length + 1));
  return found;
}

/** Fails the listing of one folder. */
function denying(store: MemoryStore, folder: ObjectUri): ObjectStore {
  return new Proxy(store, {
    get(target, name, receiver): unknown {
      if (name !== 'listFolders') return Reflect.get(target, name, receiver);
      return (asked: ObjectUri) => {
        if (asked === folder) throw new StoreError('access-denied', `${asked} is closed`, asked);
        return target.listFolders(asked);
      };
    },
  });
}

describe('findTableRoots', () => {
  it('finds tables level by level and does not enter them', async () => {
    const store = await storeWith(
      commit('a/deep/orders'),
      commit('claims'),
      commit('claims/nested'),
      'plain/file.txt',
    );
    expect(await find(store)).toEqual(['claims', 'a/deep/orders']);
  });

  it('skips hidden folders and the given names', async () => {
    const store = await storeWith(
      commit('.cache/x'),
      commit('_staging/x'),
      commit('node_modules/x'),
      commit('x'),
    );
    expect(await find(store)).toEqual(['x']);
  });

  it('takes a root that is hidden, and a root that is a table', async () => {
    const store = await storeWith(commit('.demo/t'));
    expect(await find(store, { roots: [joinUri(root, '.demo')] })).toEqual(['.demo/t']);
    expect(await find(store, { roots: [joinUri(root, '.demo/t')] })).toEqual(['.demo/t']);
  });

  it('goes no deeper than asked', async () => {
    const store = await storeWith(commit('a/t1'), commit('a/b/t2'));
    expect(await find(store, { depth: 2 })).toEqual(['a/t1']);
    expect(await find(store, { depth: 0 })).toEqual([]);
  });

  it('meets a table once where roots overlap', async () => {
    const store = await storeWith(commit('a/t'));
    expect(await find(store, { roots: [root, joinUri(root, 'a'), root] })).toEqual(['a/t']);
  });

  it('passes over a folder that cannot be listed, and tells it', async () => {
    const store = await storeWith(commit('open/t'), commit('closed/t'));
    const closed: string[] = [];
    const found = await find(
      denying(store, joinUri(root, 'closed')),
      {},
      {
        onUnreadable: (folder) => closed.push(uriName(folder)),
      },
    );
    expect(found).toEqual(['open/t']);
    expect(closed).toEqual(['closed']);
  });

  it('throws where no root can be listed, and not-found for a place that does not exist', async () => {
    const store = await storeWith(commit('a/t'));
    await expect(find(denying(store, root))).rejects.toMatchObject({ code: 'access-denied' });
    await expect(find(store, { roots: [joinUri(root, 'gone')] })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await find(store, { roots: [joinUri(root, 'gone'), root] })).toEqual(['a/t']);
  });

  it('throws on a cancel instead of ending early', async () => {
    const store = await storeWith(commit('a/t'), commit('b/t'));
    const controller = new AbortController();
    const roots = findTableRoots(
      store,
      { roots: [root], skip: new Set(), depth: 8 },
      {},
      { signal: controller.signal },
    );
    await roots.next();
    controller.abort();
    await expect(roots.next()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('folderExists', () => {
  it('tells a folder with files from one that is not there', async () => {
    const store = await storeWith('plain/file.txt');
    expect(await folderExists(store, joinUri(root, 'plain'))).toBe(true);
    expect(await folderExists(store, joinUri(root, 'gone'))).toBe(false);
  });
});
