import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { Workbench } from './workbench';

/** The view container of the extension. */
export const container = 'Delta Clones';

/** A setting that the runner passes down. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with npm run test:ui.`);
  return value;
}

let browser: Browser | undefined;
let opened: Promise<Workbench> | undefined;

/** The folder that the editor shows: a warehouse made for this run. */
export function warehouse(): string {
  return variable('DELTA_CLONES_UI_FOLDER');
}

/** The one window that all scenarios of a run share, opened by the first that asks. */
export function workbench(): Promise<Workbench> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Workbench> {
  const screenshots = variable('DELTA_CLONES_UI_SCREENSHOTS');
  mkdirSync(screenshots, { recursive: true });
  browser = await chromium.launch({
    executablePath: variable('CHROMIUM'),
    headless: true,
    args: JSON.parse(variable('DELTA_CLONES_UI_BROWSER_ARGUMENTS')) as string[],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const window = new Workbench(page, screenshots);
  try {
    await window.open(variable('DELTA_CLONES_UI_ADDRESS'), container);
  } catch (error) {
    await window.screenshot('failure-opening');
    throw error;
  }
  return window;
}

/** Keeps a picture of the window under the name of a failed scenario. */
export async function keepFailure(title: string): Promise<void> {
  if (!browser) return;
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80);
  const window = await opened?.catch(() => undefined);
  await window?.screenshot(`failure-${name}`);
}

/** Closes the browser. */
export async function close(): Promise<void> {
  await browser?.close();
}
