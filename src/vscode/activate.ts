/**
 * Builds the objects of the extension and registers them; shared by every entry. Nothing is read here and no worker is started: the
 * first look at the view, or the first command, does that.
 */
import type { ExtensionContext } from 'vscode';
import { window, workspace } from 'vscode';
import type { TableEntry } from '../protocol/views';
import type { DeltaService, FindTablesQuery } from '../service/deltaService';
import { WorkerClient, type WorkerHandle } from '../service/worker/workerClient';
import type { CommandContext } from './commands/context';
import { saveOpened } from './commands/openTable';
import { registerCommands } from './commands/registerCommands';
import { readSettings, settingsSection, type Settings } from './config';
import { isWithin, localPath } from './locations';
import { createLog, logError } from './log';
import { Operations } from './operations';
import { HistoryPanels, historyViewType } from './panels/historyPanel';
import { PlanPanels } from './panels/planPanel';
import { isScanned, scanRoots } from './scanRoots';
import { readOpenedTables, type StateStore } from './state';
import { resolveTimeZone } from './timeZone';
import { KnownTables } from './tree/knownTables';
import type { GroupFolder } from './tree/nodes';
import { TableScanner, type ScanState } from './tree/tableScanner';
import { TablesView } from './tree/tablesView';
import { TableKeys, ViewProgress } from './tree/tablesContext';
import { TableWatcher } from './tree/tableWatcher';

/** What an entry decides: how a worker is started in its environment. */
export interface Environment {
  /** `performance.now()` before the bundle's first module was evaluated. */
  readonly loadStartedAt: number;
  readonly spawn: () => WorkerHandle;
}

/** What the extension exports, for tests and measurements. */
export interface ExtensionApi {
  readonly service: DeltaService;
  /** Milliseconds that our own code took to load and activate. */
  readonly activationMs: number;
  /** The known tables, in the order of the tree. */
  tables(): readonly TableEntry[];
  /** Scans again and resolves when the tree shows the result. */
  refresh(): Promise<void>;
  readonly view: TablesView;
}

/** Support of tables whose files are unknown is asked for in the background, for this many at most. */
const supportLimit = 50;

const loadedAt = performance.now();

export function activate(extension: ExtensionContext, environment: Environment): ExtensionApi {
  const startedAt = performance.now();
  const log = createLog();
  const state: StateStore = {
    get: (key) => extension.workspaceState.get(key),
    update: (key, value) => extension.workspaceState.update(key, value),
  };
  const settings = (): Settings => {
    const section = workspace.getConfiguration(settingsSection);
    return readSettings((key) => section.get(key));
  };
  const timeZone = (): string => resolveTimeZone(settings().timeZone);
  const roots = (): readonly string[] =>
    scanRoots(
      settings().scanFolders,
      (workspace.workspaceFolders ?? [])
        .filter((folder) => folder.uri.scheme === 'file')
        .map((folder) => folder.uri.fsPath),
    );
  const query = (): FindTablesQuery => {
    const { scanSkip, scanDepth } = settings();
    return { roots: roots(), skip: scanSkip, depth: scanDepth };
  };
  const service = new WorkerClient({
    spawn: environment.spawn,
    now: () => performance.now(),
    onCrash: (reason) => {
      log.error(`The engine ended: ${reason}`);
    },
  });

  const tables = new KnownTables();
  const scanner = new TableScanner({
    service,
    tables,
    query,
    onState: (scan) => {
      onScan(scan);
    },
    onError: (what, error) => {
      logError(log, what, error);
    },
    onUnreadable: (folder) => {
      log.warn(`Scan: ${folder} could not be listed and was passed over`);
    },
    onRefreshed: (location) => {
      void histories.changed(location);
    },
  });
  const folders = (): readonly GroupFolder[] =>
    (workspace.workspaceFolders ?? []).map((folder) => ({
      name: folder.name,
      location: folder.uri.fsPath,
    }));
  const view = new TablesView(tables, scanner, folders, timeZone);
  const histories = new HistoryPanels({
    extensionUri: extension.extensionUri,
    service,
    tables,
    scanner,
    pageSize: () => settings().historyPageSize,
    timeZone,
  });
  const operations = new Operations({
    service,
    tables,
    scanner,
    view,
    log,
    isScanned: (location) => isScanned(location, query()),
    onOpened: () => saveOpened(state, tables),
  });
  const plans = new PlanPanels({
    extensionUri: extension.extensionUri,
    service,
    operations,
    log,
    timeZone,
    confirmations: () => settings().confirmations,
  });
  const commands: CommandContext = {
    service,
    tables,
    scanner,
    view,
    histories,
    plans,
    log,
    state,
    settings,
    timeZone,
    restartEngine: () => service.restart(),
  };

  const scanProgress = new ViewProgress();
  const onScan = (scan: ScanState): void => {
    scanProgress.show(scan.kind === 'scanning');
    view.showScan(scan);
    if (scan.kind === 'done') {
      log.info(`Scan: ${tables.list().length} tables`);
      void readSupport(tables, scanner);
    }
  };
  let hasReopened = false;
  const start = (): void => {
    void scanner.ensureStarted();
    if (hasReopened) return;
    hasReopened = true;
    void scanner.reopen(readOpenedTables(state));
  };
  const keys = new TableKeys(tables);

  extension.subscriptions.push(
    log,
    view,
    histories,
    plans,
    keys,
    scanProgress,
    { dispose: () => void service.dispose() },
    ...registerCommands(commands),
    window.registerWebviewPanelSerializer(historyViewType, histories),
    view.treeView.onDidChangeVisibility(({ visible }) => {
      if (visible) start();
    }),
    new TableWatcher({
      known: () =>
        tables
          .list()
          .map((table) => localPath(table.entry.location))
          .filter((path) => path !== undefined),
      onChanged: (path) => {
        const known = tables.get(path);
        const isNew = known === undefined && scanner.hasScanned && isScanned(path, query());
        const isInside = (): boolean =>
          tables.list().some((table) => isWithin(path, table.entry.location));
        if (known !== undefined || (isNew && !isInside())) {
          void scanner.refreshTable(known?.entry.location ?? path);
        }
      },
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${settingsSection}.scan`)) void scanner.rescanIfStarted();
      if (!change.affectsConfiguration(settingsSection)) return;
      view.redraw();
      void histories.allChanged();
    }),
    workspace.onDidChangeWorkspaceFolders(() => {
      view.redraw();
      void scanner.rescanIfStarted();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      void histories.allChanged();
      void scanner.rescanIfStarted();
    }),
  );
  if (view.treeView.visible) start();

  const activationMs = loadedAt - environment.loadStartedAt + (performance.now() - startedAt);
  log.info(`Activated in ${activationMs.toFixed(1)} ms`);
  return {
    service,
    activationMs,
    tables: () => tables.list().map((table) => table.entry),
    refresh: () => scanner.rescan(),
    view,
  };
}

/** A table whose number of files is not known may have a feature that we cannot read: its node has to say so. */
async function readSupport(tables: KnownTables, scanner: TableScanner): Promise<void> {
  const unknown = tables
    .list()
    .filter(({ entry }) => entry.error === undefined && entry.numFiles === null);
  for (const { entry } of unknown.slice(0, supportLimit)) {
    try {
      await scanner.overview(entry.location);
    } catch {
      // The table shows the error itself.
    }
  }
}
