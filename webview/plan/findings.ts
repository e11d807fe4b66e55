/** What was found while planning, most serious first, and the acknowledgements that running the plan needs. */
import type { Json } from '../../src/protocol/json';
import type { FindingView } from '../../src/protocol/views';
import { badge, checkbox } from '../shared/controls';
import { el, icon } from '../shared/dom';
import { readableLocation } from '../shared/format';
import { codeInWords, orderedFindings } from './planWords';

export interface FindingsOptions {
  readonly findings: readonly FindingView[];
  /** False while or after the plan runs: what was acknowledged is only told. */
  readonly isOpen: boolean;
  readonly isAcknowledged: (finding: FindingView) => boolean;
  readonly onAcknowledge: (finding: FindingView, isAcknowledged: boolean) => void;
}

/** The list; null when nothing was found. */
export function findingsSection(options: FindingsOptions): HTMLElement | null {
  if (options.findings.length === 0) return null;
  return el(
    'section',
    { 'aria-label': 'Findings' },
    el('h2', { class: 'counted' }, 'Findings', badge(String(options.findings.length))),
    el(
      'ul',
      { class: 'findings' },
      ...orderedFindings(options.findings).map((finding) => findingItem(finding, options)),
    ),
  );
}

function findingItem(finding: FindingView, options: FindingsOptions): HTMLElement {
  const needs = finding.severity !== 'blocker' && finding.needsAcknowledgement;
  const { word, glyph } = severityWords(finding, needs && options.isOpen);
  return el(
    'li',
    {
      class: `finding is-${finding.severity}${needs ? ' needs-acknowledgement' : ''}`,
      'data-testid': `plan-finding-${finding.code}`,
    },
    icon(glyph, `icon-${finding.severity === 'blocker' ? 'error' : finding.severity}`),
    el(
      'div',
      { class: 'finding-body' },
      el('p', { class: 'finding-message' }, el('strong', {}, `${word}: `), finding.message),
      el(
        'p',
        { class: 'quiet finding-facts' },
        el('code', {}, finding.code),
        finding.subject === null
          ? null
          : el(
              'span',
              { class: 'subject', title: finding.subject },
              readableLocation(finding.subject),
            ),
      ),
      detailOf(finding),
      needs ? acknowledgement(finding, options) : null,
    ),
  );
}

function acknowledgement(finding: FindingView, options: FindingsOptions): HTMLElement | null {
  if (!options.isOpen)
    return options.isAcknowledged(finding) ? el('p', { class: 'quiet' }, 'Acknowledged.') : null;
  return checkbox({
    label: `I have read this and want to go on (${codeInWords(finding.code)})`,
    isChecked: options.isAcknowledged(finding),
    testId: `plan-ack-${finding.code}`,
    onChange: (isAcknowledged) => {
      options.onAcknowledge(finding, isAcknowledged);
    },
  }).element;
}

function severityWords(
  finding: FindingView,
  asks: boolean,
): { readonly word: string; readonly glyph: string } {
  if (finding.severity === 'blocker') return { word: 'Blocker', glyph: 'error' };
  if (asks) return { word: 'Needs your acknowledgement', glyph: 'warning' };
  return finding.severity === 'warning'
    ? { word: 'Warning', glyph: 'warning' }
    : { word: 'Information', glyph: 'info' };
}

/** A finding may bring thousands of paths; a page shows the first ones and counts the rest. */
const maximumListed = 50;

function detailOf(finding: FindingView): HTMLElement | null {
  const entries = Object.entries(finding.detail);
  if (entries.length === 0) return null;
  const list = el('dl', { class: 'detail-list' });
  for (const [name, value] of entries) {
    list.append(el('dt', {}, wordsOfName(name)), el('dd', {}, ...detailValue(value)));
  }
  return el('details', { class: 'finding-detail' }, el('summary', {}, 'Details'), list);
}

function detailValue(value: Json): readonly HTMLElement[] {
  if (!Array.isArray(value)) return [el('span', {}, jsonText(value))];
  const shown = (value as readonly Json[]).slice(0, maximumListed);
  const rest = value.length - shown.length;
  return [
    ...shown.map((entry) => el('div', {}, jsonText(entry))),
    ...(rest > 0
      ? [
          el(
            'div',
            { class: 'quiet' },
            `and ${String(rest)} more: copy the plan as JSON to see them all`,
          ),
        ]
      : []),
  ];
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function wordsOfName(name: string): string {
  return name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
}
