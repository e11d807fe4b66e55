/** The files of a plan, asked for as they come into view, by action. */
import type { PlanPageEvents, PlanPageMethods } from '../../src/protocol/planPage';
import type { PlanItem, PlanItemAction, PlanView } from '../../src/protocol/views';
import { dropdown } from '../shared/controls';
import { el, icon } from '../shared/dom';
import type { PageLink } from '../shared/endpoint';
import { formatBytes, formatCount, plural, readableLocation } from '../shared/format';
import { PagedList } from '../shared/pagedList';
import { VirtualTable } from '../shared/virtualTable';
import type { Column, TableRow } from '../shared/virtualTable';

const pageSize = 200;
const rowHeight = 24;
/** Browsers cap the height of an element; past this many rows the words say where the rest is. */
const maximumRows = 700_000;
const allActions = 'all';

const actionWords: Readonly<
  Record<PlanItemAction, { readonly label: string; readonly glyph: string }>
> = {
  add: { label: 'add', glyph: 'diff-added' },
  remove: { label: 'remove', glyph: 'diff-removed' },
  copy: { label: 'copy', glyph: 'copy' },
  reuse: { label: 'reuse', glyph: 'check' },
};

/** The list of files with its filter. */
export class PlanFiles {
  readonly element: HTMLElement;
  private readonly table: VirtualTable<PlanItem>;
  private readonly words = el('p', { class: 'quiet', role: 'status' });
  private list: PagedList<PlanItem>;
  private rows = new Map<number, TableRow<PlanItem>>();

  constructor(
    private readonly link: PageLink<PlanPageMethods, PlanPageEvents>,
    plan: PlanView,
  ) {
    this.list = this.listOf(null);
    this.table = new VirtualTable<PlanItem>({
      label: 'Files of the plan',
      testId: 'plan-files',
      rowHeight,
      columns,
      rowAt: (index) => this.rowAt(index),
      keyAt: (index) => index,
      onVisible: (first, last) => {
        this.list.want(first, last);
      },
    });
    const filter = dropdown({
      label: 'Filter files by action',
      testId: 'plan-files-action',
      onChange: (value) => {
        this.show(isAction(value) ? value : null);
      },
    });
    filter.setChoices(
      [
        { value: allActions, label: 'All actions' },
        choice('add', plan.filesToAdd.files),
        choice('remove', plan.filesToRemove.files),
        choice('copy', plan.filesToCopy.files),
        choice('reuse', plan.filesReused.files),
      ],
      allActions,
    );
    this.element = el(
      'section',
      { class: 'files', 'aria-label': 'Files' },
      el(
        'div',
        { class: 'files-head' },
        el('h2', {}, 'Files'),
        this.words,
        el('span', { class: 'spacer' }),
        filter.element,
      ),
      this.table.element,
    );
    this.list.want(0, 0);
  }

  private show(action: PlanItemAction | null): void {
    this.list.close();
    this.list = this.listOf(action);
    this.rows.clear();
    this.table.scrollTo(0);
    this.refresh();
    this.list.want(0, 0);
  }

  private listOf(action: PlanItemAction | null): PagedList<PlanItem> {
    return new PagedList(
      pageSize,
      (offset, limit) =>
        this.link.ask('plan.items', [
          action === null ? { offset, limit } : { offset, limit, action },
        ]),
      () => {
        this.refresh();
      },
    );
  }

  private refresh(): void {
    const { total, error } = this.list;
    const shown = Math.min(total ?? 0, maximumRows);
    this.words.textContent =
      total === null
        ? error === null
          ? 'Loading…'
          : ''
        : total > shown
          ? `the first ${formatCount(shown)} of ${plural(total, 'file')}; the command line lists them all`
          : plural(total, 'file');
    // One row of words: nothing there, or the reason why nothing can be told.
    this.table.refresh(shown === 0 ? 1 : shown);
    const height = Math.min(12, Math.max(2, shown + 1)) * rowHeight + 14;
    this.table.element.style.height = `${String(height)}px`;
  }

  private rowAt(index: number): TableRow<PlanItem> {
    const item = this.list.at(index);
    const before = this.rows.get(index);
    if (item !== undefined) {
      if (before?.kind === 'row' && before.row === item) return before;
      return this.remember(index, { kind: 'row', row: item, testId: `plan-file-${String(index)}` });
    }
    const { error, total } = this.list;
    if (error !== null) {
      const words = `The files could not be listed: ${error.message}`;
      if (before?.kind === 'words' && before.words === words) return before;
      return this.remember(index, {
        kind: 'words',
        words,
        className: 'is-failed',
        retry: () => {
          this.list.retry();
          this.list.want(index, index);
        },
      });
    }
    const words = total === 0 ? 'No file is touched.' : 'Loading…';
    return before?.kind === 'words' && before.words === words
      ? before
      : this.remember(index, { kind: 'words', words });
  }

  private remember(index: number, row: TableRow<PlanItem>): TableRow<PlanItem> {
    this.rows.set(index, row);
    return row;
  }
}

const columns: readonly Column<PlanItem>[] = [
  {
    id: 'action',
    label: 'Action',
    width: 110,
    cell: ({ action }) =>
      el(
        'span',
        { class: `file-action is-${action}` },
        icon(actionWords[action].glyph),
        actionWords[action].label,
      ),
  },
  {
    id: 'path',
    label: 'File',
    width: 460,
    cell: ({ path }) => el('span', { class: 'cut mono' }, readableLocation(path)),
    cellTitle: ({ path }) => path,
  },
  {
    id: 'size',
    label: 'Size',
    width: 96,
    isNumeric: true,
    cell: ({ size }) => formatBytes(size),
    cellTitle: ({ size }) => `${formatCount(size)} bytes`,
  },
  {
    id: 'partition',
    label: 'Partition',
    width: 200,
    cell: ({ partitionValues }) => el('span', { class: 'cut' }, partitionText(partitionValues)),
    cellTitle: ({ partitionValues }) => partitionText(partitionValues),
  },
  {
    id: 'deletionVector',
    label: 'Deletion vector',
    width: 130,
    cell: ({ hasDeletionVector }) => (hasDeletionVector ? 'yes' : ''),
  },
];

function partitionText(values: Readonly<Record<string, string | null>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value ?? 'null'}`)
    .join(', ');
}

function choice(
  action: PlanItemAction,
  files: number,
): { readonly value: string; readonly label: string } {
  return { value: action, label: `${actionWords[action].label} (${formatCount(files)})` };
}

function isAction(value: string): value is PlanItemAction {
  return value in actionWords;
}
