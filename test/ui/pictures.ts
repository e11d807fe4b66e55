/** Takes the README's pictures from the real editor: the history beside the tables, and a plan. */
import { openHistory, planPage, tableRow } from './scenario';
import { close, container, workbench } from './session';

/** Small enough to be read in a README without opening the picture. */
const size = { width: 1440, height: 800 };

async function main(): Promise<void> {
  try {
    const window = await workbench();
    await window.page.setViewportSize(size);
    await window.setTheme('dark');
    await window.showContainer(container);
    await window.treeItem(/^member_claims_dev/).waitFor({ timeout: 60_000 });
    await window.resizeSidebar(430);

    const history = await openHistory(window, 'member_claims_prod');
    await history.getByTestId('history-row-2').getByTestId('row-expand').click();
    await history.getByTestId('history-details-2').waitFor();
    await window.closeToasts();
    await window.screenshot('screenshot-history');
    await window.closeEditors();

    await window.runCommand('Delta: Restore');
    await window.choose('Select a table', tableRow('member_claims_prod'));
    await window.choose('Select the version that is restored', /Version 1/);
    await planPage(window, /^Plan: Restore member_claims_prod/);
    await window.closeToasts();
    await window.screenshot('screenshot-plan');
  } catch (error) {
    const window = await workbench().catch(() => undefined);
    await window?.screenshot('failure');
    console.error(error);
    process.exitCode = 1;
  } finally {
    await close();
  }
}

void main();
