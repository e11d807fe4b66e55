/** Which version an operation is about: the latest, one from the history, or the one at a point in time. */
import type { QuickPickItem } from 'vscode';
import { QuickPickItemKind } from 'vscode';
import type { AsOf, CommitRow, Location } from '../../protocol/views';
import { describeCommit } from '../format';
import { formatInZone, parseTimestamp } from '../timeZone';
import type { CommandContext } from './context';
import { ask, pick } from './quickPick';

export interface VersionQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** `latest` is offered (clone) or left out together with the newest version (restore). */
  readonly offersLatest: boolean;
}

interface VersionItem extends QuickPickItem {
  readonly choice?: AsOf | 'time' | 'older';
}

/** Undefined when the picker is closed. */
export async function pickVersion(
  context: CommandContext,
  table: Location,
  question: VersionQuestion,
): Promise<AsOf | undefined> {
  const { service, settings, timeZone } = context;
  const rows: CommitRow[] = [];
  let latest: number | undefined;
  let isEnd = false;
  for (;;) {
    const chosen = await pick<VersionItem>({
      title: question.title,
      placeholder: question.placeholder,
      items: () => versionItems(rows, latest, isEnd, question, timeZone()),
      load: async (redraw, signal) => {
        if (isEnd) return;
        const before = rows.at(-1)?.version;
        const page = await service.history(
          table,
          { limit: settings().historyPageSize, ...(before === undefined ? {} : { before }) },
          { signal },
        );
        rows.push(...page.rows);
        latest = page.latestVersion;
        isEnd = page.isEnd || page.rows.length === 0;
        redraw();
      },
    });
    switch (chosen?.choice) {
      case undefined:
        return undefined;
      case 'older':
        continue; // the next picker loads the next page of the history
      case 'time':
        return askTimestamp(question.title, timeZone());
      default:
        return chosen?.choice;
    }
  }
}

async function askTimestamp(title: string, timeZone: string): Promise<AsOf | undefined> {
  const text = await ask({
    title,
    prompt: `Point in time (${timeZone}, or with Z or an offset): the last version at or before it is taken`,
    placeholder: '2026-03-31 23:59:59',
    validate: (value) =>
      parseTimestamp(value, timeZone) === undefined
        ? 'Type a time such as 2026-03-31 23:59:59, 2026-03-31, or 2026-03-31T23:59:59Z.'
        : undefined,
  });
  const timestamp = text === undefined ? undefined : parseTimestamp(text, timeZone);
  return timestamp === undefined ? undefined : { timestamp };
}

function versionItems(
  rows: readonly CommitRow[],
  latest: number | undefined,
  isEnd: boolean,
  question: VersionQuestion,
  timeZone: string,
): VersionItem[] {
  const items: VersionItem[] = [];
  if (question.offersLatest) {
    items.push({
      label: '$(tag) Latest Version',
      description: latest === undefined ? '' : `version ${latest}`,
      choice: 'latest',
    });
  }
  items.push({
    label: '$(calendar) Point in Time...',
    description: timeZone,
    choice: 'time',
  });
  const shown = rows.filter(
    (row) => row.isRestorable && (question.offersLatest || row.version !== latest),
  );
  if (shown.length > 0) {
    items.push({ label: 'History', kind: QuickPickItemKind.Separator });
  }
  for (const row of shown) {
    items.push({
      label: `Version ${row.version}`,
      description: describeCommit(row),
      detail: [formatInZone(row.timestamp, timeZone), row.userName ?? '']
        .filter((part) => part !== '')
        .join(' · '),
      choice: { version: row.version },
    });
  }
  if (rows.length > 0 && !isEnd) {
    items.push({ label: '$(arrow-down) Older Versions...', alwaysShow: true, choice: 'older' });
  }
  return items;
}
