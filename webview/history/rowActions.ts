/** The actions of a commit, as the buttons of its row and as its context menu. */
import type { HistoryCopyForm } from '../../src/protocol/historyPage';
import type { CommitRow } from '../../src/protocol/views';
import { el, iconButton } from '../shared/dom';
import { showMenu } from '../shared/menu';
import type { MenuItem } from '../shared/menu';
import type { Availability } from './availability';

export interface ActionHandlers {
  availability(commit: CommitRow): Availability;
  restore(commit: CommitRow): void;
  clone(kind: 'shallow-clone' | 'deep-clone', commit: CommitRow): void;
  copy(form: HistoryCopyForm, commit: CommitRow): void;
  /** Somebody pressed what cannot be done now. */
  explain(reason: string): void;
}

interface Action {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly isInline: boolean;
  readonly startsGroup?: boolean;
  readonly reason: string | null;
  readonly run: () => void;
}

/** The buttons at the end of a row; the rest is in the menu behind the last one. */
export function actionButtons(commit: CommitRow, handlers: ActionHandlers): HTMLElement {
  const buttons = actionsOf(commit, handlers)
    .filter(({ isInline }) => isInline)
    .map((action) => {
      const label = action.reason === null ? action.label : `${action.label}: ${action.reason}`;
      return iconButton(
        action.icon,
        label,
        {
          'data-testid': `row-${action.id}`,
          'aria-disabled': action.reason === null ? undefined : 'true',
          tabindex: -1,
          class: action.id === 'restore' ? 'icon-button' : 'icon-button is-secondary',
        },
        () => {
          if (action.reason === null) action.run();
          else handlers.explain(action.reason);
        },
      );
    });
  const more = iconButton(
    'ellipsis',
    `More actions for version ${String(commit.version)}`,
    { 'data-testid': 'row-menu', 'aria-haspopup': 'menu', tabindex: -1 },
    () => {
      const box = more.getBoundingClientRect();
      openActionMenu(commit, handlers, { x: box.left, y: box.bottom }, more);
    },
  );
  return el('span', { class: 'row-actions' }, ...buttons, more);
}

/** The same actions, and every form of copying, as a menu. */
export function openActionMenu(
  commit: CommitRow,
  handlers: ActionHandlers,
  at: { readonly x: number; readonly y: number },
  origin: HTMLElement,
): void {
  const items = actionsOf(commit, handlers).map((action): MenuItem => ({
    label: action.label,
    icon: action.icon,
    testId: `menu-${action.id}`,
    disabledReason: action.reason,
    startsGroup: action.startsGroup === true,
    run: action.run,
  }));
  showMenu(`Actions for version ${String(commit.version)}`, items, at, origin);
}

function actionsOf(commit: CommitRow, handlers: ActionHandlers): readonly Action[] {
  const { restore, clone } = handlers.availability(commit);
  const version = String(commit.version);
  const copy = (form: HistoryCopyForm) => () => {
    handlers.copy(form, commit);
  };
  return [
    {
      id: 'restore',
      label: `Restore to version ${version}`,
      icon: 'history',
      isInline: true,
      reason: restore,
      run: () => {
        handlers.restore(commit);
      },
    },
    {
      id: 'shallow-clone',
      label: `Shallow clone from version ${version}`,
      icon: 'repo-forked',
      isInline: true,
      reason: clone,
      run: () => {
        handlers.clone('shallow-clone', commit);
      },
    },
    {
      id: 'deep-clone',
      label: `Deep clone from version ${version}`,
      icon: 'repo-clone',
      isInline: true,
      reason: clone,
      run: () => {
        handlers.clone('deep-clone', commit);
      },
    },
    {
      id: 'copy-sql',
      label: 'Copy as SQL',
      icon: 'copy',
      isInline: true,
      startsGroup: true,
      reason: null,
      run: copy('sql'),
    },
    {
      id: 'copy-json',
      label: 'Copy as JSON',
      icon: 'json',
      isInline: false,
      reason: null,
      run: copy('json'),
    },
    {
      id: 'copy-command-line',
      label: 'Copy as command line',
      icon: 'terminal',
      isInline: false,
      reason: null,
      run: copy('command-line'),
    },
  ];
}
