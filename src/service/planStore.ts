/** Plans that wait to be executed: by id, used once, forgotten when they are old. */
import { DeltaError } from '../engine/errors';

const hourMs = 3_600_000;

interface Kept<P> {
  readonly plan: P;
  readonly keptAt: number;
}

export class PlanStore<P> {
  private readonly plans = new Map<string, Kept<P>>();

  /** @param now milliseconds since the epoch */
  constructor(
    private readonly now: () => number,
    private readonly maxAgeMs = hourMs,
    private readonly maxPlans = 64,
  ) {}

  get size(): number {
    this.dropOld();
    return this.plans.size;
  }

  keep(id: string, plan: P): void {
    this.dropOld();
    this.plans.set(id, { plan, keptAt: this.now() });
    for (const oldest of this.plans.keys()) {
      if (this.plans.size <= this.maxPlans) break;
      this.plans.delete(oldest);
    }
  }

  /** Throws `plan-not-found`. */
  get(id: string): P {
    this.dropOld();
    const kept = this.plans.get(id);
    if (kept === undefined) {
      throw new DeltaError(
        'plan-not-found',
        'The plan is not there any more: it was run or discarded, or is older than an hour. Make a new plan.',
        { details: { planId: id } },
      );
    }
    return kept.plan;
  }

  /** As {@link get}, and the plan cannot be had again. */
  take(id: string): P {
    const plan = this.get(id);
    this.plans.delete(id);
    return plan;
  }

  discard(id: string): void {
    this.plans.delete(id);
  }

  private dropOld(): void {
    const oldest = this.now() - this.maxAgeMs;
    for (const [id, { keptAt }] of this.plans) if (keptAt < oldest) this.plans.delete(id);
  }
}
