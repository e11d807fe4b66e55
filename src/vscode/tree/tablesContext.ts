/** What the editor around the tree learns of the tables: context keys for `when` clauses, and the view's progress bar. */
import type { Disposable } from 'vscode';
import { commands, window } from 'vscode';
import type { SetContext } from '../contextKeys';
import { localPath } from '../locations';
import type { KnownTables } from './knownTables';
import { tablesViewId } from './tablesView';

const gatherMs = 100;

const setContext: SetContext = (key, value) => {
  void commands.executeCommand('setContext', key, value);
};

/** Keeps the context keys about tables true; a burst of changes is told once. */
export class TableKeys implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop: () => void;
  private hadTables = false;

  constructor(private readonly tables: KnownTables) {
    this.stop = tables.onDidChange(({ kind }) => {
      if (kind === 'all')
        this.timer ??= setTimeout(() => {
          this.tell();
        }, gatherMs);
    });
  }

  dispose(): void {
    this.stop();
    clearTimeout(this.timer);
  }

  private tell(): void {
    this.timer = undefined;
    const list = this.tables.list();
    const hasTables = list.length > 0;
    if (hasTables !== this.hadTables) setContext('deltaClones.hasTables', hasTables);
    this.hadTables = hasTables;
    const paths = list.map((table) => localPath(table.entry.location));
    setContext(
      'deltaClones.tablePaths',
      paths.filter((path) => path !== undefined),
    );
  }
}

/** The progress bar of the view and the key that says that a scan runs. */
export class ViewProgress implements Disposable {
  private finish: (() => void) | undefined;

  show(isRunning: boolean): void {
    if (isRunning === (this.finish !== undefined)) return;
    setContext('deltaClones.isScanning', isRunning);
    if (!isRunning) {
      this.dispose();
      return;
    }
    const { promise, resolve } = deferred();
    this.finish = resolve;
    void window.withProgress({ location: { viewId: tablesViewId } }, () => promise);
  }

  dispose(): void {
    this.finish?.();
    this.finish = undefined;
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
