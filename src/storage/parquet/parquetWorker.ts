/**
 * Entry of the Parquet worker's bundle: parquet-wasm behind {@link ParquetJob}s, one at a time. A panic inside the wasm never
 * settles its promise and surfaces as an uncaught error: it is told to the pool, which throws the worker away.
 */
import { parentPort } from 'node:worker_threads';
import { wasmMemory } from 'parquet-wasm/node';
import { inspectFile, readRowGroup } from './openFiles';
import type {
  FromWorker,
  InspectResult,
  ParquetJob,
  ReadResult,
  ToWorker,
  WorkerQuestion,
} from './parquetMessages';
import { isUnreadable } from './unreadable';
import { writeFile } from './writeFile';

interface Asked {
  readonly resolve: (bytes: Uint8Array | null) => void;
  readonly reject: (error: Error) => void;
}

const port = parentPort;
const asked = new Map<number, Asked>();
let questions = 0;

function heapBytes(): number {
  return (wasmMemory() as { readonly buffer: ArrayBuffer }).buffer.byteLength;
}

function send(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function ask(what: WorkerQuestion): Promise<Uint8Array | null> {
  const question = ++questions;
  return new Promise((resolve, reject) => {
    asked.set(question, { resolve, reject });
    send({ kind: 'ask', question, what }, what.kind === 'chunk' ? buffersOf(what.bytes) : []);
  });
}

async function readRange(start: number, end: number): Promise<Uint8Array> {
  const bytes = await ask({ kind: 'bytes', start, end });
  if (bytes === null) throw new Error('No bytes were given.');
  return bytes;
}

function run(job: ParquetJob): Promise<InspectResult | ReadResult | null> {
  switch (job.kind) {
    case 'inspect':
      return inspectFile(job.file, readRange);
    case 'read':
      return readRowGroup(job, readRange);
    case 'write':
      return writeFile(
        job,
        () => ask({ kind: 'batch' }),
        (bytes) => ask({ kind: 'chunk', bytes }),
      );
  }
}

function buffersOf(bytes: Uint8Array): ArrayBuffer[] {
  return bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

function transferable(result: InspectResult | ReadResult | null): ArrayBuffer[] {
  if (result === null) return [];
  return buffersOf('ipc' in result ? result.ipc : result.schema);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

port?.on('message', (message: ToWorker) => {
  if (message.kind === 'start') {
    run(message.job).then(
      (result) => {
        send({ kind: 'done', result, heapBytes: heapBytes() }, transferable(result));
      },
      (error: unknown) => {
        send({
          kind: 'failed',
          message: messageOf(error),
          unreadable: isUnreadable(error),
          heapBytes: heapBytes(),
        });
      },
    );
    return;
  }
  const waiting = asked.get(message.question);
  asked.delete(message.question);
  if (message.kind === 'answer') waiting?.resolve(message.bytes);
  else waiting?.reject(new Error('The bytes could not be read.'));
});

function panicked(error: unknown): void {
  send({ kind: 'panicked', message: messageOf(error), heapBytes: heapBytes() });
}
process.on('uncaughtException', panicked);
process.on('unhandledRejection', panicked);
