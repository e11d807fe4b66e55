import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { confirmPlan, historyPage, planPage, tableRow } from './scenario';
import { container, warehouse, workbench } from './session';
import { themeNames, type Workbench } from './workbench';

describe('Cloning', () => {
  let window: Workbench;

  before(async () => {
    window = await workbench();
    await window.showContainer(container);
    await window.treeItem(/^member_claims_prod/).waitFor({ timeout: 60_000 });
  });

  afterEach(() => window.closeEditors());

  it('makes a shallow clone from the palette: table, version, place, plan, confirm', async () => {
    await window.runCommand('Delta: Shallow Clone');
    await window.choose('Select a table', tableRow('member_claims_prod'));
    await window.choose('Select the version that is cloned', /Version 3/);
    await window.answer(
      'Path or URI of the folder that becomes the clone',
      path.join(warehouse(), 'claims_sandbox'),
    );
    const page = await planPage(
      window,
      /^Plan: Shallow Clone member_claims_prod to claims_sandbox/,
    );
    assert.equal(fs.existsSync(path.join(warehouse(), 'claims_sandbox')), false);
    for (const theme of themeNames) {
      await window.setTheme(theme);
      await window.screenshot(`plan-shallow-clone-${theme}`);
    }
    await window.setTheme('dark');
    await confirmPlan(page);
    await window.toast(/claims_sandbox is a shallow clone of member_claims_prod at version 3/);
    await window.screenshot('shallow-clone-done');
    await window.treeItem(/^claims_sandbox, shallow clone of v3, v0, /).waitFor();
    const rows = await window.treeRows();
    const row = rows.find(({ label }) => label === 'claims_sandbox');
    assert.equal(row?.level, 2, 'the clone does not stand under its source');
    const files = fs.readdirSync(path.join(warehouse(), 'claims_sandbox'));
    assert.deepEqual(files, ['_delta_log']);
  });

  it('makes a deep clone from the context menu and offers its history', async () => {
    await window.contextMenu(window.treeItem(/^member_claims_dev/), 'Deep Clone');
    await window.choose('Select the version that is cloned', /Latest Version/);
    await window.answer(
      'Path or URI of the folder that becomes the clone',
      path.join(warehouse(), 'claims_archive'),
    );
    const page = await planPage(window, /^Plan: Deep Clone member_claims_dev to claims_archive/);
    await window.screenshot('plan-deep-clone');
    await confirmPlan(page);
    const toast = await window.toast(/claims_archive is a deep clone of member_claims_dev/);
    await toast.getByRole('button', { name: "Open Clone's History" }).click();
    await historyPage(window, 'claims_archive');
    await window.screenshot('deep-clone-history');
    const files = fs.readdirSync(path.join(warehouse(), 'claims_archive'));
    assert.ok(
      files.some((name) => name.endsWith('.parquet')),
      `files: ${files.join(', ')}`,
    );
  });

  it('writes nothing when the plan is closed instead of confirmed', async () => {
    await window.runCommand('Delta: Deep Clone');
    await window.choose('Select a table', tableRow('loan_details_delta'));
    await window.choose('Select the version that is cloned', /Latest Version/);
    await window.answer(
      'Path or URI of the folder that becomes the clone',
      path.join(warehouse(), 'never_made'),
    );
    const page = await planPage(window, /^Plan: Deep Clone loan_details_delta to never_made/);
    await page.getByTestId('plan-cancel').click();
    await window.page.getByRole('tab', { name: /^Plan: / }).waitFor({ state: 'detached' });
    assert.equal(fs.existsSync(path.join(warehouse(), 'never_made')), false);
  });

  it('does not take a place inside the table itself', async () => {
    await window.runCommand('Delta: Shallow Clone');
    await window.choose('Select a table', tableRow('member_claims_prod'));
    await window.choose('Select the version that is cloned', /Latest Version/);
    await window.answer(
      'Path or URI of the folder that becomes the clone',
      path.join(warehouse(), 'member_claims_prod/inside'),
    );
    await window.waitForQuickInput('The clone cannot lie inside the table that is cloned.');
    await window.page.keyboard.press('Escape');
  });
});
