import { describe, expect, it } from 'vitest';
import type { KnownTable } from '../../../src/vscode/tree/knownTables';
import {
  buildForest,
  childrenOf,
  tableNodes,
  tableOf,
  type FolderNode,
  type TableNode,
} from '../../../src/vscode/tree/nodes';
import { cloneOf, entry, known, overview } from './fakes';

/** Names with children in brackets, for whole trees in one line. */
function shape(nodes: readonly (FolderNode | TableNode)[]): string {
  return nodes
    .map((node) => {
      const [name, below] =
        node.kind === 'folder'
          ? [`${node.label}/`, shape(node.tables)]
          : [node.table.entry.name, shape(node.clones)];
      return below === '' ? name : `${name}[${below}]`;
    })
    .join(' ');
}

function expectParents(nodes: readonly (FolderNode | TableNode)[], parent?: unknown): void {
  for (const node of nodes) {
    expect(node.parent).toBe(parent);
    expectParents(node.kind === 'folder' ? node.tables : node.clones, node);
  }
}

const tables = (...list: KnownTable[]): KnownTable[] => list;

describe('buildForest', () => {
  it('puts a clone under its source, and a clone of a clone under that', () => {
    const forest = buildForest(
      tables(
        known(entry('/w/claims')),
        known(entry('/w/claims_dev', cloneOf('/w/claims'))),
        known(entry('/w/claims_dev_2', cloneOf('/w/claims_dev'))),
        known(entry('/w/loans')),
      ),
      [],
    );
    expect(shape(forest)).toBe('claims[claims_dev[claims_dev_2]] loans');
    expectParents(forest);
  });

  it('matches a source in another spelling of its place', () => {
    const forest = buildForest(
      tables(
        known({ ...entry('/w/a%20b'), name: 'a b' }),
        known(entry('/w/c', { cloneOf: { location: '/w/a b/', version: 0, kind: 'deep' } })),
      ),
      [],
    );
    expect(shape(forest)).toBe('a b[c]');
  });

  it('shows a clone at the top when its source is not known', () => {
    expect(shape(buildForest(tables(known(entry('/w/dev', cloneOf('/gone/prod')))), []))).toBe(
      'dev',
    );
  });

  it('shows two tables cloned from each other once each', () => {
    const forest = buildForest(
      tables(known(entry('/w/a', cloneOf('/w/b'))), known(entry('/w/b', cloneOf('/w/a')))),
      [],
    );
    expect(shape(forest)).toBe('a[b]');
  });

  it('shows a table that names itself as its source once', () => {
    expect(shape(buildForest(tables(known(entry('/w/a', cloneOf('/w/a')))), []))).toBe('a');
  });

  it('hangs what was cloned from a ring under its source', () => {
    const forest = buildForest(
      tables(
        known(entry('/w/a', cloneOf('/w/b'))),
        known(entry('/w/b', cloneOf('/w/a'))),
        known(entry('/w/c', cloneOf('/w/b'))),
      ),
      [],
    );
    expect(shape(forest)).toBe('a[b[c]]');
  });

  it('groups by workspace folder only when there are several', () => {
    const list = tables(known(entry('/one/a')), known(entry('/two/b')), known(entry('/three/c')));
    expect(shape(buildForest(list, [{ name: 'one', location: '/one' }]))).toBe('a b c');
    const grouped = buildForest(list, [
      { name: 'one', location: '/one' },
      { name: 'two', location: '/two' },
    ]);
    expect(shape(grouped)).toBe('one/[a] two/[b] Elsewhere/[c]');
    expectParents(grouped);
  });

  it('shows a clone also in its own folder when its source lives in another', () => {
    const forest = buildForest(
      tables(known(entry('/one/a')), known(entry('/two/b', cloneOf('/one/a')))),
      [
        { name: 'one', location: '/one' },
        { name: 'two', location: '/two' },
      ],
    );
    expect(shape(forest)).toBe('one/[a[b]] two/[b]');
    const ids = [...tableNodes(forest)].map((node) => node.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('makes ids from locations, so that they outlive a refresh', () => {
    const list = tables(known(entry('/w/a')), known(entry('/w/b', cloneOf('/w/a'))));
    const ids = (): string[] => [...tableNodes(buildForest(list, []))].map((node) => node.id);
    expect(ids()).toEqual(['source:/w/a', 'table:/w/b']);
    expect(ids()).toEqual(ids());
  });

  it('makes another row of a table that gets its first clone, so that the editor opens it', () => {
    const idOfA = (...others: KnownTable[]): string | undefined =>
      [...tableNodes(buildForest(tables(known(entry('/w/a')), ...others), []))][0]?.id;
    expect(idOfA()).toBe('table:/w/a');
    expect(idOfA(known(entry('/w/b', cloneOf('/w/a'))))).toBe('source:/w/a');
  });

  it('tells siblings of one name apart by the folder above', () => {
    const forest = buildForest(
      tables(
        known(entry('/w/bronze/orders')),
        known(entry('/w/silver/orders')),
        known(entry('/w/dev', cloneOf('/w/silver/orders'))),
      ),
      [],
    ) as TableNode[];
    expect(forest.map((node) => node.hint)).toEqual(['bronze', 'silver']);
    expectParents(forest);
  });
});

describe('children of a table', () => {
  const node = (table: KnownTable, ...others: KnownTable[]): TableNode =>
    buildForest([table, ...others], [])[0] as TableNode;

  it('are its clones and a loading node before the overview is read', () => {
    const table = node(known(entry('/w/a')), known(entry('/w/b', cloneOf('/w/a'))));
    expect(childrenOf(table).map((child) => child.kind)).toEqual(['table', 'loading']);
  });

  it('are its clones, columns and properties once it is read', () => {
    const table = node(
      known(entry('/w/a'), { overview: { kind: 'read', overview: overview('/w/a') } }),
      known(entry('/w/b', cloneOf('/w/a'))),
    );
    const children = childrenOf(table);
    expect(children.map((child) => child.kind)).toEqual(['table', 'columns', 'properties']);
    const columns = childrenOf(children[1] ?? table);
    expect(columns.map((child) => child.kind === 'column' && child.column.name)).toEqual([
      'id',
      'address',
      'day',
    ]);
    const nested = childrenOf(columns[1] ?? table);
    expect(nested.map((child) => child.kind === 'column' && child.path)).toEqual([
      ['address', 'city'],
    ]);
    expect(tableOf(nested[0] ?? table)).toBe(table);
  });

  it('stay as they were while the overview is read again', () => {
    const stale = overview('/w/a');
    const table = node(known(entry('/w/a'), { overview: { kind: 'unread', stale } }));
    expect(childrenOf(table).map((child) => child.kind)).toEqual(['columns', 'properties']);
  });

  it('say why the overview could not be read', () => {
    const error = { code: 'engine-crashed', message: 'ended', details: {} };
    const table = node(known(entry('/w/a'), { overview: { kind: 'failed', error } }));
    expect(childrenOf(table)).toEqual([
      { kind: 'error', id: 'table:/w/a/error', parent: table, error },
    ]);
  });

  it('are only the clones of a table that cannot be read', () => {
    const error = { code: 'corrupt-file', message: 'x', details: {} };
    const table = node(known(entry('/w/a', { error })), known(entry('/w/b', cloneOf('/w/a'))));
    expect(childrenOf(table).map((child) => child.kind)).toEqual(['table']);
  });
});
