import { describe, expect, it } from 'vitest';
import type { TableEntry } from '../../../src/protocol/views';
import type { KnownTable } from '../../../src/vscode/tree/knownTables';
import { buildForest, childrenOf, type TableNode } from '../../../src/vscode/tree/nodes';
import {
  contextKinds,
  escapeMarkdown,
  itemOf,
  tableTooltip,
  type ItemView,
} from '../../../src/vscode/tree/treeItems';
import { cloneOf, entry, known, overview } from './fakes';

function itemsOf(...list: KnownTable[]): ItemView[] {
  const items: ItemView[] = [];
  const add = (nodes: readonly TableNode[]): void => {
    for (const node of nodes) {
      items.push(itemOf(node));
      add(node.clones);
    }
  };
  add(buildForest(list, []) as TableNode[]);
  return items;
}

function itemFor(given: TableEntry, more: Partial<KnownTable> = {}): ItemView {
  const [item] = itemsOf(known(given, more));
  if (item === undefined) throw new Error('no item');
  return item;
}

describe('itemOf a table', () => {
  it('tells version, files and size', () => {
    const item = itemFor(entry('/w/orders', { version: 4, numFiles: 12, sizeInBytes: 1_258_291 }));
    expect(item).toMatchObject({
      label: 'orders',
      description: 'v4 · 12 files · 1.2 MiB',
      icon: 'table',
      state: 'collapsed',
      contextValue: 'table+readable+writable+local',
    });
    expect(item.accessibilityLabel).toBe('orders, v4, 12 files, 1.2 MiB');
    expect(item.tooltip).toBeUndefined();
  });

  it('tells the kind of a clone and the version it came from', () => {
    const [source, clone] = itemsOf(
      known(entry('/w/a')),
      known(entry('/w/b', { ...cloneOf('/w/a', 3), version: 0, numFiles: 12, sizeInBytes: null })),
    );
    expect(source?.state).toBe('expanded');
    expect(clone).toMatchObject({
      description: 'shallow of v3 · v0 · 12 files',
      accessibilityLabel: 'b, shallow clone of v3, v0, 12 files',
      icon: 'repo-forked',
      contextValue: 'table+readable+writable+clone+local',
    });
  });

  it('names the source of a clone where the tree does not show it', () => {
    const item = itemFor(entry('/w/b', cloneOf('/gone/prod', null, 'deep')));
    expect(item.description).toBe('deep clone of prod · v0 · 1 file · 1 KiB');
    expect(item.icon).toBe('repo-clone');
  });

  it('says why a broken table cannot be read, with code, message and way out', () => {
    const error = {
      code: 'versions-not-contiguous',
      message: 'Version 3 is missing.',
      details: {},
    };
    const item = itemFor({ location: 'file:///w/t', name: 't', error });
    expect(item).toMatchObject({
      description: 'missing commit',
      icon: 'error',
      state: 'none',
      contextValue: 'table+error+local',
    });
    expect(item.tooltip).toContain('versions\\-not\\-contiguous');
    expect(item.tooltip).toContain('Version 3 is missing.');
    expect(item.tooltip).toContain('Bring back the missing commit');
  });

  it('warns of a table whose features we cannot read, and names them', () => {
    const support = { read: false, write: false, reasons: ['reader feature "newThing"'] };
    const item = itemFor(entry('/w/t', { numFiles: null, sizeInBytes: null }), {
      overview: { kind: 'read', overview: overview('/w/t', { support }) },
    });
    expect(item.icon).toBe('warning');
    expect(item.description).toBe('not readable: reader feature "newThing" · v0');
    expect(item.contextValue).toBe('table+local');
  });

  it('is not writable where a writer feature is missing', () => {
    const support = { read: true, write: false, reasons: ['writer feature "x"'] };
    const item = itemFor(entry('/w/t'), {
      overview: { kind: 'read', overview: overview('/w/t', { support }) },
    });
    expect(item.contextValue).toBe('table+readable+local');
  });

  it('marks tables opened by hand and those that are not local', () => {
    const item = itemFor({ ...entry('/w/t'), location: 's3://bucket/t' }, { isOpened: true });
    expect(item.contextValue).toBe('table+readable+writable+opened');
  });
});

describe('itemOf other nodes', () => {
  const [table] = buildForest(
    [
      known(entry('/w/t'), {
        overview: {
          kind: 'read',
          overview: overview('/w/t', {
            properties: { 'delta.appendOnly': 'true' },
            tableFeatures: ['deletionVectors'],
            ownedFiles: 2,
          }),
        },
      }),
    ],
    [],
  ) as TableNode[];
  const [columns, properties] = childrenOf(table!);
  if (columns === undefined || properties === undefined) throw new Error('no children');

  it('marks partition columns and shows types', () => {
    const items = childrenOf(columns).map(itemOf);
    expect(items.map((item) => [item.label, item.description, item.icon, item.state])).toEqual([
      ['id', 'long · not null', 'symbol-field', 'none'],
      ['address', 'struct<city: string>', 'symbol-structure', 'collapsed'],
      ['day', 'date · partition', 'key', 'none'],
    ]);
    expect(items[1]?.tooltip).toContain('where');
  });

  it('lists protocol, features, configuration, counts and place', () => {
    const items = childrenOf(properties).map(itemOf);
    const byLabel = new Map(items.map((item) => [item.label, item.description]));
    expect(byLabel.get('Protocol')).toBe('reader 1, writer 2');
    expect(byLabel.get('Rows')).toBe('100');
    expect(byLabel.get('Own files')).toBe('2 of 12, 2 KiB; the others belong to the source');
    expect(byLabel.get('Location')).toBe('/w/t');
    expect(byLabel.get('Created')).toBe('2026-11-01 10:00:00 (UTC)');
    const features = childrenOf(properties).find((node) => itemOf(node).label === 'Table features');
    expect(features && childrenOf(features).map((node) => itemOf(node).label)).toEqual([
      'deletionVectors',
    ]);
    const configuration = childrenOf(properties).find(
      (node) => itemOf(node).label === 'Configuration',
    );
    expect(
      configuration && childrenOf(configuration).map((node) => itemOf(node).description),
    ).toEqual(['true']);
  });

  it('gives each node a context value of a declared kind', () => {
    for (const node of [columns, properties, ...childrenOf(columns), ...childrenOf(properties)]) {
      expect(contextKinds).toContain(itemOf(node).contextValue);
    }
  });
});

describe('tableTooltip', () => {
  it('shows names as they are and interprets nothing in them', () => {
    const text = tableTooltip(
      entry('/w/t', { name: '[x](command:evil) $(bug) <b>' }),
      overview('/w/t', { description: '**bold**' }),
    );
    expect(text).toContain('\\[x\\]\\(command:evil\\) \\$\\(bug\\) \\<b\\>');
    expect(text).toContain('\\*\\*bold\\*\\*');
  });

  it('escapes every character that Markdown reads', () => {
    expect(escapeMarkdown('a & b|c\nd')).toBe('a &amp; b\\|c d');
  });
});
