/**
 * The run of one plan, owned by its panel and not by the page: the page may be hidden and started anew while files are copied. A
 * page that asks again while the plan runs joins the run.
 */
import type { PlanPageState } from '../../protocol/planPage';
import type { OperationOutcome, ProgressEvent } from '../../protocol/views';
import { toWireError } from '../messages';

const tellEveryMs = 200;

export interface RunCall {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

export interface PlanRunOptions {
  readonly execute: (acknowledged: readonly string[], call: RunCall) => Promise<OperationOutcome>;
  readonly onState: (state: PlanPageState) => void;
  readonly now: () => number;
}

export class PlanRun {
  private current: PlanPageState = { kind: 'ready' };
  private running: Promise<OperationOutcome> | undefined;
  private controller = new AbortController();
  private readonly listeners = new Set<(event: ProgressEvent) => void>();
  private toldAt = 0;

  constructor(private readonly options: PlanRunOptions) {}

  get state(): PlanPageState {
    return this.current;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Starts the run, or joins the one that goes on. Aborting the signal cancels the run while `isHeard` says so. */
  execute(
    acknowledged: readonly string[],
    call: RunCall,
    isHeard: () => boolean,
  ): Promise<OperationOutcome> {
    const cancel = (): void => {
      if (isHeard()) this.controller.abort();
    };
    this.listeners.add(call.onProgress);
    const running = this.running ?? this.start(acknowledged);
    if (call.signal.aborted) cancel();
    call.signal.addEventListener('abort', cancel, { once: true });
    return running.finally(() => {
      call.signal.removeEventListener('abort', cancel);
      this.listeners.delete(call.onProgress);
    });
  }

  /** Cancels the run, if one goes on. */
  cancel(): void {
    this.controller.abort();
  }

  /** A new plan took the place of the old one. */
  reset(): void {
    this.set({ kind: 'ready' });
  }

  private start(acknowledged: readonly string[]): Promise<OperationOutcome> {
    this.controller = new AbortController();
    this.set({ kind: 'running', progress: null });
    this.running = this.run(acknowledged).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async run(acknowledged: readonly string[]): Promise<OperationOutcome> {
    try {
      const outcome = await this.options.execute(acknowledged, {
        signal: this.controller.signal,
        onProgress: (event) => {
          this.tell(event);
        },
      });
      this.set({ kind: 'done', outcome });
      return outcome;
    } catch (error) {
      this.set({ kind: 'failed', error: toWireError(error) });
      throw error;
    }
  }

  private tell(event: ProgressEvent): void {
    this.current = { kind: 'running', progress: event };
    for (const listener of this.listeners) listener(event);
    const now = this.options.now();
    if (now - this.toldAt < tellEveryMs) return;
    this.toldAt = now;
    this.options.onState(this.current);
  }

  private set(state: PlanPageState): void {
    this.current = state;
    this.options.onState(state);
  }
}
