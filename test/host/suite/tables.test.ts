import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { api, entryOf, eventually, service, tablePath, warehouse } from '../extensionApi';

describe('The known tables', () => {
  // What other suites made and removed is noticed by the watcher in its own time, and a later scan ends an earlier one.
  before(() =>
    eventually('a scan that shows the warehouse alone', async () => {
      await (await api()).refresh();
      return (await api()).tables().length === 5;
    }),
  );

  it('are the five of the warehouse', async () => {
    const names = (await api()).tables().map(({ name }) => name);
    assert.deepEqual([...names].sort(), [
      'loan_details_delta',
      'loan_details_delta_clone',
      'member_claims_backup',
      'member_claims_dev',
      'member_claims_prod',
    ]);
  });

  it('name the source, the kind and the version that each clone came from', async () => {
    const sources = new Map<string, unknown>();
    for (const { name, cloneOf } of (await api()).tables()) {
      sources.set(
        name,
        cloneOf && [cloneOf.kind, path.posix.basename(cloneOf.location), cloneOf.version],
      );
    }
    assert.deepEqual(Object.fromEntries(sources), {
      loan_details_delta: undefined,
      loan_details_delta_clone: ['deep', 'loan_details_delta', 1],
      member_claims_backup: ['deep', 'member_claims_prod', 4],
      member_claims_dev: ['shallow', 'member_claims_prod', 4],
      member_claims_prod: undefined,
    });
  });

  it('have their columns read by the engine in its worker', async () => {
    const { columns, detail } = await (await service()).overview(tablePath('loan_details_delta'));
    assert.deepEqual(detail.partitionColumns, ['addr_state']);
    const partition = columns.find(({ name }) => name === 'addr_state');
    assert.equal(partition?.isPartition, true);
  });

  it('show a folder with an empty log as a table that cannot be read', async () => {
    const folder = path.join(warehouse().fsPath, 'broken_table');
    await fs.mkdir(path.join(folder, '_delta_log'), { recursive: true });
    try {
      await (await api()).refresh();
      await eventually('the table', async () =>
        (await api()).tables().some(({ name }) => name === 'broken_table'),
      );
      assert.equal((await entryOf('broken_table')).error?.code, 'not-a-table');
    } finally {
      await fs.rm(folder, { recursive: true });
      await (await api()).refresh();
    }
  });

  it('follow commits of others, by watching the files', async () => {
    const table = 'member_claims_backup';
    const { version } = await entryOf(table);
    assert.ok(version !== undefined);
    // Another program's commit: only the file system tells of it.
    const next = String(version + 1).padStart(20, '0');
    await fs.writeFile(
      path.join(tablePath(table), '_delta_log', `${next}.json`),
      `${JSON.stringify({ commitInfo: { timestamp: Date.now(), operation: 'TEST' } })}\n`,
    );
    await eventually('the new version', async () => (await entryOf(table)).version === version + 1);
  });
});
