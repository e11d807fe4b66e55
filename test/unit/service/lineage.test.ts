/** Lineage of clones that other engines made. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalDeltaService } from '../../../src/service/localDeltaService';
import { resolveLocation } from '../../../src/service/location';
import { localUri } from '../../../src/storage/localPath';
import { sharedTablesOrReason } from '../../helpers/shared';
import { createTestEngine } from '../../helpers/testEngine';
import type { TestEngine } from '../../helpers/testEngine';

const shared = sharedTablesOrReason('Lineage of real clones');

describe.skipIf(shared === undefined)('clones made by Spark', () => {
  const folder = join(shared ?? '', 'trino/clone_merge');
  const at = (name: string): string => localUri(join(folder, name));
  let engine: TestEngine;
  let service: LocalDeltaService;

  beforeAll(async () => {
    engine = await createTestEngine();
    service = new LocalDeltaService({
      engine,
      registry: { record: () => Promise.resolve(), clones: () => Promise.resolve([]) },
      resolveLocation: (text) => resolveLocation(text, { isWindows: false }),
    });
  });

  afterAll(async () => {
    await service.close();
    await engine.close();
  });

  const query = { roots: [folder], skip: [], depth: 4 };

  it('link to the table that bears the name of their source', async () => {
    const entries = await service.findTables(query);
    expect(entries.map((entry) => [entry.name, entry.cloneOf])).toEqual([
      ['clone_merge_cloned', { location: at('clone_merge_source'), version: 1, kind: 'shallow' }],
      [
        'clone_merge_deletion_vector_cloned',
        { location: at('clone_merge_deletion_vector_source'), version: 3, kind: 'shallow' },
      ],
      ['clone_merge_deletion_vector_source', undefined],
      ['clone_merge_source', undefined],
    ]);
  });

  it('show the place of their files beside it, which cannot be reached', async () => {
    const view = await service.lineage(query);
    const edges = view.edges.filter(
      (edge) => edge.target === at('clone_merge_deletion_vector_cloned'),
    );
    expect(edges).toMatchObject([
      {
        source: at('clone_merge_deletion_vector_source'),
        evidence: ['clone-commit'],
        sharedFiles: 0,
      },
      {
        source: 's3://test-bucket/tiny/clone_merge_deletion_vector_source',
        kind: 'shallow',
        evidence: ['foreign-files'],
        sharedFiles: 1,
        sharedBytes: 965,
      },
    ]);
    const health = Object.fromEntries(view.tables.map((table) => [table.location, table.health]));
    expect(health).toMatchObject({
      [at('clone_merge_source')]: 'ok',
      [at('clone_merge_deletion_vector_cloned')]: 'unreadable',
      's3://test-bucket/tiny/clone_merge_deletion_vector_source': 'unreadable',
    });
  });

  it('have a history of which only the log can be read here', async () => {
    const query = { limit: 5, check: true };
    const cloned = await service.history(at('clone_merge_cloned'), query);
    expect(cloned.rows.map((row) => row.readable)).toEqual(['log-only']);
    const source = await service.history(at('clone_merge_source'), query);
    expect(source.rows.map((row) => row.readable)).toEqual(['yes', 'yes']);
  });

  it('tell that they own no file', async () => {
    const detail = await service.detail(at('clone_merge_deletion_vector_cloned'), { at: 'latest' });
    expect(detail).toMatchObject({ numFiles: 1, ownedFiles: 0, ownedBytes: 0, numRows: 4 });
  });
});
