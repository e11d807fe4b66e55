/** Methods and events between the plan page and the editor. */
import type {
  ItemQuery,
  OperationOutcome,
  Page,
  PlanItem,
  PlanView,
  ProgressEvent,
  WireError,
} from './views';

/** Asked by the page, answered by the editor. */
export interface PlanPageMethods {
  'plan.start': { readonly params: readonly []; readonly result: PlanPageStart };
  'plan.items': { readonly params: readonly [ItemQuery]; readonly result: Page<PlanItem> };
  /** Runs the plan with the acknowledged finding codes. Progress comes as rpc progress; a cancel of the request cancels it. */
  'plan.execute': {
    readonly params: readonly [readonly string[]];
    readonly result: OperationOutcome;
  };
  /** Cancels the run, also one whose request was lost when the page was hidden and shown again. */
  'plan.cancel': { readonly params: readonly []; readonly result: null };
  /** Makes the plan anew (after `stale-plan` or a failure). */
  'plan.refresh': { readonly params: readonly []; readonly result: PlanPageStart };
  'plan.copy': {
    readonly params: readonly ['sql' | 'command-line' | 'json'];
    readonly result: null;
  };
  /** Closes the page without running the plan. */
  'plan.close': { readonly params: readonly []; readonly result: null };
  /** After a run: opens the history of the written table. */
  'plan.openHistory': { readonly params: readonly []; readonly result: null };
  /** After a run: opens the plan of the restore that undoes it. */
  'plan.undo': { readonly params: readonly []; readonly result: null };
}

/** What became of a plan in this page; survives hiding and showing the page. */
export type PlanPageState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'running'; readonly progress: ProgressEvent | null }
  | { readonly kind: 'done'; readonly outcome: OperationOutcome }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface PlanPageStart {
  readonly plan: PlanView;
  readonly state: PlanPageState;
  readonly timeZone: string;
  /** False in an untrusted workspace. */
  readonly canWrite: boolean;
}

/** Told by the editor, also for runs that were started before the page was reloaded. */
export interface PlanPageEvents {
  'plan.state': PlanPageState;
}
