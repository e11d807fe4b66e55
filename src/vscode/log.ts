/** The output channel `Delta Clones`. Nothing secret is written: locations and codes, never credentials. */
import type { LogOutputChannel } from 'vscode';
import { window } from 'vscode';
import type { WireError } from '../protocol/views';

export type Log = LogOutputChannel;

export function createLog(): Log {
  return window.createOutputChannel('Delta Clones', { log: true });
}

/** One line for an error, with its code first, and its details as JSON. */
export function logError(log: Log, what: string, error: WireError): void {
  const details =
    Object.keys(error.details).length === 0 ? '' : ` ${JSON.stringify(error.details)}`;
  const line = `${what}: [${error.code}] ${error.message}${details}`;
  if (error.code === 'cancelled') log.debug(line);
  else log.error(line);
}
