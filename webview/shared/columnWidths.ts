/** Widths of a table's columns: one CSS variable on the grid, changed by dragging a header's edge or by Shift+Arrow on it. */
import { el } from './dom';

export interface SizedColumn {
  readonly id: string;
  /** CSS pixels. */
  readonly width: number;
}

const minimumWidth = 48;
const maximumWidth = 1600;

export class ColumnWidths {
  private columns: readonly SizedColumn[] = [];

  constructor(
    private readonly grid: HTMLElement,
    private readonly changed: Map<string, number>,
    private readonly onChange: () => void,
  ) {}

  /** Lays the grid out anew for these columns. */
  show(columns: readonly SizedColumn[]): void {
    this.columns = columns;
    this.apply();
  }

  /** Widths that differ from the columns' own. */
  entries(): Record<string, number> {
    return Object.fromEntries(this.changed);
  }

  /** The handle at the end of a header cell. */
  handle(column: SizedColumn): HTMLElement {
    const handle = el('span', { class: 'resize-handle', 'aria-hidden': 'true' });
    handle.addEventListener('pointerdown', (down) => {
      down.preventDefault();
      handle.setPointerCapture(down.pointerId);
      const before = this.widthOf(column);
      const move = (event: PointerEvent): void => {
        this.resize(column, before + event.clientX - down.clientX);
      };
      handle.addEventListener('pointermove', move);
      handle.addEventListener(
        'lostpointercapture',
        () => {
          handle.removeEventListener('pointermove', move);
          this.onChange();
        },
        { once: true },
      );
    });
    handle.addEventListener('dblclick', () => {
      this.changed.delete(column.id);
      this.apply();
      this.onChange();
    });
    return handle;
  }

  /** Widens or narrows by a step of the keyboard. */
  nudge(column: SizedColumn, by: number): void {
    this.resize(column, this.widthOf(column) + by);
    this.onChange();
  }

  private widthOf(column: SizedColumn): number {
    return this.changed.get(column.id) ?? column.width;
  }

  private resize(column: SizedColumn, width: number): void {
    this.changed.set(column.id, Math.round(Math.max(minimumWidth, Math.min(maximumWidth, width))));
    this.apply();
  }

  private apply(): void {
    const widths = this.columns.map((column) => `${String(this.widthOf(column))}px`);
    this.grid.style.setProperty('--columns', widths.join(' '));
  }
}
