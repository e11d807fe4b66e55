import { locationOfArgument } from './commandIds';
import type { CommandHandler } from './context';

/** Looks at one table again, or scans everything again. */
export const refresh: CommandHandler = async (context, argument) => {
  const { histories, scanner, tables } = context;
  const table = locationOfArgument(argument);
  if (table !== undefined) {
    await scanner.refreshTable(table);
    return;
  }
  await scanner.rescan();
  for (const location of tables.opened()) await scanner.refreshTable(location);
  await histories.allChanged();
};
