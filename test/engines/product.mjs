import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A verb of the command line that did not end as the check needs. */
export class VerbFailed extends Error {
  constructor(args, code, stderr) {
    const words = stderr.trim().slice(-1500);
    super(`delta-clones ${args.join(' ')} ended with ${code}: ${words}`);
    this.code = code;
    this.stderr = stderr;
  }
}

/**
 * Our command line as another program calls it: the bundled `dist/cli.js`, with a registry of its own.
 *
 * @param {string} root the repository
 * @param {string} work a scratch folder
 */
export function commandLine(root, work) {
  const env = { ...process.env, DELTA_CLONES_STATE: path.join(work, 'state') };
  let files = 0;

  async function text(...args) {
    const all = [path.join(root, 'dist', 'cli.js'), ...args, '--json'];
    const { code, stdout, stderr } = await run(process.execPath, all, { env, cwd: work });
    if (code !== 0) throw new VerbFailed(args, code, stderr);
    return stdout;
  }

  return {
    text,
    /** One JSON document. Numbers are read as JavaScript does: for versions and counts only. */
    json: async (...args) => JSON.parse(await text(...args)),
    /** Runs a verb with `--execute` and gives its outcome. */
    execute: async (...args) => {
      const outcome = JSON.parse(await text(...args, '--execute'));
      if (outcome.committed !== true) {
        throw new Error(`${args[0]} committed nothing: ${JSON.stringify(outcome)}`);
      }
      // What fails after the commit, a checkpoint for one, is only a warning to a person.
      if ((outcome.warnings ?? []).length > 0) {
        throw new Error(`${args[0]} warns: ${JSON.stringify(outcome.warnings)}`);
      }
      return outcome;
    },
    /** All rows as NDJSON in a file: Python reads its integers without loss. */
    rowsFile: async (location, version) => {
      const at = version === undefined ? [] : ['--version', String(version)];
      const file = path.join(work, `rows-${(files += 1)}.ndjson`);
      writeFileSync(file, await text('rows', location, ...at));
      return file;
    },
  };
}

/** Runs a program to its end. */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk) => out.stdout.push(chunk));
    child.stderr.on('data', (chunk) => out.stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const [stdout, stderr] = [out.stdout, out.stderr].map((parts) =>
        Buffer.concat(parts).toString(),
      );
      resolve({ code: code ?? signal, stdout, stderr });
    });
  });
}
