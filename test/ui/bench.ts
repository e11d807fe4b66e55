/** Reads what activation costs in the real editor: our own measure from the log, and the editor's from its list of extensions. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { close, container, variable, workbench } from './session';

/** How often the window is loaded anew; the first time counts too. */
const rounds = 3;

/** One activation, in milliseconds. */
interface Activation {
  readonly own: number;
  readonly editor: number;
}

/** The list shows few rows at a time, the slowest extensions first. */
async function editorFigure(page: Page): Promise<number> {
  const rows = page.locator('.monaco-list-row').filter({ hasText: /Activation: \d+ ?ms/ });
  await rows.first().waitFor({ timeout: 30_000 });
  await rows.first().hover();
  for (let tries = 0; tries < 40; tries++) {
    for (const text of await rows.allInnerTexts()) {
      const figure = /Activation: (\d+) ?ms/.exec(text)?.[1];
      if (text.includes('Delta Clones') && figure !== undefined) return Number(figure);
    }
    await page.mouse.wheel(0, 200);
    await page.waitForTimeout(150);
  }
  throw new Error('The editor does not list the extension.');
}

async function main(): Promise<void> {
  const rows: Activation[] = [];
  try {
    const window = await workbench();
    for (let round = 0; round < rounds; round++) {
      if (round > 0) await window.open(variable('DELTA_CLONES_UI_ADDRESS'), container);
      await window.showContainer(container);
      await window.treeItem(/^member_claims_dev/).waitFor({ timeout: 60_000 });

      await window.runCommand('Developer: Show Running Extensions');
      const editor = await editorFigure(window.page);
      await window.page.keyboard.press('Escape');

      await window.runCommand('Delta: Show Log');
      const line = window.page
        .locator('.view-lines .view-line')
        .filter({ hasText: /Activated/ })
        .last();
      await line.waitFor({ timeout: 30_000 });
      const own = /Activated\s+in\s+([\d.]+)/.exec(await line.innerText())?.[1];
      if (own === undefined) throw new Error('The editor shows no figure.');
      rows.push({ own: Number(own), editor });
    }
    writeFileSync(variable('DELTA_CLONES_TEST_RESULTS'), JSON.stringify(rows));
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
