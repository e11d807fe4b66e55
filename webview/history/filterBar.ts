/** The filters above the table, how much they looked through, and the choice of columns. */
import { button, checkbox, dropdown, progressRing, textField } from '../shared/controls';
import { el, setAttributes, setChildren } from '../shared/dom';
import { isFiltering, noFilters, operationChoices, userChoices } from './filters';
import type { Filters, LoadedExtent } from './filters';
import { extentInWords } from './filters';
import type { CommitRow } from '../../src/protocol/views';

export interface FilterBarHandlers {
  readonly onFilters: (filters: Filters) => void;
  readonly onLoadAll: () => void;
  readonly onStop: () => void;
  readonly onColumn: (id: string, isShown: boolean) => void;
}

export interface ColumnChoice {
  readonly id: string;
  readonly label: string;
  readonly isShown: boolean;
}

/** A person types on while the table is already filtered by what stands there. */
const typingMs = 150;

export class FilterBar {
  readonly element: HTMLElement;
  private readonly text;
  private readonly operation;
  private readonly user;
  private readonly clear;
  private readonly loadAll;
  private readonly stop;
  private readonly words = el('p', {
    class: 'extent quiet',
    role: 'status',
    'data-testid': 'history-extent',
  });
  private readonly ring = progressRing('Loading commits');
  private readonly columnsPanel = el('div', {
    class: 'columns-panel',
    role: 'group',
    'aria-label': 'Columns',
    hidden: true,
  });
  private filters: Filters;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(filters: Filters, columns: readonly ColumnChoice[], handlers: FilterBarHandlers) {
    this.filters = filters;
    const change = (part: Partial<Filters>): void => {
      this.filters = { ...this.filters, ...part };
      handlers.onFilters(this.filters);
    };
    this.text = textField({
      label: 'Filter commits by text',
      placeholder: 'Filter by text',
      icon: 'filter',
      testId: 'history-filter-text',
      onInput: (text) => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
          change({ text });
        }, typingMs);
      },
    });
    this.text.setValue(filters.text);
    this.operation = dropdown({
      label: 'Filter by operation',
      testId: 'history-filter-operation',
      onChange: (operation) => {
        change({ operation });
      },
    });
    this.user = dropdown({
      label: 'Filter by user',
      testId: 'history-filter-user',
      onChange: (user) => {
        change({ user });
      },
    });
    this.clear = button({
      label: 'Clear filters',
      appearance: 'icon',
      icon: 'clear-all',
      testId: 'history-filter-clear',
      onClick: () => {
        this.text.setValue('');
        change(noFilters);
      },
    });
    this.loadAll = button({
      label: 'Load all',
      testId: 'history-load-all',
      onClick: handlers.onLoadAll,
    });
    this.stop = button({ label: 'Stop', testId: 'history-load-stop', onClick: handlers.onStop });
    this.element = el(
      'div',
      { class: 'filter-bar' },
      el(
        'div',
        { class: 'filter-controls', role: 'search', 'aria-label': 'Filter commits' },
        this.text.element,
        this.operation.element,
        this.user.element,
        this.clear.element,
        el(
          'div',
          { class: 'extent-line' },
          this.ring,
          this.words,
          this.loadAll.element,
          this.stop.element,
        ),
        this.columnsButton(columns, handlers),
      ),
    );
  }

  /** Shows what the filters found and what they could choose from. */
  show(
    commits: readonly CommitRow[],
    shown: number,
    extent: LoadedExtent,
    isLoadingAll: boolean,
  ): void {
    const { filters } = this;
    const filtering = isFiltering(filters);
    this.operation.setChoices(
      withChosen(
        [{ value: '', label: 'All operations' }, ...operationChoices(commits)],
        filters.operation,
      ),
      filters.operation,
    );
    this.user.setChoices(
      withChosen([{ value: '', label: 'All users' }, ...userChoices(commits)], filters.user),
      filters.user,
    );
    const words = `${extentInWords(shown, filtering, extent)}${isLoadingAll ? '. Loading…' : '.'}`;
    if (this.words.textContent !== words) setChildren(this.words, words);
    this.ring.hidden = !isLoadingAll;
    this.stop.element.hidden = !isLoadingAll;
    this.loadAll.element.hidden = isLoadingAll || extent.isComplete || !filtering;
    this.clear.setEnabled(filtering);
  }

  focus(): void {
    this.text.focus();
  }

  private columnsButton(
    columns: readonly ColumnChoice[],
    handlers: FilterBarHandlers,
  ): HTMLElement {
    const toggle = button({
      label: 'Choose columns',
      appearance: 'icon',
      icon: 'split-horizontal',
      testId: 'history-columns',
      onClick: () => {
        showPanel(this.columnsPanel.hidden !== false);
      },
    });
    for (const column of columns) {
      this.columnsPanel.append(
        checkbox({
          label: column.label,
          isChecked: column.isShown,
          onChange: (isShown) => {
            handlers.onColumn(column.id, isShown);
          },
        }).element,
      );
    }
    const holder = el('div', { class: 'columns-holder' }, toggle.element, this.columnsPanel);
    const onOutside = (event: Event): void => {
      if (!holder.contains(event.target as Node)) showPanel(false);
    };
    const showPanel = (isShown: boolean): void => {
      this.columnsPanel.hidden = !isShown;
      setAttributes(toggle.element, { 'aria-expanded': String(isShown) });
      if (isShown) document.addEventListener('pointerdown', onOutside);
      else document.removeEventListener('pointerdown', onOutside);
    };
    holder.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.columnsPanel.hidden) return;
      showPanel(false);
      toggle.element.focus();
    });
    return holder;
  }
}

/** A chosen value stays a choice while no loaded commit has it. */
function withChosen(
  choices: readonly { readonly value: string; readonly label: string }[],
  chosen: string,
): readonly { readonly value: string; readonly label: string }[] {
  if (choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: `${chosen} (0)` }];
}
