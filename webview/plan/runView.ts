/** A plan that runs, ended or failed: progress with a way to cancel, the outcome with the next steps, the error with a way out. */
import type {
  OperationOutcome,
  PlanView,
  ProgressEvent,
  WireError,
} from '../../src/protocol/views';
import { button, progressRing } from '../shared/controls';
import type { ButtonControl } from '../shared/controls';
import { el, icon, setAttributes, setChildren } from '../shared/dom';
import { formatCount, formatDuration } from '../shared/format';
import { metricLabel, metricValue } from '../shared/metricWords';
import { outcomeInWords, phaseInWords, progressAmount, undoInWords, wayOut } from './planWords';
import { RemainingTime } from './remainingTime';

/** The progress of a run; kept while events come in, so that a screen reader is not told of a new bar each time. */
export class RunProgress {
  readonly element: HTMLElement;
  private readonly phase = el('p', { class: 'phase', role: 'status' });
  private readonly amount = el('p', { class: 'quiet amount' });
  private readonly subject = el('p', { class: 'quiet subject' });
  private readonly fill = el('div', { class: 'bar-fill' });
  private readonly bar = el(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': 'Progress' },
    this.fill,
  );
  private readonly cancel: ButtonControl;
  private readonly remaining = new RemainingTime();

  constructor(onCancel: () => void) {
    this.cancel = button({
      label: 'Cancel',
      testId: 'plan-cancel-run',
      onClick: () => {
        this.cancel.setEnabled(false);
        this.cancel.setLabel('Cancelling…');
        onCancel();
      },
    });
    this.element = el(
      'section',
      { class: 'run', 'aria-label': 'Progress of the run', 'data-testid': 'plan-progress' },
      el(
        'div',
        { class: 'run-line' },
        progressRing('Running'),
        this.phase,
        this.amount,
        el('span', { class: 'spacer' }),
        this.cancel.element,
      ),
      this.bar,
      this.subject,
    );
    this.show(null);
  }

  show(progress: ProgressEvent | null): void {
    const words = phaseInWords(progress);
    // Repeating the same words would make a live region speak at every event.
    if (this.phase.textContent !== words) setChildren(this.phase, words);
    const left = progress === null ? null : this.remaining.observe(progress, performance.now());
    const amount = progress === null ? '' : progressAmount(progress);
    setChildren(
      this.amount,
      left === null ? amount : `${amount}, about ${formatDuration(roughly(left))} left`,
    );
    setChildren(this.subject, progress?.subject ?? '');
    const share =
      progress?.total === undefined || progress.total === 0
        ? null
        : Math.min(1, progress.done / progress.total);
    this.bar.classList.toggle('is-endless', share === null);
    this.fill.style.width = share === null ? '' : `${String(Math.round(share * 1000) / 10)}%`;
    setAttributes(this.bar, {
      'aria-valuemin': share === null ? undefined : 0,
      'aria-valuemax': share === null ? undefined : 100,
      'aria-valuenow': share === null ? undefined : Math.round(share * 100),
      'aria-valuetext': amount === '' ? words : `${words}: ${amount}`,
    });
  }

  /** The run goes on: the cancel was not heard. */
  allowCancel(): void {
    this.cancel.setEnabled(true);
    this.cancel.setLabel('Cancel');
  }
}

export interface NextSteps {
  readonly onOpenHistory: () => void;
  readonly onUndo: () => void;
  readonly onClose: () => void;
}

/** What was done, and what may come next. */
export function outcomeSection(
  plan: PlanView,
  outcome: OperationOutcome,
  steps: NextSteps,
): HTMLElement {
  const metrics = Object.entries(outcome.metrics);
  const undo = undoInWords(outcome);
  const list = el('dl', { class: 'metrics' });
  for (const [name, value] of metrics) {
    list.append(
      el(
        'div',
        {},
        el('dt', { title: name }, metricLabel(name)),
        el('dd', { title: String(value) }, metricValue(name, value)),
      ),
    );
  }
  return el(
    'section',
    { class: 'outcome', 'aria-label': 'Outcome', 'data-testid': 'plan-outcome' },
    el(
      'div',
      { class: 'outcome-head', role: 'status' },
      icon(
        outcome.committed ? 'pass-filled' : 'info',
        outcome.committed ? 'icon-pass large' : 'icon-info large',
      ),
      el('p', {}, outcomeInWords(plan, outcome)),
    ),
    metrics.length === 0 ? null : list,
    ...(outcome.warnings ?? []).map((words) =>
      el('p', { class: 'outcome-warning' }, icon('warning', 'icon-warning'), el('span', {}, words)),
    ),
    undo === null ? null : el('p', { class: 'quiet', 'data-testid': 'plan-undo-words' }, undo),
    el(
      'div',
      { class: 'group' },
      button({
        label: 'Open history',
        appearance: 'primary',
        icon: 'history',
        testId: 'plan-open-history',
        onClick: steps.onOpenHistory,
      }).element,
      outcome.committed && outcome.undoVersion !== null
        ? button({
            label: `Undo: restore to version ${formatCount(outcome.undoVersion)}`,
            icon: 'discard',
            testId: 'plan-undo',
            onClick: steps.onUndo,
          }).element
        : null,
      button({ label: 'Close', testId: 'plan-close', onClick: steps.onClose }).element,
    ),
  );
}

/** Why a run, or the plan itself, failed, and what can be done. */
export function failureSection(
  title: string,
  error: WireError,
  handlers: { readonly onPlanAgain: () => void; readonly onClose: () => void },
): HTMLElement {
  const isCancel = error.code === 'cancelled';
  const facts = Object.entries(error.details);
  return el(
    'section',
    {
      class: `banner failure ${isCancel ? 'is-warning' : 'is-error'}`,
      role: 'alert',
      'data-testid': 'plan-error',
    },
    icon(isCancel ? 'circle-slash' : 'error', isCancel ? 'icon-warning' : 'icon-error'),
    el(
      'div',
      { class: 'failure-body' },
      el('p', {}, el('strong', {}, isCancel ? 'Cancelled' : title)),
      el('p', {}, error.message),
      el('p', {}, wayOut(error)),
      el('p', {}, 'Code: ', el('code', {}, error.code)),
      facts.length === 0
        ? null
        : el(
            'details',
            {},
            el('summary', {}, 'Details'),
            el(
              'pre',
              { tabindex: 0, role: 'region', 'aria-label': 'Details of the error' },
              JSON.stringify(error.details, null, 2),
            ),
          ),
      el(
        'div',
        { class: 'group' },
        button({
          label: 'Plan again',
          appearance: 'primary',
          icon: 'refresh',
          testId: 'plan-refresh',
          onClick: handlers.onPlanAgain,
        }).element,
        button({ label: 'Close', testId: 'plan-close', onClick: handlers.onClose }).element,
      ),
    ),
  );
}

/** A guess is not told to the second: 5 s steps below a minute, 30 s steps above. */
function roughly(ms: number): number {
  const step = ms < 60_000 ? 5000 : 30_000;
  return Math.max(step, Math.round(ms / step) * step);
}
