/**
 * A watched pool of Parquet workers. The decoder may panic, hang or fill its memory, none of which it tells: here each of
 * these ends a job with a typed error, and the worker with it. One job runs in a worker at a time, so no other is hurt.
 */
import { availableParallelism } from 'node:os';
import { cancelledError, DeltaError, throwIfAborted } from '../../engine/errors';
import type { InspectResult, ParquetJob, ReadResult, WorkerQuestion } from './parquetMessages';
import { PoolWorker } from './poolWorker';
import type { JobFailure } from './poolWorker';

export interface ParquetPoolOptions {
  /** The worker's bundle: a path or a `file:` URL. */
  readonly workerPath: string | URL;
  /** Most workers at once. Default: the number of cores, at most 4. */
  readonly size?: number | undefined;
  /** How long a worker may compute in silence, in milliseconds. Time that it waits for us does not count. Default: 2 minutes. */
  readonly inactivityMs?: number | undefined;
  /** A worker whose memory has grown past this many bytes is replaced after its job. Default: 1 GiB. */
  readonly heapBound?: number | undefined;
}

/** How the pool's caller answers what a job asks. An error that is thrown ends the job with that error. */
export type AnswerQuestion = (question: WorkerQuestion) => Promise<Uint8Array | null>;

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the job works on, for messages. */
  readonly subject: string;
  readonly answer: AnswerQuestion;
  /** False where answering consumes something: such a job cannot be tried a second time. */
  readonly repeatable: boolean;
}

interface QueuedJob {
  readonly job: ParquetJob;
  readonly options: JobOptions;
  readonly resolve: (result: InspectResult | ReadResult | null) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  settled: boolean;
}

export class ParquetPool {
  private readonly workers = new Set<PoolWorker>();
  private readonly queue: QueuedJob[] = [];
  private readonly size: number;
  private readonly inactivityMs: number;
  private readonly heapBound: number;
  private closed = false;

  constructor(private readonly settings: ParquetPoolOptions) {
    this.size = Math.max(1, settings.size ?? Math.min(4, availableParallelism()));
    this.inactivityMs = settings.inactivityMs ?? 120_000;
    this.heapBound = settings.heapBound ?? 1024 ** 3;
  }

  /** How many workers are alive, busy or not. */
  get workerCount(): number {
    return this.workers.size;
  }

  run(job: Extract<ParquetJob, { kind: 'inspect' }>, options: JobOptions): Promise<InspectResult>;
  run(job: Extract<ParquetJob, { kind: 'read' }>, options: JobOptions): Promise<ReadResult>;
  run(job: Extract<ParquetJob, { kind: 'write' }>, options: JobOptions): Promise<null>;
  /**
   * Runs a job. Rejects with the error of an answer as it came, with `corrupt-file` where the file cannot be decoded,
   * `engine-crashed` where a worker hung or died, `cancelled` at once on abort.
   */
  run(job: ParquetJob, options: JobOptions): Promise<InspectResult | ReadResult | null> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      throwIfAborted(signal);
      if (this.closed) throw closedError();
      const queued: QueuedJob = {
        job,
        options,
        attempts: 0,
        settled: false,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is passed on as it came
          reject(error);
        },
      };
      const abort = (): void => {
        this.cancel(queued);
      };
      const settle = (): void => {
        queued.settled = true;
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(queued);
      this.dispatch();
    });
  }

  /** Ends every worker. What runs or waits is rejected with `engine-crashed`. */
  async close(): Promise<void> {
    this.closed = true;
    for (const queued of this.queue.splice(0)) queued.reject(closedError());
    const workers = [...this.workers];
    this.workers.clear();
    await Promise.all(workers.map((worker) => worker.end()));
  }

  private cancel(queued: QueuedJob): void {
    const waiting = this.queue.indexOf(queued);
    if (waiting >= 0) this.queue.splice(waiting, 1);
    queued.reject(cancelledError(queued.options.signal?.reason));
  }

  private dispatch(): void {
    while (this.queue.length > 0 && !this.closed) {
      const worker = this.idleWorker(this.queue[0]?.job);
      if (worker === undefined) return;
      const queued = this.queue.shift();
      if (queued !== undefined) void this.runOn(worker, queued);
    }
  }

  /** An idle worker, preferably one that has the job's file open. */
  private idleWorker(job: ParquetJob | undefined): PoolWorker | undefined {
    const key = job !== undefined && 'file' in job ? job.file.key : undefined;
    const idle = [...this.workers].filter((worker) => !worker.busy);
    const best = idle.find((worker) => worker.lastFile === key) ?? idle[0];
    if (best !== undefined) return best;
    if (this.workers.size >= this.size) return undefined;
    const worker = new PoolWorker(this.settings.workerPath, () => {
      this.workers.delete(worker);
    });
    this.workers.add(worker);
    return worker;
  }

  private async runOn(worker: PoolWorker, queued: QueuedJob): Promise<void> {
    queued.attempts++;
    const hadJobs = worker.finishedJobs > 0;
    const outcome = await worker.run(queued.job, {
      answer: queued.options.answer,
      signal: queued.options.signal,
      inactivityMs: this.inactivityMs,
    });
    const spent = !outcome.usable || outcome.heapBytes > this.heapBound;
    if (spent) {
      this.workers.delete(worker);
      void worker.end();
    }
    if (!queued.settled) {
      if (outcome.kind === 'done') queued.resolve(outcome.result);
      else if (this.isVictim(queued, outcome, hadJobs)) this.queue.unshift(queued);
      else queued.reject(this.errorOf(outcome, queued));
    }
    this.dispatch();
  }

  /** True for a job that may fare better in a fresh worker: its own died from what earlier jobs had left in it. */
  private isVictim(queued: QueuedJob, failure: JobFailure, hadJobs: boolean): boolean {
    if (this.closed || queued.attempts > 1 || !hadJobs) return false;
    if (!queued.options.repeatable && failure.asked) return false;
    return (
      failure.kind === 'ended' ||
      (failure.kind === 'panicked' && failure.heapBytes > this.heapBound / 2)
    );
  }

  private errorOf(failure: JobFailure, { job, options }: QueuedJob): unknown {
    const { subject } = options;
    const writing = job.kind === 'write';
    switch (failure.kind) {
      case 'answer-failed':
        return failure.error;
      case 'failed':
        if (failure.unreadable) return corrupt(subject, failure.message);
        return writing
          ? new DeltaError('internal', `${subject} could not be written: ${failure.message}`)
          : job.kind === 'read' && failure.message.includes('not found in table')
            ? new DeltaError('invalid-argument', `${subject}: ${failure.message}`)
            : corrupt(subject, failure.message);
      case 'panicked':
        if (writing) {
          return new DeltaError(
            'engine-crashed',
            `The Parquet writer failed on ${subject} (${failure.message}). Nothing was written.`,
          );
        }
        return failure.heapBytes > this.heapBound * 3
          ? new DeltaError(
              'engine-crashed',
              `${subject} needs more memory than the Parquet decoder can have. Read fewer columns of it.`,
            )
          : corrupt(subject, 'the decoder stopped on its content');
      case 'silent':
        return new DeltaError(
          'engine-crashed',
          `The Parquet worker did not answer for ${Math.round(this.inactivityMs / 1000)} s over ${subject} and was ended. Try again.`,
        );
      case 'ended':
        return new DeltaError(
          'engine-crashed',
          `The Parquet worker ended over ${subject}: ${failure.message}. Try again.`,
        );
    }
  }
}

function corrupt(subject: string, why: string): DeltaError {
  return new DeltaError('corrupt-file', `${subject} cannot be read as a Parquet file: ${why}.`, {
    details: { file: subject },
  });
}

function closedError(): DeltaError {
  return new DeltaError('engine-crashed', 'The Parquet workers were closed.');
}
