/** Operations as command lines for a POSIX shell. */
import type { Plan } from '../engine/operations/operation';
import type { AsOf } from '../engine/table';
import { displayLocation } from './location';
import { isoTime } from './timestamps';

const program = 'delta-clones';

/** The command that makes this plan; `--execute` is left to the person. */
export function planCommandLine(plan: Plan): string {
  return [program, ...argumentsOf(plan)].map(shellWord).join(' ');
}

function argumentsOf(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case 'shallow-clone':
    case 'deep-clone': {
      const { spec } = plan;
      return [
        'clone',
        operand(spec.source),
        operand(spec.target),
        plan.kind === 'shallow-clone' ? '--shallow' : '--deep',
        ...asOfArguments(spec.at),
        ...(spec.replace === true ? ['--replace'] : []),
        ...(spec.ifNotExists === true ? ['--if-not-exists'] : []),
        ...Object.entries(spec.properties ?? {}).flatMap(([key, value]) => [
          '--property',
          `${key}=${value}`,
        ]),
        ...(spec.expires === undefined ? [] : ['--expires', spec.expires]),
        ...(spec.record === true ? ['--record'] : []),
        ...(spec.copyTxn === true ? ['--copy-txn'] : []),
      ];
    }
    case 'restore':
      return ['restore', operand(plan.spec.table), ...asOfArguments(plan.spec.at)];
    default:
      return plan satisfies never;
  }
}

/** A relative-looking path never arises: local locations are absolute, others URIs. */
function operand(location: string): string {
  return displayLocation(location);
}

function asOfArguments(at: AsOf): readonly string[] {
  if (at === 'latest') return [];
  return 'version' in at
    ? ['--version', String(at.version)]
    : ['--timestamp', isoTime(at.timestamp)];
}

/** Quotes a word for a POSIX shell where it needs it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
