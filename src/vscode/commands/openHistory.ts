import { withProgress } from '../progress';
import { saveOpened } from './openTable';
import { tableOfCommand } from './pickTable';
import type { CommandContext, CommandHandler } from './context';

/** Opens the history page of a table. One that is not known yet joins the Tables view. */
export const openHistory: CommandHandler = async (context, argument) => {
  const table = await tableOfCommand(context, argument, 'Open History');
  if (table !== undefined) await showHistory(context, table);
};

/** Rejects with `not-a-table` where there is none. */
export async function showHistory(context: CommandContext, table: string): Promise<void> {
  const { histories, scanner, state, tables } = context;
  const known = tables.get(table)?.entry;
  const entry =
    known ?? (await withProgress({ title: 'Opening the table' }, () => scanner.open(table)));
  if (known === undefined) await saveOpened(state, tables);
  histories.open(entry.location);
}
