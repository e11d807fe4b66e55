/** History pages: one panel per table, brought back after a reload, told when the table has a newer version. */
import type { Disposable, Uri, WebviewPanel, WebviewPanelSerializer } from 'vscode';
import { ViewColumn, commands, env, window, workspace } from 'vscode';
import type {
  HistoryPageEvents,
  HistoryPageMethods,
  HistoryPageStart,
} from '../../protocol/historyPage';
import type { Location, TableEntry } from '../../protocol/views';
import type { DeltaService } from '../../service/deltaService';
import { commandIds } from '../commands/commandIds';
import { commandLineOf, commitJson, sqlOf } from '../copyForms';
import { baseName, placeKey } from '../locations';
import { toWireError } from '../messages';
import { showNote } from '../notify';
import type { TableScanner } from '../tree/tableScanner';
import type { KnownTables } from '../tree/knownTables';
import { PageConnection, type PageHandlers } from './pageConnection';
import { loadPage, webviewOptions } from './panelHost';
import {
  parseCloneKind,
  parseCommitRow,
  parseHistoryCopyForm,
  parseHistoryQuery,
  parseVersion,
} from './wire';

export const historyViewType = 'deltaClones.history';

export interface HistoryPanelsOptions {
  readonly extensionUri: Uri;
  readonly service: DeltaService;
  readonly tables: KnownTables;
  readonly scanner: TableScanner;
  readonly pageSize: () => number;
  readonly timeZone: () => string;
}

interface OpenPanel {
  readonly location: Location;
  readonly panel: WebviewPanel;
  readonly page: PageConnection<HistoryPageMethods, HistoryPageEvents>;
  /** What the page was last told to show, as JSON. */
  told: string | undefined;
}

export class HistoryPanels implements WebviewPanelSerializer, Disposable {
  private readonly panels = new Map<string, OpenPanel>();

  constructor(private readonly options: HistoryPanelsOptions) {}

  /** Shows the history of a table, in its own panel where there is one already. */
  open(location: Location): void {
    const known = this.panels.get(placeKey(location));
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const panel = window.createWebviewPanel(
      historyViewType,
      historyTitle(location),
      ViewColumn.Active,
      { ...webviewOptions(this.options.extensionUri), enableFindWidget: true },
    );
    this.attach(panel, location);
  }

  /** Brings a page back that was open when the editor was closed. */
  deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const location = locationOfState(state);
    if (location === undefined || this.panels.has(placeKey(location))) {
      panel.dispose();
      return Promise.resolve();
    }
    this.attach(panel, location);
    return Promise.resolve();
  }

  /** The table was looked at again: its page starts again when there is something new. */
  async changed(location: Location): Promise<void> {
    const open = this.panels.get(placeKey(location));
    if (open === undefined) return;
    const start = await this.start(open.location);
    const told = JSON.stringify(start);
    if (open.told === told) return;
    open.told = told;
    open.page.emit('history.changed', start);
  }

  /** Settings or the workspace's trust changed: every page starts again. */
  async allChanged(): Promise<void> {
    for (const open of this.panels.values()) {
      open.told = undefined;
      await this.changed(open.location);
    }
  }

  dispose(): void {
    for (const { panel } of [...this.panels.values()]) panel.dispose();
  }

  private attach(panel: WebviewPanel, location: Location): void {
    const channel = loadPage(panel, this.options.extensionUri, {
      page: 'history',
      testId: 'delta-history',
      title: historyTitle(location),
      data: { location },
    });
    const page = new PageConnection<HistoryPageMethods, HistoryPageEvents>(channel, () =>
      this.handlers(location),
    );
    const key = placeKey(location);
    this.panels.set(key, { location, panel, page, told: undefined });
    panel.onDidDispose(() => {
      page.dispose();
      this.panels.delete(key);
    });
  }

  private handlers(location: Location): PageHandlers<HistoryPageMethods> {
    const { service } = this.options;
    return {
      'history.start': async () => {
        const start = await this.start(location);
        const open = this.panels.get(placeKey(location));
        if (open !== undefined) open.told = JSON.stringify(start);
        return start;
      },
      'history.page': ([query], call) => service.history(location, parseHistoryQuery(query), call),
      'history.restore': ([version]) => {
        const at = { version: parseVersion(version) };
        void commands.executeCommand(commandIds.restore, location, { at });
        return Promise.resolve(null);
      },
      'history.clone': ([kind, version]) => {
        const command =
          parseCloneKind(kind) === 'shallow-clone' ? commandIds.shallowClone : commandIds.deepClone;
        const at = { version: parseVersion(version) };
        void commands.executeCommand(command, location, { at });
        return Promise.resolve(null);
      },
      'history.copy': async ([form, given]) => {
        const row = parseCommitRow(given);
        switch (parseHistoryCopyForm(form)) {
          case 'sql':
            await env.clipboard.writeText(sqlOf(location, row.version));
            showNote(`Copied SQL for version ${row.version}`);
            break;
          case 'command-line':
            await env.clipboard.writeText(commandLineOf(location, row.version));
            showNote(`Copied the command line for version ${row.version}`);
            break;
          case 'json':
            await env.clipboard.writeText(commitJson(row));
            showNote(`Copied version ${row.version} as JSON`);
            break;
        }
        return null;
      },
    };
  }

  /** What the page shows; of a table that cannot be read, the entry that says why. */
  private async start(location: Location): Promise<HistoryPageStart> {
    const { pageSize, timeZone, scanner, tables } = this.options;
    const isTrusted = workspace.isTrusted;
    let table: TableEntry;
    let isReadable = false;
    try {
      const overview = await scanner.overview(location);
      table = tables.get(location)?.entry ?? overview.entry;
      isReadable = overview.detail.support.read;
    } catch (error) {
      const known = tables.get(location)?.entry ?? { location, name: baseName(location) };
      table = { ...known, error: known.error ?? toWireError(error) };
    }
    return {
      table,
      pageSize: pageSize(),
      timeZone: timeZone(),
      canWrite: isTrusted && isReadable,
      isTrusted,
    };
  }
}

/** `orders: History`. */
export function historyTitle(location: Location): string {
  return `${baseName(location)}: History`;
}

/** The page keeps the location of its table in its state. */
function locationOfState(state: unknown): Location | undefined {
  if (typeof state !== 'object' || state === null || !('location' in state)) return undefined;
  return typeof state.location === 'string' && state.location !== '' ? state.location : undefined;
}
