/** Parses the arguments of a verb against its specification; nothing is guessed, nothing is ignored. */
import type { OptionSpec, VerbSpec } from './verbs';
import { nearest } from './suggest';

/** Wrong usage: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    /** The verb whose help is worth a hint. */
    readonly verb?: string,
  ) {
    super(message);
  }
}

export interface ParsedArgs {
  readonly positionals: readonly string[];
  has(option: string): boolean;
  /** The value of an option that may stand once. */
  value(option: string): string | undefined;
  /** The values of a repeatable option, in order. */
  values(option: string): readonly string[];
}

/**
 * Options may stand anywhere, as `--name value` or `--name=value`; behind `--` everything is a positional argument.
 * Throws {@link UsageError}, also for a wrong number of positional arguments (not when help is asked for).
 */
export function parseArgs(verb: VerbSpec, args: readonly string[]): ParsedArgs {
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('--')) {
      if (/^-[A-Za-z]/.test(arg)) {
        throw new UsageError(
          `Unknown option ${arg}: options are written in full, as --name.`,
          verb.name,
        );
      }
      positionals.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    const option = findOption(verb, name);
    let value = equals < 0 ? undefined : arg.slice(equals + 1);
    if (option.value === undefined) {
      if (value !== undefined) throw new UsageError(`--${name} takes no value.`, verb.name);
      value = '';
    } else if (value === undefined) {
      value = args[++i];
      if (value === undefined) {
        throw new UsageError(`--${name} needs a value: --${name} <${option.value}>.`, verb.name);
      }
    }
    const given = values.get(name) ?? [];
    if (given.length > 0 && option.value !== undefined && option.isRepeatable !== true) {
      throw new UsageError(`--${name} may be given once.`, verb.name);
    }
    values.set(name, [...given, value]);
  }
  if (!values.has('help')) checkPositionals(verb, positionals);
  return {
    positionals,
    has: (option) => values.has(option),
    value: (option) => values.get(option)?.[0],
    values: (option) => values.get(option) ?? [],
  };
}

function findOption(verb: VerbSpec, name: string): OptionSpec {
  const option = verb.options.find((candidate) => candidate.name === name);
  if (option !== undefined) return option;
  const close = nearest(
    name,
    verb.options.map((candidate) => candidate.name),
  );
  throw new UsageError(
    `Unknown option --${name} of "${verb.name}"${close === undefined ? '' : ` (did you mean --${close}?)`}.`,
    verb.name,
  );
}

function checkPositionals(verb: VerbSpec, given: readonly string[]): void {
  const missing = verb.positionals[given.length];
  if (missing !== undefined) {
    throw new UsageError(`"${verb.name}" needs <${missing}>.`, verb.name);
  }
  const extra = given[verb.positionals.length];
  if (extra !== undefined) {
    throw new UsageError(`"${verb.name}" does not take "${extra}".`, verb.name);
  }
  const empty = given.indexOf('');
  if (empty >= 0) {
    throw new UsageError(`<${verb.positionals[empty] ?? ''}> is empty.`, verb.name);
  }
}

/** A whole number from 0 (or from `least`). Throws {@link UsageError}. */
export function wholeNumber(text: string, option: string, verb: string, least = 0): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${option} takes a whole number from ${least}, not "${text}".`, verb);
  }
  return value;
}
