/** Plans and runs operations for the service: engine values in, views out, plans kept in between. */
import type { Engine } from '../engine/engine';
import { DeltaError, isDeltaError } from '../engine/errors';
import type { ObjectUri } from '../engine/objectUri';
import type {
  CloneEdge,
  OperationSpec as EngineSpec,
  Plan,
  PlanContext,
} from '../engine/operations/operation';
import type {
  ExecuteOptions,
  ItemQuery,
  OperationOutcome,
  OperationSpec,
  Page,
  PlanItem,
  PlanView,
} from '../protocol/views';
import type { Call } from './deltaService';
import { engineAsOf } from './engineAsOf';
import { executeOperation, planOperation } from '../engine/operations/operations';
import { planItems } from './planItems';
import { PlanStore } from './planStore';
import { outcomeView, planView, progressView } from './planView';
import type { CloneRegistry } from './registry';
import { isoTime } from './timestamps';

export class Operations {
  private readonly plans: PlanStore<Plan>;

  constructor(
    private readonly engine: Engine,
    private readonly registry: CloneRegistry,
    private readonly resolve: (text: string) => ObjectUri,
  ) {
    this.plans = new PlanStore(() => engine.clock.now());
  }

  async plan(spec: OperationSpec, call: Call): Promise<PlanView> {
    const plan = await planOperation(this.engine, this.engineSpec(spec), progressOf(call));
    this.plans.keep(plan.id, plan);
    return planView(plan);
  }

  async items(planId: string, query: ItemQuery, call: Call): Promise<Page<PlanItem>> {
    return planItems(this.plans.get(planId), query, { signal: call.signal });
  }

  discard(planId: string): void {
    this.plans.discard(planId);
  }

  /** A plan that was refused has not run: it may be executed again, with what it needs. */
  async execute(planId: string, options: ExecuteOptions, call: Call): Promise<OperationOutcome> {
    const plan = this.plans.take(planId);
    try {
      const outcome = await executeOperation(this.engine, plan, {
        ...progressOf(call),
        acknowledged: new Set(options.acknowledged),
        recordClone: (edge) => this.record(edge, call),
      });
      return outcomeView(outcome);
    } catch (error) {
      if (isDeltaError(error, 'refused')) this.plans.keep(planId, plan);
      throw error;
    }
  }

  private record(edge: CloneEdge, call: Call): Promise<void> {
    return this.registry.record(
      { ...edge, createdAt: isoTime(edge.createdAt) },
      { signal: call.signal },
    );
  }

  private engineSpec(spec: OperationSpec): EngineSpec {
    switch (spec.kind) {
      case 'restore':
        if (spec.at === 'latest') {
          throw new DeltaError(
            'invalid-argument',
            'A restore needs the version or the time to go back to.',
          );
        }
        return { kind: 'restore', table: this.resolve(spec.table), at: engineAsOf(spec.at) };
      case 'shallow-clone':
      case 'deep-clone':
        return {
          ...spec,
          source: this.resolve(spec.source),
          target: this.resolve(spec.target),
          at: engineAsOf(spec.at),
        };
      default:
        return spec satisfies never;
    }
  }
}

function progressOf(call: Call): PlanContext {
  const { onProgress } = call;
  return {
    signal: call.signal,
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (event) => {
            onProgress(progressView(event));
          },
        }),
  };
}
