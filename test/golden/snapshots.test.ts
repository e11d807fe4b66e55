/**
 * Every table of the shared set: the indexed version, files and bytes at the latest version, the files of each indexed version,
 * and a typed error where a correct reader must fail.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDeltaError, isStoreError } from '../../src/engine/errors';
import { openSnapshot } from '../../src/engine/table';
import { localUri } from '../../src/storage/localPath';
import { readIndex, type IndexedTable } from '../helpers/sharedTables';
import { createTestEngine, type TestEngine } from '../helpers/testEngine';

const index = readIndex();
let engine: TestEngine;

beforeAll(async () => {
  engine = await createTestEngine();
});

afterAll(async () => {
  await engine.close();
});

interface Seen {
  readonly latest: number;
  readonly bytes: number;
  readonly versions: readonly { readonly version: number; readonly numFiles: number }[];
}

async function see(table: IndexedTable): Promise<Seen> {
  const root = localUri(table.folder);
  const latest = await openSnapshot(engine, root, 'latest');
  const totals = await latest.totals();
  const versions = [];
  for (const { version } of table.versions ?? []) {
    const snapshot =
      version === latest.version ? latest : await openSnapshot(engine, root, { version });
    versions.push({ version, numFiles: (await snapshot.totals()).files });
  }
  return { latest: latest.version, bytes: totals.bytes, versions };
}

describe.runIf(index.tables.length > 0)('tables written by other engines', () => {
  for (const table of index.tables.filter(({ readable }) => readable === true)) {
    it(`opens ${table.name} with the indexed version, files and bytes`, async () => {
      expect(await see(table)).toEqual({
        latest: table.latestVersion,
        bytes: table.numBytes,
        versions: (table.versions ?? []).map(({ version, numFiles }) => ({ version, numFiles })),
      });
    });
  }

  for (const table of index.tables.filter(({ readable }) => readable !== true)) {
    it(`${String(table.readable).slice(0, 8)} ${table.name}: a typed error or the indexed state`, async () => {
      let seen: Seen | undefined;
      try {
        seen = await see(table);
      } catch (error) {
        expect(isDeltaError(error) || isStoreError(error), String(error)).toBe(true);
        expect(isDeltaError(error, 'internal')).toBe(false);
      }
      if (String(table.readable).startsWith('must-fail')) expect(seen).toBeUndefined();
    });
  }
});

it('has the shared tables, or says that they are not there', () => {
  if (index.tables.length === 0) console.log(`snapshots.test.ts: ${index.reason}`);
  else expect(index.tables.length).toBeGreaterThan(200);
});
