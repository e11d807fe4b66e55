/** What is said after an operation, and whether the plan page may be skipped. */
import type { OperationOutcome, PlanView } from '../protocol/views';
import type { Confirmations } from './config';
import { cloneWords, formatBytes, plural } from './format';

/** The closing message: what was done, and trouble that did not stop it. */
export function outcomeText(plan: PlanView, outcome: OperationOutcome): string {
  return [outcomeSentence(plan, outcome), ...(outcome.warnings ?? [])].join(' ');
}

function outcomeSentence(plan: PlanView, outcome: OperationOutcome): string {
  const target = plan.target.name;
  if (!outcome.committed) {
    return outcome.version === null
      ? `Nothing was written: ${target} does not exist and nothing had to be done.`
      : `Nothing had to be done: ${target} is at version ${outcome.version} and stays there.`;
  }
  const version = outcome.version ?? 0;
  switch (plan.kind) {
    case 'shallow-clone':
      return `${target} is a ${cloneWords.shallow} of ${sourceText(plan)}: version ${version}, ${plural(plan.filesToAdd.files, 'file')} referenced, none copied.`;
    case 'deep-clone':
      return `${target} is a ${cloneWords.deep} of ${sourceText(plan)}: version ${version}, ${plural(plan.filesToCopy.files, 'file')} copied (${formatBytes(plan.filesToCopy.bytes)}).`;
    case 'restore':
      return `${target} is restored to version ${plan.source.version ?? '?'}, committed as version ${version}: ${plural(plan.filesToAdd.files, 'file')} brought back, ${plural(plan.filesToRemove.files, 'file')} removed.`;
    default:
      return plan.kind satisfies never;
  }
}

/** What a running operation is called: `Deep Clone of orders`. */
export function planTitle(plan: Pick<PlanView, 'kind' | 'source' | 'target'>): string {
  switch (plan.kind) {
    case 'shallow-clone':
      return `Shallow Clone ${plan.source.name} to ${plan.target.name}`;
    case 'deep-clone':
      return `Deep Clone ${plan.source.name} to ${plan.target.name}`;
    case 'restore':
      return `Restore ${plan.target.name}`;
    default:
      return plan.kind satisfies never;
  }
}

/** A plan is skipped only where a person asked for that, and never with a finding, whatever its severity. */
export function mayRunAtOnce(plan: PlanView, confirmations: Confirmations): boolean {
  return confirmations === 'findings' && plan.findings.length === 0;
}

function sourceText(plan: PlanView): string {
  const { name, version } = plan.source;
  return version === null ? name : `${name} at version ${version}`;
}
