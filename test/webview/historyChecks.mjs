// The history page: loading, scrolling, filters, actions, keyboard, news.
import { equal, isTrue, until } from './checks.mjs';

const row = (page, version) => page.getByTestId(`history-row-${version}`);
const asked = (page, method) =>
  page.evaluate(
    (name) =>
      window.fakeEditor.asked.filter((entry) => entry.method === name).map((entry) => entry.params),
    method,
  );
const drawnRows = (page) => page.getByTestId('history-table').locator('.grid-item').count();

async function ready(context, query, viewport) {
  const page = await context.open('history', query, viewport);
  await page.getByTestId('history-table').waitFor();
  await page.locator('.grid-item').first().waitFor();
  return page;
}

/** Chooses in a dropdown of the toolkit as a person does. */
async function choose(page, testId, label) {
  await page.getByTestId(testId).click();
  await page.getByTestId(testId).locator('vscode-option', { hasText: label }).click();
}

export function addHistoryChecks({ check }) {
  check(
    'history: newest first, every column of DESCRIBE HISTORY, words for operations',
    async (context) => {
      const page = await ready(context, {});
      const headers = await page
        .getByRole('columnheader')
        .evaluateAll((cells) =>
          cells.map((cell) => cell.title.split(',')[0]).filter((title) => title !== ''),
        );
      equal(
        [...headers].sort(),
        [
          'clusterId',
          'engineInfo',
          'isBlindAppend',
          'isolationLevel',
          'job',
          'notebook',
          'operation',
          'operationMetrics',
          'operationParameters',
          'readVersion',
          'timestamp',
          'userId',
          'userMetadata',
          'userName',
          'version',
        ],
        'columns',
      );
      const versions = await page.locator('.version-number').allTextContents();
      equal(versions, ['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0'], 'versions');
      const words = await page.locator('.operation > .cut').allTextContents();
      equal(
        words,
        [
          'HARMONIZE LEDGER',
          'Vacuum end: completed',
          'Vacuum start, keeping 7 d',
          'Shallow clone of member_claims_prod at version 3',
          'Merge on t.member_id = s.member_id',
          'Restore to version 4',
          'Delete where addr_state = OH',
          'Compaction (OPTIMIZE), Z-order by member_id',
          'Write: append',
          'Update (deletion vectors) where status = PENDING',
          'Write: append',
          'Create or replace table',
        ],
        'operations',
      );
      isTrue(
        (await row(page, 1).textContent()).includes('log only'),
        'a version that can not be rebuilt is marked',
      );
      isTrue(
        (await row(page, 8).locator('.codicon.is-clone').count()) === 1,
        'a clone commit is marked',
      );
      isTrue(
        (await page.getByTestId('history-clone-of').textContent()).includes(
          'Shallow clone of member_claims_prod at version 3',
        ),
        'the header names the source',
      );
      isTrue(
        (await page.getByTestId('history-location').textContent()) ===
          '/warehouse/claims team/member_claims_dev',
        'the location is readable',
      );
      isTrue(
        (await page.getByRole('columnheader', { name: 'Time (Europe/Amsterdam)' }).count()) === 1,
        'the zone is named',
      );
      isTrue((await row(page, 2).textContent()).includes('312 rows updated'), 'metrics in words');
    },
  );

  check('history: grid semantics: counts, indexes, one tab stop', async (context) => {
    const page = await ready(context, {});
    const grid = page.getByTestId('history-table');
    equal(await grid.getAttribute('role'), 'grid');
    equal(await grid.getAttribute('aria-rowcount'), '13');
    equal(await row(page, 11).getAttribute('aria-rowindex'), '2');
    await row(page, 10).getByTestId('row-expand').click();
    await page.getByTestId('history-details-10').waitFor();
    equal(await grid.getAttribute('aria-rowcount'), '14', 'rows with a detail');
    equal(await row(page, 10).getByTestId('row-expand').getAttribute('aria-expanded'), 'true');
    equal(await row(page, 9).getAttribute('aria-rowindex'), '5', 'the row below a detail');
    equal(
      await grid
        .locator('[tabindex="0"][role=gridcell], [tabindex="0"][role=columnheader]')
        .count(),
      1,
      'tab stops',
    );
  });

  check(
    'history: 100,000 commits: few rows in the document, jumps load what they show',
    async (context) => {
      const page = await ready(context, { commits: 100_000 });
      isTrue((await drawnRows(page)) < 80, 'few rows are drawn');
      equal(await page.getByTestId('history-table').getAttribute('aria-rowcount'), '100001');
      const tallest = await page.evaluate(() => document.querySelector('.grid-body').offsetHeight);
      equal(tallest, 2_600_000, 'height of all rows');
      const times = await page.evaluate(async () => {
        const grid = document.querySelector('.grid');
        const took = [];
        for (let jump = 1; jump <= 30; jump += 1) {
          const since = performance.now();
          grid.scrollTop = ((jump * 7919) % 100_000) * 26;
          await new Promise((resolve) =>
            window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)),
          );
          took.push(performance.now() - since);
        }
        return took.sort((a, b) => a - b);
      });
      process.stdout.write(
        `       30 jumps: median ${times[15].toFixed(0)} ms, slowest ${times[29].toFixed(0)} ms (two frames each)\n`,
      );
      isTrue(times[15] < 150, `a jump takes ${times[15]} ms`);
      await page.evaluate(() => (document.querySelector('.grid').scrollTop = 50_000 * 26));
      await row(page, 49_999).waitFor();
      isTrue((await drawnRows(page)) < 80, 'few rows are drawn after jumps');
      await page.evaluate(() => (document.querySelector('.grid').scrollTop = 1e9));
      await row(page, 0).waitFor();
      const queries = await asked(page, 'history.page');
      isTrue(queries.length < 40, `${queries.length} pages were asked for`);
    },
  );

  check('history: pages come from the newest on as one scrolls', async (context) => {
    const page = await ready(context, { commits: 1000, pageSize: 50 });
    equal((await asked(page, 'history.page'))[0], [{ limit: 50 }], 'first question');
    await page.evaluate(() => (document.querySelector('.grid').scrollTop = 60 * 26));
    await row(page, 930).waitFor();
    const queries = await asked(page, 'history.page');
    isTrue(
      queries.every(([{ before }]) => before === undefined || before > 850),
      `asked only for the newest: ${JSON.stringify(queries)}`,
    );
  });

  check(
    'history: a page that fails says so in its rows and can be asked for again',
    async (context) => {
      const page = await ready(context, { commits: 1000, pageSize: 50 });
      await page.evaluate(() => {
        window.fakeEditor.fail('history.page', {
          code: 'unreachable',
          message: 'The storage does not answer.',
        });
        document.querySelector('.grid').scrollTop = 500 * 26;
      });
      await page.getByText('could not be loaded: The storage does not answer.').first().waitFor();
      await page.evaluate(() => window.fakeEditor.heal('history.page'));
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await row(page, 490).waitFor();
    },
  );

  check('history: an error of the first page helps and can be retried', async (context) => {
    const page = await context.open('history', { scenario: 'error' });
    const error = page.getByTestId('history-error');
    await error.waitFor();
    isTrue(
      (await error.textContent()).includes('has a line that is not JSON'),
      'the message is shown',
    );
    await page.getByTestId('history-retry').click();
    await row(page, 11).waitFor();
  });

  check('history: an empty log says so', async (context) => {
    const page = await context.open('history', { scenario: 'empty' });
    await page.getByTestId('history-empty').waitFor();
  });

  check('history: filters by text, operation and user with honest counts', async (context) => {
    const page = await ready(context, { commits: 12_000, pageSize: 100 });
    await page.getByTestId('history-filter-text').locator('input').fill('delete');
    await page.getByText('Filtering the newest 100 of up to 12,000 commits').waitFor();
    const texts = await page.locator('.operation > .cut').allTextContents();
    isTrue(texts.length > 5 && texts.every((text) => text.startsWith('Delete')), 'only deletes');
    await page.getByTestId('history-load-all').click();
    await page.getByText(/^1,7\d\d of 12,000 commits/).waitFor({ timeout: 20_000 });
    await page.getByTestId('history-filter-text').locator('input').fill('');
    await choose(page, 'history-filter-operation', 'Merge');
    await until(
      async () =>
        (await page.locator('.operation > .cut').allTextContents()).every((text) =>
          text.startsWith('Merge'),
        ),
      'only merges',
    );
    await choose(page, 'history-filter-user', 'svc-nightly');
    await page.getByText(/^57\d of 12,000 commits/).waitFor();
    await page.getByTestId('history-filter-clear').click();
    await row(page, 11_999).waitFor();
    await page.getByTestId('history-filter-text').locator('input').fill('no such words');
    await page.getByText('No commit matches the filters.').waitFor();
  });

  check(
    'history: details show all fields, words with raw values, and raw JSON',
    async (context) => {
      const page = await ready(context, {});
      await row(page, 4).getByTestId('row-expand').click();
      const details = page.getByTestId('history-details-4');
      await details.waitFor();
      const text = await details.textContent();
      for (const words of [
        'Bytes removed',
        '278 KiB',
        'File size, 25th percentile',
        'Z-order by',
        'member_id',
        'Europe/Amsterdam (GMT+2)',
        'SnapshotIsolation',
        '{"notebookId":"118273"}',
      ]) {
        isTrue(text.includes(words), `the details show ${words}`);
      }
      equal(
        await details.getByText('278 KiB').getAttribute('title'),
        '284509',
        'raw value on hover',
      );
      await details.getByText('Raw JSON').click();
      isTrue(
        (await details.locator('pre').textContent()).includes('"operation": "OPTIMIZE"'),
        'raw JSON',
      );
      // The row below moves down, it is not covered.
      const below = await row(page, 3).boundingBox();
      const box = await details.boundingBox();
      await until(
        async () =>
          (await row(page, 3).boundingBox()).y >=
          (await details.boundingBox()).y + (await details.boundingBox()).height - 1,
        `row below ${below?.y} under the details ${box?.y}`,
      );
    },
  );

  check(
    'history: the files of a version can be checked, and a broken one is not offered',
    async (context) => {
      const page = await ready(context, {});
      for (const version of [3, 2]) {
        await row(page, version).getByTestId('row-expand').click();
        const details = page.getByTestId(`history-details-${version}`);
        await details.getByTestId('history-check-files').click();
      }
      await page.getByTestId('history-details-2').getByText('All files of this version').waitFor();
      await page.getByTestId('history-details-3').getByText('gone from storage').waitFor();
      isTrue((await row(page, 3).textContent()).includes('files missing'), 'the row is marked');
      equal(await row(page, 3).getByTestId('row-restore').getAttribute('aria-disabled'), 'true');
      equal(await row(page, 2).getByTestId('row-restore').getAttribute('aria-disabled'), null);
    },
  );

  check(
    'history: row actions ask for what they say; the latest can not be restored and says why',
    async (context) => {
      const page = await ready(context, {});
      await row(page, 5).hover();
      await row(page, 5).getByTestId('row-restore').click();
      await row(page, 5).getByTestId('row-shallow-clone').click();
      await row(page, 5).getByTestId('row-deep-clone').click();
      await row(page, 5).getByTestId('row-copy-sql').click();
      equal(await asked(page, 'history.restore'), [[5]]);
      equal(await asked(page, 'history.clone'), [
        ['shallow-clone', 5],
        ['deep-clone', 5],
      ]);
      equal((await asked(page, 'history.copy'))[0][0], 'sql');
      equal((await asked(page, 'history.copy'))[0][1].version, 5);
      const latest = row(page, 11).getByTestId('row-restore');
      equal(await latest.getAttribute('aria-disabled'), 'true');
      isTrue(
        (await latest.getAttribute('title')).includes('is the table as it is now'),
        'the reason is told',
      );
      await row(page, 11).hover();
      await latest.click({ force: true });
      await page.getByTestId('history-notice').getByText('is the table as it is now').waitFor();
      isTrue(
        (await row(page, 1).getByTestId('row-restore').getAttribute('title')).includes('Log only'),
        'log only can not be restored',
      );
      equal((await asked(page, 'history.restore')).length, 1, 'nothing was asked for');
    },
  );

  check('history: context menu by mouse and by keyboard', async (context) => {
    const page = await ready(context, {});
    await row(page, 5).locator('.operation').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy as command line' }).click();
    equal((await asked(page, 'history.copy'))[0][0], 'command-line');
    await row(page, 5).getByRole('gridcell').nth(2).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    equal(await asked(page, 'history.clone'), [['deep-clone', 5]]);
    equal(await page.getByRole('menu').count(), 0, 'the menu closed');
  });

  check(
    'history: the keyboard alone leads from the top of the page to a restore',
    async (context) => {
      const page = await ready(context, {});
      for (let tab = 0; tab < 12; tab += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement.closest('[role=grid]') !== null))
          break;
      }
      isTrue(
        await page.evaluate(() => document.activeElement.role === 'gridcell'),
        'Tab reaches the grid',
      );
      for (let down = 0; down < 6; down += 1) await page.keyboard.press('ArrowDown');
      equal(
        await page.evaluate(() => document.activeElement.closest('[role=row]').dataset.testid),
        'history-row-5',
      );
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      equal(await page.evaluate(() => document.activeElement.dataset.testid), 'row-restore');
      await page.keyboard.press('Enter');
      equal(await asked(page, 'history.restore'), [[5]]);
      await page.keyboard.press('Escape');
      equal(
        await page.evaluate(() => document.activeElement.role),
        'gridcell',
        'Escape leads back',
      );
      await page.keyboard.press('Control+End');
      await until(
        () =>
          page.evaluate(
            () => document.activeElement.closest('[role=row]')?.dataset.testid === 'history-row-0',
          ),
        'the last row',
      );
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await page.getByTestId('history-details-0').waitFor();
    },
  );

  check('history: the keyboard walks 100,000 commits', async (context) => {
    const page = await ready(context, { commits: 100_000 });
    await row(page, 99_999).getByRole('gridcell').first().focus();
    await page.keyboard.press('Control+End');
    await until(
      () =>
        page.evaluate(
          () =>
            document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') ===
            '100001',
        ),
      'the oldest',
    );
    await row(page, 0).waitFor();
    await page.keyboard.press('PageUp');
    await until(
      () =>
        page.evaluate(
          () =>
            Number(document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex')) <
            99_990,
        ),
      'a page up',
    );
    await page.keyboard.press('Control+Home');
    await until(
      () =>
        page.evaluate(
          () =>
            document.activeElement.closest('[role=row]')?.dataset.testid === 'history-row-99999',
        ),
      'the newest',
    );
  });

  check(
    'history: a new version arrives quietly; scroll, filter and details stay',
    async (context) => {
      const page = await ready(context, { commits: 1000 });
      await page.evaluate(() => (document.querySelector('.grid').scrollTop = 200 * 26));
      await row(page, 795).waitFor();
      const before = await row(page, 795).boundingBox();
      await page.evaluate(() => window.fakeEditor.arrive());
      await page.getByText('Version 1,000 arrived').waitFor();
      await until(
        async () => Math.abs((await row(page, 795).boundingBox()).y - before.y) < 2,
        'what is read stays in place',
      );
      isTrue(
        (await page.getByTestId('history-version').textContent()).includes('1,000'),
        'the header follows',
      );
      await page.evaluate(() => (document.querySelector('.grid').scrollTop = 0));
      await row(page, 1000).waitFor();
      isTrue((await row(page, 1000).textContent()).includes('current'), 'the newest is current');
      await page.evaluate(() => window.fakeEditor.arrive(2));
      await row(page, 1002).waitFor();
      await page.getByText('Versions 1,001 to 1,002 arrived').waitFor();
    },
  );

  check('history: a late answer of an earlier reading is dropped', async (context) => {
    const page = await ready(context, { commits: 1000, pageSize: 50 });
    await page.evaluate(() => {
      window.fakeEditor.hold();
      document.querySelector('.grid').scrollTop = 500 * 26;
    });
    await until(async () => (await asked(page, 'history.page')).length > 1, 'a question in flight');
    await page.evaluate(() => (document.querySelector('.grid').scrollTop = 0));
    await page.getByTestId('history-refresh').click();
    await page.evaluate(() => window.fakeEditor.release());
    await row(page, 999).waitFor();
    const words = await page.getByTestId('history-extent').textContent();
    isTrue(words.startsWith('50 of up to 1,000 commits loaded'), words);
  });

  check(
    'history: old commits that the log dropped end the table where they end',
    async (context) => {
      const page = await ready(context, { commits: 1000, oldest: 900, pageSize: 50 });
      await page.evaluate(() => (document.querySelector('.grid').scrollTop = 1e9));
      await row(page, 900).waitFor();
      equal(await page.getByTestId('history-table').getAttribute('aria-rowcount'), '101');
    },
  );

  check('history: filters, scroll and columns survive a reload', async (context) => {
    const page = await ready(context, { commits: 1000 });
    await page.getByTestId('history-columns').click();
    await page.locator('.columns-panel vscode-checkbox', { hasText: 'Parameters' }).click();
    equal(
      await page.getByRole('columnheader', { name: 'Parameters' }).count(),
      0,
      'the column is gone',
    );
    await choose(page, 'history-filter-operation', 'Write');
    await until(
      () =>
        page.evaluate(() =>
          (window.sessionStorage.getItem('state:/history') ?? '').includes('WRITE'),
        ),
      'saved',
    );
    await page.reload();
    await page.locator('.grid-item').first().waitFor();
    equal(
      await page.getByRole('columnheader', { name: 'Parameters' }).count(),
      0,
      'the column is still gone',
    );
    isTrue(
      (await page.locator('.operation > .cut').allTextContents()).every((text) =>
        text.startsWith('Write'),
      ),
      'the filter holds',
    );
    isTrue(
      (
        await page.evaluate(
          () => JSON.parse(window.sessionStorage.getItem('state:/history')).location,
        )
      ).startsWith('file:///'),
      'the location is kept for the serializer',
    );
  });

  check('history: restricted mode reads everything and offers no writing', async (context) => {
    const page = await ready(context, { trusted: 'no' });
    await page.getByTestId('history-read-only').waitFor();
    for (const action of ['row-restore', 'row-shallow-clone', 'row-deep-clone']) {
      const button = row(page, 5).getByTestId(action);
      equal(await button.getAttribute('aria-disabled'), 'true', action);
      isTrue(
        (await button.getAttribute('title')).includes('Restricted Mode'),
        'the reason is told',
      );
    }
    await row(page, 5).hover();
    await row(page, 5).getByTestId('row-copy-sql').click();
    equal((await asked(page, 'history.copy')).length, 1, 'copying still works');
  });

  check('history: hostile metadata is shown as text and never runs', async (context) => {
    const page = await ready(context, { scenario: 'hostile' });
    for (const version of [2, 1, 0]) {
      await row(page, version).getByTestId('row-expand').click();
      await page.getByTestId(`history-details-${version}`).waitFor();
    }
    await page.getByTestId('history-filter-user').click();
    await row(page, 0).locator('.version').click({ button: 'right' });
    equal(await page.evaluate(() => window.hacked), undefined, 'script of the metadata');
    equal(
      await page.locator('img, svg[onload], #app script').count(),
      0,
      'elements of the metadata',
    );
    isTrue(
      (await page.getByTestId('history-title').textContent()).includes('<script>'),
      'shown as text',
    );
  });
}
