/** The columns of the history table: those of DESCRIBE HISTORY, the telling ones first, and the actions of a row. */
import type { JsonObject } from '../../src/protocol/json';
import type { CommitRow } from '../../src/protocol/views';
import { tag } from '../shared/controls';
import { el, icon, iconButton } from '../shared/dom';
import type { Child } from '../shared/dom';
import { formatCount, formatTimestamp, formatTimestampWithZone } from '../shared/format';
import type { Column } from '../shared/virtualTable';
import { filesMissingReason, logOnlyReason } from './availability';
import { metricsSummary } from '../shared/metricWords';
import { cloneKindOf, operationInWords } from './operationWords';
import { parametersSummary } from './parameterWords';

export interface ColumnContext {
  /** A zone this runtime knows. */
  readonly timeZone: string;
  /** Little room: columns that may be cut are narrower. */
  readonly isNarrow: boolean;
  readonly latestVersion: () => number;
  readonly isOpen: (version: number) => boolean;
  readonly toggle: (version: number) => void;
  /** The buttons of a row. */
  readonly actions: (commit: CommitRow) => Child;
}

/** Every column, in the order of the page. */
export function historyColumns(context: ColumnContext): readonly Column<CommitRow>[] {
  const { timeZone } = context;
  return [
    {
      id: 'version',
      label: 'Version',
      title: 'version',
      width: 92,
      sticks: 'start',
      cell: (commit) => versionCell(commit, context),
    },
    {
      id: 'timestamp',
      label: `Time (${timeZone})`,
      title: `timestamp, shown in ${timeZone}`,
      width: context.isNarrow ? 164 : Math.max(168, 110 + timeZone.length * 7),
      cell: ({ timestamp }) =>
        el('span', { class: 'cut time' }, formatTimestamp(timestamp, timeZone)),
      cellTitle: ({ timestamp }) => `${formatTimestampWithZone(timestamp, timeZone)}\n${timestamp}`,
    },
    {
      id: 'operation',
      label: 'Operation',
      title: 'operation',
      width: context.isNarrow ? 260 : 380,
      cell: (commit) => operationCell(commit, context.latestVersion()),
      cellTitle: (commit) => `${operationInWords(commit)}\n${commit.operation ?? ''}`.trim(),
    },
    {
      id: 'operationMetrics',
      label: 'What changed',
      title: 'operationMetrics',
      width: 250,
      cell: ({ operationMetrics }) => cut(metricsSummary(operationMetrics)),
      cellTitle: ({ operationMetrics }) => rawLines(operationMetrics),
    },
    text('userName', 'User', 180, ({ userName }) => userName),
    {
      id: 'operationParameters',
      label: 'Parameters',
      title: 'operationParameters',
      width: 240,
      cell: ({ operationParameters }) =>
        cut(parametersSummary(operationParameters, timeZone), 'quiet'),
      cellTitle: ({ operationParameters }) => rawLines(operationParameters),
    },
    text('engineInfo', 'Engine', 220, ({ engineInfo }) => engineInfo),
    {
      ...text('readVersion', 'Read version', 104, ({ readVersion }) =>
        readVersion === null ? null : formatCount(readVersion),
      ),
      isNumeric: true,
    },
    text('isolationLevel', 'Isolation', 120, ({ isolationLevel }) => isolationLevel),
    text('isBlindAppend', 'Blind append', 108, ({ isBlindAppend }) =>
      isBlindAppend === null ? null : isBlindAppend ? 'yes' : 'no',
    ),
    text('userMetadata', 'User metadata', 200, ({ userMetadata }) => userMetadata),
    text('userId', 'User id', 130, ({ userId }) => userId),
    text('job', 'Job', 140, ({ job }) => objectText(job)),
    text('notebook', 'Notebook', 140, ({ notebook }) => objectText(notebook)),
    text('clusterId', 'Cluster', 160, ({ clusterId }) => clusterId),
    {
      id: 'actions',
      label: 'Actions',
      width: 132,
      sticks: 'end',
      isLabelHidden: true,
      cell: context.actions,
    },
  ];
}

/** Columns that a person may not hide: without them a row cannot be named or acted on. */
export const fixedColumns: ReadonlySet<string> = new Set(['version', 'actions']);

/** A JSON object of the commit on one line; null for none. */
export function objectText(value: JsonObject | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function text(
  id: string,
  label: string,
  width: number,
  read: (commit: CommitRow) => string | null,
): Column<CommitRow> {
  return {
    id,
    label,
    title: id,
    width,
    cell: (commit) => cut(read(commit) ?? ''),
    cellTitle: (commit) => read(commit) ?? undefined,
  };
}

function cut(words: string, className = ''): HTMLElement | null {
  return words === '' ? null : el('span', { class: `cut ${className}` }, words);
}

function versionCell(commit: CommitRow, context: ColumnContext): HTMLElement {
  const isOpen = context.isOpen(commit.version);
  const toggle = iconButton(
    isOpen ? 'chevron-down' : 'chevron-right',
    `${isOpen ? 'Hide' : 'Show'} details of version ${String(commit.version)}`,
    { 'data-testid': 'row-expand', 'aria-expanded': String(isOpen), tabindex: -1 },
    () => {
      context.toggle(commit.version);
    },
  );
  return el(
    'span',
    { class: 'version' },
    toggle,
    el('span', { class: 'version-number' }, formatCount(commit.version)),
  );
}

function operationCell(commit: CommitRow, latestVersion: number): HTMLElement {
  const kind = cloneKindOf(commit);
  return el(
    'span',
    { class: 'operation' },
    icon(operationIcon(commit), kind === null ? '' : 'is-clone'),
    el('span', { class: 'cut' }, operationInWords(commit)),
    commit.version === latestVersion ? tag('current', { class: 'mark' }) : null,
    commit.isRestorable
      ? null
      : tag('log only', { class: 'mark is-log-only', title: logOnlyReason }),
    commit.readable === 'files-missing'
      ? tag('files missing', { class: 'mark', title: filesMissingReason })
      : null,
  );
}

function operationIcon(commit: CommitRow): string {
  const name = commit.operation?.toUpperCase() ?? '';
  if (name === 'CLONE') return cloneKindOf(commit) === 'shallow' ? 'repo-forked' : 'repo-clone';
  if (name === 'RESTORE') return 'history';
  if (name === 'MERGE') return 'git-merge';
  if (name === 'DELETE' || name === 'TRUNCATE') return 'diff-removed';
  if (name === 'UPDATE') return 'diff-modified';
  if (name === 'OPTIMIZE' || name === 'REORG') return 'fold';
  if (name.startsWith('VACUUM') || name === 'FSCK') return 'trash';
  if (name.includes('WRITE') || name.startsWith('STREAMING')) return 'diff-added';
  if (name.startsWith('CREATE') || name.startsWith('REPLACE TABLE') || name === 'CONVERT')
    return 'table';
  if (name.includes('COLUMN')) return 'symbol-field';
  if (name.includes('PROPERTIES') || name.includes('PROTOCOL') || name.includes('FEATURE'))
    return 'settings';
  return 'git-commit';
}

function rawLines(values: Readonly<Record<string, string>> | null): string | undefined {
  if (values === null) return undefined;
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
  return lines.length === 0 ? undefined : lines.join('\n');
}
