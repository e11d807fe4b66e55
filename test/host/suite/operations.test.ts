import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import type { OperationOutcome, OperationSpec } from '../../../src/protocol/views';
import { api, eventually, service, sortedRows, tablePath } from '../extensionApi';

async function run(spec: OperationSpec): Promise<OperationOutcome> {
  const engine = await service();
  const plan = await engine.plan(spec);
  return engine.execute(plan.id, {
    acknowledged: plan.findings
      .filter((finding) => finding.needsAcknowledgement)
      .map(({ code }) => code),
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

function tabLabels(): string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}

describe('Operations in the extension host', () => {
  const source = tablePath('member_claims_prod');

  it('reads five versions, newest first', async () => {
    const page = await (await service()).history(source, { limit: 10 });
    assert.equal(page.latestVersion, 4);
    assert.equal(page.isEnd, true);
    assert.deepEqual(
      page.rows.map(({ version }) => version),
      [4, 3, 2, 1, 0],
    );
  });

  it('makes a shallow clone with the rows of the cloned version and no file of its own', async () => {
    const target = tablePath('host_shallow');
    const outcome = await run({ kind: 'shallow-clone', source, target, at: { version: 3 } });
    assert.equal(outcome.committed, true);
    assert.equal(outcome.version, 0);
    assert.deepEqual(await sortedRows(target, 'latest'), await sortedRows(source, { version: 3 }));
    const data = fs.readdirSync(target).filter((name) => name !== '_delta_log');
    assert.deepEqual(data, []);
  });

  it('makes a deep clone that is read without its source', async () => {
    const target = tablePath('host_deep');
    await run({ kind: 'deep-clone', source, target, at: 'latest' });
    const detail = await (await service()).detail(target, { at: 'latest' });
    assert.equal(detail.ownedFiles, detail.numFiles);
    assert.deepEqual(await sortedRows(target, 'latest'), await sortedRows(source, 'latest'));
  });

  it('restores a table and restores it back', async () => {
    const table = tablePath('host_restored');
    await run({ kind: 'deep-clone', source, target: table, at: { version: 1 } });
    const before = await sortedRows(table, 'latest');
    const plan = { kind: 'restore', table, at: { version: 0 } } as const;
    const first = await run(plan);
    // Version 0 is the clone itself: there is nothing to do.
    assert.equal(first.committed, false);
    const claims = tablePath('host_restored_claims');
    await fs.promises.cp(source, claims, { recursive: true });
    const restored = await run({ kind: 'restore', table: claims, at: { version: 1 } });
    assert.equal(restored.version, 5);
    assert.equal(restored.undoVersion, 4);
    assert.deepEqual(await sortedRows(claims, 'latest'), before);
    await run({ kind: 'restore', table: claims, at: { version: 4 } });
    assert.deepEqual(await sortedRows(claims, 'latest'), await sortedRows(source, 'latest'));
  });

  it('refuses a folder that is no table by a typed error', async () => {
    await assert.rejects(
      async () => (await service()).overview(tablePath('nowhere')),
      (error) => codeOf(error) === 'not-a-table',
    );
  });

  it('leaves no target behind when a deep clone is cancelled', async () => {
    const target = tablePath('host_cancelled');
    const engine = await service();
    const plan = await engine.plan({ kind: 'deep-clone', source, target, at: 'latest' });
    const controller = new AbortController();
    const running = engine.execute(plan.id, { acknowledged: [] }, { signal: controller.signal });
    controller.abort();
    await assert.rejects(running);
    await assert.rejects(
      engine.detail(target, { at: 'latest' }),
      (error) => codeOf(error) === 'not-a-table',
    );
  });

  it('goes on with a fresh engine after a restart', async () => {
    await vscode.commands.executeCommand('deltaClones.restartEngine');
    const detail = await (await service()).detail(source, { at: 'latest' });
    assert.equal(detail.version, 4);
  });

  it('opens the history of a table named by its path', async () => {
    await vscode.commands.executeCommand('deltaClones.openHistory', source);
    await eventually('the tab', () => tabLabels().includes('member_claims_prod: History'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows a plan before it writes', async () => {
    await vscode.commands.executeCommand('deltaClones.shallowClone', source, {
      at: 'latest',
      target: tablePath('host_planned'),
    });
    await eventually('the tab', () =>
      tabLabels().includes('Plan: Shallow Clone member_claims_prod to host_planned'),
    );
    assert.equal(fs.existsSync(tablePath('host_planned')), false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    for (const name of ['shallow', 'deep', 'restored', 'restored_claims', 'cancelled', 'planned']) {
      await fs.promises.rm(tablePath(`host_${name}`), { recursive: true, force: true });
    }
    await (await api()).refresh();
  });
});
