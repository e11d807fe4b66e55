import { Uri, commands, workspace } from 'vscode';
import { localPath } from '../locations';
import { locationOfArgument } from './commandIds';
import type { CommandHandler } from './context';

/** Shows a table's folder in the explorer where it lies in the workspace, else in the system's file manager. */
export const revealInFileExplorer: CommandHandler = async (_context, argument) => {
  const location = locationOfArgument(argument);
  const path = location === undefined ? undefined : localPath(location);
  if (path === undefined) return;
  const uri = Uri.file(path);
  const isInside = workspace.getWorkspaceFolder(uri) !== undefined;
  await commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', uri);
};
