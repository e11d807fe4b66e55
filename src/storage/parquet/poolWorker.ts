/** One worker thread of the pool with the job that runs in it, and the watch over both. */
import { Worker } from 'node:worker_threads';
import type {
  FromWorker,
  InspectResult,
  ParquetJob,
  ReadResult,
  ToWorker,
  WorkerQuestion,
} from './parquetMessages';

/** How long a cancelled job may go on computing before its worker is ended: starting another costs as much. */
const graceMs = 150;
/** How long a thread may take to start, on a machine that is busy with other things. */
const startMs = 30_000;
/** How long a job has to fail after its question was refused. */
const refusedMs = 250;

interface Failure {
  /** The job had asked for something before it failed. */
  readonly asked: boolean;
  readonly heapBytes: number;
  /** The worker can take another job. */
  readonly usable: boolean;
}

export type JobFailure = Failure &
  (
    | { readonly kind: 'answer-failed'; readonly error: unknown }
    | { readonly kind: 'failed'; readonly message: string; readonly unreadable: boolean }
    | { readonly kind: 'panicked'; readonly message: string }
    | { readonly kind: 'silent' }
    | { readonly kind: 'ended'; readonly message: string }
  );

export type JobOutcome =
  | {
      readonly kind: 'done';
      readonly result: InspectResult | ReadResult | null;
      readonly heapBytes: number;
      readonly usable: true;
    }
  | JobFailure;

interface RunOptions {
  readonly answer: (question: WorkerQuestion) => Promise<Uint8Array | null>;
  readonly signal: AbortSignal | undefined;
  readonly inactivityMs: number;
}

interface RunningJob extends RunOptions {
  readonly finish: (outcome: JobOutcome) => void;
  /** How long the worker may be silent; shorter once nobody waits for the job any more. */
  patienceMs: number;
  /** Questions that we have not answered yet: while there are any, the worker waits for us. */
  owed: number;
  asked: boolean;
  /** Why a question was refused: what the job will have failed of, whatever it says. */
  answerFailed: { readonly error: unknown } | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class PoolWorker {
  /** Jobs that ended in good order. */
  finishedJobs = 0;
  /** Key of the file that the last job was about. */
  lastFile: string | undefined;
  private readonly worker: Worker;
  private running: RunningJob | undefined;
  private ended = false;
  private online = false;

  /** `onEnd` is called once when the thread is no more, whoever ended it. */
  constructor(path: string | URL, onEnd: () => void) {
    // The editor's own flags (an inspector, a loader) are not for this thread; what it prints is nobody's to read.
    this.worker = new Worker(path, { execArgv: [], stdout: true, stderr: true });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('message', (message: FromWorker) => {
      this.receive(message);
    });
    let reason = 'it exited';
    this.worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    this.worker.on('messageerror', () => {
      reason = 'a message was lost';
      void this.end();
    });
    this.worker.on('exit', () => {
      this.ended = true;
      onEnd();
      this.fail({ kind: 'ended', message: reason });
    });
    this.worker.on('online', () => {
      this.online = true;
      if (this.running?.owed === 0) this.watch();
    });
    this.worker.unref();
  }

  get busy(): boolean {
    return this.running !== undefined || this.ended;
  }

  /** Runs one job to its outcome; never rejects. */
  run(job: ParquetJob, options: RunOptions): Promise<JobOutcome> {
    return new Promise((resolve) => {
      const abort = (): void => {
        if (this.running === undefined) return;
        if (this.running.owed > 0) this.fail({ kind: 'ended', message: 'it was cancelled' });
        else this.shorten(graceMs);
      };
      this.running = {
        ...options,
        patienceMs: options.inactivityMs,
        owed: 0,
        asked: false,
        answerFailed: undefined,
        timer: undefined,
        finish: (told) => {
          const refused = this.running?.answerFailed;
          const outcome: JobOutcome =
            refused === undefined
              ? told
              : {
                  kind: 'answer-failed',
                  error: refused.error,
                  asked: true,
                  heapBytes: told.heapBytes,
                  usable: told.usable,
                };
          clearTimeout(this.running?.timer);
          options.signal?.removeEventListener('abort', abort);
          this.running = undefined;
          if (!this.ended) this.worker.unref();
          if (outcome.usable) this.finishedJobs++;
          resolve(outcome);
        },
      };
      options.signal?.addEventListener('abort', abort, { once: true });
      this.lastFile = 'file' in job ? job.file.key : undefined;
      this.worker.ref();
      this.post({ kind: 'start', job });
      this.watch(this.online ? 0 : startMs);
    });
  }

  /** Ends the thread and its memory. */
  async end(): Promise<void> {
    this.ended = true;
    this.fail({ kind: 'ended', message: 'it was closed' });
    await this.worker.terminate();
  }

  private post(message: ToWorker): void {
    const bytes = message.kind === 'answer' ? message.bytes?.buffer : undefined;
    this.worker.postMessage(message, bytes instanceof ArrayBuffer ? [bytes] : []);
  }

  private receive(message: FromWorker): void {
    const { running } = this;
    if (running === undefined) return;
    switch (message.kind) {
      case 'ask':
        clearTimeout(running.timer);
        running.owed++;
        running.asked = true;
        void this.reply(running, message.question, message.what);
        break;
      case 'done':
        running.finish({
          kind: 'done',
          result: message.result,
          heapBytes: message.heapBytes,
          usable: true,
        });
        break;
      case 'failed':
        running.finish({ ...message, asked: running.asked, usable: true });
        break;
      case 'panicked':
        running.finish({ ...message, asked: running.asked, usable: false });
        break;
    }
  }

  private async reply(running: RunningJob, question: number, what: WorkerQuestion): Promise<void> {
    try {
      const bytes = await running.answer(what);
      if (this.running !== running) return;
      running.owed--;
      this.post({ kind: 'answer', question, bytes: owned(bytes) });
      if (running.owed === 0) this.watch();
    } catch (error) {
      if (this.running !== running) return;
      // Outside the decoder the worker fails in good order and goes on; inside, it panics or falls silent.
      running.answerFailed ??= { error };
      this.post({ kind: 'refuse', question });
      this.shorten(refusedMs);
    }
  }

  /** Begins to wait for the next sign of life, for the job's patience or at least for `leastMs`. */
  private watch(leastMs = 0): void {
    const { running } = this;
    if (running === undefined) return;
    clearTimeout(running.timer);
    running.timer = setTimeout(
      () => {
        this.fail({ kind: 'silent' });
      },
      Math.max(running.patienceMs, leastMs),
    );
  }

  private shorten(milliseconds: number): void {
    if (this.running === undefined) return;
    this.running.patienceMs = Math.min(this.running.patienceMs, milliseconds);
    this.watch();
  }

  private fail(failure: { kind: 'silent' } | { kind: 'ended'; message: string }): void {
    const { running } = this;
    running?.finish({ ...failure, asked: running.asked, heapBytes: 0, usable: false });
  }
}

/** Bytes that may be transferred: alone in their buffer. */
function owned(bytes: Uint8Array | null): Uint8Array | null {
  if (bytes === null) return null;
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength
    ? bytes
    : bytes.slice();
}
