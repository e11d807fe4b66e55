import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { container, warehouse, workbench } from './session';
import { themeNames, type Workbench } from './workbench';

describe('The sidebar', () => {
  const unreadable = path.join(warehouse(), 'empty_log');
  let window: Workbench;

  before(async () => {
    window = await workbench();
    await window.showContainer(container);
    // Tables come in one by one while the folders are scanned.
    for (const clone of [
      /^loan_details_delta_clone/,
      /^member_claims_backup/,
      /^member_claims_dev/,
    ]) {
      await window.treeItem(clone).waitFor({ timeout: 60_000 });
    }
  });

  it('shows the five tables of the warehouse, clones under their sources', async () => {
    const rows = await window.treeRows();
    const tables = rows.filter(({ label }) => !['Columns', 'Properties'].includes(label));
    assert.deepEqual(tables, [
      { label: 'loan_details_delta', level: 1 },
      { label: 'loan_details_delta_clone', level: 2 },
      { label: 'member_claims_prod', level: 1 },
      { label: 'member_claims_backup', level: 2 },
      { label: 'member_claims_dev', level: 2 },
    ]);
  });

  it('says of each clone its kind and the version it came from', async () => {
    await window.treeItem(/^member_claims_dev, shallow clone of v4, v\d+, /).waitFor();
    await window.treeItem(/^member_claims_backup, deep clone of v4, v\d+, /).waitFor();
    await window.treeItem(/^loan_details_delta_clone, deep clone of v1, v\d+, /).waitFor();
  });

  it('is readable in dark, light and high contrast', async () => {
    for (const theme of themeNames) {
      await window.setTheme(theme);
      await window.screenshot(`sidebar-${theme}`);
    }
    await window.setTheme('dark');
  });

  it('opens a table to its columns and properties', async () => {
    // A table with clones is open from the start, and has its own columns beneath.
    const columns = window.treeItem(/^Columns, 8/).first();
    await window.expand(columns);
    await window.treeItem(/^addr_state, string · partition/).waitFor();
    await window
      .treeItem(/^Properties/)
      .first()
      .waitFor();
    await window.screenshot('sidebar-columns');
    await window.collapse(columns);
  });

  it('finds a table that cannot be read by itself, and says why', async () => {
    await fs.mkdir(path.join(unreadable, '_delta_log'), { recursive: true });
    await window.runCommand('Delta: Refresh');
    await window.treeItem(/^empty_log, not a Delta table/).waitFor({ timeout: 30_000 });
    await window.screenshot('sidebar-unreadable');
  });

  after(async () => {
    await fs.rm(unreadable, { recursive: true, force: true });
    await window.runCommand('Delta: Refresh');
    await window.treeItem(/^empty_log/).waitFor({ state: 'detached', timeout: 30_000 });
  });
});
