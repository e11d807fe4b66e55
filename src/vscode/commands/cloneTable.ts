import type { CloneSpec } from '../../protocol/views';
import { operationTitles } from '../format';
import { baseName } from '../locations';
import { EditorError } from '../messages';
import { requireTrust } from '../operations';
import { validateTarget } from '../targets';
import { cloneAnswers } from './commandIds';
import type { CommandContext, CommandHandler } from './context';
import { pickTarget, type TargetAnswer } from './pickTarget';
import { tableOfCommand } from './pickTable';
import { pickVersion } from './pickVersion';

export const shallowClone: CommandHandler = (context, argument, more) =>
  cloneTable(context, 'shallow-clone', argument, more);

export const deepClone: CommandHandler = (context, argument, more) =>
  cloneTable(context, 'deep-clone', argument, more);

/** Table, version, target: each asked for unless it was given; then the plan. */
async function cloneTable(
  context: CommandContext,
  kind: CloneSpec['kind'],
  argument: unknown,
  more: unknown,
): Promise<void> {
  requireTrust();
  const answers = cloneAnswers(more);
  const source = await tableOfCommand(context, argument, operationTitles[kind]);
  if (source === undefined) return;
  const at =
    answers.at ??
    (await pickVersion(context, source, {
      title: `${operationTitles[kind]} of ${baseName(source)}`,
      placeholder: 'Select the version that is cloned',
      offersLatest: true,
    }));
  if (at === undefined) return;
  const place =
    answers.target === undefined
      ? await pickTarget(context, kind, source)
      : givenTarget(answers.target, answers.replace === true, source);
  if (place === undefined) return;
  const { target, replace } = place;
  await context.plans.start({ kind, source, target, at, ...(replace ? { replace } : {}) });
}

function givenTarget(target: string, replace: boolean, source: string): TargetAnswer {
  const problem = validateTarget(target, source);
  if (problem !== undefined) throw new EditorError('invalid-argument', problem);
  return { target, replace };
}
