import { describe, expect, it } from 'vitest';
import { KnownTables, type TablesChange } from '../../../src/vscode/tree/knownTables';
import { cloneOf, entry, overview } from './fakes';

function watched(): { tables: KnownTables; changes: TablesChange[] } {
  const tables = new KnownTables();
  const changes: TablesChange[] = [];
  tables.onDidChange((change) => changes.push(change));
  return { tables, changes };
}

const names = (tables: KnownTables): string[] => tables.list().map((table) => table.entry.name);

describe('KnownTables', () => {
  it('lists by name, whatever the order in which tables were found', () => {
    const { tables } = watched();
    for (const path of ['/w/b10', '/w/B2', '/w/a']) tables.addFound(entry(path));
    expect(names(tables)).toEqual(['a', 'B2', 'b10']);
  });

  it('drops tables that a later scan does not find, but keeps those opened by hand', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a'));
    tables.addFound(entry('/w/b'));
    tables.open(entry('/w/b'));
    tables.open(entry('/far/c'));
    tables.finishScan([]);
    expect(names(tables)).toEqual(['b', 'c']);
    expect(tables.opened()).toEqual(['file:///w/b', 'file:///far/c']);
  });

  it('takes two spellings of a path for one table', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a'));
    expect(tables.get('/w/a/')?.entry.location).toBe('file:///w/a');
  });

  it('tells a new version as a change of one table and a new link as a change of all', () => {
    const { tables, changes } = watched();
    tables.addFound(entry('/w/a'));
    tables.addFound(entry('/w/a', { version: 1 }));
    tables.addFound(entry('/w/a', { version: 1, ...cloneOf('/w/z') }));
    expect(changes).toEqual([
      { kind: 'all' },
      { kind: 'table', location: 'file:///w/a' },
      { kind: 'all' },
    ]);
  });

  it('forgets the overview of an older version and keeps that of the same one', () => {
    const { tables } = watched();
    tables.setOverview(overview('/w/a'));
    tables.addFound(entry('/w/a', { version: 4 }));
    expect(tables.get('/w/a')?.overview.kind).toBe('read');
    tables.addFound(entry('/w/a', { version: 5 }));
    expect(tables.get('/w/a')?.overview.kind).toBe('unread');
  });

  it('keeps the link to the source when one table is read alone, and takes that of a scan', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a', cloneOf('/w/z')));
    tables.setOverview(overview('/w/a'));
    expect(tables.get('/w/a')?.entry.cloneOf?.location).toBe('file:///w/z');
    tables.finishScan([entry('/w/a')]);
    expect(tables.get('/w/a')?.entry.cloneOf).toBeUndefined();
  });

  it('says on the table why it cannot be read', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a'));
    tables.fail('/w/a', { code: 'corrupt-file', message: 'x', details: {} });
    expect(tables.get('/w/a')?.entry).toMatchObject({ name: 'a', error: { code: 'corrupt-file' } });
    expect(tables.get('/w/a')?.entry.version).toBeUndefined();
  });

  it('keeps what is known of a table when only the engine failed', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a', { version: 7 }));
    tables.fail('/w/a', { code: 'engine-crashed', message: 'x', details: {} });
    expect(tables.get('/w/a')?.entry).toMatchObject({ version: 7 });
    expect(tables.get('/w/a')?.overview.kind).toBe('failed');
  });

  it('removes a table that is gone, and shows the error on one opened by hand', () => {
    const { tables } = watched();
    const gone = { code: 'not-found', message: 'gone', details: {} };
    tables.addFound(entry('/w/a'));
    tables.open(entry('/far/b'));
    tables.remove('/w/a', gone);
    tables.remove('/far/b', gone);
    expect(names(tables)).toEqual(['b']);
    expect(tables.get('/far/b')?.entry.error).toEqual(gone);
  });

  it('closes only what was opened by hand', () => {
    const { tables } = watched();
    tables.addFound(entry('/w/a'));
    tables.open(entry('/w/a'));
    tables.open(entry('/far/b'));
    tables.close('/w/a');
    tables.close('/far/b');
    expect(names(tables)).toEqual(['a']);
    expect(tables.opened()).toEqual([]);
  });
});
