/** Entry of the command line's bundle. */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { exitCodes } from './exitCodes';
import { run } from './run';

// One interrupt is heard by every read under way, of which there are many.
setMaxListeners(0);
const interrupt = new AbortController();
let interrupts = 0;

/** The first interrupt cancels and waits for a clean end; the second does not wait. */
function onInterrupt(): void {
  interrupts++;
  if (interrupts > 1) process.exit(exitCodes.cancelled);
  interrupt.abort();
}

/**
 * Node writes to pipes in blocking mode on POSIX: a reader that pauses would stop this process in the middle of a write, deaf to an
 * interrupt. In non-blocking mode the stream tells when it may take more.
 */
function doNotBlock(stream: unknown): void {
  const { _handle: handle } = stream as {
    readonly _handle?: { readonly setBlocking?: (isBlocking: boolean) => void } | null;
  };
  handle?.setBlocking?.(false);
}

if (process.stdout.isTTY !== true) doNotBlock(process.stdout);
process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);
void run({
  args: process.argv.slice(2),
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  workingFolder: process.cwd(),
  parquetWorkerPath: join(__dirname, 'parquetWorker.js'),
  signal: interrupt.signal,
}).then((code) => {
  process.exitCode = code;
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onInterrupt);
});
