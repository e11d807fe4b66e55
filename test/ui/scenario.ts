import type { FrameLocator } from 'playwright-core';
import type { Workbench } from './workbench';

/** Opens a table's history by the palette, and waits for its first commit. */
export async function openHistory(window: Workbench, table: string): Promise<FrameLocator> {
  await window.runCommand('Delta: Open History');
  await window.choose('Select a table', tableRow(table));
  return historyPage(window, table);
}

/** The history page of a table, with rows in it. */
export async function historyPage(window: Workbench, table: string): Promise<FrameLocator> {
  const page = await window.webview(`${table}: History`);
  await page.getByTestId('history-row-0').waitFor({ timeout: 30_000 });
  return page;
}

/** A row of a picker whose label is exactly this table: others may begin with the same name. */
export function tableRow(table: string): RegExp {
  return new RegExp(`^(\\S* )?${table}(,|$)`);
}

/** The plan page whose title begins like this, ready for a decision. */
export async function planPage(window: Workbench, title: string | RegExp): Promise<FrameLocator> {
  const page = await window.webview(title);
  await page.getByTestId('plan-execute').waitFor({ timeout: 30_000 });
  return page;
}

/** Confirms a plan, acknowledging what asks for it, and waits for its outcome. */
export async function confirmPlan(page: FrameLocator): Promise<void> {
  for (const box of await page.locator('[data-testid^="plan-ack-"]').all()) await box.click();
  await page.getByTestId('plan-execute').click();
  await page.getByTestId('plan-outcome').waitFor({ timeout: 60_000 });
}
