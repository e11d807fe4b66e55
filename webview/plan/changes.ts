/** Schema, properties and protocol before and after, and who can read the result. */
import type { PlanView, ValueChange } from '../../src/protocol/views';
import { el, icon } from '../shared/dom';
import { plural } from '../shared/format';

/** The three tables of changes; an empty list where nothing of the kind changes. */
export function changeSections(plan: PlanView): readonly HTMLElement[] {
  return [
    changeSection('Schema', 'Column', plan.schemaChanges),
    changeSection('Properties', 'Property', plan.propertyChanges),
    changeSection('Protocol', 'Entry', plan.protocolChanges),
  ].filter((section) => section !== null);
}

/** Who can open the result, in words; null when the plan tells nothing. */
export function readersSection(plan: PlanView): HTMLElement | null {
  if (plan.readers.length === 0) return null;
  return el(
    'section',
    { 'aria-label': 'Who can read the result' },
    el('h2', {}, 'Who can read the result'),
    el(
      'ul',
      { class: 'readers', 'data-testid': 'plan-readers' },
      ...plan.readers.map((reader) => el('li', {}, icon('book'), el('span', {}, reader))),
    ),
  );
}

/** Rows that are shown at once; the rest of a very wide schema waits behind a button. */
const shownAtOnce = 100;

function changeSection(
  title: string,
  keyLabel: string,
  changes: readonly ValueChange[],
): HTMLElement | null {
  if (changes.length === 0) return null;
  const body = el('tbody', {}, ...changes.slice(0, shownAtOnce).map(changeRow));
  const table = el(
    'table',
    { class: 'changes' },
    el('caption', { class: 'visually-hidden' }, `${title} before and after`),
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        ...[keyLabel, 'Before', 'After'].map((label) => el('th', { scope: 'col' }, label)),
      ),
    ),
    body,
  );
  const rest = changes.slice(shownAtOnce);
  const more =
    rest.length === 0
      ? null
      : el(
          'button',
          { type: 'button', class: 'text-button' },
          `Show ${plural(rest.length, 'more change')}`,
        );
  more?.addEventListener('click', () => {
    body.append(...rest.map(changeRow));
    more.remove();
  });
  return el(
    'section',
    { 'data-testid': `plan-${title.toLowerCase()}-changes` },
    el('h2', {}, `${title} changes`),
    table,
    more,
  );
}

function changeRow({ key, before, after }: ValueChange): HTMLElement {
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, key),
    el('td', { class: before === null ? 'quiet' : 'is-before' }, before ?? 'none'),
    el('td', { class: after === null ? 'quiet' : 'is-after' }, after ?? 'none'),
  );
}
