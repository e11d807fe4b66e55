/** Where a clone goes: a suggested place beside the source, checked while it is typed; a table that stands there is asked about. */
import { Uri, window, workspace } from 'vscode';
import type { CloneSpec, Location } from '../../protocol/views';
import { operationTitles } from '../format';
import { baseName, hasScheme, joinPath, localPath } from '../locations';
import { suggestTargets, validateTarget } from '../targets';
import type { CommandContext } from './context';
import { ask } from './quickPick';

export interface TargetAnswer {
  readonly target: string;
  readonly replace: boolean;
}

/** Undefined when the input is closed. */
export async function pickTarget(
  context: CommandContext,
  kind: CloneSpec['kind'],
  source: Location,
): Promise<TargetAnswer | undefined> {
  const title = `${operationTitles[kind]} of ${baseName(source)}`;
  let value = await freePlace(context, kind, source);
  for (;;) {
    const target = await ask({
      title,
      prompt: 'Path or URI of the folder that becomes the clone',
      value,
      validate: (text) => validateTarget(text, source),
      folderButton: {
        tooltip: 'Choose the Folder to Put It In...',
        toText: (folder) => joinPath(folder, baseName(value)),
      },
    });
    if (target === undefined) return undefined;
    if (!(await holdsTable(context, target))) return { target, replace: false };
    const answer = await askReplace(title, target);
    if (answer === undefined) return undefined;
    if (answer === 'replace') return { target, replace: true };
    value = target;
  }
}

async function freePlace(
  context: CommandContext,
  kind: CloneSpec['kind'],
  source: Location,
): Promise<string> {
  let tries = 0;
  for (const place of suggestTargets(kind, source)) {
    if (++tries > 50) return place;
    if (context.tables.get(place) === undefined && !(await exists(place))) return place;
  }
  return '';
}

async function askReplace(title: string, target: string): Promise<'replace' | 'other' | undefined> {
  const items = [
    {
      label: '$(replace) Replace It',
      description:
        'one commit that removes its files and adds those of the clone; its history is kept',
      answer: 'replace' as const,
    },
    { label: '$(edit) Choose Another Place', answer: 'other' as const },
  ];
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: `${baseName(target)} is a Delta table already`,
    ignoreFocusOut: true,
  });
  return chosen?.answer;
}

async function holdsTable(context: CommandContext, target: string): Promise<boolean> {
  const known = context.tables.get(target);
  if (known !== undefined && known.entry.error === undefined) return true;
  return exists(joinPath(target, '_delta_log'));
}

async function exists(place: string): Promise<boolean> {
  const path = localPath(place);
  if (path === undefined || (hasScheme(path) && !/^[A-Za-z]:/.test(path))) return false;
  try {
    await workspace.fs.stat(Uri.file(path));
    return true;
  } catch {
    return false;
  }
}
