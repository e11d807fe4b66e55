/** `rows <table>`: the rows of a version. */
import { UsageError } from '../args';
import { asOfArgument, callOf, limitArgument, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { memberTexts } from '../jsonMembers';
import { streamLines } from '../stream';

export async function rowsVerb(context: VerbContext): Promise<void> {
  const columns = context.args.value('columns')?.split(',');
  if (columns?.some((name) => name === '') === true) {
    throw new UsageError('--columns takes names separated by commas.', 'rows');
  }
  const limit = limitArgument(context, 'rows');
  const cursor = await context.service.openRows(
    locationArgument(context, 0),
    {
      at: asOfArgument(context, 'rows') ?? 'latest',
      ...(columns === undefined ? {} : { columns }),
      ...(limit === undefined ? {} : { limit }),
    },
    callOf(context),
  );
  await streamLines(context, cursor, {
    columnsOf: (line) => memberTexts(line).map(([name]) => ({ title: name, mayShrink: true })),
    rowOf: (line) => memberTexts(line).map(([, text]) => text),
  });
}
