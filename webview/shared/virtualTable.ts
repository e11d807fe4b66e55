/**
 * A table of any length that keeps only the visible rows in the document: rows come from `@tanstack/virtual-core`, semantics
 * are a real ARIA grid (row and column counts, indexes, one tab stop, arrow keys), the header sticks, and a row may open a
 * detail row below itself. What a row shows is decided by the page; the table asks for it again when `refresh` says so.
 */
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { VirtualizerOptions } from '@tanstack/virtual-core';
import { ColumnWidths } from './columnWidths';
import { append, el, setAttributes } from './dom';
import type { Child } from './dom';
import { nextPosition } from './gridNavigation';
import type { GridPosition } from './gridNavigation';

export interface Column<R> {
  readonly id: string;
  readonly label: string;
  /** Said on hover of the header. */
  readonly title?: string;
  /** CSS pixels. */
  readonly width: number;
  readonly isNumeric?: boolean;
  /** Stays at the edge while the table scrolls sideways. */
  readonly sticks?: 'start' | 'end';
  /** Spoken but not shown in the header. */
  readonly isLabelHidden?: boolean;
  readonly cell: (row: R, index: number) => Child;
  /** The whole text, for what the cell may cut off. */
  readonly cellTitle?: (row: R) => string | undefined;
}

/** A row that is there, or words in place of one (loading, failed, absent). */
export type TableRow<R> =
  | { readonly kind: 'row'; readonly row: R; readonly testId?: string; readonly className?: string }
  | {
      readonly kind: 'words';
      readonly words: string;
      readonly className?: string;
      readonly retry?: () => void;
    };

export interface VirtualTableOptions<R> {
  readonly label: string;
  readonly testId: string;
  /** CSS pixels, the same for every row. */
  readonly rowHeight: number;
  readonly columns: readonly Column<R>[];
  /** Must return the same object while nothing about the row changed: rows are drawn again when it is another one. */
  readonly rowAt: (index: number) => TableRow<R>;
  /** Stays with a row when rows are inserted above it. */
  readonly keyAt: (index: number) => string | number;
  /** Where a key's row is now, -1 when it is not shown; needed where rows open. */
  readonly indexOf?: (key: string | number) => number;
  /** What an opened row shows; without it rows do not open. */
  readonly details?: (row: R) => HTMLElement;
  /** Called with the visible rows after each draw. */
  readonly onVisible?: (first: number, last: number) => void;
  /** The keyboard's context menu key, or the mouse's right button. */
  readonly onMenu?: (
    row: R,
    at: { readonly x: number; readonly y: number },
    origin: HTMLElement,
  ) => void;
  readonly onScroll?: (scrollTop: number) => void;
  readonly onLayoutChange?: () => void;
  readonly widths?: Readonly<Record<string, number>>;
}

interface DrawnRow {
  readonly element: HTMLElement;
  readonly row: HTMLElement;
  readonly source: TableRow<unknown>;
  readonly isOpen: boolean;
  readonly detail: HTMLElement | null;
  index: number;
}

export class VirtualTable<R> {
  readonly element: HTMLElement;
  private readonly head: HTMLElement;
  private readonly body: HTMLElement;
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private readonly widths: ColumnWidths;
  private readonly drawn = new Map<string | number, DrawnRow>();
  private readonly open = new Set<string | number>();
  private readonly detailSizes: ResizeObserver;
  private columns: readonly Column<R>[];
  private count = 0;
  private active: GridPosition = { row: 0, column: 0 };
  private drawId = 0;

  constructor(private readonly options: VirtualTableOptions<R>) {
    this.columns = options.columns;
    this.head = el('div', { role: 'rowgroup', class: 'grid-head' });
    this.body = el('div', { role: 'rowgroup', class: 'grid-body' });
    this.element = el(
      'div',
      { role: 'grid', 'aria-label': options.label, 'data-testid': options.testId, class: 'grid' },
      this.head,
      this.body,
    );
    this.element.style.setProperty('--row-height', `${String(options.rowHeight)}px`);
    this.widths = new ColumnWidths(
      this.element,
      new Map(Object.entries(options.widths ?? {})),
      () => options.onLayoutChange?.(),
    );
    this.detailSizes = new ResizeObserver((entries) => {
      this.measureDetails(entries);
    });
    this.element.addEventListener('keydown', (event) => {
      this.onKey(event);
    });
    this.element.addEventListener('focusin', (event) => {
      this.onFocus(event);
    });
    this.element.addEventListener('contextmenu', (event) => {
      this.onContextMenu(event);
    });
    this.element.addEventListener('dblclick', (event) => {
      this.onDoubleClick(event);
    });
    this.element.addEventListener(
      'scroll',
      () => {
        this.element.classList.toggle('is-scrolled-sideways', this.element.scrollLeft > 0);
        options.onScroll?.(this.element.scrollTop);
      },
      { passive: true },
    );
    new ResizeObserver(() => {
      this.element.style.setProperty('--view-width', `${String(this.element.clientWidth)}px`);
    }).observe(this.element);
    this.drawHead();
    this.virtualizer = new Virtualizer(this.virtualizerOptions());
    this.virtualizer._didMount();
    this.virtualizer._willUpdate();
  }

  /** Widths that a person changed, by column. */
  columnWidths(): Record<string, number> {
    return this.widths.entries();
  }

  /** Another set of columns; rows stay where they are. */
  setColumns(columns: readonly Column<R>[]): void {
    this.columns = columns;
    this.active = { ...this.active, column: Math.min(this.active.column, columns.length - 1) };
    this.drawHead();
    this.redraw();
  }

  /** Rows were added, removed, or became others. */
  refresh(count: number): void {
    this.count = count;
    this.active = { ...this.active, row: Math.max(-1, Math.min(this.active.row, count - 1)) };
    this.virtualizer.setOptions(this.virtualizerOptions());
    this.virtualizer._willUpdate();
    this.draw();
  }

  /** Draws every visible row anew, whatever it was made from. */
  redraw(): void {
    for (const drawn of this.drawn.values()) this.remove(drawn);
    this.drawn.clear();
    this.draw();
  }

  /** Keeps what is being read in place when rows arrive above it. */
  shiftBy(rows: number): void {
    if (this.active.row >= 0) this.active = { ...this.active, row: this.active.row + rows };
    if (this.element.scrollTop > 0)
      this.scrollTo(this.element.scrollTop + rows * this.options.rowHeight);
  }

  scrollTo(offset: number): void {
    this.virtualizer.scrollToOffset(offset);
  }

  isOpen(key: string | number): boolean {
    return this.open.has(key);
  }

  openKeys(): readonly (string | number)[] {
    return [...this.open];
  }

  /** Opens or closes rows by key; also rows that are not in view. */
  setOpen(key: string | number, isOpen: boolean): void {
    if (isOpen === this.open.has(key)) return;
    if (isOpen) this.open.add(key);
    else this.open.delete(key);
    const drawn = this.drawn.get(key);
    if (!isOpen && drawn !== undefined) {
      this.virtualizer.resizeItem(drawn.index, this.options.rowHeight);
    }
    this.draw();
    this.options.onLayoutChange?.();
  }

  /** Puts the keyboard focus on a cell, scrolling to it. */
  focusCell(position: GridPosition): void {
    this.active = position;
    if (position.row >= 0) this.virtualizer.scrollToIndex(position.row);
    this.draw();
    const cell = this.cellAt(position);
    if (cell !== null) {
      this.updateTabStop();
      cell.focus({ preventScroll: true });
      this.scrollSidewaysTo(cell);
      return;
    }
    // A far row is drawn after the scroll has happened.
    requestAnimationFrame(() => {
      this.draw();
      this.updateTabStop();
      const drawnCell = this.cellAt(this.active);
      drawnCell?.focus({ preventScroll: true });
      if (drawnCell) this.scrollSidewaysTo(drawnCell);
    });
  }

  private virtualizerOptions(): VirtualizerOptions<HTMLElement, HTMLElement> {
    return {
      count: this.count,
      getScrollElement: () => this.element,
      estimateSize: () => this.options.rowHeight,
      getItemKey: (index) => this.options.keyAt(index),
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      overscan: 8,
      // The header lies above the rows inside the same scroller and covers what scrolls under it.
      scrollMargin: this.options.rowHeight,
      scrollPaddingStart: this.options.rowHeight,
      // The focused row stays in the document when it is scrolled away, or the focus would be lost with it.
      rangeExtractor: (range) => {
        const indexes = defaultRangeExtractor(range);
        const { row } = this.active;
        if (row < 0 || row >= this.count || indexes.includes(row)) return indexes;
        return [...indexes, row].sort((a, b) => a - b);
      },
      onChange: () => {
        this.requestDraw();
      },
    };
  }

  /** Several changes in one frame are drawn once. */
  private requestDraw(): void {
    if (this.drawId !== 0) return;
    this.drawId = requestAnimationFrame(() => {
      this.drawId = 0;
      this.draw();
    });
  }

  private drawHead(): void {
    const row = el('div', { role: 'row', class: 'grid-row', 'aria-rowindex': 1 });
    this.columns.forEach((column, index) => {
      const cell = el(
        'div',
        {
          role: 'columnheader',
          'aria-colindex': index + 1,
          class: cellClass(column),
          tabindex: -1,
          title: column.title,
        },
        el(
          'span',
          { class: column.isLabelHidden === true ? 'visually-hidden' : 'grid-label' },
          column.label,
        ),
        column.sticks === 'end' ? null : this.widths.handle(column),
      );
      row.append(cell);
    });
    this.head.replaceChildren(row);
    this.element.setAttribute('aria-colcount', String(this.columns.length));
    this.widths.show(this.columns);
  }

  private draw(): void {
    const items = this.virtualizer.getVirtualItems();
    this.body.style.height = `${String(this.virtualizer.getTotalSize())}px`;
    const openAbove = this.openIndexes();
    this.element.setAttribute('aria-rowcount', String(this.count + openAbove.length + 1));
    const wanted = new Set<string | number>();
    let previous: Element | null = null;
    for (const item of items) {
      const key = this.options.keyAt(item.index);
      wanted.add(key);
      const drawn = this.drawRow(key, item.index);
      drawn.index = item.index;
      const top = item.start - this.options.rowHeight;
      drawn.element.style.transform = `translateY(${String(top)}px)`;
      const rowIndex = item.index + 2 + openAbove.filter((index) => index < item.index).length;
      setAttributes(drawn.row, { 'aria-rowindex': rowIndex });
      if (drawn.detail) setAttributes(drawn.detail, { 'aria-rowindex': rowIndex + 1 });
      // Readers follow the order of the document; a row in its place is not moved, for moving it would take its focus.
      const next: Element | null =
        previous === null ? this.body.firstElementChild : previous.nextElementSibling;
      if (next !== drawn.element) this.body.insertBefore(drawn.element, next);
      previous = drawn.element;
    }
    for (const [key, drawn] of this.drawn) {
      if (wanted.has(key)) continue;
      this.remove(drawn);
      this.drawn.delete(key);
    }
    this.updateTabStop();
    const { range } = this.virtualizer;
    if (range !== null && this.count > 0) {
      this.options.onVisible?.(range.startIndex, Math.min(range.endIndex, this.count - 1));
    }
  }

  private openIndexes(): readonly number[] {
    const { indexOf } = this.options;
    if (indexOf === undefined) return [];
    return [...this.open].map((key) => indexOf(key)).filter((index) => index >= 0);
  }

  private drawRow(key: string | number, index: number): DrawnRow {
    const source = this.options.rowAt(index);
    const isOpen =
      this.options.details !== undefined && source.kind === 'row' && this.open.has(key);
    const before = this.drawn.get(key);
    if (before?.source === source && before.isOpen === isOpen) return before;
    const hadFocus = before?.element.contains(document.activeElement) === true;
    const drawn = this.buildRow(source, index, isOpen);
    if (before === undefined) this.body.append(drawn.element);
    else {
      this.detailSizes.unobserve(before.element);
      before.element.replaceWith(drawn.element);
    }
    this.drawn.set(key, drawn);
    if (isOpen) this.detailSizes.observe(drawn.element);
    if (hadFocus) this.cellAt(this.active)?.focus({ preventScroll: true });
    return drawn;
  }

  private buildRow(source: TableRow<R>, index: number, isOpen: boolean): DrawnRow {
    const row = el('div', {
      role: 'row',
      class: `grid-row ${source.className ?? ''}`,
      'data-testid': source.kind === 'row' ? source.testId : undefined,
    });
    if (source.kind === 'row') {
      this.columns.forEach((column, columnIndex) => {
        const cell = el('div', {
          role: 'gridcell',
          'aria-colindex': columnIndex + 1,
          class: cellClass(column),
          tabindex: -1,
          title: column.cellTitle?.(source.row),
        });
        append(cell, [column.cell(source.row, index)]);
        row.append(cell);
      });
    } else {
      row.append(this.wordsCell(source));
    }
    const element = el('div', { role: 'presentation', class: 'grid-item' }, row);
    let detail: HTMLElement | null = null;
    if (isOpen && source.kind === 'row' && this.options.details !== undefined) {
      detail = el(
        'div',
        { role: 'row', class: 'grid-detail' },
        el(
          'div',
          { role: 'gridcell', 'aria-colspan': this.columns.length, class: 'grid-detail-cell' },
          this.options.details(source.row),
        ),
      );
      element.append(detail);
    }
    return { element, row, source, isOpen, detail, index };
  }

  private wordsCell(source: Extract<TableRow<R>, { kind: 'words' }>): HTMLElement {
    const cell = el(
      'div',
      {
        role: 'gridcell',
        'aria-colspan': this.columns.length,
        class: 'grid-cell grid-words',
        tabindex: -1,
      },
      source.words,
    );
    const { retry } = source;
    if (retry !== undefined) {
      const again = el(
        'button',
        { type: 'button', class: 'text-button', tabindex: -1 },
        'Try again',
      );
      again.addEventListener('click', retry);
      cell.append(' ', again);
    }
    return cell;
  }

  private remove(drawn: DrawnRow): void {
    this.detailSizes.unobserve(drawn.element);
    drawn.element.remove();
  }

  private measureDetails(entries: readonly ResizeObserverEntry[]): void {
    for (const entry of entries) {
      const drawn = [...this.drawn.values()].find((row) => row.element === entry.target);
      if (drawn?.isOpen !== true) continue;
      const height = Math.round(entry.target.getBoundingClientRect().height);
      if (height > 0) this.virtualizer.resizeItem(drawn.index, height);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const cell = target.closest<HTMLElement>('[role="gridcell"],[role="columnheader"]');
    if (cell === null || cell.classList.contains('grid-detail-cell')) {
      if (event.key === 'Escape' && cell !== null) this.focusCell(this.active);
      return;
    }
    if (target !== cell) {
      this.onKeyInside(event, cell, target);
      return;
    }
    const column = this.columns[this.active.column];
    if (cell.role === 'columnheader' && event.shiftKey && column !== undefined) {
      const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
      if (step !== 0) {
        event.preventDefault();
        this.widths.nudge(column, step);
      }
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.enter(cell);
      return;
    }
    const next = nextPosition(event, this.active, {
      rowCount: this.count,
      columnCount: this.columns.length,
      rowsPerPage: Math.floor(this.element.clientHeight / this.options.rowHeight) - 1,
    });
    if (next === null || event.altKey) return;
    event.preventDefault();
    this.focusCell(next);
  }

  /** Inside a cell: left and right walk its buttons, Escape leads back to the cell. */
  private onKeyInside(event: KeyboardEvent, cell: HTMLElement, target: HTMLElement): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      cell.focus();
      return;
    }
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...cell.querySelectorAll<HTMLElement>('button')];
    buttons[buttons.indexOf(target) + step]?.focus();
  }

  /** Enter on a cell with several buttons goes into it; elsewhere it opens or closes the row. */
  private enter(cell: HTMLElement): void {
    const buttons = cell.querySelectorAll<HTMLElement>('button');
    const first = buttons[0];
    if (first !== undefined && !first.hasAttribute('aria-expanded')) {
      first.focus();
      return;
    }
    this.toggle(this.active.row);
  }

  private toggle(index: number): void {
    if (index < 0 || index >= this.count || this.options.details === undefined) return;
    const key = this.options.keyAt(index);
    this.setOpen(key, !this.open.has(key));
  }

  private onFocus(event: FocusEvent): void {
    const cell = (event.target as HTMLElement).closest<HTMLElement>(
      '[role="gridcell"],[role="columnheader"]',
    );
    if (cell === null) return;
    const column = Number(cell.getAttribute('aria-colindex') ?? 1) - 1;
    if (cell.role === 'columnheader') this.active = { row: -1, column };
    else {
      const drawn = this.drawnRowOf(cell);
      if (drawn === undefined) return;
      this.active = {
        row: drawn.index,
        column: drawn.detail?.contains(cell) === true ? this.active.column : column,
      };
    }
    this.updateTabStop();
  }

  private onContextMenu(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const drawn = this.drawnRowOf(target);
    if (drawn?.source.kind !== 'row' || this.options.onMenu === undefined) return;
    if (drawn.detail?.contains(target) === true) return;
    event.preventDefault();
    const box = target.getBoundingClientRect();
    // The keyboard's menu key reports no pointer.
    const at =
      event.clientX === 0 && event.clientY === 0
        ? { x: box.left + 8, y: box.bottom }
        : { x: event.clientX, y: event.clientY };
    this.options.onMenu(drawn.source.row as R, at, target);
  }

  private onDoubleClick(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const drawn = this.drawnRowOf(target);
    if (drawn === undefined || target.closest('button') !== null) return;
    if (drawn.row.contains(target)) this.toggle(drawn.index);
  }

  private drawnRowOf(element: HTMLElement): DrawnRow | undefined {
    const item = element.closest('.grid-item');
    return [...this.drawn.values()].find((drawn) => drawn.element === item);
  }

  private cellAt({ row, column }: GridPosition): HTMLElement | null {
    const parent =
      row < 0
        ? this.head.firstElementChild
        : [...this.drawn.values()].find((drawn) => drawn.index === row)?.row;
    const cells = parent?.children;
    return ((cells?.[column] ?? cells?.[0]) as HTMLElement | undefined) ?? null;
  }

  /** One cell of the grid is in the tab order: the one that had the focus last. */
  private updateTabStop(): void {
    for (const stop of this.element.querySelectorAll(
      '[role="gridcell"][tabindex="0"],[role="columnheader"][tabindex="0"]',
    )) {
      stop.setAttribute('tabindex', '-1');
    }
    (this.cellAt(this.active) ?? this.cellAt({ row: -1, column: 0 }))?.setAttribute(
      'tabindex',
      '0',
    );
  }

  private scrollSidewaysTo(cell: HTMLElement): void {
    if (cell.classList.contains('sticks-start') || cell.classList.contains('sticks-end')) return;
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function cellClass(column: {
  readonly isNumeric?: boolean;
  readonly sticks?: 'start' | 'end';
}): string {
  const classes = ['grid-cell'];
  if (column.isNumeric === true) classes.push('is-numeric');
  if (column.sticks !== undefined) classes.push(`sticks-${column.sticks}`);
  return classes.join(' ');
}
