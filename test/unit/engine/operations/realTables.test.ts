/** Operations on copies of tables that other engines wrote, on the real disk. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileUri, type ObjectUri } from '../../../../src/engine/objectUri';
import type { OperationSpec, Outcome, Plan } from '../../../../src/engine/operations/operation';
import { executeOperation, planOperation } from '../../../../src/engine/operations/operations';
import { openSnapshot, type AsOf } from '../../../../src/engine/table';
import { sharedTables } from '../../../helpers/shared';
import { readIndex, type IndexedTable } from '../../../helpers/sharedTables';
import { createTestEngine, type TestEngine } from '../../../helpers/testEngine';
import { filesOf, rowsOf } from './fixtures';

const { tables, reason } = readIndex();
if (reason !== '') console.warn(`Operations on real tables: skipped, because ${reason}.`);

let engine: TestEngine;
let folder: string;
beforeAll(async () => {
  engine = await createTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-operations-'));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

/** What may stand against a clone of a table that somebody else wrote. */
const honest = new Set(['unsupported-feature', 'missing-files', 'append-only']);

async function attempt(
  spec: OperationSpec,
): Promise<{ readonly plan: Plan; readonly outcome: Outcome | undefined }> {
  const plan = await planOperation(engine, spec);
  const blockers = plan.findings.filter(({ severity }) => severity === 'blocker');
  for (const { code } of blockers) expect(honest).toContain(code);
  if (blockers.length > 0) return { plan, outcome: undefined };
  const outcome = await executeOperation(engine, plan, { acknowledged: new Set() });
  for (const warning of outcome.warnings) expect(warning).toContain('writeStatsAsJson');
  return { plan, outcome };
}

async function totalsOf(root: ObjectUri, at: AsOf = 'latest'): Promise<object> {
  const { files, bytes, numRows, vectors } = await (await openSnapshot(engine, root, at)).totals();
  return { files, bytes, numRows, vectors };
}

async function copyOf(table: IndexedTable, name: string): Promise<ObjectUri> {
  const path = join(folder, name);
  await cp(table.folder, path, { recursive: true });
  return fileUri(path);
}

const shared = sharedTables() ?? '';
/** One table of each writer, protocol, set of operations and layout: the others only repeat it. */
const representative = [
  ...new Map(
    tables
      .filter(({ readable, numFiles }) => readable === true && numFiles < 200)
      .map((table) => {
        const { features, dataFiles, folder: path } = table;
        const axes = features.filter((feature) => /^(rf|wf|protocol|checkpoint|op):/.test(feature));
        return [
          [relative(shared, path).split('/')[0], dataFiles, ...axes].join(' '),
          table,
        ] as const;
      }),
  ).values(),
];

describe('operations on real tables', () => {
  it.each(representative.map((table) => ({ name: relative(shared, table.folder), table })))(
    'keep the state of $name',
    async ({ name, table }) => {
      const key = name.replaceAll('/', '__');
      const source = await copyOf(table, key);
      const { version } = await openSnapshot(engine, source, 'latest');
      const kinds =
        table.dataFiles === 'all'
          ? (['shallow-clone', 'deep-clone'] as const)
          : (['shallow-clone'] as const);
      for (const kind of kinds) {
        const target = fileUri(join(folder, `${kind} of ${key}`));
        const { outcome } = await attempt({ kind, source, target, at: 'latest' });
        if (outcome === undefined) continue;
        expect(outcome).toMatchObject({ version: 0, committed: true });
        expect(await totalsOf(target)).toEqual(await totalsOf(source));
        expect((await openSnapshot(engine, target, 'latest')).warnings).toEqual([]);
        if (kind === 'deep-clone') {
          const again = await attempt({ kind, source, target, at: 'latest', replace: true });
          expect(again.plan.willCommit).toBe(false);
        }
      }
      const first = table.versions?.[0]?.version;
      if (table.dataFiles !== 'all' || first === undefined || first === version) return;
      const before = await totalsOf(source, { version: first });
      const { outcome } = await attempt({ kind: 'restore', table: source, at: { version: first } });
      if (outcome === undefined) return;
      expect(outcome.version).toBe(version + 1);
      expect(await totalsOf(source)).toEqual(before);
      expect(await filesOf(engine, source)).toEqual(
        await filesOf(engine, source, { version: first }),
      );
    },
  );

  it.each([
    'trino/databricks122__deletion_vectors',
    'kernel-rs/partition_cm__name',
    'trino/deltalake__column_mapping_mode_id',
    'dat/partitioned_with_null',
    'delta-rs/delta-0.8.0-special-partition',
    'kernel-rs-golden/hive/delta/deltatbl-special-chars-in-partition-column',
    'trino/deltalake__uri',
    'trino/databricks122__identity_columns',
    'trino/deltalake__in_commit_timestamp_history_read',
    'trino/deltalake__serializable_partitioned_table',
  ])('keep the rows of %s', async (name) => {
    const table = tables.find(
      ({ folder: path }) => relative(shared, path).replace(/\/delta$/, '') === name,
    );
    if (table === undefined) {
      expect(tables.length, `${name} is not in the index`).toBe(0);
      return;
    }
    const key = `rows of ${name.replaceAll('/', '__')}`;
    const source = await copyOf(table, key);
    const rows = await rowsOf(engine, source);
    const shallow = fileUri(join(folder, `${key} shallow`));
    const deep = fileUri(join(folder, `${key} deep`));
    await attempt({ kind: 'shallow-clone', source, target: shallow, at: 'latest' });
    expect(await rowsOf(engine, shallow)).toEqual(rows);
    await attempt({ kind: 'deep-clone', source: shallow, target: deep, at: 'latest' });
    await rm(join(folder, key), { recursive: true });
    expect(await rowsOf(engine, deep)).toEqual(rows);
  });

  it.runIf(tables.length > 0)('write nothing outside of the target', async () => {
    const table = tables.find(({ folder: path }) =>
      relative(shared, path).startsWith('trino/databricks122__deletion_vectors'),
    );
    if (table === undefined) throw new Error('The table with deletion vectors is missing.');
    const source = await copyOf(table, 'untouched');
    const before = await contentOf(join(folder, 'untouched'));
    for (const kind of ['shallow-clone', 'deep-clone'] as const) {
      await attempt({
        kind,
        source,
        target: fileUri(join(folder, `${kind} of untouched`)),
        at: 'latest',
      });
    }
    expect(await contentOf(join(folder, 'untouched'))).toEqual(before);
  });
});

async function contentOf(path: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const content = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    content.set(relative(path, file), (await readFile(file)).toString('base64'));
  }
  return content;
}
