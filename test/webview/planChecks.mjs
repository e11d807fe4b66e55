// The plan page: what it tells, when it may be run, and what becomes of a run.
import { equal, isTrue, until } from './checks.mjs';

const asked = (page, method) =>
  page.evaluate(
    (name) =>
      window.fakeEditor.asked.filter((entry) => entry.method === name).map((entry) => entry.params),
    method,
  );

async function ready(context, query, viewport) {
  const page = await context.open('plan', query, viewport);
  await page.getByTestId('plan-title').waitFor();
  return page;
}

const isDisabled = (page, testId) =>
  page.getByTestId(testId).evaluate((element) => element.disabled === true);

export function addPlanChecks({ check }) {
  check('plan: title, from and to, totals, changes, readers in words', async (context) => {
    const page = await ready(context, {});
    equal(
      await page.getByTestId('plan-title').textContent(),
      'Restore member_claims_prod to version 2',
    );
    equal(await page.getByTestId('plan-execute').textContent(), 'Restore to version 2');
    const totals = await page.getByTestId('plan-totals').textContent();
    for (const words of ['Added5 files199 KiB', 'Removed1 file236 KiB', 'Copied0 files'])
      isTrue(totals.includes(words), `${words} in ${totals}`);
    const text = await page.locator('main').textContent();
    for (const words of [
      'version 5',
      'discount',
      'decimal(10,2)',
      'delta.enableChangeDataFeed',
      'delta-rs before 1.0 can not',
      'RESTORE TABLE delta.',
      '2026-10-08 09:14:46 Europe/Amsterdam',
    ]) {
      isTrue(text.includes(words), `the page tells ${words}`);
    }
    equal(
      await page.evaluate(() => document.activeElement === document.body),
      true,
      'nothing has the focus at first',
    );
  });

  check('plan: findings stand in the order of their weight', async (context) => {
    const page = await ready(context, { scenario: 'blocked' });
    const codes = await page
      .locator('.finding')
      .evaluateAll((items) => items.map((item) => item.dataset.testid));
    equal(codes, [
      'plan-finding-missing-files',
      'plan-finding-dependent-clones',
      'plan-finding-commits-would-be-lost',
      'plan-finding-streams',
      'plan-finding-coverage',
    ]);
  });

  check(
    'plan: each acknowledgement is given one by one before the plan may run',
    async (context) => {
      const page = await ready(context, {});
      equal(await isDisabled(page, 'plan-execute'), true);
      await page.getByText('Acknowledge 2 findings to go on.').waitFor();
      await page.getByTestId('plan-execute').click({ force: true });
      await page.getByTestId('plan-ack-dependent-clones').click();
      await page.getByText('Acknowledge 1 finding to go on.').waitFor();
      equal(await isDisabled(page, 'plan-execute'), true);
      await page.getByTestId('plan-ack-commits-would-be-lost').click();
      await until(async () => !(await isDisabled(page, 'plan-execute')), 'the plan may run');
      await page.getByTestId('plan-ack-dependent-clones').click();
      equal(await isDisabled(page, 'plan-execute'), true, 'taken back');
      await page.getByTestId('plan-ack-dependent-clones').click();
      equal((await asked(page, 'plan.execute')).length, 0, 'nothing ran');
      await page.reload();
      await page.getByTestId('plan-title').waitFor();
      equal(
        await isDisabled(page, 'plan-execute'),
        false,
        'acknowledgements survive a hidden page',
      );
      await page.getByTestId('plan-execute').click();
      await page.getByTestId('plan-outcome').waitFor();
      equal(
        [...(await asked(page, 'plan.execute'))[0][0]].sort(),
        ['commits-would-be-lost', 'dependent-clones'],
        'codes',
      );
    },
  );

  check('plan: a blocker can not be acknowledged away', async (context) => {
    const page = await ready(context, { scenario: 'blocked' });
    await page.getByTestId('plan-ack-dependent-clones').click();
    await page.getByTestId('plan-ack-commits-would-be-lost').click();
    await page.getByText('1 blocker must be resolved first.').waitFor();
    equal(await isDisabled(page, 'plan-execute'), true);
    equal(await page.getByTestId('plan-ack-missing-files').count(), 0, 'no checkbox for a blocker');
    await page.getByTestId('plan-finding-missing-files').getByText('Details').click();
    await page.getByText('and 70 more').waitFor();
  });

  check('plan: nothing to do, and restricted mode, say so and do not run', async (context) => {
    const nothing = await ready(context, { scenario: 'nothing' });
    await nothing.getByTestId('plan-nothing-to-do').waitFor();
    equal(await isDisabled(nothing, 'plan-execute'), true);
    const restricted = await ready(context, { scenario: 'shallow', trusted: 'no' });
    await restricted.getByTestId('plan-reason').getByText('Restricted Mode').waitFor();
    equal(await isDisabled(restricted, 'plan-execute'), true);
  });

  check(
    'plan: a run shows its progress and ends with metrics and the next steps',
    async (context) => {
      const page = await ready(context, { scenario: 'shallow' });
      equal(
        await page.getByTestId('plan-title').textContent(),
        'Shallow clone member_claims_prod at version 3 as member_claims_dev',
      );
      equal(await page.getByTestId('plan-execute').textContent(), 'Create shallow clone');
      await page.getByTestId('plan-execute').click();
      await page.getByTestId('plan-progress').getByText('Copying files').waitFor();
      equal(await page.getByTestId('plan-execute').count(), 0, 'no second run');
      const outcome = page.getByTestId('plan-outcome');
      await outcome
        .getByText(
          'member_claims_dev is a shallow clone of member_claims_prod at version 3. It is now at version 0.',
        )
        .waitFor();
      isTrue((await outcome.textContent()).includes('Files of the source7'), 'metrics');
      isTrue(
        (await outcome.textContent()).includes(
          'To undo: delete the new folder /warehouse/member_claims_dev',
        ),
        'the way back',
      );
      equal(await page.getByTestId('plan-undo').count(), 0, 'no button deletes a folder');
      await page.getByTestId('plan-open-history').click();
      equal((await asked(page, 'plan.openHistory')).length, 1);
    },
  );

  check('plan: a restore can be undone by restoring to the version before', async (context) => {
    const page = await ready(context, { scenario: 'done' });
    await page.getByText('The checkpoint could not be written').waitFor();
    isTrue(
      (await page.getByTestId('plan-undo').textContent()).includes('Undo: restore to version 4'),
      'names the version',
    );
    await page.getByTestId('plan-undo').click();
    equal((await asked(page, 'plan.undo')).length, 1);
  });

  check('plan: a run can be cancelled, and planned again', async (context) => {
    const page = await ready(context, { scenario: 'deep', run: 'slow' });
    await page.getByTestId('plan-execute').click();
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await until(async () => Number(await bar.getAttribute('aria-valuenow')) >= 1, 'the bar moves');
    isTrue(
      (await page.getByTestId('plan-progress').textContent()).includes('of 85.0 GiB'),
      'bytes with a total',
    );
    await page.getByTestId('plan-cancel-run').click();
    const error = page.getByTestId('plan-error');
    await error.getByText('Nothing of this run was committed').waitFor();
    await page.getByTestId('plan-refresh').click();
    await page.getByTestId('plan-execute').waitFor();
    equal((await asked(page, 'plan.refresh')).length, 1);
  });

  check(
    'plan: a run that was started before a reload is shown and can be cancelled',
    async (context) => {
      const page = await ready(context, { scenario: 'running' });
      await page.getByTestId('plan-progress').getByText('35.3 MiB of 114 MiB').waitFor();
      await page.getByTestId('plan-cancel-run').click();
      await page.getByTestId('plan-error').waitFor();
      equal((await asked(page, 'plan.cancel')).length, 1);
      equal((await asked(page, 'plan.execute')).length, 0, 'nothing is run a second time');
    },
  );

  check('plan: a failed run tells what happened and the way out', async (context) => {
    const page = await ready(context, { scenario: 'shallow', run: 'fail' });
    await page.getByTestId('plan-execute').click();
    const error = page.getByTestId('plan-error');
    await error.waitFor();
    const text = await error.textContent();
    for (const words of ['is at version 5 now', 'Plan again to see', 'stale-plan'])
      isTrue(text.includes(words), words);
    equal(await page.getByTestId('plan-execute').count(), 0, 'a failed plan is not run again');
    await page.getByTestId('plan-refresh').click();
    await page.getByTestId('plan-execute').waitFor();
  });

  check('plan: a plan that is not held any more can be made again', async (context) => {
    const page = await context.open('plan', { scenario: 'error' });
    await page.getByTestId('plan-error').getByText('The plan is no longer held').first().waitFor();
    await page.getByTestId('plan-refresh').click();
    await page.getByTestId('plan-title').waitFor();
  });

  check(
    'plan: hundreds of thousands of files are listed a page at a time, by action',
    async (context) => {
      const page = await ready(context, { scenario: 'deep', items: 900_000 });
      const files = page.getByTestId('plan-files');
      await files.scrollIntoViewIfNeeded();
      await page.getByText('the first 700,000 of 900,000 files').waitFor();
      isTrue((await files.locator('.grid-item').count()) < 60, 'few rows are drawn');
      await files.evaluate((grid) => (grid.scrollTop = 1e9));
      await page.getByTestId('plan-file-699999').waitFor();
      await page.getByTestId('plan-files-action').click();
      await page
        .getByTestId('plan-files-action')
        .locator('vscode-option', { hasText: 'copy' })
        .click();
      await page.getByText('180,000 files').waitFor();
      await page.getByTestId('plan-file-0').getByText('copy').waitFor();
      const queries = await asked(page, 'plan.items');
      isTrue(
        queries.some(([query]) => query.action === 'copy') && queries.length < 12,
        JSON.stringify(queries),
      );
    },
  );

  check('plan: the keyboard alone acknowledges and runs', async (context) => {
    const page = await ready(context, {});
    const tabTo = async (testId) => {
      for (let tab = 0; tab < 40; tab += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement.dataset.testid)) === testId) return;
      }
      throw new Error(`Tab does not reach ${testId}`);
    };
    await tabTo('plan-ack-dependent-clones');
    await page.keyboard.press('Space');
    await tabTo('plan-ack-commits-would-be-lost');
    await page.keyboard.press('Space');
    await tabTo('plan-execute');
    await page.keyboard.press('Enter');
    await page.getByTestId('plan-outcome').waitFor();
  });

  check('plan: cancel closes, copies ask for their form', async (context) => {
    const page = await ready(context, {});
    for (const form of ['sql', 'command-line', 'json'])
      await page.getByTestId(`plan-copy-${form}`).click();
    equal(await asked(page, 'plan.copy'), [['sql'], ['command-line'], ['json']]);
    await page.getByTestId('plan-cancel').click();
    equal((await asked(page, 'plan.close')).length, 1);
  });

  check('plan: hostile names are shown as text and never run', async (context) => {
    const page = await ready(context, { scenario: 'hostile' });
    await page.getByTestId('plan-finding-streams').getByText('Details').click();
    await page.getByTestId('plan-file-0').waitFor();
    equal(await page.evaluate(() => window.hacked), undefined, 'script of the names');
    equal(await page.locator('img').count(), 0, 'elements of the names');
    isTrue((await page.getByTestId('plan-title').textContent()).includes('<img'), 'shown as text');
  });
}
