import { withProgress } from '../progress';
import { writeState, type StateStore } from '../state';
import { normalizeTablePath } from '../targets';
import type { KnownTables } from '../tree/knownTables';
import { locationOfArgument } from './commandIds';
import type { CommandHandler } from './context';
import { askTablePath } from './pickTable';

/** Adds any table to the Tables view, shows it there and opens its history. */
export const openTable: CommandHandler = async (context, argument) => {
  const { histories, scanner, state, tables, view } = context;
  const given = locationOfArgument(argument);
  const path = given === undefined ? await askTablePath('Open Table') : normalizeTablePath(given);
  if (path === undefined) return;
  const entry = await withProgress({ title: 'Opening the table' }, () => scanner.open(path));
  await saveOpened(state, tables);
  histories.open(entry.location);
  await view.reveal(entry.location, { focus: false });
};

/** Takes a table that was opened by hand off the Tables view. */
export const closeTable: CommandHandler = async (context, argument) => {
  const table = locationOfArgument(argument);
  if (table === undefined) return;
  context.tables.close(table);
  await saveOpened(context.state, context.tables);
};

/** Keeps the tables opened by hand for the next session. */
export async function saveOpened(state: StateStore, tables: KnownTables): Promise<void> {
  await writeState(state, 'openedTables.v1', tables.opened());
}
