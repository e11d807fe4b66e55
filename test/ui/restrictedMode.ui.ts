import * as assert from 'node:assert/strict';
import { openHistory } from './scenario';
import { container, restrictedWorkbench } from './session';
import type { Workbench } from './workbench';

describe('A workspace that is not trusted', () => {
  let window: Workbench;

  before(async () => {
    window = await restrictedWorkbench();
    await window.showContainer(container);
    await window.treeItem(/^member_claims_prod/).waitFor({ timeout: 60_000 });
  });

  it('is read as any other: tables and history', async () => {
    await openHistory(window, 'member_claims_prod');
    await window.screenshot('restricted-history');
  });

  it('offers nothing that writes', async () => {
    assert.equal(await window.paletteOffers('Delta: Open History'), true);
    for (const title of ['Delta: Shallow Clone', 'Delta: Deep Clone', 'Delta: Restore']) {
      assert.equal(await window.paletteOffers(title), false, `${title} is offered`);
    }
  });
});
