/** The plan page: what an operation will do, what was found, and one button that does it. */
import type {
  PlanPageEvents,
  PlanPageMethods,
  PlanPageStart,
  PlanPageState,
} from '../../src/protocol/planPage';
import type { FindingView, WireError } from '../../src/protocol/views';
import { button, divider, progressRing } from '../shared/controls';
import { el, icon, setChildren } from '../shared/dom';
import { toWireError } from '../shared/endpoint';
import type { PageLink } from '../shared/endpoint';
import { usableZone } from '../shared/format';
import { changeSections, readersSection } from './changes';
import { PlanFiles } from './files';
import { findingsSection } from './findings';
import { planHeader, planTotals } from './overview';
import { blockedReason, executeLabel, neededAcknowledgements } from './planWords';
import { failureSection, outcomeSection, RunProgress } from './runView';

type Link = PageLink<PlanPageMethods, PlanPageEvents>;

export class PlanView {
  private start: PlanPageStart | null = null;
  private state: PlanPageState = { kind: 'ready' };
  /** By position in the plan, so that two findings of one code are acknowledged one by one. */
  private acknowledged = new Set<number>();
  private run: AbortController | null = null;
  private progress: RunProgress | null = null;
  private readonly content = el('div', { class: 'content' });
  private readonly stateArea = el('div', { class: 'state-area', tabindex: -1 });
  private readonly totalsArea = el('div', {});
  private readonly findingsArea = el('div', {});
  private readonly footer = el('footer', { class: 'footer', tabindex: -1 });
  private readonly note = el('p', { class: 'notice quiet', role: 'status' });
  private isShown = false;
  private generation = 0;

  constructor(
    private readonly link: Link,
    root: HTMLElement,
  ) {
    root.replaceChildren(el('main', { class: 'plan' }, this.content, this.footer));
    link.on('plan.state', (state) => {
      this.show(state);
    });
  }

  /** Asks for the plan, or for a new one in its place. */
  async load(method: 'plan.start' | 'plan.refresh'): Promise<void> {
    const generation = ++this.generation;
    // Until the answer is here there is no plan on the page: nothing that the editor tells meanwhile may bring its button back.
    this.start = null;
    this.run = null;
    setChildren(this.footer);
    this.footer.hidden = true;
    setChildren(
      this.content,
      el(
        'div',
        { class: 'empty', role: 'status' },
        progressRing('Planning'),
        el('p', {}, method === 'plan.start' ? 'Reading the plan…' : 'Planning again…'),
      ),
    );
    try {
      const start = await this.link.ask(method, []);
      if (generation === this.generation) this.use(start);
    } catch (error) {
      if (generation === this.generation) this.showLoadError(toWireError(error));
    }
  }

  private use(start: PlanPageStart): void {
    const { plan } = start;
    this.start = start;
    this.isShown = false;
    this.acknowledged = this.savedAcknowledgements(plan.id);
    this.progress = null;
    const timeZone = usableZone(start.timeZone);
    const files = new PlanFiles(this.link, plan);
    setChildren(
      this.content,
      planHeader(plan, timeZone),
      this.stateArea,
      this.totalsArea,
      this.findingsArea,
      ...changeSections(plan),
      readersSection(plan),
      files.element,
      this.sameOperation(start),
    );
    this.show(start.state);
  }

  private show(state: PlanPageState): void {
    const { start } = this;
    if (start === null) return;
    if (state.kind === 'running' && this.progress !== null) {
      this.state = state;
      this.progress.show(state.progress);
      return;
    }
    // The end of a run is told twice, by its answer and by the event.
    if (this.isShown && JSON.stringify(state) === JSON.stringify(this.state)) return;
    const isEnd = this.isShown && (state.kind === 'done' || state.kind === 'failed');
    this.state = state;
    this.isShown = true;
    this.progress = null;
    setChildren(this.stateArea, this.stateSection(start, state));
    setChildren(
      this.totalsArea,
      planTotals(start.plan, state.kind === 'ready' || state.kind === 'running'),
    );
    this.showFindings();
    const hadFocus = this.footer.contains(document.activeElement);
    this.showFooter();
    if (hadFocus) (isEnd ? this.stateArea : this.footer).focus({ preventScroll: true });
    if (isEnd) this.stateArea.scrollIntoView({ block: 'nearest' });
  }

  private stateSection(start: PlanPageStart, state: PlanPageState): HTMLElement | null {
    switch (state.kind) {
      case 'ready':
        return start.plan.willCommit
          ? null
          : el(
              'div',
              { class: 'banner', 'data-testid': 'plan-nothing-to-do' },
              icon('info', 'icon-info'),
              el('p', {}, 'There is nothing to do: running this plan would commit nothing.'),
            );
      case 'running':
        return null;
      case 'done':
        return outcomeSection(start.plan, state.outcome, {
          onOpenHistory: () => {
            this.tell(this.link.ask('plan.openHistory', []));
          },
          onUndo: () => {
            this.tell(this.link.ask('plan.undo', []));
          },
          onClose: () => {
            this.close();
          },
        });
      case 'failed':
        return failureSection('The plan was not carried out', state.error, {
          onPlanAgain: () => void this.load('plan.refresh'),
          onClose: () => {
            this.close();
          },
        });
    }
  }

  private showFindings(): void {
    const { start } = this;
    if (start === null) return;
    const { findings } = start.plan;
    setChildren(
      this.findingsArea,
      findingsSection({
        findings,
        isOpen: this.state.kind === 'ready',
        isAcknowledged: (finding) => this.acknowledged.has(findings.indexOf(finding)),
        onAcknowledge: (finding, isAcknowledged) => {
          if (isAcknowledged) this.acknowledged.add(findings.indexOf(finding));
          else this.acknowledged.delete(findings.indexOf(finding));
          this.link.saveState({ planId: start.plan.id, acknowledged: [...this.acknowledged] });
          this.showFooter();
        },
      }),
    );
  }

  /** The end of the page, always in view: the decision while the plan waits for one, then the progress of its run. */
  private showFooter(): void {
    const { start, state } = this;
    this.footer.hidden = start === null || (state.kind !== 'ready' && state.kind !== 'running');
    if (start === null || this.footer.hidden) {
      setChildren(this.footer);
      return;
    }
    if (state.kind === 'running') {
      this.progress = new RunProgress(() => {
        this.cancelRun();
      });
      this.progress.show(state.progress);
      setChildren(this.footer, this.progress.element);
      return;
    }
    const reason = blockedReason(start.plan, start.canWrite, this.acknowledgedFindings(start));
    const execute = button({
      label: executeLabel(start.plan),
      appearance: 'primary',
      testId: 'plan-execute',
      onClick: () => void this.execute(start),
    });
    execute.setEnabled(reason === null);
    const cancel = button({
      label: 'Cancel',
      testId: 'plan-cancel',
      onClick: () => {
        this.close();
      },
    });
    setChildren(
      this.footer,
      execute.element,
      cancel.element,
      el(
        'p',
        { class: 'quiet reason', role: 'status', 'data-testid': 'plan-reason' },
        reason ?? '',
      ),
      this.note,
    );
  }

  private acknowledgedFindings(start: PlanPageStart): readonly FindingView[] {
    return start.plan.findings.filter((_, index) => this.acknowledged.has(index));
  }

  private async execute(start: PlanPageStart): Promise<void> {
    if (this.state.kind !== 'ready') return;
    const codes = [...new Set(neededAcknowledgements(start.plan).map(({ code }) => code))];
    const controller = new AbortController();
    this.run = controller;
    this.show({ kind: 'running', progress: null });
    try {
      const outcome = await this.link.ask('plan.execute', [codes], {
        signal: controller.signal,
        onProgress: (progress) => {
          if (this.run === controller) this.show({ kind: 'running', progress });
        },
      });
      if (this.run === controller) this.show({ kind: 'done', outcome });
    } catch (error) {
      if (this.run === controller) this.show({ kind: 'failed', error: toWireError(error) });
    } finally {
      if (this.run === controller) this.run = null;
    }
  }

  private cancelRun(): void {
    if (this.run !== null) {
      this.run.abort();
      return;
    }
    // Started before the page was reloaded: its request is gone, the run is not.
    this.link.ask('plan.cancel', []).catch((error: unknown) => {
      this.progress?.allowCancel();
      this.say(toWireError(error).message);
    });
  }

  private showLoadError(error: WireError): void {
    this.footer.hidden = true;
    setChildren(
      this.content,
      failureSection('The plan could not be made', error, {
        onPlanAgain: () => void this.load('plan.refresh'),
        onClose: () => {
          this.close();
        },
      }),
    );
  }

  /** The same operation elsewhere: to read, and to copy. */
  private sameOperation({ plan }: PlanPageStart): HTMLElement {
    const copy = (
      form: 'sql' | 'command-line' | 'json',
      label: string,
      glyph: string,
    ): HTMLElement =>
      button({
        label,
        icon: glyph,
        testId: `plan-copy-${form}`,
        onClick: () => {
          this.tell(this.link.ask('plan.copy', [form]), 'Copied');
        },
      }).element;
    const code = (label: string, text: string): HTMLElement =>
      el(
        'div',
        { class: 'code' },
        el('p', { class: 'quiet' }, label),
        el('pre', { tabindex: 0, role: 'region', 'aria-label': label }, text),
      );
    return el(
      'section',
      { class: 'same', 'aria-label': 'The same elsewhere' },
      divider(),
      el('h2', {}, 'The same elsewhere'),
      plan.sql === null ? null : code('SQL', plan.sql),
      code('Command line', plan.commandLine),
      el(
        'div',
        { class: 'group' },
        plan.sql === null ? null : copy('sql', 'Copy SQL', 'copy'),
        copy('command-line', 'Copy command line', 'terminal'),
        copy('json', 'Copy plan as JSON', 'json'),
      ),
    );
  }

  private close(): void {
    this.tell(this.link.ask('plan.close', []));
  }

  private tell(asked: Promise<null>, done?: string): void {
    asked.then(
      () => {
        if (done !== undefined) this.say(done);
      },
      (error: unknown) => {
        const { code, message } = toWireError(error);
        if (code !== 'cancelled') this.say(message);
      },
    );
  }

  private say(words: string): void {
    setChildren(this.note, words);
    if (!this.note.isConnected) this.stateArea.append(this.note);
  }

  private savedAcknowledgements(planId: string): Set<number> {
    const saved = this.link.savedState();
    if (typeof saved !== 'object' || saved === null) return new Set();
    if (!('planId' in saved) || saved.planId !== planId) return new Set();
    if (!('acknowledged' in saved) || !Array.isArray(saved.acknowledged)) return new Set();
    return new Set(
      saved.acknowledged.filter((entry): entry is number => typeof entry === 'number'),
    );
  }
}
