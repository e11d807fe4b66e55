import { describe, expect, it } from 'vitest';
import { RemoteError } from '../../../src/protocol/rpc';
import type { TableEntry, TableOverview } from '../../../src/protocol/views';
import type { DeltaService } from '../../../src/service/deltaService';
import { KnownTables } from '../../../src/vscode/tree/knownTables';
import { TableScanner, type ScanState } from '../../../src/vscode/tree/tableScanner';
import { entry, overview, service } from './fakes';

const failure = (code: string): RemoteError =>
  new RemoteError({ code, message: code, details: {} });

function harness(
  methods: Partial<DeltaService>,
  roots: readonly string[] = ['/w'],
): {
  scanner: TableScanner;
  tables: KnownTables;
  states: ScanState[];
  refreshed: string[];
  errors: string[];
} {
  const tables = new KnownTables();
  const states: ScanState[] = [];
  const refreshed: string[] = [];
  const errors: string[] = [];
  const scanner = new TableScanner({
    service: service(methods),
    tables,
    query: () => ({ roots, skip: [], depth: 3 }),
    onState: (state) => states.push(state),
    onError: (_what, error) => errors.push(error.code),
    onUnreadable: () => undefined,
    onRefreshed: (location) => refreshed.push(location),
  });
  return { scanner, tables, states, refreshed, errors };
}

describe('TableScanner', () => {
  it('shows tables as they are found and ends with the whole answer', async () => {
    const seen: number[] = [];
    const { scanner, tables, states } = harness({
      findTables: (_query, call) => {
        for (const path of ['/w/a', '/w/b']) {
          call?.onProgress?.({ phase: 'scanning', done: 1, unit: 'folders', found: entry(path) });
          seen.push(tables.list().length);
        }
        return Promise.resolve([entry('/w/a'), entry('/w/b'), entry('/w/c')]);
      },
    });
    await scanner.rescan();
    expect(seen).toEqual([1, 2]);
    expect(tables.list()).toHaveLength(3);
    expect(states.map((state) => state.kind)).toEqual(['scanning', 'scanning', 'scanning', 'done']);
    expect(scanner.isScanning).toBe(false);
  });

  it('scans once however often it is asked to start', async () => {
    let scans = 0;
    const { scanner } = harness({
      findTables: () => {
        scans++;
        return Promise.resolve([]);
      },
    });
    await Promise.all([scanner.ensureStarted(), scanner.ensureStarted()]);
    await scanner.ensureStarted();
    expect(scans).toBe(1);
  });

  it('does not scan again for a change of settings before the first scan was asked for', async () => {
    const { scanner, states } = harness({});
    await scanner.rescanIfStarted();
    expect(states).toEqual([]);
  });

  it('asks the service nothing when there is no folder to scan', async () => {
    const { scanner, states } = harness({}, []);
    await scanner.rescan();
    expect(states.at(-1)).toEqual({ kind: 'done' });
  });

  it('keeps what was found when it is cancelled, and says so', async () => {
    const { scanner, tables, states } = harness({
      findTables: (_query, call) =>
        new Promise((_resolve, reject) => {
          call?.onProgress?.({ phase: 'scanning', done: 1, unit: 'folders', found: entry('/w/a') });
          call?.signal?.addEventListener('abort', () => {
            reject(failure('cancelled'));
          });
        }),
    });
    const scanning = scanner.rescan();
    scanner.cancel();
    await scanning;
    expect(states.at(-1)).toEqual({ kind: 'cancelled' });
    expect(tables.list()).toHaveLength(1);
  });

  it('lets a newer scan win over the one it replaced', async () => {
    const answers: ((entries: TableEntry[]) => void)[] = [];
    const { scanner, tables, states } = harness({
      findTables: () => new Promise((resolve) => answers.push(resolve)),
    });
    const first = scanner.rescan();
    const second = scanner.rescan();
    answers[1]?.([entry('/w/new')]);
    await second;
    answers[0]?.([entry('/w/old')]);
    await first;
    expect(tables.list().map((table) => table.entry.name)).toEqual(['new']);
    expect(states.filter((state) => state.kind === 'done')).toHaveLength(1);
  });

  it('says that a scan failed and keeps the tables of the one before', async () => {
    let answer: () => Promise<TableEntry[]> = () => Promise.resolve([entry('/w/a')]);
    const { scanner, tables, states, errors } = harness({ findTables: () => answer() });
    await scanner.rescan();
    answer = () => Promise.reject(failure('access-denied'));
    await scanner.rescan();
    expect(states.at(-1)).toMatchObject({ kind: 'failed', error: { code: 'access-denied' } });
    expect(tables.list()).toHaveLength(1);
    expect(errors).toEqual(['access-denied']);
  });

  it('reads an overview once for all that ask at the same time, and not again while it holds', async () => {
    let reads = 0;
    const { scanner, tables } = harness({
      overview: () => {
        reads++;
        return Promise.resolve(overview('/w/a'));
      },
    });
    tables.addFound(entry('/w/a'));
    await Promise.all([scanner.overview('file:///w/a'), scanner.overview('/w/a')]);
    await scanner.overview('file:///w/a');
    expect(reads).toBe(1);
  });

  it('reads a table that is not in the list without putting it there', async () => {
    const { scanner, tables } = harness({ overview: () => Promise.resolve(overview('/far/a')) });
    expect((await scanner.overview('/far/a')).entry.name).toBe('a');
    expect(tables.list()).toEqual([]);
  });

  it('reads again after a change although a read from before the change is under way', async () => {
    const answers: ((given: TableOverview) => void)[] = [];
    const { scanner, tables, refreshed } = harness({
      overview: () => new Promise((resolve) => answers.push(resolve)),
    });
    tables.addFound(entry('/w/a'));
    const before = scanner.overview('file:///w/a');
    const refresh = scanner.refreshTable('file:///w/a');
    answers[0]?.(overview('/w/a', { version: 1 }));
    await before;
    await new Promise((resolve) => setTimeout(resolve));
    answers[1]?.(overview('/w/a', { version: 2 }));
    await refresh;
    expect(tables.get('/w/a')?.entry.version).toBe(2);
    expect(refreshed).toEqual(['file:///w/a']);
  });

  it('drops a table whose log is gone', async () => {
    const { scanner, tables } = harness({
      overview: () => Promise.reject(failure('not-a-table')),
      findTables: () => Promise.resolve([]),
    });
    tables.addFound(entry('/w/a'));
    await scanner.refreshTable('/w/a');
    expect(tables.list()).toEqual([]);
  });

  it('keeps a table whose log folder is left empty, as one that says why', async () => {
    const error = { code: 'not-a-table', message: 'empty', details: {} };
    const { scanner, tables } = harness({
      overview: () => Promise.reject(failure('not-a-table')),
      findTables: ({ roots, depth }) =>
        Promise.resolve([{ location: roots[0] ?? '', name: `depth ${depth}`, error }]),
    });
    tables.addFound(entry('/w/a'));
    await scanner.refreshTable('/w/a');
    expect(tables.get('/w/a')?.entry).toMatchObject({ name: 'depth 0', error });
  });

  it('adds nothing for a folder that is no table', async () => {
    const { scanner, tables } = harness({
      overview: () => Promise.reject(failure('not-a-table')),
    });
    await expect(scanner.open('/w/none')).rejects.toMatchObject({ code: 'not-a-table' });
    expect(tables.list()).toEqual([]);
  });

  it('opens a broken table as one that says why', async () => {
    const { scanner, tables } = harness({
      overview: () => Promise.reject(failure('corrupt-file')),
    });
    await scanner.open('/w/broken');
    expect(tables.get('/w/broken')).toMatchObject({
      isOpened: true,
      entry: { name: 'broken', error: { code: 'corrupt-file' } },
    });
  });

  it('brings back tables of an earlier session, also those that are gone', async () => {
    const { scanner, tables } = harness({
      overview: (table) =>
        table === 'file:///far/a'
          ? Promise.resolve(overview('/far/a'))
          : Promise.reject(failure('not-found')),
    });
    await scanner.reopen(['file:///far/a', 'file:///far/b']);
    expect(tables.opened()).toEqual(['file:///far/a', 'file:///far/b']);
    expect(tables.get('/far/b')?.entry.error?.code).toBe('not-found');
  });
});
