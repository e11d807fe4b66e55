/** Shows errors and outcomes, and runs what their buttons say. */
import { commands, window } from 'vscode';
import type { WireError } from '../protocol/views';
import { commandIds } from './commands/commandIds';
import type { Log } from './log';
import { logError } from './log';
import { actionLabels, describeError, toWireError, type MessageAction } from './messages';

export interface ErrorContext {
  /** What was tried, for the log. */
  readonly what: string;
  /** What `Plan Again` does; without it the button is left out. */
  readonly planAgain?: () => void;
}

/** Logs an error and shows it with its buttons; a cancel is only logged. Does not wait for an answer. */
export function showError(log: Log, error: unknown, context: ErrorContext): WireError {
  const wire = toWireError(error);
  logError(log, context.what, wire);
  if (wire.code === 'internal' && error instanceof Error) log.error(error.stack ?? error.message);
  const message = describeError(wire);
  if (message === undefined) return wire;
  const actions = message.actions.filter(
    (action) => action !== 'plan-again' || context.planAgain !== undefined,
  );
  const show = message.severity === 'error' ? window.showErrorMessage : window.showWarningMessage;
  const items = actions.map((action) => ({ title: actionLabels[action], action }));
  void show(message.text, ...items).then((chosen) => {
    if (chosen !== undefined) void runAction(log, chosen.action, context);
  });
  return wire;
}

async function runAction(log: Log, action: MessageAction, context: ErrorContext): Promise<void> {
  switch (action) {
    case 'show-log':
      log.show();
      return;
    case 'restart-engine':
      await commands.executeCommand(commandIds.restartEngine);
      return;
    case 'open-table':
      await commands.executeCommand(commandIds.openTable);
      return;
    case 'refresh':
      await commands.executeCommand(commandIds.refresh);
      return;
    case 'manage-trust':
      await commands.executeCommand('workbench.trust.manage');
      return;
    case 'plan-again':
      context.planAgain?.();
      return;
    default:
      action satisfies never;
  }
}

/** A short note in the status bar, for things that went well and need no answer. */
export function showNote(text: string): void {
  window.setStatusBarMessage(text, 4_000);
}
