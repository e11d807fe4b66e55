// The system's Chromium, driven through playwright-core, which brings no browser of its own.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { Stop } from './console.mjs';
import { which } from './processes.mjs';

/** The browser to use: CHROMIUM, else one on PATH or where macOS keeps it; undefined when there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new Stop(`CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  const onPath = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
  ].map((name) => which(name));
  const applications = [
    'Chromium.app/Contents/MacOS/Chromium',
    'Google Chrome.app/Contents/MacOS/Google Chrome',
  ].map((path) => `/Applications/${path}`);
  return [...onPath, ...applications].find((file) => file && existsSync(file));
}

/** What to say, in one line, where no Chromium is. */
export const chromiumMissing =
  'Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM to its executable.';

/** How every test starts the browser. */
export const browserArguments = [
  ...[
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
  ],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts a headless browser. */
export function launchChromium(executablePath = findChromium()) {
  if (!executablePath) throw new Stop(chromiumMissing);
  return chromium.launch({ executablePath, headless: true, args: browserArguments });
}

/**
 * Whether the tests that need a browser can run.
 * @returns false when there is no browser and this is not CI, after saying so in one line
 * @throws Stop in CI
 */
export function browserIsHere(what) {
  if (findChromium()) return true;
  if (process.env.CI) throw new Stop(chromiumMissing);
  process.stdout.write(`${what} skipped. ${chromiumMissing}\n`);
  return false;
}
