/** Plan pages: an operation as it will run, its confirmation, its progress, and what comes after. One panel per plan. */
import type { Disposable, Uri, WebviewPanel } from 'vscode';
import { ViewColumn, commands, env, window, workspace } from 'vscode';
import type { PlanPageEvents, PlanPageMethods, PlanPageStart } from '../../protocol/planPage';
import type { OperationOutcome, OperationSpec, PlanView } from '../../protocol/views';
import type { DeltaService } from '../../service/deltaService';
import { commandIds } from '../commands/commandIds';
import type { Confirmations } from '../config';
import type { Log } from '../log';
import { logError } from '../log';
import { isCancelled, toWireError } from '../messages';
import { showError, showNote } from '../notify';
import type { Operations } from '../operations';
import { requireTrust } from '../operations';
import { mayRunAtOnce, planTitle } from '../outcomeText';
import { PageConnection, type PageHandlers, type PageLife } from './pageConnection';
import { loadPage, webviewOptions } from './panelHost';
import { PlanRun } from './planRun';
import { parseCodes, parseItemQuery, parsePlanCopyForm } from './wire';

export const planViewType = 'deltaClones.plan';

export interface PlanPanelsOptions {
  readonly extensionUri: Uri;
  readonly service: DeltaService;
  readonly operations: Operations;
  readonly log: Log;
  readonly timeZone: () => string;
  readonly confirmations: () => Confirmations;
}

export class PlanPanels implements Disposable {
  private readonly panels = new Set<PlanPanel>();

  constructor(private readonly options: PlanPanelsOptions) {}

  /** Plans an operation and shows the plan. Runs it at once only where the settings allow it and the plan has no finding. */
  async start(spec: OperationSpec): Promise<void> {
    requireTrust();
    const { operations, confirmations } = this.options;
    const plan = await operations.plan(spec);
    if (mayRunAtOnce(plan, confirmations())) {
      await operations.execute(plan, []);
      return;
    }
    const panel = new PlanPanel(spec, plan, this.options, () => this.panels.delete(panel));
    this.panels.add(panel);
  }

  dispose(): void {
    for (const panel of [...this.panels]) panel.close();
  }
}

class PlanPanel {
  private readonly panel: WebviewPanel;
  private readonly page: PageConnection<PlanPageMethods, PlanPageEvents>;
  private readonly run: PlanRun;

  constructor(
    private readonly spec: OperationSpec,
    private plan: PlanView,
    private readonly options: PlanPanelsOptions,
    onClosed: () => void,
  ) {
    this.panel = window.createWebviewPanel(planViewType, this.title(), ViewColumn.Active, {
      ...webviewOptions(options.extensionUri),
      enableFindWidget: true,
    });
    const channel = loadPage(this.panel, options.extensionUri, {
      page: 'plan',
      testId: 'delta-plan',
      title: this.title(),
      data: {},
    });
    this.run = new PlanRun({
      execute: (acknowledged, call) => options.operations.execute(this.plan, acknowledged, call),
      onState: (state) => {
        this.page.emit('plan.state', state);
      },
      now: () => Date.now(),
    });
    this.page = new PageConnection<PlanPageMethods, PlanPageEvents>(channel, (life) =>
      this.handlers(life),
    );
    this.panel.onDidDispose(() => {
      this.page.dispose();
      onClosed();
      // A run goes on without its page: its progress stands in a notification of its own.
      if (!this.run.isRunning) this.discard(this.plan.id);
    });
  }

  close(): void {
    this.panel.dispose();
  }

  private handlers(life: PageLife): PageHandlers<PlanPageMethods> {
    return {
      'plan.start': () => Promise.resolve(this.start()),
      'plan.items': ([query], call) =>
        this.options.service.planItems(this.plan.id, parseItemQuery(query), call),
      'plan.execute': ([codes], call) => this.execute(parseCodes(codes), call, life),
      'plan.cancel': () => {
        this.run.cancel();
        return Promise.resolve(null);
      },
      'plan.refresh': (_params, call) => this.refresh(call.signal),
      'plan.copy': async ([form]) => {
        await this.copy(parsePlanCopyForm(form));
        return null;
      },
      'plan.close': () => {
        setTimeout(() => {
          this.panel.dispose();
        });
        return Promise.resolve(null);
      },
      'plan.openHistory': () => {
        void commands.executeCommand(commandIds.openHistory, this.plan.target.location);
        return Promise.resolve(null);
      },
      'plan.undo': () => {
        const { state } = this.run;
        if (state.kind === 'done' && state.outcome.undoVersion !== null) {
          void commands.executeCommand(commandIds.restore, state.outcome.location, {
            at: { version: state.outcome.undoVersion },
          });
        }
        return Promise.resolve(null);
      },
    };
  }

  private start(): PlanPageStart {
    return {
      plan: this.plan,
      state: this.run.state,
      timeZone: this.options.timeZone(),
      canWrite: workspace.isTrusted,
    };
  }

  private async execute(
    acknowledged: readonly string[],
    call: Parameters<PlanRun['execute']>[1],
    life: PageLife,
  ): Promise<OperationOutcome> {
    requireTrust();
    const { log } = this.options;
    const isFirst = !this.run.isRunning;
    try {
      return await this.run.execute(acknowledged, call, () => !life.isOver);
    } catch (error) {
      if (isFirst) this.tellFailure(error, log);
      throw error;
    }
  }

  /** The page shows what went wrong; a person who looks elsewhere is told by a notification. */
  private tellFailure(error: unknown, log: Log): void {
    const what = planTitle(this.plan);
    if (isCancelled(error) || this.isSeen()) {
      logError(log, what, toWireError(error));
      return;
    }
    showError(log, error, {
      what,
      planAgain: () => {
        void this.planAgain();
      },
    });
  }

  private isSeen(): boolean {
    try {
      return this.panel.visible;
    } catch {
      return false; // the panel is closed
    }
  }

  private async planAgain(): Promise<void> {
    try {
      await this.refresh(undefined);
      this.panel.reveal();
    } catch (error) {
      showError(this.options.log, error, { what: planTitle(this.plan) });
    }
  }

  private async refresh(signal: AbortSignal | undefined): Promise<PlanPageStart> {
    if (!this.run.isRunning) {
      const old = this.plan.id;
      this.plan = await this.options.operations.plan(this.spec, { signal });
      this.discard(old);
      this.panel.title = this.title();
      this.run.reset();
    }
    return this.start();
  }

  private async copy(form: 'sql' | 'command-line' | 'json'): Promise<void> {
    switch (form) {
      case 'sql':
        if (this.plan.sql === null) {
          showNote('There is no SQL statement for this operation');
          return;
        }
        await env.clipboard.writeText(this.plan.sql);
        showNote('Copied the plan as SQL');
        return;
      case 'command-line':
        await env.clipboard.writeText(this.plan.commandLine);
        showNote('Copied the plan as a command line');
        return;
      case 'json':
        await env.clipboard.writeText(JSON.stringify(this.plan, undefined, 2));
        showNote('Copied the plan as JSON');
        return;
      default:
        form satisfies never;
    }
  }

  private discard(planId: string): void {
    this.options.service.discardPlan(planId).catch((error: unknown) => {
      logError(this.options.log, 'Discarding a plan', toWireError(error));
    });
  }

  private title(): string {
    return `Plan: ${planTitle(this.plan)}`;
  }
}
