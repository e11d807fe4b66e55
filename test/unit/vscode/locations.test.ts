import { describe, expect, it } from 'vitest';
import {
  baseName,
  displayPath,
  isWithin,
  joinPath,
  localPath,
  parentFolder,
  placeKey,
  tableOfLogPath,
} from '../../../src/vscode/locations';

describe('locations', () => {
  it('turns file URIs into local paths, decoded', () => {
    expect(localPath('file:///w/a%20b/x=1')).toBe('/w/a b/x=1');
    expect(localPath('file:/w/a')).toBe('/w/a');
    expect(localPath('file:///C:/data/t')).toBe('C:\\data\\t');
    expect(localPath('/w/a')).toBe('/w/a');
    expect(localPath('s3://bucket/t')).toBeUndefined();
    expect(displayPath('s3://bucket/t')).toBe('s3://bucket/t');
  });

  it('takes spellings of one place for one', () => {
    const keys = ['file:///C:/data/t', 'C:\\data\\t', 'c:/data/t/'].map(placeKey);
    expect(new Set(keys).size).toBe(1);
    expect(placeKey('file:///w/100%25')).toBe(placeKey('/w/100%'));
  });

  it('knows what lies inside a folder and what only begins alike', () => {
    expect(isWithin('/w/a/b', '/w/a')).toBe(true);
    expect(isWithin('file:///w/a', '/w/a/')).toBe(true);
    expect(isWithin('/w/ab', '/w/a')).toBe(false);
  });

  it('names, climbs and joins in the spelling of the input', () => {
    expect(baseName('file:///w/my%20table')).toBe('my table');
    expect(parentFolder('/w/a')).toBe('/w');
    expect(parentFolder('/a')).toBe('/');
    expect(parentFolder('C:\\t')).toBe('C:\\');
    expect(joinPath('C:\\data', 't')).toBe('C:\\data\\t');
    expect(joinPath('/', 't')).toBe('/t');
  });

  it('finds the table of a path in its log', () => {
    expect(tableOfLogPath('/w/t/_delta_log/00000000000000000000.json')).toBe('/w/t');
    expect(tableOfLogPath('C:\\t\\_delta_log')).toBe('C:\\t');
    expect(tableOfLogPath('/w/t/part.parquet')).toBeUndefined();
    expect(tableOfLogPath('/w/t_delta_log/x')).toBeUndefined();
  });
});
