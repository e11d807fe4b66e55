import { describe, expect, it } from 'vitest';
import type { CommitRow } from '../../../src/protocol/views';
import {
  cloneKindOf,
  cloneSourceName,
  operationInWords,
  operationName,
  predicateInWords,
} from '../../../webview/history/operationWords';
import { parametersInWords, parametersSummary } from '../../../webview/history/parameterWords';
import { metricsInWords, metricsSummary } from '../../../webview/shared/metricWords';

function commit(
  operation: string | null,
  operationParameters: Record<string, string> | null = null,
  operationMetrics: Record<string, string> | null = null,
  engineInfo: string | null = null,
): CommitRow {
  return {
    version: 3,
    timestamp: '2025-03-31T23:59:59.000Z',
    userId: null,
    userName: null,
    operation,
    operationParameters,
    job: null,
    notebook: null,
    clusterId: null,
    readVersion: 2,
    isolationLevel: null,
    isBlindAppend: null,
    operationMetrics,
    userMetadata: null,
    engineInfo,
    isRestorable: true,
  };
}

describe('operations in words', () => {
  const source = 'delta.`file:///w/member_claims_prod`';
  it.each<[string, CommitRow, string]>([
    [
      'a write with its mode',
      commit('WRITE', { mode: 'Append', partitionBy: '[]' }),
      'Write: append',
    ],
    ['a mode of two words', commit('WRITE', { mode: 'ErrorIfExists' }), 'Write: error if exists'],
    [
      'a delete',
      commit('DELETE', { predicate: '["(addr_state#12 = OH)"]' }),
      'Delete where addr_state = OH',
    ],
    ['a delete of everything', commit('DELETE', { predicate: '["true"]' }), 'Delete all rows'],
    [
      'an update by deletion vectors',
      commit('UPDATE', { predicate: '["(id#104 >= 11)"]' }, { numDeletionVectorsAdded: '1' }),
      'Update (deletion vectors) where id >= 11',
    ],
    ['a merge', commit('MERGE', { predicate: '["(t.id#1L = s.id#2L)"]' }), 'Merge on t.id = s.id'],
    [
      'a compaction',
      commit('OPTIMIZE', { zOrderBy: '[]', auto: 'false' }),
      'Compaction (OPTIMIZE)',
    ],
    ['an automatic one', commit('OPTIMIZE', { auto: 'true' }), 'Automatic compaction (OPTIMIZE)'],
    [
      'Z-order',
      commit('OPTIMIZE', { zOrderBy: '["a","b"]' }),
      'Compaction (OPTIMIZE), Z-order by a, b',
    ],
    ['a restore to a version', commit('RESTORE', { version: '2' }), 'Restore to version 2'],
    [
      'a restore by delta-rs',
      commit('RESTORE', { datetime: '2025-01-01T00:00:00Z' }),
      'Restore to 2025-01-01T00:00:00Z',
    ],
    [
      'a vacuum',
      commit('VACUUM START', { defaultRetentionMillis: '604800000' }),
      'Vacuum start, keeping 7 d',
    ],
    ['its end', commit('VACUUM END', { status: 'COMPLETED' }), 'Vacuum end: completed'],
    [
      'a shallow clone',
      commit('CLONE', { source, sourceVersion: '3', isShallow: 'true' }),
      'Shallow clone of member_claims_prod at version 3',
    ],
    [
      'a deep clone by copied files',
      commit('CLONE', { source: 'cat.db.claims', sourceVersion: '0' }, { numCopiedFiles: '2' }),
      'Deep clone of claims at version 0',
    ],
    [
      'a clone of a folder without versions',
      commit('CLONE', { source, sourceVersion: '-1' }, null, 'Apache-Spark/3.5.3 Delta-Lake/3.2.1'),
      'Shallow clone of member_claims_prod',
    ],
    [
      'a rename',
      commit('RENAME COLUMN', { oldColumnPath: 'a', newColumnPath: 'b' }),
      'Rename column a to b',
    ],
    [
      'a changed column',
      commit('CHANGE COLUMN', { column: '{"name":"x","type":"short"}' }),
      'Change column x',
    ],
    [
      'properties',
      commit('SET TBLPROPERTIES', { properties: '{"a":"1","b":"2","c":"3","d":"4"}' }),
      'Set properties: a, b and 2 others',
    ],
    [
      'a table by partition',
      commit('CREATE TABLE', { partitionBy: '["addr_state"]' }),
      'Create table, partitioned by addr_state',
    ],
    [
      'an operation nobody knows',
      commit('HARMONIZE LEDGER', { strategy: 'x' }),
      'HARMONIZE LEDGER',
    ],
    ['no operation', commit(null), 'Not recorded'],
    [
      'parameters that are no JSON',
      commit('OPTIMIZE', { zOrderBy: '[broken' }),
      'Compaction (OPTIMIZE), Z-order by [broken',
    ],
  ])('tells %s', (_name, row, words) => {
    expect(operationInWords(row)).toBe(words);
  });

  it('names operations for a list and keeps unknown names as written', () => {
    expect([
      operationName('WRITE'),
      operationName('SET TBLPROPERTIES'),
      operationName('aBc'),
      operationName(null),
    ]).toEqual(['Write', 'Set properties', 'aBc', '(not recorded)']);
  });

  it('does not guess the kind of a clone that nothing tells', () => {
    expect(cloneKindOf(commit('CLONE', { source: 'x' }))).toBe('unknown');
    expect(cloneKindOf(commit('WRITE'))).toBeNull();
  });

  it.each([
    ['file:///w/a%20b/', 'a b'],
    ['delta.`s3://bucket/x/y`', 'y'],
    ['C:\\data\\t', 't'],
    ['cat.db.t', 't'],
  ])('takes the name of the source %s as %s', (given, name) => {
    expect(cloneSourceName(given)).toBe(name);
  });

  it('takes parentheses off a predicate only where they enclose all of it', () => {
    expect(predicateInWords('["((a#1 = 1) OR (b#2 = 2))"]')).toBe('(a = 1) OR (b = 2)');
    expect(predicateInWords('[]')).toBeNull();
    expect(predicateInWords('["(spark_catalog.delta.`/w/t`.`id` IN (1,2))"]')).toBe('id IN (1,2)');
  });
});

describe('metrics in words', () => {
  it('tells what changed in one line', () => {
    expect(metricsSummary({ numFiles: '2', numOutputRows: '1800', numOutputBytes: '80733' })).toBe(
      '+2 files, 1,800 rows written, 78.8 KiB',
    );
    expect(
      metricsSummary({ numTargetRowsUpdated: '1', numTargetFilesAdded: '1', numOutputRows: '9' }),
    ).toBe('1 row updated, +1 file');
    expect(metricsSummary({ numRemovedFiles: '0', numDeletedRows: '0' })).toBe(
      'no rows or files changed',
    );
    expect(metricsSummary({ numWidgets: '12345678901234567890' })).toBe(
      'widgets: 12,345,678,901,234,567,890',
    );
    expect(metricsSummary({})).toBe('');
    expect(metricsSummary(null)).toBe('');
  });

  it('gives each a name and a unit and keeps the raw value', () => {
    expect(
      metricsInWords({
        executionTimeMs: '61187',
        p25FileSize: '525',
        numTargetRowsCopied: '7',
        note: 'n/a',
      }),
    ).toEqual([
      { name: 'executionTimeMs', label: 'Time taken', text: '1 min 1 s', raw: '61187' },
      { name: 'p25FileSize', label: 'File size, 25th percentile', text: '525 bytes', raw: '525' },
      { name: 'numTargetRowsCopied', label: 'Target rows copied', text: '7', raw: '7' },
      { name: 'note', label: 'Note', text: 'n/a', raw: 'n/a' },
    ]);
  });
});

describe('parameters in words', () => {
  it('lays JSON out and leaves empty values away', () => {
    expect(
      parametersInWords(
        { partitionBy: '["a","b"]', isManaged: 'false', description: '', properties: '{"k":"v"}' },
        'UTC',
      ).map(({ label, text }) => `${label}: ${text}`),
    ).toEqual(['Partition by: a, b', 'Managed by the catalog: no', 'Properties: k = v']);
    expect(parametersSummary({ mode: 'Append', partitionBy: '[]' }, 'UTC')).toBe('mode: Append');
  });
});
