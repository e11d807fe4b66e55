/** The table from id to handler, and the wrapper that gives each of them logging and the display of errors. */
import type { Disposable } from 'vscode';
import { commands } from 'vscode';
import { isCancelled } from '../messages';
import { showError } from '../notify';
import { commandIds, type CommandId } from './commandIds';
import { deepClone, shallowClone } from './cloneTable';
import type { CommandContext, CommandHandler } from './context';
import { copyAs } from './copyAs';
import { cancelScan, restartEngine, showLog } from './engineCommands';
import { openHistory } from './openHistory';
import { closeTable, openTable } from './openTable';
import { refresh } from './refresh';
import { restoreTable } from './restoreTable';
import { revealInFileExplorer } from './revealInFileExplorer';

const handlers: Readonly<Record<CommandId, CommandHandler>> = {
  [commandIds.openHistory]: openHistory,
  [commandIds.shallowClone]: shallowClone,
  [commandIds.deepClone]: deepClone,
  [commandIds.restore]: restoreTable,
  [commandIds.refresh]: refresh,
  [commandIds.openTable]: openTable,
  [commandIds.closeTable]: closeTable,
  [commandIds.copyAs]: copyAs,
  [commandIds.revealInFileExplorer]: revealInFileExplorer,
  [commandIds.cancelScan]: cancelScan,
  [commandIds.restartEngine]: restartEngine,
  [commandIds.showLog]: showLog,
};

/** Registers every command; the caller disposes of them. */
export function registerCommands(context: CommandContext): Disposable[] {
  return (Object.keys(handlers) as CommandId[]).map((id) =>
    commands.registerCommand(id, (argument: unknown, more: unknown) =>
      run(context, id, argument, more),
    ),
  );
}

async function run(
  context: CommandContext,
  id: CommandId,
  argument: unknown,
  more: unknown,
): Promise<void> {
  const { log } = context;
  const started = Date.now();
  log.debug(`${id}: started`);
  try {
    await handlers[id](context, argument, more);
    log.debug(`${id}: done in ${Date.now() - started} ms`);
  } catch (error) {
    showError(log, error, {
      what: id,
      planAgain: () => {
        void run(context, id, argument, more);
      },
    });
    if (!isCancelled(error)) log.debug(`${id}: failed after ${Date.now() - started} ms`);
  }
}
