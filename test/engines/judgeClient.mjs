import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * The long-lived `judge.py`: requests are answered in order by one Spark session. `ask` rejects with the engine's
 * own words where an engine refuses.
 *
 * @param {ReturnType<import('./provision.mjs').provision>} engines
 */
export function startJudge(engines) {
  const child = spawn(engines.python, [path.join(here, 'judge.py'), '--jars', engines.jars], {
    env: engines.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting = new Map();
  let last = 0;
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    words = (words + text).slice(-4000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, error, ...answer } = JSON.parse(line);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  const ended = new Promise((resolve) => {
    child.on('close', (code) => {
      for (const { reject } of waiting.values()) {
        reject(new Error(`the judge ended with ${code}: ${words}`));
      }
      waiting.clear();
      resolve(code);
    });
  });
  child.stdin.on('error', () => undefined);
  return {
    ask(request) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
      });
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
    kill() {
      child.kill();
    },
  };
}

/**
 * Versions and row counts by Delta Kernel, in the order of the locations; `error` where it refuses.
 *
 * @returns {Promise<readonly ({ version: number, count: number } | { error: string })[]>}
 */
export async function askKernel(engines, locations) {
  const { stdout } = await promisify(execFile)(
    engines.java,
    ['-cp', engines.classpath, path.join(here, 'KernelJudge.java'), ...locations],
    { env: engines.environment, maxBuffer: 1 << 26 },
  );
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('error ')) return { error: line.slice(6) };
      const [version, count] = line.split(' ').map(Number);
      return { version, count };
    });
}
