/** A context menu with the keyboard's ways: arrows, Home and End move, Escape gives the focus back. */
import { el, icon } from './dom';

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly testId: string;
  /** Why it cannot be chosen now; it stays visible and says so. */
  readonly disabledReason?: string | null;
  /** A line above it. */
  readonly startsGroup?: boolean;
  readonly run: () => void;
}

/** Shows a menu at a point of the view and returns the focus to `origin` when it closes. */
export function showMenu(
  label: string,
  items: readonly MenuItem[],
  at: { readonly x: number; readonly y: number },
  origin: HTMLElement,
): void {
  const menu = el('div', { role: 'menu', 'aria-label': label, class: 'menu' });
  const close = (): void => {
    document.removeEventListener('pointerdown', onOutside, true);
    window.removeEventListener('blur', close);
    window.removeEventListener('resize', close);
    menu.remove();
    origin.focus({ preventScroll: true });
  };
  const onOutside = (event: PointerEvent): void => {
    if (!menu.contains(event.target as Node)) close();
  };
  for (const item of items) {
    const reason = item.disabledReason ?? null;
    if (item.startsGroup === true)
      menu.append(el('div', { role: 'separator', class: 'menu-separator' }));
    const entry = el(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        class: 'menu-item',
        tabindex: -1,
        'data-testid': item.testId,
        'aria-disabled': reason === null ? undefined : 'true',
        title: reason ?? undefined,
      },
      icon(item.icon),
      el('span', {}, item.label),
      reason === null ? null : el('span', { class: 'menu-reason' }, reason),
    );
    entry.addEventListener('click', () => {
      if (reason !== null) return;
      close();
      item.run();
    });
    // Moving, not being under a resting pointer: a menu opened by a key may appear there.
    entry.addEventListener('pointermove', () => {
      if (document.activeElement !== entry) entry.focus({ preventScroll: true });
    });
    menu.append(entry);
  }
  menu.addEventListener('keydown', (event) => {
    const entries = [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const index = entries.indexOf(document.activeElement as HTMLElement);
    const next = nextEntry(event.key, index, entries.length);
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (next !== null) entries[next]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener('contextmenu', (event) => {
    event.preventDefault();
  });
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${String(Math.max(4, Math.min(at.x, window.innerWidth - width - 4)))}px`;
  menu.style.top = `${String(Math.max(4, Math.min(at.y, window.innerHeight - height - 4)))}px`;
  document.addEventListener('pointerdown', onOutside, true);
  window.addEventListener('blur', close);
  window.addEventListener('resize', close);
  menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
}

function nextEntry(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowUp':
      return (index - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
