import { confirmPlan, historyPage, openHistory, planPage, tableRow } from './scenario';
import { container, workbench } from './session';
import type { Workbench } from './workbench';

describe('Restoring', () => {
  let window: Workbench;

  before(async () => {
    window = await workbench();
    await window.showContainer(container);
    await window.treeItem(/^loan_details_delta,/).waitFor({ timeout: 60_000 });
  });

  afterEach(() => window.closeEditors());

  it('restores from a row of the history, shows the new commit, and undoes it', async () => {
    const history = await openHistory(window, 'loan_details_delta');
    const newest = await latestVersion(window, 'loan_details_delta');
    const row = history.getByTestId('history-row-1');
    await row.hover();
    await row.getByTestId('row-restore').click();
    const plan = await planPage(window, /^Plan: Restore loan_details_delta/);
    await window.screenshot('plan-restore');
    await confirmPlan(plan);
    await window.toast(
      new RegExp(`loan_details_delta is restored to version 1, committed as version ${newest + 1}`),
    );
    const changed = await historyPage(window, 'loan_details_delta');
    await changed.getByTestId(`history-row-${newest + 1}`).waitFor({ timeout: 30_000 });
    await window.screenshot('history-after-restore');

    const toast = await window.toast(/loan_details_delta is restored to version 1/);
    await toast.getByRole('button', { name: `Undo (Restore Version ${newest})` }).click();
    const undo = await planPage(window, /^Plan: Restore loan_details_delta/);
    await confirmPlan(undo);
    await window.toast(new RegExp(`committed as version ${newest + 2}`));
  });

  it('restores from the palette: table, version, plan, confirm', async () => {
    const newest = await latestVersion(window, 'loan_details_delta');
    await window.runCommand('Delta: Restore');
    await window.choose('Select a table', tableRow('loan_details_delta'));
    await window.waitForQuickInput('Select the version that is restored');
    await window.screenshot('pick-version');
    await window.choose('Select the version that is restored', /Version 0/);
    const plan = await planPage(window, /^Plan: Restore loan_details_delta/);
    await confirmPlan(plan);
    await window.toast(
      new RegExp(`loan_details_delta is restored to version 0, committed as version ${newest + 1}`),
    );
    await window.screenshot('restore-done');
  });
});

/** The version that the tree shows for a table. */
async function latestVersion(window: Workbench, table: string): Promise<number> {
  const name = await window
    .treeItem(new RegExp(`^${table},`))
    .first()
    .getAttribute('aria-label');
  const version = /, v(\d+)/.exec(name ?? '')?.[1];
  if (version === undefined) throw new Error(`The tree shows no version: ${name ?? 'nothing'}`);
  return Number(version);
}
