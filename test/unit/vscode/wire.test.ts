import { describe, expect, it } from 'vitest';
import {
  maxPageLimit,
  parseCloneKind,
  parseCodes,
  parseCommitRow,
  parseHistoryCopyForm,
  parseHistoryQuery,
  parseItemQuery,
  parseVersion,
} from '../../../src/vscode/panels/wire';

describe('what a page sends', () => {
  it('is taken when it has the shape of the protocol', () => {
    expect(parseVersion(0)).toBe(0);
    expect(parseHistoryQuery({ limit: 50 })).toEqual({ limit: 50 });
    expect(parseHistoryQuery({ limit: 50, before: 7, check: true })).toEqual({
      limit: 50,
      before: 7,
      check: true,
    });
    expect(parseItemQuery({ offset: 0, limit: 10, action: 'copy' })).toEqual({
      offset: 0,
      limit: 10,
      action: 'copy',
    });
    expect(parseCloneKind('deep-clone')).toBe('deep-clone');
    expect(parseCodes(['a', 'b'])).toEqual(['a', 'b']);
    expect(parseHistoryCopyForm('sql')).toBe('sql');
    expect(parseCommitRow({ version: 3, operation: 'WRITE' })).toMatchObject({ version: 3 });
  });

  const wrong: readonly [name: string, parse: () => unknown][] = [
    ['a version below zero', () => parseVersion(-1)],
    ['a fraction', () => parseVersion(1.5)],
    ['a version past 2^53', () => parseVersion(2 ** 53)],
    ['a version as text', () => parseVersion('3')],
    ['no version', () => parseVersion(undefined)],
    ['a query that is a list', () => parseHistoryQuery([])],
    ['a query without a limit', () => parseHistoryQuery({})],
    ['a limit of zero', () => parseHistoryQuery({ limit: 0 })],
    ['a limit past the most', () => parseHistoryQuery({ limit: maxPageLimit + 1 })],
    ['an unknown action', () => parseItemQuery({ offset: 0, limit: 1, action: 'delete' })],
    ['a restore as a kind of clone', () => parseCloneKind('restore')],
    ['codes that are no texts', () => parseCodes([1])],
    ['codes that are no list', () => parseCodes('all')],
    ['a row without a version', () => parseCommitRow({ operation: 'WRITE' })],
    ['an unknown form', () => parseHistoryCopyForm('html')],
  ];
  it.each(wrong)('is refused: %s', (_name, parse) => {
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error);
  });
});
