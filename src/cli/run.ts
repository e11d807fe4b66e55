/** One run of the command line: from arguments to an exit code. */
import type { WireError } from '../protocol/views';
import { parseArgs, UsageError } from './args';
import type { ParsedArgs } from './args';
import type { VerbContext } from './context';
import { exitCodeOf, exitCodes } from './exitCodes';
import type { ExitCode } from './exitCodes';
import { generalHelp, verbHelp } from './help';
import { toJsonText } from './json';
import { Output, OutputFailed, ReaderGone } from './output';
import type { OutputStream } from './output';
import { nearest } from './suggest';
import { laterVerbs, verbs } from './verbs';
import type { VerbName, VerbSpec } from './verbs';

export interface RunOptions {
  readonly args: readonly string[];
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** The bundle of the Parquet worker. */
  readonly parquetWorkerPath: string;
  /** Aborted on an interrupt. */
  readonly signal: AbortSignal;
}

type RunVerb = (context: VerbContext) => Promise<void>;

/** Each verb's code is loaded when it is asked for. */
const loaders = {
  tables: async () => (await import('./verb/tables')).tablesVerb,
  detail: async () => (await import('./verb/detail')).detailVerb,
  history: async () => (await import('./verb/history')).historyVerb,
  files: async () => (await import('./verb/files')).filesVerb,
  rows: async () => (await import('./verb/rows')).rowsVerb,
  clone: async () => (await import('./verb/clone')).cloneVerb,
  restore: async () => (await import('./verb/restore')).restoreVerb,
  lineage: async () => (await import('./verb/lineage')).lineageVerb,
} as const satisfies Record<VerbName, () => Promise<RunVerb>>;

/** Runs a verb; never throws. */
export async function run(options: RunOptions): Promise<ExitCode> {
  const output = new Output(options.stdout, options.stderr, options.environment);
  const isJson = wantsJson(options.args);
  output.holdsWords = isJson;
  const signal = AbortSignal.any([options.signal, output.signal]);
  try {
    await dispatch(options, output, isJson, signal);
    output.sayHeld();
    return exitCodes.done;
  } catch (error) {
    if (error instanceof ReaderGone || output.signal.reason instanceof ReaderGone) {
      return exitCodes.done;
    }
    return await fail(error, options, output, isJson);
  }
}

/** `--json` counts also where the arguments around it are wrong: who asked for JSON reads the error as JSON. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

async function dispatch(
  options: RunOptions,
  output: Output,
  isJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  const [first, ...rest] = options.args;
  if (first === undefined) throw new UsageError(`Give a verb.\n\n${generalHelp().trimEnd()}`);
  if (first === '--help' || first === '-h' || first === 'help') {
    const topic = verbs.find((verb) => verb.name === rest[0]);
    await output.write(topic === undefined ? generalHelp() : verbHelp(topic));
    return;
  }
  if (first === '--version') {
    const { packageVersion } = await import('../service/localEngine');
    await output.line(packageVersion());
    return;
  }
  const verb = findVerb(first);
  const args = parseArgs(verb, rest);
  if (args.has('help')) {
    await output.write(verbHelp(verb));
    return;
  }
  await runVerb(verb.name, args, options, output, isJson, signal);
}

function findVerb(name: string): VerbSpec & { readonly name: VerbName } {
  const verb = verbs.find((candidate) => candidate.name === name);
  if (verb !== undefined) return verb;
  if (laterVerbs.includes(name)) {
    throw new UsageError(`"${name}" is not available yet in this version.`);
  }
  if (name.startsWith('-')) {
    throw new UsageError(`Give a verb before ${name}. See "delta-clones --help".`);
  }
  const close = nearest(name, [...verbs.map((candidate) => candidate.name), ...laterVerbs]);
  throw new UsageError(
    `Unknown verb "${name}"${close === undefined ? '' : ` (did you mean "${close}"?)`}. See "delta-clones --help".`,
  );
}

async function runVerb(
  name: VerbName,
  args: ParsedArgs,
  options: RunOptions,
  output: Output,
  isJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  const [runIt, { createLocalService }] = await Promise.all([
    loaders[name](),
    import('../service/localEngine'),
  ]);
  const local = createLocalService({
    parquetWorkerPath: options.parquetWorkerPath,
    workingFolder: options.workingFolder,
    environment: options.environment,
    log: {
      debug: () => undefined,
      warn: (message) => {
        output.say(message);
      },
    },
  });
  try {
    await runIt({ service: local.service, args, output, isJson, signal, locate: local.locate });
  } finally {
    output.progress('');
    await local.close();
  }
}

async function fail(
  error: unknown,
  options: RunOptions,
  output: Output,
  isJson: boolean,
): Promise<ExitCode> {
  if (error instanceof UsageError) {
    const hint = error.verb === undefined ? '' : ` See "delta-clones ${error.verb} --help".`;
    output.sayError(
      isJson
        ? toJsonText({ error: { code: 'invalid-argument', message: error.message, details: {} } })
        : `${error.message}${hint}`,
    );
    return exitCodes.usage;
  }
  const { toWireError } = await import('../service/wireErrors');
  const told = outputError(error) ?? toWireError(error);
  const wire = options.signal.aborted && told.code === 'internal' ? cancelled : told;
  const code = exitCodeOf(wire.code);
  const shown = code === exitCodes.refused ? withFindings(wire) : wire;
  output.sayError(isJson ? toJsonText({ error: shown }) : errorText(shown));
  return code;
}

function outputError(error: unknown): WireError | undefined {
  if (!(error instanceof OutputFailed)) return undefined;
  const code = error.errno === 'ENOSPC' || error.errno === 'EDQUOT' ? 'no-space' : 'unreachable';
  return { code, message: error.message, details: {} };
}

const cancelled: WireError = {
  code: 'cancelled',
  message: 'The operation was cancelled.',
  details: {},
};

/** On exit code 4 the details hold findings, also where a refusal came before there was a plan. */
function withFindings(error: WireError): WireError {
  if (Array.isArray(error.details.findings)) return error;
  const finding = {
    code: error.code === 'already-exists' ? 'target-exists' : 'unsupported-feature',
    severity: 'blocker',
    needsAcknowledgement: false,
    subject: error.details.location ?? null,
    detail: error.details,
  };
  return { ...error, details: { ...error.details, findings: [finding] } };
}

function errorText(error: WireError): string {
  const findings = error.details.findings;
  const codes = Array.isArray(findings)
    ? findings.map((finding) => (finding as { readonly code?: unknown }).code)
    : [];
  return codes.length === 0
    ? error.message
    : `${error.message}\nFindings: ${[...new Set(codes)].join(', ')}.`;
}
