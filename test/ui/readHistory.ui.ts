import * as assert from 'node:assert/strict';
import { openHistory } from './scenario';
import { container, workbench } from './session';
import { themeNames, type Workbench } from './workbench';

describe('The history page', () => {
  let window: Workbench;

  before(async () => {
    window = await workbench();
    await window.showContainer(container);
    await window.treeItem(/^member_claims_prod/).waitFor({ timeout: 60_000 });
  });

  afterEach(() => window.closeEditors());

  it('lists every commit, newest first, with its operation in words', async () => {
    const page = await openHistory(window, 'member_claims_prod');
    const ids = await page
      .locator('[data-testid^="history-row-"]')
      .evaluateAll((rows) =>
        (rows as unknown as readonly { getAttribute(name: string): string | null }[]).map((row) =>
          row.getAttribute('data-testid'),
        ),
      );
    assert.deepEqual(
      ids,
      [4, 3, 2, 1, 0].map((version) => `history-row-${version}`),
    );
    for (const theme of themeNames) {
      await window.setTheme(theme);
      await window.screenshot(`history-${theme}`);
    }
    await window.setTheme('dark');
  });

  it('opens a commit to its parameters and metrics', async () => {
    const page = await openHistory(window, 'member_claims_prod');
    await page.getByTestId('history-row-2').getByTestId('row-expand').click();
    await page.getByTestId('history-details-2').waitFor();
    await window.screenshot('history-details');
  });

  it('filters by text and shows all again', async () => {
    const page = await openHistory(window, 'loan_details_delta');
    const rows = page.locator('[data-testid^="history-row-"]');
    const all = await rows.count();
    const filter = page.getByTestId('history-filter-text').locator('input');
    await filter.fill('MERGE');
    await page.getByTestId('history-row-0').waitFor({ state: 'detached' });
    const found = await rows.count();
    assert.ok(found > 0 && found < all, `${found} of ${all} commits`);
    await window.screenshot('history-filtered');
    await page.getByTestId('history-filter-clear').click();
    await page.getByTestId('history-row-0').waitFor();
    assert.equal(await rows.count(), all);
  });
});
