/** `restore <table>`: back to an earlier version, by a new commit. */
import { UsageError } from '../args';
import { asOfArgument, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { planOrExecute } from '../write';

export async function restoreVerb(context: VerbContext): Promise<void> {
  const at = asOfArgument(context, 'restore');
  if (at === undefined)
    throw new UsageError('"restore" needs --version or --timestamp.', 'restore');
  await planOrExecute(context, { kind: 'restore', table: locationArgument(context, 0), at });
}
