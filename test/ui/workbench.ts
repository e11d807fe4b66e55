import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The themes the pages must be right in, with the class that the window and a webview's body have in each. */
export const themes = {
  dark: { label: 'Dark Modern', window: 'vs-dark', body: 'vscode-dark' },
  light: { label: 'Light Modern', window: 'vs', body: 'vscode-light' },
  'high-contrast': {
    label: 'Dark High Contrast',
    window: 'hc-black',
    body: 'vscode-high-contrast',
  },
} as const;

/** Name of one of the tested themes. */
export type ThemeName = keyof typeof themes;

/** Every tested theme. */
export const themeNames: readonly ThemeName[] = ['dark', 'light', 'high-contrast'];

/** One visible row of a tree. `level` counts from 1. */
export interface TreeRow {
  readonly label: string;
  readonly level: number;
}

/** What a row's element offers in the page; the tests are compiled without the DOM's types. */
interface RowElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { readonly top: number };
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

/** The editor's window in the browser: what a person sees and does there, by visible names. */
export class Workbench {
  constructor(
    readonly page: Page,
    private readonly screenshots: string,
  ) {}

  /** Opens the editor and waits until the extension's entry is in the activity bar: from then on all is scanned. */
  async open(address: string, container: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.containerTab(container).waitFor({ timeout: 90_000 });
  }

  /** Shows a view container of the activity bar. */
  async showContainer(container: string): Promise<void> {
    const tab = this.containerTab(container);
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page
      .locator('.sidebar .composite.title, .sidebar .title-label')
      .getByText(container)
      .first()
      .waitFor();
  }

  /** Runs a command by its full title, as the palette shows it: `Delta: Open History`. */
  async runCommand(title: string): Promise<void> {
    await this.closeToasts();
    await this.page.keyboard.press('F1');
    const input = this.quickInput();
    await input.waitFor();
    await input.fill(`>${title}`);
    // Its name may go on with a key binding or "recently used"; the first row of the list is often a similar command.
    await this.option(new RegExp(`^${escaped(title)}(,|$)`))
      .first()
      .click();
  }

  /** Whether the palette offers a command; the palette is closed again. */
  async paletteOffers(title: string): Promise<boolean> {
    await this.page.keyboard.press('F1');
    const input = this.quickInput();
    await input.waitFor();
    await input.fill(`>${title}`);
    const found = this.page.locator('.quick-input-list [role=option]');
    await found.first().waitFor();
    const names = await found.allInnerTexts();
    await this.page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden' });
    return names.some((name) => name.replace(/\s+/g, ' ').startsWith(title));
  }

  /** Chooses a row of the quick pick that shows `text` (title, placeholder or prompt), and that contains `label`. */
  async choose(text: string | RegExp, label: string | RegExp): Promise<void> {
    await this.waitForQuickInput(text);
    if (typeof label === 'string') await this.quickInput().fill(label);
    const option = this.option(label).first();
    await option.waitFor({ timeout: 20_000 });
    await option.click();
  }

  /** Types the answer of the input box that shows `text`, and presses Enter. */
  async answer(text: string | RegExp, value: string): Promise<void> {
    await this.waitForQuickInput(text);
    await this.quickInput().fill(value);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until the quick input shows `text` as its title, prompt, message or placeholder. */
  async waitForQuickInput(text: string | RegExp): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    await widget
      .getByText(text)
      .or(widget.getByPlaceholder(text))
      .first()
      .waitFor({ timeout: 20_000 });
  }

  /** Makes the sidebar this wide, in CSS pixels, by its edge. */
  async resizeSidebar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('There is no sidebar.');
    const { mouse } = this.page;
    const middle = box.y + box.height / 2;
    await mouse.move(box.x + box.width + 1, middle);
    await mouse.down();
    await mouse.move(box.x + width, middle, { steps: 5 });
    await mouse.up();
    await mouse.move(box.x + width + 200, middle);
  }

  /** Rows of the trees in the sidebar whose accessible name matches. */
  treeItem(name: string | RegExp): Locator {
    return this.page.locator('.sidebar').getByRole('treeitem', { name });
  }

  /** The rows that the sidebar shows, from top to bottom. */
  async treeRows(): Promise<TreeRow[]> {
    return this.page.locator('.sidebar [role=treeitem]').evaluateAll((elements) =>
      (elements as unknown as readonly RowElement[])
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          label: row.querySelector('.label-name')?.textContent ?? row.textContent ?? '',
          level: Number(row.getAttribute('aria-level')),
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ label, level }) => ({ label, level })),
    );
  }

  /** Opens a row of a tree and waits until it says so. */
  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    await row.and(this.page.locator('[aria-expanded=true]')).waitFor();
  }

  /** Closes a row of a tree. */
  async collapse(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) !== 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    await row.and(this.page.locator('[aria-expanded=false]')).waitFor();
  }

  /** Chooses an entry of a row's context menu. */
  async contextMenu(row: Locator, entry: string | RegExp): Promise<void> {
    await row.click({ button: 'right' });
    const named = this.page.getByRole('menuitem', { name: entry });
    const item = this.page.locator('.monaco-menu .action-item').filter({ has: named }).first();
    await item.hover();
    // A menu takes no mouse button for a moment after it has opened; the keyboard it takes at once.
    await item.and(this.page.locator('.focused')).waitFor();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'detached' });
  }

  /** The notification that contains `text`; waits for it. */
  async toast(text: string | RegExp, timeout = 30_000): Promise<Locator> {
    const toast = this.page
      .locator('.notifications-toasts .notification-toast')
      .filter({ hasText: text })
      .first();
    await toast.waitFor({ timeout });
    return toast;
  }

  /** Removes notifications, which may lie over what is clicked next. */
  async closeToasts(): Promise<void> {
    const toasts = this.page.locator('.notifications-toasts .notification-toast');
    for (let tries = 0; tries < 10 && (await toasts.count()) > 0; tries += 1) {
      await toasts
        .first()
        .hover()
        .catch(() => undefined);
      const close = toasts
        .first()
        .getByRole('button', { name: /Clear Notification|Hide Notification/ });
      if ((await close.count()) === 0) return;
      await close
        .first()
        .click({ timeout: 2_000 })
        .catch(() => undefined);
    }
  }

  /** The tab of an editor whose title matches; waits for it. */
  async editorTab(title: string | RegExp): Promise<Locator> {
    const tab = this.page
      .locator('.editor-group-container')
      .getByRole('tab', { name: title })
      .first();
    await tab.waitFor({ timeout: 30_000 });
    return tab;
  }

  /** The document of the webview behind the tab whose title matches, brought to the front. */
  async webview(title: string | RegExp): Promise<FrameLocator> {
    const tab = await this.editorTab(title);
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    const frame = this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
    await frame.locator('body').waitFor({ timeout: 30_000 });
    return frame;
  }

  /** Closes every editor. */
  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await this.page
      .locator('.editor-group-container [role=tab]')
      .first()
      .waitFor({ state: 'detached' });
  }

  /** Switches the colour theme of the running window, and waits until the front webview follows, if there is one. */
  async setTheme(name: ThemeName): Promise<void> {
    const { label, window, body } = themes[name];
    await this.runCommand('Preferences: Color Theme');
    await this.option('Dark Modern').first().waitFor({ timeout: 20_000 });
    await this.quickInput().fill(label);
    await this.option(label).first().click();
    await this.quickInput().waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${window}`).waitFor();
    const webview = this.page.locator('iframe.webview.ready').filter({ visible: true }).first();
    if ((await webview.count()) > 0) {
      await webview
        .contentFrame()
        .locator('iframe#active-frame')
        .contentFrame()
        .locator(`body.${body}`)
        .waitFor({ timeout: 15_000 });
    }
  }

  /** Keeps a picture of the window as `<name>.png`. */
  async screenshot(name: string): Promise<void> {
    // Toasts and pickers fade in and out.
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: join(this.screenshots, `${name}.png`) });
  }

  private containerTab(container: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: container });
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget input').first();
  }

  private option(name: string | RegExp): Locator {
    return this.page.locator('.quick-input-list').getByRole('option', { name });
  }
}

/** The text as a regular expression that matches it alone. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
