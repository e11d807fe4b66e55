import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/vscode/config';
import { isScanned, scanRoots } from '../../../src/vscode/scanRoots';
import { readOpenedTables } from '../../../src/vscode/state';

const settingsOf = (values: Record<string, unknown>): ReturnType<typeof readSettings> =>
  readSettings((key) => values[key]);

describe('readSettings', () => {
  it('takes the defaults where nothing is set', () => {
    expect(settingsOf({})).toEqual({
      scanFolders: [],
      scanSkip: ['node_modules', '__pycache__', 'site-packages', 'venv'],
      scanDepth: 8,
      historyPageSize: 50,
      timeZone: 'local',
      confirmations: 'always',
    });
  });

  it('takes what is set', () => {
    const settings = settingsOf({
      'scan.folders': [' data '],
      'scan.skip': [],
      'scan.depth': 2,
      'history.pageSize': 100,
      timeZone: 'UTC',
      confirmations: 'findings',
    });
    expect(settings).toEqual({
      scanFolders: ['data'],
      scanSkip: [],
      scanDepth: 2,
      historyPageSize: 100,
      timeZone: 'UTC',
      confirmations: 'findings',
    });
  });

  it('brings mistyped values back into range', () => {
    const settings = settingsOf({
      'scan.folders': 'data',
      'scan.skip': [1, 'x', ''],
      'scan.depth': 1e9,
      'history.pageSize': Number.NaN,
      timeZone: 7,
      confirmations: 'never',
    });
    expect(settings).toMatchObject({
      scanFolders: [],
      scanSkip: ['x'],
      scanDepth: 64,
      historyPageSize: 50,
      timeZone: 'local',
      confirmations: 'always',
    });
  });
});

describe('scanRoots', () => {
  it('are the workspace folders where no folder is set', () => {
    expect(scanRoots([], ['/w', '/v'])).toEqual(['/w', '/v']);
  });

  it('are the set folders, relative ones in each workspace folder', () => {
    expect(scanRoots(['./data', '/abs'], ['/w', '/v'])).toEqual(['/w/data', '/v/data', '/abs']);
  });

  it('leave out folders that another one covers', () => {
    expect(scanRoots([], ['/w', '/w/inner', '/w/'])).toEqual(['/w/']);
  });
});

describe('isScanned', () => {
  const query = { roots: ['/w'], skip: ['node_modules'], depth: 2 };
  const cases: readonly [place: string, expected: boolean][] = [
    ['/w', true],
    ['/w/a/t', true],
    ['/w/a/b/t', false],
    ['/w/node_modules/t', false],
    ['/w/.hidden/t', false],
    ['/w/_tmp/t', false],
    ['/elsewhere/t', false],
  ];
  it.each(cases)('of %s is %s', (place, expected) => {
    expect(isScanned(place, query)).toBe(expected);
  });
});

describe('readOpenedTables', () => {
  it('reads what was stored and nothing else', () => {
    const store = (value: unknown): Parameters<typeof readOpenedTables>[0] => ({
      get: () => value,
      update: () => Promise.resolve(),
    });
    expect(readOpenedTables(store(['/a', 3]))).toEqual(['/a']);
    expect(readOpenedTables(store({ v: 2 }))).toEqual([]);
    expect(readOpenedTables(store(undefined))).toEqual([]);
  });
});
