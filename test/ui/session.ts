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

let browser: Promise<Browser> | undefined;
const opened = new Map<string, Promise<Workbench>>();

/** The folder that the editor shows: a warehouse made for this run. */
export function warehouse(): string {
  return variable('DELTA_CLONES_UI_FOLDER');
}

/** The one window on the warehouse that the scenarios of a run share, opened by the first that asks. */
export function workbench(): Promise<Workbench> {
  return shared('DELTA_CLONES_UI_ADDRESS');
}

/** The same warehouse in an editor that does not trust it. */
export function restrictedWorkbench(): Promise<Workbench> {
  return shared('DELTA_CLONES_UI_RESTRICTED_ADDRESS');
}

function shared(address: string): Promise<Workbench> {
  let window = opened.get(address);
  if (!window) opened.set(address, (window = open(variable(address))));
  return window;
}

async function open(address: string): Promise<Workbench> {
  const screenshots = variable('DELTA_CLONES_UI_SCREENSHOTS');
  mkdirSync(screenshots, { recursive: true });
  browser ??= chromium.launch({
    executablePath: variable('CHROMIUM'),
    headless: true,
    args: JSON.parse(variable('DELTA_CLONES_UI_BROWSER_ARGUMENTS')) as string[],
  });
  const context = await (
    await browser
  ).newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const window = new Workbench(page, screenshots);
  try {
    await window.open(address, container);
  } catch (error) {
    await window.screenshot('failure-opening');
    throw error;
  }
  return window;
}

/** Keeps pictures of the open windows under the name of a failed scenario. */
export async function keepFailure(title: string): Promise<void> {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80);
  let number = 0;
  for (const window of opened.values()) {
    number += 1;
    const known = await window.catch(() => undefined);
    await known?.screenshot(`failure-${name}-${number}`);
  }
}

/** Closes the browser. */
export async function close(): Promise<void> {
  await (await browser)?.close();
}
