/** One door to all operations. */
import type { Engine } from '../engine';
import { executeClone } from './cloneExecution';
import { planClone } from './clonePlan';
import type { ExecuteContext, OperationSpec, Outcome, Plan, PlanContext } from './operation';
import { executeRestore } from './restoreExecution';
import { planRestore } from './restorePlan';

/** Plans an operation; reads only. */
export async function planOperation(
  engine: Engine,
  spec: OperationSpec,
  context: PlanContext = {},
): Promise<Plan> {
  return spec.kind === 'restore'
    ? planRestore(engine, spec, context)
    : planClone(engine, spec, context);
}

/** Executes a plan: no more than it tells, in one commit or none. */
export async function executeOperation(
  engine: Engine,
  plan: Plan,
  context: ExecuteContext,
): Promise<Outcome> {
  return plan.kind === 'restore'
    ? executeRestore(engine, plan, context)
    : executeClone(engine, plan, context);
}
