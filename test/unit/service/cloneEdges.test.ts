import { describe, expect, it } from 'vitest';
import { parseObjectUri } from '../../../src/engine/objectUri';
import type { ObjectUri } from '../../../src/engine/objectUri';
import { cloneCommitOf } from '../../../src/service/cloneCommit';
import type { CloneCommit } from '../../../src/service/cloneCommit';
import { cloneEdges, cloneOfView } from '../../../src/service/cloneEdges';
import type { KnownTable } from '../../../src/service/knownTable';
import type { Totals } from '../../../src/protocol/views';

const at = (name: string): ObjectUri => parseObjectUri(`file:///lake/${name}`);

function clone(
  parameters: Record<string, unknown>,
  more: Record<string, unknown> = {},
): CloneCommit {
  const found = cloneCommitOf({
    version: 0,
    timestamp: 5,
    isRestorable: true,
    commitInfo: { operation: 'CLONE', operationParameters: parameters, ...more } as never,
  });
  if (found === undefined) throw new Error('no clone');
  return found;
}

function table(name: string, more: Partial<KnownTable> = {}): KnownTable {
  return {
    root: at(name),
    id: `id-${name}`,
    version: 0,
    files: { files: 1, bytes: 10 },
    foreignFolders: new Map(),
    ...more,
  };
}

const foreign = (folders: Record<string, Totals>): ReadonlyMap<ObjectUri, Totals> =>
  new Map(Object.entries(folders).map(([name, totals]) => [at(name), totals]));

describe('cloneCommitOf', () => {
  it.each([
    ['delta.`file:/lake/a b`', ['file:///lake/a%20b']],
    ['delta.`file:///lake/a%20b`', ['file:///lake/a%20b', 'file:///lake/a%2520b']],
    ['delta.`/lake/a`', ['file:///lake/a']],
    ['delta.`s3a://bucket/a`', ['s3://bucket/a']],
    ['delta.`file:/lake/back``tick`', ['file:///lake/back%60tick']],
    ['spark_catalog.tiny.orders', []],
  ])('reads the source %s', (source, roots) => {
    expect(clone({ source, sourceVersion: 3 }).sourceRoots).toEqual(roots);
  });

  it('reads what Databricks and what we tell', () => {
    expect(clone({ source: 't', sourceVersion: 1, isShallow: false }).isShallow).toBe(false);
    expect(clone({ source: 't', sourceVersion: -1 }).sourceVersion).toBeNull();
    const ours = clone(
      { source: 'delta.`file:///old`', sourceVersion: '2', isShallow: 'true' },
      { cloneInfo: { sourceRoot: 'file:/lake/src', sourceTableId: 'x' } },
    );
    expect(ours).toMatchObject({
      sourceRoots: ['file:///lake/src'],
      sourceTableId: 'x',
      sourceVersion: 2,
      isShallow: true,
    });
  });

  it('is undefined for other commits', () => {
    expect(
      cloneCommitOf({ version: 0, timestamp: 0, isRestorable: true, commitInfo: undefined }),
    ).toBeUndefined();
  });
});

describe('cloneEdges', () => {
  it('links a shallow clone by its commit and by its files', () => {
    const target = table('dev', {
      clone: clone({ source: 'delta.`file:/lake/prod`', sourceVersion: 4 }),
      foreignFolders: foreign({
        'prod/p=1': { files: 2, bytes: 20 },
        prod: { files: 1, bytes: 5 },
      }),
    });
    const edges = cloneEdges([table('prod'), target]);
    expect(edges).toEqual([
      {
        source: at('prod'),
        target: at('dev'),
        kind: 'shallow',
        sourceVersion: 4,
        targetVersion: 0,
        at: 5,
        evidence: ['clone-commit', 'foreign-files'],
        shared: { files: 3, bytes: 25 },
      },
    ]);
    expect(cloneOfView(edges, at('dev'))).toEqual({
      location: at('prod'),
      version: 4,
      kind: 'shallow',
    });
    expect(cloneOfView(edges, at('prod'))).toBeUndefined();
  });

  it('points a clone of a clone at its direct source, and at the owner of its files', () => {
    const edges = cloneEdges([
      table('a'),
      table('b'),
      table('c', {
        clone: clone({ source: 'delta.`file:/lake/b`', sourceVersion: 1 }),
        foreignFolders: foreign({ a: { files: 3, bytes: 30 }, b: { files: 1, bytes: 1 } }),
      }),
    ]);
    expect(edges.map((edge) => [edge.source, edge.kind, edge.evidence, edge.shared.files])).toEqual(
      [
        [at('b'), 'shallow', ['clone-commit', 'foreign-files'], 1],
        [at('a'), 'shallow', ['foreign-files'], 3],
      ],
    );
  });

  it('sees a shallow clone whose CLONE commit was cleaned up', () => {
    const edges = cloneEdges([
      table('prod'),
      table('dev', { foreignFolders: foreign({ 'prod/x=1/y=2': { files: 1, bytes: 1 } }) }),
    ]);
    expect(edges).toMatchObject([
      { source: at('prod'), kind: 'shallow', sourceVersion: null, evidence: ['foreign-files'] },
    ]);
  });

  it('takes the folder without partitions for the owner that it does not know', () => {
    const edges = cloneEdges([
      table('dev', { foreignFolders: foreign({ 'gone/x=1/y=2': { files: 1, bytes: 1 } }) }),
    ]);
    expect(edges[0]?.source).toBe(at('gone'));
  });

  it.each([
    ['told so', { isShallow: false }, {}, 1, 'deep'],
    ['told to be shallow though it rewrote all files', { isShallow: true }, {}, 1, 'shallow'],
    ['having copied', {}, { numCopiedFiles: '3' }, 1, 'deep'],
    ['all files its own', {}, { numCopiedFiles: '0' }, 1, 'deep'],
    ['no files to judge by', {}, {}, 0, 'unknown'],
  ])('judges a clone without foreign files by: %s', (_why, parameters, metrics, files, kind) => {
    const edges = cloneEdges([
      table('prod'),
      table('copy', {
        files: { files, bytes: files },
        clone: clone(
          { source: 'delta.`file:/lake/prod`', sourceVersion: 0, ...parameters },
          { operationMetrics: metrics },
        ),
      }),
    ]);
    expect(edges[0]?.kind).toBe(kind);
  });

  it("resolves a catalog's name to the one table of that name, and to none where there are two", () => {
    const target = table('copy', {
      clone: clone({ source: 'spark_catalog.db.Prod', sourceVersion: 0, isShallow: false }),
    });
    expect(cloneEdges([table('prod'), target])[0]?.source).toBe(at('prod'));
    expect(cloneEdges([table('prod'), table('other/prod'), target])).toEqual([]);
    expect(cloneEdges([target])).toEqual([]);
  });

  it('believes the files before a namesake in the same store', () => {
    const edges = cloneEdges([
      table('dev/prod'),
      table('dev/copy', {
        clone: clone({ source: 'db.prod', sourceVersion: 0 }),
        foreignFolders: foreign({ 'far/prod': { files: 1, bytes: 1 } }),
      }),
    ]);
    expect(edges[0]?.source).toBe(at('far/prod'));
  });

  it('finds a source that was moved by its table id', () => {
    const edges = cloneEdges([
      table('moved', { id: 'the-id' }),
      table('copy', {
        clone: clone(
          { source: 'x', sourceVersion: 0, isShallow: false },
          { cloneInfo: { sourceRoot: 'file:///lake/old', sourceTableId: 'the-id' } },
        ),
      }),
    ]);
    expect(edges[0]?.source).toBe(at('moved'));
  });

  it('shows both directions of a pair that failed back, and no edge of a table to itself', () => {
    const edges = cloneEdges([
      table('a', { clone: clone({ source: 'delta.`file:/lake/b`', isShallow: false }) }),
      table('b', { clone: clone({ source: 'delta.`file:/lake/a`', isShallow: false }) }),
      table('c', { clone: clone({ source: 'delta.`file:/lake/c`', isShallow: false }) }),
    ]);
    expect(edges.map((edge) => [edge.source, edge.target])).toEqual([
      [at('b'), at('a')],
      [at('a'), at('b')],
    ]);
  });
});
