import type { QuickPickItem } from 'vscode';
import { env, window } from 'vscode';
import type { Location } from '../../protocol/views';
import { copyForms, copyText, sqlOf } from '../copyForms';
import { baseName } from '../locations';
import { showNote } from '../notify';
import { withProgress } from '../progress';
import { tableOf, type ColumnNode, type PropertyNode } from '../tree/nodes';
import { isTreeNode } from './commandIds';
import type { CommandContext, CommandHandler } from './context';
import { tableOfCommand } from './pickTable';

interface CopyItem extends QuickPickItem {
  readonly text: () => Promise<string>;
}

/** Puts a table, a column or a property on the clipboard in a form that a person picks. */
export const copyAs: CommandHandler = async (context, argument) => {
  if (isTreeNode(argument) && argument.kind === 'column') {
    await pickAndCopy(argument.column.name, columnItems(argument));
  } else if (isTreeNode(argument) && argument.kind === 'property') {
    await pickAndCopy(argument.property.name, propertyItems(argument));
  } else {
    const table = await tableOfCommand(context, argument, 'Copy As');
    if (table !== undefined) await pickAndCopy(baseName(table), tableItems(context, table));
  }
};

async function pickAndCopy(name: string, items: readonly CopyItem[]): Promise<void> {
  const chosen = await window.showQuickPick(items, {
    title: 'Copy As',
    placeHolder: `What is copied of ${name}`,
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  await env.clipboard.writeText(await chosen.text());
  showNote(`Copied ${name} as ${chosen.label}`);
}

function tableItems(context: CommandContext, table: Location): CopyItem[] {
  const { service, tables } = context;
  const entry = tables.get(table)?.entry;
  const location = entry?.location ?? table;
  return copyForms.map(({ form, label }) => {
    if (form === 'json') {
      return {
        label,
        description: 'detail of the latest version',
        text: async () =>
          JSON.stringify(
            await withProgress({ title: 'Reading the detail' }, (call) =>
              service.detail(location, { at: 'latest' }, call),
            ),
            undefined,
            2,
          ),
      };
    }
    const text = copyText(form, location, entry?.version);
    return { label, description: text, text: () => Promise.resolve(text) };
  });
}

function columnItems(node: ColumnNode): CopyItem[] {
  const table = tableOf(node)?.table.entry;
  const items = [fixed('Name', node.path.join('.')), fixed('Type', node.column.type)];
  const [top] = node.path;
  return table === undefined || top === undefined
    ? items
    : [...items, fixed('SQL', sqlOf(table.location, table.version, [top]))];
}

function propertyItems(node: PropertyNode): CopyItem[] {
  const { name, value } = node.property;
  return [
    fixed('Value', value === '' ? name : value),
    fixed('Name', name),
    fixed('Name and Value', `${name}=${value}`),
  ];
}

function fixed(label: string, text: string): CopyItem {
  return { label, description: text, text: () => Promise.resolve(text) };
}
