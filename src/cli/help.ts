/** Help texts, made from the specifications of the verbs. */
import { verbs } from './verbs';
import type { VerbSpec } from './verbs';

const program = 'delta-clones';

/** Help of the whole command. */
export function generalHelp(): string {
  const width = Math.max(...verbs.map((verb) => usageOf(verb).length));
  return [
    `Usage: ${program} <verb> ... [--json]`,
    '',
    'Verbs:',
    ...verbs.map((verb) => `  ${usageOf(verb).padEnd(width)}  ${verb.help}`),
    '',
    `A table is a path or a URI. "${program} <verb> --help" tells the options of a verb, "${program} --version" the version.`,
    'Verbs that write print their plan and stop, unless --execute is given.',
    '',
    'Exit codes: 0 done, 2 wrong usage, 3 not a table or not readable, 4 refused, 5 conflict, 6 store error, 70 internal error,',
    '130 cancelled.',
    '',
  ].join('\n');
}

/** Help of one verb. */
export function verbHelp(verb: VerbSpec): string {
  const left = verb.options.map(
    ({ name, value }) => `--${name}${value === undefined ? '' : ` <${value}>`}`,
  );
  const width = Math.max(...left.map((text) => text.length));
  return [
    `Usage: ${program} ${usageOf(verb)} [options]`,
    '',
    `${verb.help.charAt(0).toUpperCase()}${verb.help.slice(1)}.`,
    '',
    'Options:',
    ...verb.options.map((option, i) => `  ${(left[i] ?? '').padEnd(width)}  ${option.help}`),
    '',
  ].join('\n');
}

function usageOf(verb: VerbSpec): string {
  return [verb.name, ...verb.positionals.map((name) => `<${name}>`)].join(' ');
}
