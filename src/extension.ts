/** The desktop and server entry: how the engine's worker is started, and nothing else. */
import { loadStartedAt } from './vscode/startClock';
import type { ExtensionContext } from 'vscode';
import { Uri } from 'vscode';
import { spawnWorkerThread } from './service/worker/workerThread';
import { activate as activateShared, type ExtensionApi } from './vscode/activate';

/** Heap of the worker in MiB: enough for the logs of large tables, little enough to leave the editor alone. */
const workerHeapMb = 2048;

export function activate(context: ExtensionContext): ExtensionApi {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath;
  return activateShared(context, {
    loadStartedAt,
    spawn: () => spawnWorkerThread(script, { maxOldGenerationSizeMb: workerHeapMb }),
  });
}
