/** Runs the command line: the bundle as a process, as a user or a program does, or its code in this process, which is quicker. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { run } from '../../../src/cli/run';
import { parquetWorkerPath } from '../../helpers/parquetWorkerPath';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** An open file for standard output instead of a pipe. */
  readonly stdout?: number;
}

export abstract class Cli {
  abstract run(args: readonly string[], options?: CliOptions): Promise<CliResult>;

  /** Runs with `--json`, expects success, and parses the one document. */
  async json(args: readonly string[], options: CliOptions = {}): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** As {@link json}, for one object a line. */
  async lines(
    args: readonly string[],
    options: CliOptions = {},
  ): Promise<readonly Record<string, unknown>[]> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

export class BundledCli extends Cli {
  /** @param state folder of the record of clones */
  constructor(
    private readonly folder: string,
    private readonly state: string,
  ) {
    super();
  }

  start(args: readonly string[], options: CliOptions = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [join(this.folder, 'cli.js'), ...args], {
      cwd: options.cwd,
      env: { ...process.env, DELTA_CLONES_STATE: this.state, ...options.env },
      stdio: ['pipe', options.stdout ?? 'pipe', 'pipe'],
    }) as ChildProcessWithoutNullStreams;
  }

  override async run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return resultOf(this.start(args, options));
  }
}

export class InProcessCli extends Cli {
  constructor(private readonly state: string) {
    super();
  }

  override async run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const [out, err] = [textOf(stdout), textOf(stderr)];
    const code = await run({
      args,
      stdout,
      stderr,
      environment: { DELTA_CLONES_STATE: this.state, ...options.env },
      workingFolder: options.cwd ?? process.cwd(),
      parquetWorkerPath: await parquetWorkerPath(),
      signal: new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    return { code, stdout: await out, stderr: await err };
  }
}

async function textOf(stream: PassThrough): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Collects what a process says until it ends. */
export function resultOf(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    (child.stdout as Readable | null)
      ?.setEncoding('utf8')
      .on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** The error object of a failed run with `--json`; standard output must be empty then. */
export function errorOf(result: CliResult): {
  readonly code: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
} {
  if (result.stdout !== '') throw new Error(`standard output is not empty: ${result.stdout}`);
  const { error } = JSON.parse(result.stderr) as { error: ReturnType<typeof errorOf> };
  return error;
}
