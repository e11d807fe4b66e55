// Starting programs so that they can be ended again, with everything they started themselves.
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Stop } from './console.mjs';

const windows = process.platform === 'win32';

/** The absolute path of a program on PATH, or undefined. */
export function which(name, path = process.env.PATH ?? '') {
  const endings = windows ? ['.cmd', '.exe', '.bat'] : [''];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      try {
        if (!statSync(file).isFile()) continue;
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here, or not to be run by us.
      }
    }
  }
  return undefined;
}

/** Program trees of ours that run now; ended when this process ends. */
const running = new Set();

/**
 * Starts a program in a process group of its own, so that `end` reaches its children as well.
 * @param options those of `child_process.spawn`
 */
export function startTree(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options, detached: !windows });
  const tree = {
    child,
    /** Resolves with the exit code (or 1 after a signal), rejects when the program could not be started. */
    exited: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
    }),
    end: () => endTree(tree),
  };
  tree.exited.catch(() => {});
  running.add(tree);
  return tree;
}

/** Whether a process of that id runs. */
export function processAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function alive(tree) {
  return processAlive(windows ? tree : -tree);
}

function signalTree(pid, signal) {
  try {
    if (windows) {
      execFileSync('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore' });
    } else {
      process.kill(-pid, signal);
    }
  } catch {
    // Already gone.
  }
}

async function endTree(tree) {
  const { pid } = tree.child;
  running.delete(tree);
  if (pid === undefined) return;
  signalTree(pid, 'SIGTERM');
  const patience = Date.now() + 5000;
  while (alive(pid)) {
    if (Date.now() > patience) signalTree(pid, 'SIGKILL');
    if (Date.now() > patience + 3000) return;
    await pause(50);
  }
}

/** Ends every tree that `startTree` started and waits until its processes are gone. */
export async function endAll() {
  await Promise.all([...running].map(endTree));
}

// Whatever way this process ends on its own, nothing it started is left behind.
process.on('exit', () => {
  for (const tree of running)
    if (tree.child.pid !== undefined) signalTree(tree.child.pid, 'SIGKILL');
});

/**
 * Makes sure that a tree does not outlive this process even when this process is killed without notice: a shell
 * waits for the end of a pipe that closes with us.
 */
export function guard(tree) {
  if (windows || tree.child.pid === undefined) return;
  const group = `-${tree.child.pid}`;
  const script = `read -r line; kill -s TERM -- ${group} && sleep 5 && kill -s KILL -- ${group}`;
  const guardian = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guardian.once('error', () => {});
  guardian.stdin.on('error', () => {});
  guardian.unref();
  guardian.stdin.unref?.();
  tree.exited.finally(() => guardian.kill('SIGKILL')).catch(() => {});
}

/**
 * Calls `stop` when the npm that runs this script is gone: npm passes a SIGTERM on to its shell only, and a killed npm
 * passes nothing on.
 */
function onNpmGone(stop) {
  if (windows || !process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  let npmPid;
  try {
    npmPid = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(shell)], { encoding: 'utf8' }));
  } catch {
    // Without `ps` the shell alone is watched.
  }
  const gone = () => process.ppid !== shell || (npmPid > 1 && !processAlive(npmPid));
  const timer = setInterval(() => {
    if (!gone()) return;
    clearInterval(timer);
    void stop('SIGTERM');
  }, 500);
  timer.unref();
}

/** Calls `stop` once at the first Ctrl-C, SIGTERM or closed terminal; a second Ctrl-C ends the process at once. */
export function onInterrupt(stop) {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopping) {
        if (signal === 'SIGINT') process.exit(130);
        return;
      }
      stopping = true;
      void stop(signal);
    });
  }
  onNpmGone((signal) => {
    if (stopping) return;
    stopping = true;
    void stop(signal);
  });
}

/** Makes Ctrl-C and SIGTERM end everything this script started before the script itself ends. */
export function endAllOnInterrupt() {
  onInterrupt(async (signal) => {
    await endAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

/**
 * Runs a program to its end.
 * @param options.quiet   keep the output, and show its end only when the program fails
 * @param options.timeout milliseconds after which the program is ended, with everything it started, and has failed
 * @throws Stop naming `options.title` when the exit code is not 0
 */
export async function run(command, args, { quiet = false, timeout, title, ...options } = {}) {
  const output = [];
  const tree = startTree(command, args, {
    ...options,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : (options.stdio ?? ['ignore', 'inherit', 'inherit']),
  });
  guard(tree);
  tree.child.stdout?.on('data', (chunk) => output.push(chunk));
  tree.child.stderr?.on('data', (chunk) => output.push(chunk));
  let code;
  let late = false;
  const timer = timeout && setTimeout(() => ((late = true), void tree.end()), timeout);
  try {
    code = await tree.exited;
  } catch (error) {
    throw new Stop(`${title ?? command} could not be started: ${error.message}`);
  } finally {
    clearTimeout(timer);
    running.delete(tree);
  }
  if (late)
    throw new Stop(
      `${title ?? command} was not done after ${timeout / 60_000} minutes and was ended.`,
    );
  const text = Buffer.concat(output).toString('utf8');
  if (code !== 0) {
    const lines = text.split('\n').filter((line) => line.trim() && !/^\s+at /.test(line));
    const tail = lines.slice(-20).join('\n');
    throw new Stop(`${title ?? command} failed with exit code ${code}.${tail ? `\n${tail}` : ''}`);
  }
  return text;
}

/** Waits. */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function listens(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}

/** The first free port of 127.0.0.1 from `wanted` on; 0 asks the system for any. */
export async function freePort(wanted = 0) {
  for (let port = wanted; port < wanted + 100 && port < 65536; port += 1) {
    const given = await listens(port);
    if (given) return given;
  }
  throw new Stop(`No free port on 127.0.0.1 from ${wanted} on; choose another with --port.`);
}
