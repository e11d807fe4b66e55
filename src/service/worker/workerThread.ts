/** A worker thread of Node as a {@link WorkerHandle}. */
import { Worker } from 'node:worker_threads';
import type { WorkerHandle } from './workerClient';

export interface WorkerThreadOptions {
  /** Limit of the worker's JavaScript heap in MiB; past it the thread ends, not the editor. */
  readonly maxOldGenerationSizeMb: number;
}

/** Starts a thread on a script that talks envelopes over its parent port. */
export function spawnWorkerThread(script: string, options: WorkerThreadOptions): WorkerHandle {
  const worker = new Worker(script, {
    name: 'delta-clones-engine',
    resourceLimits: { maxOldGenerationSizeMb: options.maxOldGenerationSizeMb },
  });
  let listener: ((reason: string) => void) | undefined;
  let ended: string | undefined;
  let isTerminated = false;
  const end = (reason: string): void => {
    if (ended !== undefined) return;
    ended = reason;
    if (!isTerminated) listener?.(reason);
  };
  worker.on('error', (error) => {
    end(error instanceof Error ? error.message : String(error));
  });
  worker.on('exit', (code) => {
    end(`exit code ${code}`);
  });
  return {
    port: {
      post: (message) => {
        worker.postMessage(message);
      },
      onMessage: (receive) => {
        worker.on('message', receive);
      },
    },
    onExit: (given) => {
      listener = given;
      if (ended !== undefined) given(ended);
    },
    terminate: async () => {
      isTerminated = true;
      await worker.terminate();
    },
  };
}
