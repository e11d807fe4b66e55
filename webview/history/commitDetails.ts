/** What an opened commit shows: its parameters and metrics in words with the raw ones beside them, all fields, raw JSON. */
import type { CommitRow } from '../../src/protocol/views';
import { button } from '../shared/controls';
import { el, icon } from '../shared/dom';
import { formatCount, formatTimestampWithZone } from '../shared/format';
import { filesMissingReason, logOnlyReason } from './availability';
import { objectText } from './columns';
import { metricsInWords } from '../shared/metricWords';
import type { NamedValue } from '../shared/metricWords';
import { operationInWords } from './operationWords';
import { parametersInWords } from './parameterWords';

/**
 * The detail of one commit.
 * @param check looks whether the files of the version are there; the commit comes back with the answer
 */
export function commitDetails(
  commit: CommitRow,
  timeZone: string,
  check: () => Promise<void>,
): HTMLElement {
  const metrics = metricsInWords(commit.operationMetrics);
  const parameters = parametersInWords(commit.operationParameters, timeZone);
  return el(
    'div',
    { class: 'commit-details', 'data-testid': `history-details-${String(commit.version)}` },
    el('p', { class: 'details-title' }, operationInWords(commit)),
    readability(commit, check),
    el(
      'div',
      { class: 'details-columns' },
      section('Metrics', metrics, 'This commit carries no metrics.'),
      section('Parameters', parameters, 'This commit carries no parameters.'),
      section('Commit', fieldsOf(commit, timeZone), ''),
    ),
    rawJson(commit),
  );
}

/** Whether the version can still be read: what is known of it, or the way to know it. */
function readability(commit: CommitRow, check: () => Promise<void>): HTMLElement {
  const line = (glyph: string, className: string, words: string): HTMLElement =>
    el('p', { class: 'readability' }, icon(glyph, className), el('span', {}, words));
  if (!commit.isRestorable || commit.readable === 'log-only') {
    return line('warning', 'icon-warning', logOnlyReason);
  }
  switch (commit.readable) {
    case 'yes':
      return line('pass', 'icon-pass', 'All files of this version are there.');
    case 'files-missing':
      return line('warning', 'icon-warning', filesMissingReason);
    case undefined: {
      const ask = button({
        label: 'Check files',
        title: 'Look whether every file of this version is there',
        testId: 'history-check-files',
        onClick: () => {
          ask.setEnabled(false);
          ask.setLabel('Checking…');
          void check().finally(() => {
            ask.setEnabled(true);
            ask.setLabel('Check files');
          });
        },
      });
      return el('div', { class: 'readability' }, ask.element);
    }
  }
}

function section(title: string, values: readonly NamedValue[], whenEmpty: string): HTMLElement {
  if (values.length === 0)
    return el('section', {}, el('h2', {}, title), el('p', { class: 'quiet' }, whenEmpty));
  const list = el('dl', {});
  for (const { name, label, text, raw } of values) {
    list.append(
      el('dt', { title: name }, label),
      el('dd', { title: text === raw ? undefined : raw }, text),
    );
  }
  return el('section', {}, el('h2', {}, title), list);
}

function fieldsOf(commit: CommitRow, timeZone: string): readonly NamedValue[] {
  const field = (
    name: string,
    label: string,
    raw: string | null,
    text = raw ?? '',
  ): NamedValue => ({
    name,
    label,
    text: raw === null ? 'not recorded' : text,
    raw: raw ?? 'null',
  });
  const flag = commit.isBlindAppend;
  return [
    field('version', 'Version', String(commit.version), formatCount(commit.version)),
    field(
      'timestamp',
      'Time',
      commit.timestamp,
      formatTimestampWithZone(commit.timestamp, timeZone),
    ),
    field('operation', 'Operation', commit.operation),
    field('userName', 'User', commit.userName),
    field('userId', 'User id', commit.userId),
    field(
      'readVersion',
      'Read version',
      commit.readVersion === null ? null : String(commit.readVersion),
    ),
    field('isolationLevel', 'Isolation', commit.isolationLevel),
    field(
      'isBlindAppend',
      'Blind append',
      flag === null ? null : String(flag),
      flag === true ? 'yes' : 'no',
    ),
    field('engineInfo', 'Engine', commit.engineInfo),
    field('userMetadata', 'User metadata', commit.userMetadata),
    field('job', 'Job', objectText(commit.job)),
    field('notebook', 'Notebook', objectText(commit.notebook)),
    field('clusterId', 'Cluster', commit.clusterId),
  ];
}

function rawJson(commit: CommitRow): HTMLElement {
  return el(
    'details',
    { class: 'raw' },
    el('summary', {}, 'Raw JSON'),
    el(
      'pre',
      {
        tabindex: 0,
        role: 'region',
        'aria-label': `Raw JSON of version ${String(commit.version)}`,
      },
      JSON.stringify(commit, null, 2),
    ),
  );
}
