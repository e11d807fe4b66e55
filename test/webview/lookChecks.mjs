// How the pages look in every theme and width (pictures in test-output/webview, to be looked at), and what axe says of them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../scripts/paths.mjs';
import { isTrue } from './checks.mjs';

const axeSource = readFileSync(
  createRequire(join(root, 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

async function audit(page) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.slice(0, 4).map((node) => node.html.slice(0, 160)),
      targets: nodes.length,
    }));
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  isTrue(serious.length === 0, JSON.stringify(serious, null, 1).slice(0, 3000));
  return violations.length;
}

async function noSidewaysScroll(page) {
  const [content, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  isTrue(content <= view, `the page is ${content} px wide in a view of ${view} px`);
}

const themes = ['dark', 'light', 'hc', 'hc-light'];
const widths = [1200, 500, 400];

const views = [
  { name: 'history', page: 'history', query: {}, wait: 'history-row-11' },
  {
    name: 'history-details',
    page: 'history',
    query: {},
    wait: 'history-row-11',
    act: async (page) => {
      await page.getByTestId('history-row-4').getByTestId('row-expand').click();
      await page.getByTestId('history-details-4').waitFor();
      await page.getByTestId('history-row-8').hover();
    },
  },
  { name: 'history-error', page: 'history', query: { scenario: 'error' }, wait: 'history-error' },
  { name: 'plan-restore', page: 'plan', query: {}, wait: 'plan-file-0' },
  { name: 'plan-blocked', page: 'plan', query: { scenario: 'blocked' }, wait: 'plan-file-0' },
  { name: 'plan-running', page: 'plan', query: { scenario: 'running' }, wait: 'plan-file-0' },
  { name: 'plan-done', page: 'plan', query: { scenario: 'done' }, wait: 'plan-outcome' },
  {
    name: 'plan-failed',
    page: 'plan',
    query: { scenario: 'shallow', run: 'fail' },
    wait: 'plan-execute',
    act: async (page) => {
      await page.getByTestId('plan-execute').click();
      await page.getByTestId('plan-error').waitFor();
    },
  },
];

export function addLookChecks({ check }) {
  for (const view of views) {
    for (const theme of themes) {
      check(
        `look: ${view.name} in ${theme}: accessible, and no wider than the view`,
        async (context) => {
          for (const width of theme === 'hc-light' ? [1200] : widths) {
            const page = await context.open(
              view.page,
              { ...view.query, theme },
              { width, height: 820 },
            );
            await page.getByTestId(view.wait).waitFor();
            await view.act?.(page);
            await page.evaluate(() => document.fonts.ready);
            await page.waitForTimeout(60);
            await page.screenshot({
              path: join(context.pictures, `${view.name}-${theme}-${width}.png`),
            });
            await noSidewaysScroll(page);
            if (width !== 400) await audit(page);
          }
        },
      );
    }
  }

  check('look: the filter menus and the row menu in dark and light', async (context) => {
    for (const theme of ['dark', 'light', 'hc']) {
      const page = await context.open('history', { theme }, { width: 1200, height: 620 });
      await page.getByTestId('history-row-5').waitFor();
      await page.getByTestId('history-row-5').locator('.operation').click({ button: 'right' });
      await page.waitForTimeout(60);
      await page.screenshot({ path: join(context.pictures, `history-menu-${theme}.png`) });
      await audit(page);
      await page.keyboard.press('Escape');
      await page.getByTestId('history-filter-operation').click();
      await page.waitForTimeout(60);
      await page.screenshot({ path: join(context.pictures, `history-filter-${theme}.png`) });
      await page.keyboard.press('Escape');
      await page.getByTestId('history-columns').click();
      await page.waitForTimeout(60);
      await page.screenshot({ path: join(context.pictures, `history-columns-${theme}.png`) });
      await audit(page);
    }
  });
}
