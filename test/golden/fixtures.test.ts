/** The repository's own tables, written by Spark and delta-rs: files, schema and every row of every version, as those engines read them. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows } from '../../src/engine/rows/rowReader';
import { openSnapshot } from '../../src/engine/table';
import { localUri } from '../../src/storage/localPath';
import { canonicalRow } from '../helpers/expectedRows';
import { createTestEngine, type TestEngine } from '../helpers/testEngine';

const tables = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/tables');

interface ExpectedVersion {
  readonly version: number;
  readonly numFiles: number;
  readonly count: number;
  readonly rows: readonly string[];
}

/** Rows stay the text they are: parsing them would round long integers. */
function readExpected(name: string): {
  readonly latest: number;
  readonly versions: readonly ExpectedVersion[];
} {
  const versions: ExpectedVersion[] = [];
  let latest = -1;
  let rows: string[] = [];
  for (const line of readFileSync(join(tables, name, 'expected.json'), 'utf8').split('\n')) {
    const head = /^\{"version": (\d+), "numFiles": (\d+), "count": (\d+), "rows": \[/.exec(line);
    if (head !== null) {
      rows = [];
      versions.push({
        version: Number(head[1]),
        numFiles: Number(head[2]),
        count: Number(head[3]),
        rows,
      });
    } else if (line.startsWith('{"')) {
      rows.push(line.replace(/,$/, ''));
    } else {
      latest = Number(/^"version": (\d+)/.exec(line)?.[1] ?? latest);
    }
  }
  return { latest, versions };
}

let engine: TestEngine;

beforeAll(async () => {
  engine = await createTestEngine();
});

afterAll(async () => {
  await engine.close();
});

describe('tables of the repository', () => {
  for (const name of readdirSync(tables)) {
    it(`reads ${name} as the engine that wrote it`, async () => {
      const expected = readExpected(name);
      const root = localUri(join(tables, name));
      expect((await openSnapshot(engine, root, 'latest')).version).toBe(expected.latest);
      expect(expected.versions.length).toBeGreaterThan(0);
      for (const { version, numFiles, count, rows } of expected.versions) {
        const snapshot = await openSnapshot(engine, root, { version });
        expect((await snapshot.totals()).files, `files of version ${version}`).toBe(numFiles);
        const found: string[] = [];
        for await (const lines of readRows(engine, snapshot, {}))
          found.push(...lines.map(canonicalRow));
        expect(found.sort(), `rows of version ${version}`).toEqual(rows.map(canonicalRow).sort());
        expect(found).toHaveLength(count);
      }
    });
  }
});

describe('a damaged Parquet checkpoint', () => {
  const name = 'spark-checkpoint-classic';
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'delta-clones-damage-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A copy whose checkpoint was changed by `damage`. */
  function damaged(as: string, damage: (checkpoint: string) => void): string {
    const table = join(folder, as);
    cpSync(join(tables, name), table, { recursive: true });
    const log = join(table, '_delta_log');
    const checkpoint = readdirSync(log).find((file) => /^\d{20}\.checkpoint\.parquet$/.test(file));
    damage(join(log, checkpoint ?? ''));
    return table;
  }

  const ways: readonly (readonly [string, (checkpoint: string) => void])[] = [
    [
      'cut in the middle',
      (file) => {
        truncateSync(file, Math.floor(readFileSync(file).length / 2));
      },
    ],
    [
      'emptied',
      (file) => {
        truncateSync(file, 0);
      },
    ],
    [
      'overwritten with text',
      (file) => {
        writeFileSync(file, 'PAR1 this is no Parquet file PAR1');
      },
    ],
    [
      'changed in its pages',
      (file) => {
        const bytes = readFileSync(file);
        bytes.fill(0xff, 4, Math.floor(bytes.length / 2));
        writeFileSync(file, bytes);
      },
    ],
  ];

  it.each(ways)('%s is passed over: the commits give the same state', async (as, damage) => {
    const expected = readExpected(name);
    const root = localUri(damaged(as, damage));
    const snapshot = await openSnapshot(engine, root, 'latest');
    expect(snapshot.version).toBe(expected.latest);
    expect((await snapshot.totals()).files).toBe(expected.versions.at(-1)?.numFiles);
  });

  it('is named as the reason where the commits before it are gone', async () => {
    const table = damaged('alone', (file) => {
      writeFileSync(file, 'PAR1 this is no Parquet file PAR1');
    });
    const log = join(table, '_delta_log');
    for (const file of readdirSync(log)) if (/^0{19}\d\.json$/.test(file)) rmSync(join(log, file));
    await expect(openSnapshot(engine, localUri(table), 'latest')).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringContaining('checkpoint.parquet') as unknown,
    });
  });
});
