/** Which table a command is about: its argument, or a choice among the known ones, or a path typed by hand. */
import type { QuickPickItem } from 'vscode';
import { QuickPickItemKind } from 'vscode';
import type { Location } from '../../protocol/views';
import { cloneWords } from '../format';
import { baseName, displayPath } from '../locations';
import { errorLabel } from '../messages';
import { normalizeTablePath, validateTablePath } from '../targets';
import type { KnownTable } from '../tree/knownTables';
import { locationOfArgument } from './commandIds';
import type { CommandContext } from './context';
import { ask, chooseFolder, pick } from './quickPick';

type TableChoice =
  | { readonly kind: 'table'; readonly location: Location }
  | { readonly kind: 'path' }
  | { readonly kind: 'folder' };

interface TableItem extends QuickPickItem {
  /** Absent on separators. */
  readonly choice?: TableChoice;
}

/** The table of an argument, else the one that a person picks; undefined when the picker is closed. */
export async function tableOfCommand(
  context: CommandContext,
  argument: unknown,
  title: string,
): Promise<Location | undefined> {
  const given = locationOfArgument(argument);
  if (given !== undefined) {
    return context.tables.get(given)?.entry.location ?? normalizeTablePath(given);
  }
  return pickTable(context, title);
}

async function pickTable(context: CommandContext, title: string): Promise<Location | undefined> {
  const { tables, scanner, view } = context;
  const chosen = await pick<TableItem>({
    title,
    placeholder: 'Select a table',
    items: () => tableItems(tables.list(), view.selected()),
    load: async (redraw, signal) => {
      const stop = tables.onDidChange(redraw);
      signal.addEventListener('abort', stop, { once: true });
      await scanner.ensureStarted();
      redraw();
    },
  });
  const choice = chosen?.choice;
  switch (choice?.kind) {
    case undefined:
      return undefined;
    case 'table':
      return choice?.location;
    case 'path':
      return askTablePath(title);
    case 'folder': {
      const folder = await chooseFolder('Select Table');
      return folder === undefined ? undefined : normalizeTablePath(folder);
    }
    default:
      return choice satisfies never;
  }
}

/** Asks for the path or URI of a table. */
export async function askTablePath(title: string): Promise<string | undefined> {
  const text = await ask({
    title,
    prompt: 'Path or URI of the table: the folder that holds _delta_log',
    placeholder: '/data/tables/orders',
    validate: validateTablePath,
    folderButton: { tooltip: 'Choose a Folder...', toText: normalizeTablePath },
  });
  return text === undefined ? undefined : normalizeTablePath(text);
}

function tableItems(tables: readonly KnownTable[], selected: Location | undefined): TableItem[] {
  const isSelected = ({ entry }: KnownTable): boolean => entry.location === selected;
  const first = tables.filter(isSelected).map(tableItem);
  const others = tables.filter((table) => !isSelected(table)).map(tableItem);
  return [
    ...first,
    ...others,
    { label: 'Elsewhere', kind: QuickPickItemKind.Separator },
    { label: '$(edit) Enter a Path...', alwaysShow: true, choice: { kind: 'path' } },
    { label: '$(folder-opened) Choose a Folder...', alwaysShow: true, choice: { kind: 'folder' } },
  ];
}

function tableItem({ entry }: KnownTable): TableItem {
  const parts: string[] = [];
  if (entry.version !== undefined) parts.push(`v${entry.version}`);
  if (entry.cloneOf !== undefined) {
    parts.push(`${cloneWords[entry.cloneOf.kind]} of ${baseName(entry.cloneOf.location)}`);
  }
  if (entry.error !== undefined) parts.push(errorLabel(entry.error.code));
  return {
    label: entry.name,
    description: parts.join(' · '),
    detail: displayPath(entry.location),
    choice: { kind: 'table', location: entry.location },
  };
}
