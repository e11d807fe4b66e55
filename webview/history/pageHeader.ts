/** The top of the history page: which table this is, where, at which version, and of what it is a clone. */
import type { HistoryPageStart } from '../../src/protocol/historyPage';
import { button, tag } from '../shared/controls';
import { el, icon, setChildren } from '../shared/dom';
import { formatCount, readableLocation } from '../shared/format';
import { noWriteReason } from './availability';
import { cloneSourceName } from './operationWords';

export class PageHeader {
  readonly element: HTMLElement;
  private readonly title = el('h1', { 'data-testid': 'history-title' });
  private readonly marks = el('div', { class: 'marks' });
  private readonly location = el('p', {
    class: 'location quiet',
    'data-testid': 'history-location',
  });
  private readonly notes = el('div', { class: 'notes' });
  private readonly notice = el('p', {
    class: 'notice',
    role: 'status',
    'data-testid': 'history-notice',
  });
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(onRefresh: () => void) {
    const refresh = button({
      label: 'Refresh',
      appearance: 'icon',
      icon: 'refresh',
      testId: 'history-refresh',
      onClick: onRefresh,
    });
    this.element = el(
      'header',
      { class: 'page-header' },
      el(
        'div',
        { class: 'title-line' },
        el('div', { class: 'title-block' }, this.title, this.marks),
        this.notice,
        refresh.element,
      ),
      this.location,
      this.notes,
    );
  }

  /** Shows the table at a version. */
  show(start: HistoryPageStart, latestVersion: number | null): void {
    const { table } = start;
    setChildren(this.title, table.name);
    const version = latestVersion ?? table.version ?? null;
    const clone = table.cloneOf;
    setChildren(
      this.marks,
      version === null
        ? null
        : tag(`version ${formatCount(version)}`, { 'data-testid': 'history-version' }),
      clone === undefined
        ? null
        : tag(
            `${clone.kind === 'unknown' ? 'Clone' : clone.kind === 'shallow' ? 'Shallow clone' : 'Deep clone'} of ${cloneSourceName(clone.location)}${
              clone.version === null ? '' : ` at version ${formatCount(clone.version)}`
            }`,
            {
              class: 'is-clone',
              title: readableLocation(clone.location),
              'data-testid': 'history-clone-of',
            },
          ),
    );
    setChildren(this.location, readableLocation(table.location));
    this.location.title = table.location;
    const reason = noWriteReason(start);
    setChildren(
      this.notes,
      table.error === undefined
        ? null
        : el(
            'div',
            { class: 'banner is-error', 'data-testid': 'history-table-error' },
            icon('error', 'icon-error'),
            el('p', {}, `The table itself cannot be read: ${table.error.message}`),
          ),
      reason === null
        ? null
        : el(
            'div',
            { class: 'banner', 'data-testid': 'history-read-only' },
            icon('lock'),
            el('p', {}, reason),
          ),
    );
  }

  /** Quiet news beside the title; it goes by itself. */
  say(words: string): void {
    clearTimeout(this.noticeTimer);
    setChildren(this.notice, words);
    this.noticeTimer = setTimeout(() => {
      setChildren(this.notice);
    }, 8000);
  }
}
