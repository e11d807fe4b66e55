// Checks of the pages in a real browser, with the real bundles and a fake editor: `node test/webview/run.mjs [part of a check's name]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { URLSearchParams } from 'node:url';
import { browserIsHere, launchChromium } from '../scripts/chromium.mjs';
import { root } from '../scripts/paths.mjs';
import { checkList, equal } from './checks.mjs';
import { addHistoryChecks } from './historyChecks.mjs';
import { addLookChecks } from './lookChecks.mjs';
import { addPlanChecks } from './planChecks.mjs';
import { servePages } from './server.mjs';

if (!browserIsHere('Checks of the pages')) process.exit(0);

const part = process.argv[2];
const pictures = join(root, 'test-output/webview');
mkdirSync(pictures, { recursive: true });
const server = await servePages();
const browser = await launchChromium();
const open = new Set();

/**
 * What the toolkit tries under a strict policy and does without: a probe for `:focus-visible`, and a placeholder in the
 * template of its badge. Anything else that the policy stops fails the check.
 */
const triedByToolkit = /^style-src-(elem|attr): inline \S+ \S*pages\/(history|plan)\.js$/;

const context = {
  pictures,
  /** Opens a page; `query` is the fake editor's. What goes wrong inside fails the check that opened it. */
  open: async (page, query = {}, viewport = { width: 1200, height: 800 }) => {
    const tab = await browser.newPage({ viewport });
    const errors = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    open.add({ tab, errors });
    tab.setDefaultTimeout(5000);
    await tab.goto(`${server.address}/${page}?${new URLSearchParams(query)}`);
    return tab;
  },
  closePages: async () => {
    const errors = [];
    for (const { tab, errors: seen } of open) {
      errors.push(
        ...seen,
        ...(await tab.evaluate(() => window.policyViolations).catch(() => [])).filter(
          (violation) => !triedByToolkit.test(violation),
        ),
      );
      await tab.close();
    }
    open.clear();
    equal(errors, [], 'errors in the page');
  },
};

try {
  const list = checkList();
  const filtered = {
    check: (name, work) => {
      if (part === undefined || name.includes(part)) {
        list.check(name, async (given) => {
          await work(given);
          await given.closePages();
        });
      }
    },
  };
  addHistoryChecks(filtered);
  addPlanChecks(filtered);
  addLookChecks(filtered);
  const result = await list.run(context);
  process.stdout.write(`${result.passed} passed, ${result.failed.length} failed\n`);
  process.exitCode = result.failed.length === 0 ? 0 : 1;
} finally {
  await browser.close();
  server.close();
}
