/** `history <table>`: DESCRIBE HISTORY, newest first. */
import type { CommitRow } from '../../protocol/views';
import { callOf, limitArgument, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { toJsonText } from '../json';
import { textTable } from '../textTable';

const pageSize = 200;

export async function historyVerb(context: VerbContext): Promise<void> {
  const { service, output } = context;
  const table = locationArgument(context, 0);
  const limit = limitArgument(context, 'history') ?? Infinity;
  const check = context.args.has('check');
  let left = limit;
  let before: number | undefined;
  for (let isFirst = true; ; isFirst = false) {
    const page = await service.history(
      table,
      {
        limit: Math.max(1, Math.min(pageSize, left)),
        ...(before === undefined ? {} : { before }),
        ...(check ? { check } : {}),
      },
      callOf(context),
    );
    const rows = page.rows.slice(0, left);
    if (context.isJson) {
      for (const row of rows) await output.line(toJsonText(row));
    } else if (rows.length > 0) {
      for (const line of historyLines(context, rows, isFirst)) await output.line(line);
    }
    left -= rows.length;
    before = page.rows.at(-1)?.version;
    if (page.isEnd || left <= 0 || before === undefined) return;
  }
}

function historyLines(
  context: VerbContext,
  rows: readonly CommitRow[],
  withHead: boolean,
): readonly string[] {
  const check = context.args.has('check');
  const lines = textTable(
    [
      { title: 'VERSION', align: 'right' },
      { title: 'TIME' },
      { title: 'OPERATION' },
      ...(check ? [{ title: 'READABLE' }] : []),
      { title: 'USER', mayShrink: true },
      { title: 'PARAMETERS', mayShrink: true },
      { title: 'METRICS', mayShrink: true },
    ],
    rows.map((row) => [
      String(row.version),
      row.timestamp,
      row.operation,
      ...(check ? [row.readable ?? null] : []),
      row.userName,
      pairs(row.operationParameters),
      pairs(row.operationMetrics),
    ]),
    { width: context.output.width, bold: context.output.bold },
  );
  return withHead ? lines : lines.slice(1);
}

function pairs(record: Readonly<Record<string, string>> | null): string | null {
  const entries = Object.entries(record ?? {});
  return entries.length === 0 ? null : entries.map(([key, value]) => `${key}=${value}`).join(' ');
}
