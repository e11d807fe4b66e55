/**
 * Watches the logs inside the workspace: a commit refreshes its table, a new `_delta_log` adds one, a deleted folder drops the
 * tables in it. Events are gathered for a moment, because one commit touches several files.
 */
import type { Disposable, Uri } from 'vscode';
import { workspace } from 'vscode';
import { isWithin, tableOfLogPath } from '../locations';

const gatherMs = 300;

export interface TableWatcherOptions {
  /** Local paths of the tables known at this moment. */
  readonly known: () => readonly string[];
  /** Called once per table with its local path after its log has been quiet for a moment. */
  readonly onChanged: (path: string) => void;
}

export class TableWatcher implements Disposable {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly disposables: Disposable[] = [];

  constructor(private readonly options: TableWatcherOptions) {
    const onLog = (uri: Uri): void => {
      const table = tableOfLogPath(uri.fsPath);
      if (table !== undefined) this.touch(table);
    };
    for (const pattern of ['**/_delta_log/*.json', '**/_delta_log']) {
      const watcher = workspace.createFileSystemWatcher(pattern);
      this.disposables.push(
        watcher,
        watcher.onDidCreate(onLog),
        watcher.onDidChange(onLog),
        watcher.onDidDelete(onLog),
      );
    }
    const deletions = workspace.createFileSystemWatcher('**', true, true, false);
    this.disposables.push(
      deletions,
      deletions.onDidDelete((uri) => {
        for (const table of this.options.known()) {
          if (isWithin(table, uri.fsPath)) this.touch(table);
        }
      }),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private touch(table: string): void {
    clearTimeout(this.timers.get(table));
    this.timers.set(
      table,
      setTimeout(() => {
        this.timers.delete(table);
        this.options.onChanged(table);
      }, gatherMs),
    );
  }
}
