/** Streams of the service on standard output: pulled only as fast as the reader takes them, closed whatever happens. */
import type { CursorView } from '../service/deltaService';
import { callOf } from './context';
import type { VerbContext } from './context';
import { textTable } from './textTable';
import type { Column } from './textTable';

/** How lines are shown to people. */
export interface LineFormat {
  readonly columns?: readonly Column[];
  /** The columns, where only a line tells them. */
  readonly columnsOf?: (line: string) => readonly Column[];
  readonly rowOf: (line: string) => readonly (string | null)[];
}

const linesAtOnce = 1000;

/** Prints all lines of a cursor: as they are for programs, as aligned tables of a page each for people. */
export async function streamLines(
  context: VerbContext,
  cursor: CursorView,
  format: LineFormat,
): Promise<void> {
  const { service, output } = context;
  let columns = format.columns;
  let isFirst = true;
  try {
    for (;;) {
      const { lines, isEnd } = await service.readCursor(cursor.id, linesAtOnce, callOf(context));
      output.progress('');
      const first = lines[0];
      if (first !== undefined) {
        if (context.isJson) {
          await output.write(`${lines.join('\n')}\n`);
        } else {
          columns ??= format.columnsOf?.(first) ?? [];
          const table = textTable(columns, lines.map(format.rowOf), {
            width: output.width,
            bold: output.bold,
          });
          await output.write(`${table.slice(isFirst ? 0 : 1).join('\n')}\n`);
        }
        isFirst = false;
      }
      if (isEnd) return;
    }
  } finally {
    await service.closeCursor(cursor.id);
  }
}
