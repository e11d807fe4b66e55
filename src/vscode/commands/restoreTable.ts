import { operationTitles } from '../format';
import { baseName } from '../locations';
import { requireTrust } from '../operations';
import { restoreAnswers } from './commandIds';
import type { CommandHandler } from './context';
import { tableOfCommand } from './pickTable';
import { pickVersion } from './pickVersion';

/** Table and version, each asked for unless it was given; then the plan. */
export const restoreTable: CommandHandler = async (context, argument, more) => {
  requireTrust();
  const table = await tableOfCommand(context, argument, operationTitles.restore);
  if (table === undefined) return;
  const at =
    restoreAnswers(more).at ??
    (await pickVersion(context, table, {
      title: `${operationTitles.restore} ${baseName(table)}`,
      placeholder: 'Select the version that is restored',
      offersLatest: false,
    }));
  if (at === undefined) return;
  await context.plans.start({ kind: 'restore', table, at });
};
