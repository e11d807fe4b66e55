/** The history page: commits of a table, newest first, loaded as they come into view, filtered over what is loaded. */
import type {
  HistoryPageEvents,
  HistoryPageMethods,
  HistoryPageStart,
} from '../../src/protocol/historyPage';
import type { CommitRow, WireError } from '../../src/protocol/views';
import { el, icon, setChildren } from '../shared/dom';
import { button, progressRing } from '../shared/controls';
import { toWireError } from '../shared/endpoint';
import type { PageLink } from '../shared/endpoint';
import { formatCount, plural, usableZone } from '../shared/format';
import { VirtualTable } from '../shared/virtualTable';
import type { TableRow } from '../shared/virtualTable';
import { availabilityOf } from './availability';
import { fixedColumns, historyColumns } from './columns';
import { commitDetails } from './commitDetails';
import { CommitLoader } from './commitLoader';
import { CommitStore } from './commitStore';
import { FilterBar } from './filterBar';
import { isFiltering, matches } from './filters';
import type { Filters } from './filters';
import { cloneKindOf } from './operationWords';
import { PageHeader } from './pageHeader';
import { actionButtons, openActionMenu } from './rowActions';
import type { ActionHandlers } from './rowActions';
import { freshState, readSavedState } from './savedState';
import type { SavedState } from './savedState';

type Link = PageLink<HistoryPageMethods, HistoryPageEvents>;

const rowHeight = 26;
/** Filters are applied anew, and state is saved, at most this often while commits stream in. */
const restMs = 250;

export class HistoryView {
  private readonly header: PageHeader;
  private readonly main = el('main', { class: 'history-main' });
  private start: HistoryPageStart | null = null;
  private store = new CommitStore(-1, 1);
  private readonly loader: CommitLoader;
  private table: VirtualTable<CommitRow> | null = null;
  private filterBar: FilterBar | null = null;
  private saved: SavedState;
  /** Null: no filter, every commit of the table is shown. */
  private filtered: readonly CommitRow[] | null = null;
  private filteredIndex: ReadonlyMap<number, number> = new Map();
  private readonly rows = new Map<number, TableRow<CommitRow>>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private changeTimer: ReturnType<typeof setTimeout> | undefined;
  private generation = 0;
  private readonly actions: ActionHandlers;

  constructor(
    private readonly link: Link,
    root: HTMLElement,
  ) {
    this.saved = readSavedState(link.savedState());
    this.header = new PageHeader(() => void this.reload());
    this.loader = new CommitLoader({
      ask: (query, signal) => link.ask('history.page', [query], { signal }),
      store: () => this.store,
      onChange: () => {
        this.onCommits();
      },
      onNewer: () => void this.catchUp(null),
    });
    this.actions = {
      availability: (commit) =>
        availabilityOf(commit, this.mustHaveStart(), this.store.latestVersion),
      restore: (commit) => {
        this.run(link.ask('history.restore', [commit.version]));
      },
      clone: (kind, commit) => {
        this.run(link.ask('history.clone', [kind, commit.version]));
      },
      copy: (form, commit) => {
        this.run(link.ask('history.copy', [form, commit]), 'Copied');
      },
      explain: (reason) => {
        this.header.say(reason);
      },
    };
    root.replaceChildren(el('div', { class: 'history' }, this.header.element, this.main));
    link.on('history.changed', (start) => void this.catchUp(start));
  }

  /** Reads everything anew: at the start of the page, and when somebody asks for it. */
  async reload(): Promise<void> {
    const generation = ++this.generation;
    this.loader.reset();
    if (this.table === null) this.showWaiting();
    try {
      const start = await this.link.ask('history.start', []);
      if (generation !== this.generation) return;
      this.useStart(start);
      const query = { limit: Math.max(1, start.pageSize) };
      const page = await this.link.ask('history.page', [query]);
      if (generation !== this.generation) return;
      this.store = new CommitStore(page.latestVersion, query.limit);
      this.store.add(query, page);
      this.showTable(start);
    } catch (error) {
      if (generation === this.generation) this.showError(toWireError(error));
    }
  }

  /** The table has a newer version, or settings changed: what is on the screen stays where it is. */
  private async catchUp(changed: HistoryPageStart | null): Promise<void> {
    const start = changed ?? this.start;
    if (start === null || this.table === null) return void this.reload();
    const generation = ++this.generation;
    const before = this.store.latestVersion;
    try {
      const query = { limit: Math.max(1, start.pageSize) };
      const page = await this.link.ask('history.page', [query]);
      if (generation !== this.generation) return;
      // A lower version means another table in the same place: nothing that is known of it holds.
      if (page.latestVersion < before) return void this.reload();
      const isOtherZone = start.timeZone !== this.start?.timeZone;
      this.useStart(start);
      this.loader.reset();
      this.store = this.store.grownTo(page.latestVersion);
      this.store.add(query, page);
      this.rows.clear();
      if (isOtherZone) this.showTable(start);
      const arrived = page.latestVersion - before;
      if (!isFiltering(this.saved.filters)) this.table.shiftBy(arrived);
      this.onCommits();
      this.header.show(start, page.latestVersion);
      if (arrived === 1) this.header.say(`Version ${formatCount(page.latestVersion)} arrived`);
      else if (arrived > 1)
        this.header.say(
          `Versions ${formatCount(before + 1)} to ${formatCount(page.latestVersion)} arrived`,
        );
    } catch (error) {
      if (generation === this.generation) this.header.say(toWireError(error).message);
    }
  }

  private useStart(start: HistoryPageStart): void {
    // Filters and scroll of another table mean nothing here.
    if (this.saved.location !== '' && this.saved.location !== start.table.location)
      this.saved = freshState;
    this.saved = { ...this.saved, location: start.table.location };
    this.start = start;
    this.rows.clear();
    this.header.show(start, null);
    this.link.saveState(this.saved);
  }

  private showWaiting(): void {
    setChildren(
      this.main,
      el(
        'div',
        { class: 'empty', role: 'status' },
        progressRing('Reading the log'),
        el('p', {}, 'Reading the log…'),
      ),
    );
  }

  private showError(error: WireError): void {
    this.table = null;
    const again = button({
      label: 'Try again',
      testId: 'history-retry',
      onClick: () => void this.reload(),
    });
    setChildren(
      this.main,
      el(
        'div',
        { class: 'empty', role: 'alert', 'data-testid': 'history-error' },
        icon('error', 'icon-error large'),
        el('h2', {}, 'The history cannot be read'),
        el('p', {}, error.message),
        el('p', { class: 'quiet' }, 'Code: ', el('code', {}, error.code)),
        again.element,
      ),
    );
  }

  private showTable(start: HistoryPageStart): void {
    this.header.show(start, this.store.latestVersion);
    if (this.store.latestVersion < 0 || (this.store.isComplete && this.store.loadedCount === 0)) {
      this.table = null;
      setChildren(
        this.main,
        el(
          'div',
          { class: 'empty', 'data-testid': 'history-empty' },
          icon('history', 'large'),
          el('h2', {}, 'No commits'),
          el('p', {}, 'The log of this table holds no commit that could be listed.'),
        ),
      );
      return;
    }
    const timeZone = usableZone(start.timeZone);
    const columns = historyColumns({
      timeZone,
      isNarrow: this.main.clientWidth < 640,
      latestVersion: () => this.store.latestVersion,
      isOpen: (version) => this.table?.isOpen(version) ?? false,
      toggle: (version) => this.table?.setOpen(version, !this.table.isOpen(version)),
      actions: (commit) => actionButtons(commit, this.actions),
    });
    const hidden = new Set(this.saved.hiddenColumns);
    const shownColumns = () => columns.filter(({ id }) => !hidden.has(id));
    const filterBar = new FilterBar(
      this.saved.filters,
      columns
        .filter(({ id }) => !fixedColumns.has(id))
        .map(({ id, label }) => ({ id, label, isShown: !hidden.has(id) })),
      {
        onFilters: (filters) => {
          this.onFilters(filters);
        },
        onLoadAll: () => void this.loadAll(),
        onStop: () => {
          this.loader.stopLoadingAll();
          this.onCommits();
        },
        onColumn: (id, isShown) => {
          if (isShown) hidden.delete(id);
          else hidden.add(id);
          this.saved = { ...this.saved, hiddenColumns: [...hidden] };
          this.save();
          this.table?.setColumns(shownColumns());
        },
      },
    );
    const table = new VirtualTable<CommitRow>({
      label: `History of ${start.table.name}`,
      testId: 'history-table',
      rowHeight,
      columns: shownColumns(),
      widths: this.saved.widths,
      rowAt: (index) => this.rowAt(index),
      keyAt: (index) => this.versionAt(index),
      indexOf: (key) => this.indexOf(Number(key)),
      details: (commit) => commitDetails(commit, timeZone, () => this.checkFiles(commit.version)),
      onVisible: (first, last) => {
        if (this.filtered === null)
          this.loader.want(this.store.versionAt(first), this.store.versionAt(last));
      },
      onMenu: (commit, at, origin) => {
        openActionMenu(commit, this.actions, at, origin);
      },
      onScroll: () => {
        this.save();
      },
      onLayoutChange: () => {
        this.save();
      },
    });
    this.table = table;
    this.filterBar = filterBar;
    this.rows.clear();
    setChildren(this.main, filterBar.element, table.element);
    const { scrollTop, openVersions } = this.saved;
    this.applyFilters();
    this.showCommits();
    for (const version of openVersions) table.setOpen(version, true);
    if (scrollTop > 0) table.scrollTo(scrollTop);
  }

  private onFilters(filters: Filters): void {
    this.saved = { ...this.saved, filters };
    this.applyFilters();
    this.showCommits();
    this.table?.scrollTo(0);
    this.save();
  }

  /** Commits arrived or a question failed; while many arrive the page is drawn a few times a second. */
  private onCommits(): void {
    if (!this.loader.isLoadingAll) {
      clearTimeout(this.changeTimer);
      this.changeTimer = undefined;
      this.applyFilters();
      this.showCommits();
      return;
    }
    this.changeTimer ??= setTimeout(() => {
      this.changeTimer = undefined;
      this.applyFilters();
      this.showCommits();
    }, restMs);
  }

  private applyFilters(): void {
    const { filters } = this.saved;
    this.filtered = isFiltering(filters)
      ? this.store.loaded().filter((commit) => matches(commit, filters))
      : null;
    this.filteredIndex = new Map(
      this.filtered?.map(({ version }, index) => [version, index]) ?? [],
    );
  }

  private showCommits(): void {
    this.table?.refresh(this.shownCount());
    const { store } = this;
    this.filterBar?.show(
      store.loaded(),
      this.filtered?.length ?? store.loadedCount,
      {
        loaded: store.loadedCount,
        total: store.rowCount,
        isTotalKnown: store.isOldestKnown,
        isComplete: store.isComplete,
        isNewestContiguous: store.isNewestContiguous,
      },
      this.loader.isLoadingAll,
    );
  }

  private shownCount(): number {
    // With a filter that found nothing, one row says so.
    return this.filtered === null ? this.store.rowCount : Math.max(1, this.filtered.length);
  }

  private versionAt(index: number): number {
    if (this.filtered === null) return this.store.versionAt(index);
    return this.filtered[index]?.version ?? -1;
  }

  private indexOf(version: number): number {
    if (this.filtered !== null) return this.filteredIndex.get(version) ?? -1;
    const index = this.store.indexOf(version);
    return index < this.store.rowCount ? index : -1;
  }

  private rowAt(index: number): TableRow<CommitRow> {
    const version = this.versionAt(index);
    if (version < 0) {
      return {
        kind: 'words',
        words: this.store.isComplete
          ? 'No commit matches the filters.'
          : `None of the ${plural(this.store.loadedCount, 'loaded commit')} matches the filters; older ones were not looked through.`,
      };
    }
    const slot = this.store.slot(version);
    const before = this.rows.get(version);
    if (slot.kind === 'loaded') {
      if (before?.kind === 'row' && before.row === slot.commit) return before;
      return this.remember(version, {
        kind: 'row',
        row: slot.commit,
        testId: `history-row-${String(version)}`,
        className: rowClass(slot.commit),
      });
    }
    const failure = this.loader.failureAt(version);
    const words =
      slot.kind === 'absent'
        ? `Version ${formatCount(version)}: the log has no commit of this version any more.`
        : failure === null
          ? `Version ${formatCount(version)}: loading…`
          : `Version ${formatCount(version)} could not be loaded: ${failure.message}`;
    if (before?.kind === 'words' && before.words === words) return before;
    return this.remember(
      version,
      failure === null
        ? { kind: 'words', words, className: slot.kind === 'absent' ? 'is-absent' : 'is-loading' }
        : {
            kind: 'words',
            words,
            className: 'is-failed',
            retry: () => {
              this.loader.retry();
            },
          },
    );
  }

  private remember(version: number, row: TableRow<CommitRow>): TableRow<CommitRow> {
    this.rows.set(version, row);
    return row;
  }

  /** Looks whether the files of one version are there; its row comes back with the answer. */
  private async checkFiles(version: number): Promise<void> {
    const query = { before: version + 1, limit: 1, check: true };
    const { store } = this;
    try {
      const page = await this.link.ask('history.page', [query]);
      if (store !== this.store) return;
      store.add(query, page);
      this.onCommits();
    } catch (error) {
      this.header.say(toWireError(error).message);
    }
  }

  private async loadAll(): Promise<void> {
    const error = await this.loader.loadAll();
    if (error !== null) this.header.say(`Loading stopped: ${error.message}`);
  }

  private run(asked: Promise<null>, done?: string): void {
    asked.then(
      () => {
        if (done !== undefined) this.header.say(done);
      },
      (error: unknown) => {
        const { code, message } = toWireError(error);
        if (code !== 'cancelled') this.header.say(message);
      },
    );
  }

  private save(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      const { table } = this;
      if (table === null) return;
      this.saved = {
        ...this.saved,
        scrollTop: table.element.scrollTop,
        widths: table.columnWidths(),
        openVersions: table.openKeys().map(Number),
      };
      this.link.saveState(this.saved);
    }, restMs);
  }

  private mustHaveStart(): HistoryPageStart {
    if (this.start === null) throw new Error('A row was drawn before the page knew its table.');
    return this.start;
  }
}

function rowClass(commit: CommitRow): string {
  const classes = [];
  if (cloneKindOf(commit) !== null) classes.push('is-clone-commit');
  if (!commit.isRestorable) classes.push('is-log-only');
  return classes.join(' ');
}
