/**
 * TreeNode -> what the editor shows of it, without the editor: `tablesView.ts` copies these fields into tree items. A context value
 * is a kind with `+flag`s, which `when` clauses of package.json match one by one.
 */
import type { TableEntry, TableOverview } from '../../protocol/views';
import { cloneWords, formatBytes, formatCount, plural } from '../format';
import { displayPath, localPath } from '../locations';
import { errorLabel, errorWayOut } from '../messages';
import { formatInZone } from '../timeZone';
import { shownOverview } from './knownTables';
import type { ColumnNode, PropertyNode, TableNode, TreeNode } from './nodes';

export interface ItemView {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon, and the theme colour it is drawn in. */
  readonly icon: string;
  readonly iconColor?: string;
  /** Absent: asked for when the pointer rests on the item. */
  readonly tooltip?: string;
  readonly contextValue: string;
  readonly state: 'none' | 'collapsed' | 'expanded';
  readonly accessibilityLabel: string;
}

/** Every flag that a table's context value may carry. */
export const tableFlags = ['readable', 'writable', 'error', 'clone', 'opened', 'local'] as const;
/** Every kind that a context value may begin with. */
export const contextKinds = [
  'folder',
  'table',
  'columns',
  'column',
  'properties',
  'property',
  'loading',
  'error',
] as const satisfies readonly TreeNode['kind'][];

const errorColor = 'list.errorForeground';
const warningColor = 'list.warningForeground';

/** The item of a node. */
export function itemOf(node: TreeNode): ItemView {
  switch (node.kind) {
    case 'folder':
      return plain(
        node,
        node.label,
        plural(node.tables.length, 'table'),
        'root-folder',
        'expanded',
      );
    case 'table':
      return tableItem(node);
    case 'columns':
      return plain(
        node,
        'Columns',
        formatCount(node.columns.length),
        'symbol-structure',
        node.columns.length === 0 ? 'none' : 'collapsed',
      );
    case 'column':
      return columnItem(node);
    case 'properties':
      return plain(node, 'Properties', '', 'settings', 'collapsed');
    case 'property':
      return propertyItem(node);
    case 'loading':
      return plain(node, 'Loading...', '', 'loading~spin', 'none');
    case 'error':
      return {
        ...plain(node, errorLabel(node.error.code), node.error.message, 'error', 'none'),
        iconColor: errorColor,
        tooltip: errorTooltip(node.error),
      };
    default:
      return node satisfies never;
  }
}

/** The tooltip of a table whose overview was read: Markdown, with all texts from tables escaped. */
export function tableTooltip(entry: TableEntry, overview: TableOverview, timeZone = 'UTC'): string {
  const { detail } = overview;
  const lines = [
    `**${escapeMarkdown(entry.name)}**`,
    escapeMarkdown(displayPath(entry.location)),
    `Version ${detail.version}, ${escapeMarkdown(`${formatInZone(detail.timestamp, timeZone)} (${timeZone})`)}`,
    [
      detail.numRows === null ? '' : plural(detail.numRows, 'row'),
      detail.numFiles === null ? '' : plural(detail.numFiles, 'file'),
      detail.sizeInBytes === null ? '' : formatBytes(detail.sizeInBytes),
    ]
      .filter((part) => part !== '')
      .join(', '),
    entry.cloneOf === undefined ? '' : escapeMarkdown(cloneSentence(entry)),
    detail.description === null ? '' : escapeMarkdown(detail.description),
    detail.partitionColumns.length === 0
      ? ''
      : `Partitioned by ${escapeMarkdown(detail.partitionColumns.join(', '))}`,
    detail.tableFeatures.length === 0
      ? ''
      : `Table features: ${escapeMarkdown(detail.tableFeatures.join(', '))}`,
    ...(detail.support.explanations ?? detail.support.reasons).map(
      (reason) => `$(warning) ${escapeMarkdown(reason)}`,
    ),
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** The tooltip of something that cannot be read: code, message and way out. */
export function errorTooltip(error: { readonly code: string; readonly message: string }): string {
  return [
    `**${escapeMarkdown(errorLabel(error.code))}** (${escapeMarkdown(error.code)})`,
    escapeMarkdown(error.message),
    escapeMarkdown(errorWayOut(error.code)),
  ].join('\n\n');
}

function tableItem(node: TableNode): ItemView {
  const { entry, isOpened, overview } = node.table;
  const support = shownOverview(overview)?.detail.support;
  const isUnreadable = support?.read === false;
  const flags: Readonly<Record<(typeof tableFlags)[number], boolean>> = {
    readable: entry.error === undefined && !isUnreadable,
    writable: entry.error === undefined && !isUnreadable && support?.write !== false,
    error: entry.error !== undefined,
    clone: entry.cloneOf !== undefined,
    opened: isOpened,
    local: localPath(entry.location) !== undefined,
  };
  return {
    id: node.id,
    label: entry.name,
    description: tableDescription(node, 'short'),
    ...tableIcon(entry, isUnreadable),
    ...(entry.error === undefined ? {} : { tooltip: errorTooltip(entry.error) }),
    contextValue: ['table', ...tableFlags.filter((flag) => flags[flag])].join('+'),
    state: node.clones.length > 0 ? 'expanded' : entry.error === undefined ? 'collapsed' : 'none',
    accessibilityLabel: `${entry.name}, ${tableDescription(node, 'whole').replaceAll(' · ', ', ')}`,
  };
}

function tableIcon(
  entry: TableEntry,
  isUnreadable: boolean,
): { readonly icon: string; readonly iconColor?: string } {
  if (entry.error !== undefined) return { icon: 'error', iconColor: errorColor };
  if (isUnreadable) return { icon: 'warning', iconColor: warningColor };
  const kind = entry.cloneOf?.kind;
  switch (kind) {
    case 'shallow':
    case 'unknown':
      return { icon: 'repo-forked' };
    case 'deep':
      return { icon: 'repo-clone' };
    case undefined:
      return { icon: 'table' };
    default:
      return kind satisfies never;
  }
}

/**
 * `shallow clone of v3 · v0 · 12 files · 1.2 MB`, or `shallow of v3 · ...` where a clone stands under its source and a narrow
 * sidebar would cut what matters; what cannot be read says why instead.
 */
function tableDescription(node: TableNode, form: 'short' | 'whole'): string {
  const { entry, overview } = node.table;
  const parts = node.hint === undefined ? [] : [node.hint];
  if (entry.cloneOf !== undefined) {
    const { kind, version, location } = entry.cloneOf;
    const source = node.isUnderSource
      ? ''
      : ` ${displayPath(location).split(/[\\/]/).at(-1) ?? ''}`;
    const at = version === null ? '' : ` v${version}`;
    const isShort = form === 'short' && source === '' && at !== '' && kind !== 'unknown';
    const words = isShort ? kind : cloneWords[kind];
    parts.push(source === '' && at === '' ? words : `${words} of${source}${at}`);
  }
  if (entry.error !== undefined) return [...parts, errorLabel(entry.error.code)].join(' · ');
  const support = shownOverview(overview)?.detail.support;
  if (support?.read === false) parts.push(`not readable: ${support.reasons.join(', ')}`);
  if (entry.version !== undefined) parts.push(`v${entry.version}`);
  if (typeof entry.numFiles === 'number') parts.push(plural(entry.numFiles, 'file'));
  if (typeof entry.sizeInBytes === 'number') parts.push(formatBytes(entry.sizeInBytes));
  return parts.join(' · ');
}

function cloneSentence(entry: TableEntry): string {
  if (entry.cloneOf === undefined) return '';
  const { kind, version, location } = entry.cloneOf;
  const words = cloneWords[kind];
  const start = words.charAt(0).toUpperCase() + words.slice(1);
  return version === null
    ? `${start} of ${displayPath(location)}`
    : `${start} of version ${version} of ${displayPath(location)}`;
}

function columnItem(node: ColumnNode): ItemView {
  const { column } = node;
  const description = [
    column.type,
    column.nullable ? '' : 'not null',
    column.isPartition ? 'partition' : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
  const icon = column.isPartition
    ? 'key'
    : column.children.length > 0
      ? 'symbol-structure'
      : 'symbol-field';
  const state = column.children.length > 0 ? 'collapsed' : 'none';
  return {
    ...plain(node, column.name, description, icon, state),
    tooltip: [
      `**${escapeMarkdown(node.path.join('.'))}** ${escapeMarkdown(description)}`,
      column.comment === undefined ? '' : escapeMarkdown(column.comment),
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
  };
}

function propertyItem(node: PropertyNode): ItemView {
  const { property } = node;
  return {
    ...plain(
      node,
      property.name,
      property.value,
      property.icon,
      property.children.length > 0 ? 'collapsed' : 'none',
    ),
    ...(property.isWarning ? { iconColor: warningColor } : {}),
    tooltip: `**${escapeMarkdown(property.name)}**\n\n${escapeMarkdown(property.value)}`,
  };
}

function plain(
  node: TreeNode,
  label: string,
  description: string,
  icon: string,
  state: ItemView['state'],
): ItemView {
  return {
    id: node.id,
    label,
    description,
    icon,
    tooltip: escapeMarkdown(description === '' ? label : `${label}: ${description}`),
    contextValue: node.kind,
    state,
    accessibilityLabel: description === '' ? label : `${label}, ${description}`,
  };
}

/** Texts of tables are shown, never interpreted: no links, no icons, no emphasis. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|<>~$-]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll(/\r?\n/g, ' ');
}
