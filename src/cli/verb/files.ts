/** `files <table>`: the active files of a version. */
import type { FileRow } from '../../protocol/views';
import { asOfArgument, callOf, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { streamLines } from '../stream';
import { byteText, countText } from '../textTable';

export async function filesVerb(context: VerbContext): Promise<void> {
  const cursor = await context.service.openFiles(
    locationArgument(context, 0),
    asOfArgument(context, 'files') ?? 'latest',
    callOf(context),
  );
  await streamLines(context, cursor, {
    columns: [
      { title: 'PATH' },
      { title: 'SIZE', align: 'right' },
      { title: 'ROWS', align: 'right' },
      { title: 'DELETED', align: 'right' },
    ],
    rowOf: (line) => {
      const file = JSON.parse(line) as FileRow;
      const deleted = file.deletionVector?.cardinality;
      return [
        file.path,
        byteText(file.size),
        file.numRecords === null ? null : countText(file.numRecords),
        typeof deleted === 'number' ? countText(deleted) : null,
      ];
    },
  });
}
