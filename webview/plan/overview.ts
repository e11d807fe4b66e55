/** What a plan is about: its title, from where to where, and the totals of what will happen. */
import type { PlanView, TableVersionView, Totals } from '../../src/protocol/views';
import { tag } from '../shared/controls';
import { el, icon } from '../shared/dom';
import {
  formatBytes,
  formatCount,
  formatTimestamp,
  formatTimestampWithZone,
  plural,
  readableLocation,
} from '../shared/format';
import { planSummary, planTitle, versionAfter } from './planWords';

/** Title, summary, and the two tables with their versions and times. */
export function planHeader(plan: PlanView, timeZone: string): HTMLElement {
  const source = tableCard(
    plan.kind === 'restore' ? 'Restored from' : 'Source',
    plan.source,
    versionLine(plan.source, timeZone),
    null,
  );
  const target = tableCard(
    plan.kind === 'restore' ? 'Table' : 'Target',
    plan.target,
    plan.target.version === null ? 'does not exist yet' : versionLine(plan.target, timeZone),
    `after this plan: ${versionAfter(plan)}`,
  );
  return el(
    'header',
    { class: 'plan-header' },
    el('h1', { 'data-testid': 'plan-title', tabindex: -1 }, planTitle(plan)),
    el('p', { class: 'quiet', 'data-testid': 'plan-summary' }, planSummary(plan)),
    el('div', { class: 'from-to' }, source, icon('arrow-right', 'arrow'), target),
    el(
      'p',
      { class: 'quiet planned-at', title: formatTimestampWithZone(plan.createdAt, timeZone) },
      `Planned ${formatTimestamp(plan.createdAt, timeZone)} ${timeZone}.`,
    ),
  );
}

/**
 * The totals as tiles: what is added, removed, copied, used again, and left as it is.
 * @param isAhead false once the plan was run: then it tells what was planned
 */
export function planTotals(plan: PlanView, isAhead: boolean): HTMLElement {
  const title = isAhead ? 'What will happen' : 'What was planned';
  const isRestore = plan.kind === 'restore';
  const tiles = [
    tile(
      'diff-added',
      'Added',
      plan.filesToAdd,
      isRestore ? 'back in the table' : 'entries in the log',
      'is-add',
    ),
    tile('diff-removed', 'Removed', plan.filesToRemove, 'from the table, not deleted', 'is-remove'),
    tile('copy', 'Copied', plan.filesToCopy, 'bytes that move', 'is-copy'),
    plan.kind === 'deep-clone' || plan.filesReused.files > 0
      ? tile('check', 'Reused', plan.filesReused, 'at the target already', '')
      : null,
    tile('dash', 'Unchanged', plan.filesUnchanged, 'stay as they are', ''),
  ];
  return el(
    'section',
    { 'aria-label': title },
    el('h2', {}, title),
    el('dl', { class: 'tiles', 'data-testid': 'plan-totals' }, ...tiles),
  );
}

function tableCard(
  label: string,
  table: TableVersionView,
  line: HTMLElement | string,
  after: string | null,
): HTMLElement {
  return el(
    'div',
    { class: 'card' },
    el('p', { class: 'quiet card-label' }, label),
    el('p', { class: 'card-name' }, table.name),
    el('p', {}, line),
    after === null ? null : el('p', { class: 'quiet' }, after),
    el(
      'p',
      { class: 'quiet card-location', title: table.location },
      readableLocation(table.location),
    ),
  );
}

function versionLine(table: TableVersionView, timeZone: string): HTMLElement | string {
  if (table.version === null) return 'no version';
  const time =
    table.timestamp === null ? '' : `${formatTimestamp(table.timestamp, timeZone)} ${timeZone}`;
  return el(
    'span',
    { class: 'version-line' },
    tag(`version ${formatCount(table.version)}`),
    el('span', { class: 'quiet' }, time),
  );
}

function tile(
  iconName: string,
  label: string,
  totals: Totals,
  caption: string,
  className: string,
): HTMLElement {
  const isNone = totals.files === 0;
  return el(
    'div',
    { class: `tile ${isNone ? 'is-none' : className}` },
    el('dt', {}, icon(iconName), label),
    el(
      'dd',
      { class: 'tile-number', title: plural(totals.files, 'file') },
      formatCount(totals.files),
      el('span', { class: 'tile-unit' }, totals.files === 1 ? ' file' : ' files'),
    ),
    el(
      'dd',
      { title: `${formatCount(totals.bytes)} bytes` },
      isNone && totals.bytes === 0 ? '' : formatBytes(totals.bytes),
    ),
    el('dd', { class: 'quiet' }, caption),
  );
}
