/** What all writing verbs do: plan, print the plan and stop, or run it. */
import type { OperationSpec } from '../protocol/views';
import { callOf } from './context';
import type { VerbContext } from './context';
import { toJsonText } from './json';
import { nextStep, outcomeLines, planLines } from './planText';

/** Plans; runs the plan with `--execute`. */
export async function planOrExecute(context: VerbContext, spec: OperationSpec): Promise<void> {
  const { service, output, args } = context;
  const plan = await service.plan(spec, callOf(context));
  output.progress('');
  if (!args.has('execute')) {
    if (context.isJson) {
      const { id: _id, ...document } = plan;
      await output.line(toJsonText(document));
    } else {
      for (const line of [...planLines(plan, output.bold), '']) await output.line(line);
      output.say(nextStep(plan));
    }
    await service.discardPlan(plan.id);
    return;
  }
  const outcome = await service.execute(
    plan.id,
    { acknowledged: args.values('acknowledge') },
    callOf(context),
  );
  output.progress('');
  if (context.isJson) {
    await output.line(toJsonText(outcome));
    return;
  }
  for (const line of outcomeLines(outcome)) await output.line(line);
}
