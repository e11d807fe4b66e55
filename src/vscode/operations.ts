/** Planning and executing from the editor: progress, what is refreshed afterwards, and the message that offers the next step. */
import { commands, window, workspace } from 'vscode';
import type { OperationOutcome, OperationSpec, PlanView } from '../protocol/views';
import type { Call, DeltaService } from '../service/deltaService';
import { commandIds } from './commands/commandIds';
import { operationTitles } from './format';
import { displayPath } from './locations';
import type { Log } from './log';
import { EditorError } from './messages';
import { outcomeText, planTitle } from './outcomeText';
import { withProgress } from './progress';
import type { KnownTables } from './tree/knownTables';
import type { TableScanner } from './tree/tableScanner';
import type { TablesView } from './tree/tablesView';

export interface OperationsOptions {
  readonly service: DeltaService;
  readonly tables: KnownTables;
  readonly scanner: TableScanner;
  readonly view: TablesView;
  readonly log: Log;
  /** True for a place that a scan of the workspace would come to. */
  readonly isScanned: (location: string) => boolean;
  /** A table joined the view for good. */
  readonly onOpened: () => Promise<void>;
}

export class Operations {
  constructor(private readonly options: OperationsOptions) {}

  /** Makes a plan; reads only. */
  plan(spec: OperationSpec, call: Call = {}): Promise<PlanView> {
    const title = `Planning: ${operationTitles[spec.kind]}`;
    return withProgress({ title, ...call }, (active) => this.options.service.plan(spec, active));
  }

  /**
   * Runs a plan once and announces the outcome. Rejects with the service's error, and with `untrusted` in an untrusted workspace;
   * then nothing was committed.
   */
  async execute(
    plan: PlanView,
    acknowledged: readonly string[],
    call: Call = {},
  ): Promise<OperationOutcome> {
    requireTrust();
    const { log, service } = this.options;
    const title = planTitle(plan);
    log.info(`${title}: started (${displayPath(plan.target.location)})`);
    const outcome = await withProgress({ title, ...call }, (active) =>
      service.execute(plan.id, { acknowledged }, active),
    );
    log.info(
      `${title}: ${outcome.committed ? `committed version ${outcome.version ?? '?'}` : 'nothing to commit'} ${JSON.stringify(outcome.metrics)}`,
    );
    for (const warning of outcome.warnings ?? []) log.warn(`${title}: ${warning}`);
    void this.settle(plan, outcome);
    return outcome;
  }

  /** The tree learns of what was written, and a message offers the next step. */
  private async settle(plan: PlanView, outcome: OperationOutcome): Promise<void> {
    const { log } = this.options;
    try {
      await this.refresh(plan, outcome);
    } catch (error) {
      log.warn(`The tree could not be refreshed: ${String(error)}`);
    }
    const history = { title: plan.kind === 'restore' ? 'Open History' : "Open Clone's History" };
    const show = { title: 'Show in Tables' };
    const undo = { title: `Undo (Restore Version ${outcome.undoVersion ?? 0})` };
    const chosen = await window.showInformationMessage(
      outcomeText(plan, outcome),
      ...(outcome.version === null ? [] : [history, show]),
      ...(outcome.committed && outcome.undoVersion !== null ? [undo] : []),
    );
    if (chosen === history) {
      await commands.executeCommand(commandIds.openHistory, outcome.location);
    } else if (chosen === show) {
      await this.options.view.reveal(outcome.location, { focus: true });
    } else if (chosen === undo && outcome.undoVersion !== null) {
      await commands.executeCommand(commandIds.restore, outcome.location, {
        at: { version: outcome.undoVersion },
      });
    }
  }

  private async refresh(plan: PlanView, outcome: OperationOutcome): Promise<void> {
    const { isScanned, onOpened, scanner, tables, view } = this.options;
    if (outcome.version === null) return;
    const { location } = outcome;
    if (tables.get(location) === undefined && !isScanned(location)) {
      await scanner.open(location);
      await onOpened();
    }
    await scanner.refreshTable(location);
    const entry = tables.get(location)?.entry;
    if (entry === undefined || plan.kind === 'restore') return;
    if (entry.cloneOf === undefined) {
      tables.addFound({
        ...entry,
        cloneOf: {
          location: plan.source.location,
          version: plan.source.version,
          kind: plan.kind === 'shallow-clone' ? 'shallow' : 'deep',
        },
      });
    }
    if (view.treeView.visible) await view.reveal(location, { focus: false });
  }
}

/** Throws `untrusted` in an untrusted workspace: there everything reads and nothing writes. */
export function requireTrust(): void {
  if (workspace.isTrusted) return;
  throw new EditorError(
    'untrusted',
    'This workspace is not trusted: tables can be read, but nothing is cloned or restored.',
  );
}
