/** Every command: its id once, and what it may be given. The manifest test compares this list with package.json. */
import type { AsOf, Location } from '../../protocol/views';
import type { TreeNode } from '../tree/nodes';

export const commandIds = {
  openHistory: 'deltaClones.openHistory',
  shallowClone: 'deltaClones.shallowClone',
  deepClone: 'deltaClones.deepClone',
  restore: 'deltaClones.restore',
  refresh: 'deltaClones.refresh',
  openTable: 'deltaClones.openTable',
  closeTable: 'deltaClones.closeTable',
  copyAs: 'deltaClones.copyAs',
  revealInFileExplorer: 'deltaClones.revealInFileExplorer',
  cancelScan: 'deltaClones.cancelScan',
  restartEngine: 'deltaClones.restartEngine',
  showLog: 'deltaClones.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/** Commands that write: hidden and refused in an untrusted workspace. */
export const writingCommands: ReadonlySet<CommandId> = new Set([
  commandIds.shallowClone,
  commandIds.deepClone,
  commandIds.restore,
]);

/** A resource as the explorer passes it; `vscode.Uri` has these fields. */
export interface UriLike {
  readonly scheme: string;
  readonly fsPath: string;
}

/** Answers given in advance; each one that is absent is asked for. */
export interface CloneAnswers {
  readonly at?: AsOf;
  /** Path or URI of the clone. */
  readonly target?: string;
  readonly replace?: boolean;
}

export interface RestoreAnswers {
  readonly at?: AsOf;
}

/** The table an argument names, undefined where it names none. */
export function locationOfArgument(argument: unknown): Location | undefined {
  if (typeof argument === 'string') return argument === '' ? undefined : argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (isTreeNode(argument)) {
    let node: TreeNode | undefined = argument;
    while (node !== undefined && node.kind !== 'table') node = node.parent;
    return node?.table.entry.location;
  }
  if ('scheme' in argument && 'fsPath' in argument && typeof argument.fsPath === 'string') {
    return argument.scheme === 'file' ? argument.fsPath : undefined;
  }
  return undefined;
}

/** True for a node of our tree; menus pass nodes as they were made. */
export function isTreeNode(argument: unknown): argument is TreeNode {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'kind' in argument &&
    'id' in argument &&
    'parent' in argument
  );
}

/** The answers in a second argument; a menu passes the selected nodes there, which are none. */
export function cloneAnswers(argument: unknown): CloneAnswers {
  if (!isPlainRecord(argument)) return {};
  const at = asOf(argument.at);
  return {
    ...(at === undefined ? {} : { at }),
    ...(typeof argument.target === 'string' ? { target: argument.target } : {}),
    ...(argument.replace === true ? { replace: true } : {}),
  };
}

export function restoreAnswers(argument: unknown): RestoreAnswers {
  const at = isPlainRecord(argument) ? asOf(argument.at) : undefined;
  return at === undefined ? {} : { at };
}

function asOf(value: unknown): AsOf | undefined {
  if (value === 'latest') return 'latest';
  if (!isPlainRecord(value)) return undefined;
  if (Number.isSafeInteger(value.version)) return { version: value.version as number };
  return typeof value.timestamp === 'string' ? { timestamp: value.timestamp } : undefined;
}

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTreeNode(value);
}
