import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDeltaError } from '../../src/engine/errors';
import { fileUri, type ObjectUri } from '../../src/engine/objectUri';
import { readRows } from '../../src/engine/rows/rowReader';
import { parseSchema } from '../../src/engine/schema';
import { openSnapshot } from '../../src/engine/table';
import { localPath } from '../../src/storage/localPath';
import { readExpectedRows, rowsDigest, sortedRows } from '../helpers/expectedRows';
import { readIndex } from '../helpers/sharedTables';
import { createTestEngine, type TestEngine } from '../helpers/testEngine';

const { tables, reason } = readIndex();
if (tables.length === 0) console.warn(`rows of real tables: skipped, because ${reason}.`);

/** Versions with more rows are counted from footers and deletion vectors alone, without reading the columns. */
const fullReadUpTo = 5000;

describe.skipIf(tables.length === 0)('rows of real tables', () => {
  let engine: TestEngine;
  const results: string[] = [];

  beforeAll(async () => {
    engine = await createTestEngine();
  });

  afterAll(async () => {
    await engine.close();
    console.log(results.join('\n'));
  });

  async function read(
    folder: string,
    version: number,
    columns?: readonly string[],
  ): Promise<{ readonly rows: readonly string[]; readonly names: readonly string[] }> {
    const snapshot = await openSnapshot(engine, fileUri(folder), { version });
    const rows: string[] = [];
    for await (const portion of readRows(engine, snapshot, { columns })) rows.push(...portion);
    const schema = parseSchema(snapshot.metadata.schemaString);
    return { rows, names: schema.fields.map(({ name }) => name) };
  }

  it('hold exactly the cells that another reader finds in the expected results', async () => {
    const expectations = readExpectedRows();
    const differing: string[] = [];
    for (const expected of expectations) {
      const table = tables.find(({ name }) => name === expected.table);
      if (table === undefined) {
        differing.push(`${expected.table} is not in the shared set`);
        continue;
      }
      const what = `${expected.table} at version ${expected.version}`;
      try {
        const { rows, names } = await read(table.folder, expected.version);
        for (const row of rows.slice(0, 100)) {
          expect(Object.keys(JSON.parse(row) as object), `${what}: schema order`).toEqual(names);
        }
        const sorted = sortedRows(rows);
        if (expected.lines !== undefined) expect(sorted, what).toEqual(expected.lines);
        if (expected.sample !== undefined) {
          expect(sorted.slice(0, expected.sample.length), what).toEqual(expected.sample);
        }
        expect(sorted.length, what).toBe(expected.rows);
        expect(rowsDigest(sorted), what).toBe(expected.sha256);
      } catch (error) {
        differing.push(error instanceof Error ? `${what}: ${error.message}` : String(error));
      }
    }
    results.push(
      `expected rows: ${expectations.length - differing.length} of ${expectations.length} results equal, cell by cell`,
    );
    expect(differing).toEqual([]);
  }, 240_000);

  it('keep the year of timestamps that 64 bits of nanoseconds cannot hold', async () => {
    const name = 'trino/databricks73__pruning__timestamp';
    const table = tables.find((each) => each.name === name);
    const { rows } = await read(table?.folder ?? name, table?.latestVersion ?? 0, ['col_3']);
    expect(rows).toContain('{"col_3":"9999-12-31T23:59:59.999999Z"}');
  });

  it('are as many as the index says, at every version, or name the files that are gone', async () => {
    const wrong: string[] = [];
    let counted = 0;
    let gone = 0;
    let readable = 0;
    for (const table of tables) {
      if (table.readable !== true || table.dataFiles !== 'all') continue;
      readable++;
      for (const { version, numRows } of table.versions ?? []) {
        if (numRows === null) continue;
        const isFull = numRows <= fullReadUpTo || version === table.latestVersion;
        try {
          const { rows } = await read(table.folder, version, isFull ? undefined : []);
          for (const row of rows.slice(0, 100)) JSON.parse(row);
          if (rows.length === numRows) counted++;
          else
            wrong.push(`${table.name} at version ${version}: ${rows.length} instead of ${numRows}`);
        } catch (error) {
          // Older versions of some tables are not whole: their files were left out upstream.
          if (isDeltaError(error, 'missing-files') && areGone(error.details.files)) gone++;
          else wrong.push(`${table.name} at version ${version}: ${String(error)}`);
        }
      }
    }
    results.push(
      `row counts: ${counted} versions of ${readable} tables equal, ${wrong.length} wrong, ${gone} old versions whose files are not in the set`,
    );
    expect(wrong).toEqual([]);
    expect(counted).toBeGreaterThan(800);
  }, 600_000);
});

function areGone(files: unknown): boolean {
  return (
    Array.isArray(files) &&
    files.length > 0 &&
    files.every((file) => !existsSync(localPath(file as ObjectUri)))
  );
}
