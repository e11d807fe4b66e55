/** The body of a Parquet file in the making: batches go to a worker, bytes come back, and the last are given only when true. */
import type { ColumnBatch, ColumnField } from '../../engine/column';
import { DeltaError } from '../../engine/errors';
import { arrowSchema } from './arrowTypes';
import { emptyColumn } from './arrowColumns';
import { batchToIpc } from './columnsToArrow';
import { footerLength, footerRowCount, footerTail } from './parquetFooter';
import type { WorkerQuestion } from './parquetMessages';
import type { ParquetPool } from './parquetPool';

/** How much of the end of the file is kept for the check, at least. */
const keptTail = 4 * 1024 * 1024;

export interface WritingOptions {
  readonly subject: string;
  readonly rowGroupSize: number;
  readonly createdBy: string;
  readonly keyValues: ReadonlyMap<string, string>;
  readonly signal: AbortSignal | undefined;
}

interface GivenChunk {
  readonly bytes: Uint8Array;
  /** Asks the worker for the next. */
  readonly taken: () => void;
}

export class ParquetWriting {
  /** Rows taken from the batches so far. */
  rowCount = 0;
  private readonly stop = new AbortController();
  private readonly given: GivenChunk[] = [];
  private wake: () => void = () => undefined;
  /** The worker has been given a batch. */
  private started = false;
  private finished = false;
  private failure: { readonly error: unknown } | undefined;
  private tail: Uint8Array[] = [];
  private tailLength = 0;
  private size = 0;

  constructor(
    private readonly pool: ParquetPool,
    private readonly fields: readonly ColumnField[],
    private readonly batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
    private readonly options: WritingOptions,
  ) {}

  /**
   * The bytes of the file. Fails before its end where the footer does not tell as many rows as were taken: a store then
   * publishes nothing. May be iterated once.
   */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal, subject, rowGroupSize, createdBy, keyValues } = this.options;
    const source =
      Symbol.asyncIterator in this.batches
        ? this.batches[Symbol.asyncIterator]()
        : this.batches[Symbol.iterator]();
    const job = this.pool
      .run(
        { kind: 'write', rowGroupSize, createdBy, keyValues },
        {
          subject,
          repeatable: false,
          signal:
            signal === undefined ? this.stop.signal : AbortSignal.any([signal, this.stop.signal]),
          answer: (question) => this.answer(question, source),
        },
      )
      .then(
        () => undefined,
        (error: unknown) => {
          this.failure = { error };
        },
      )
      .finally(() => {
        this.finished = true;
        this.wake();
      });
    try {
      for (;;) {
        const chunk = this.given.shift();
        if (chunk !== undefined) {
          this.remember(chunk.bytes);
          yield chunk.bytes;
          chunk.taken();
        } else if (this.finished) {
          break;
        } else {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
      if (this.failure !== undefined) throw this.failure.error;
      this.verify();
    } finally {
      this.stop.abort();
      await job;
      await source.return?.();
    }
  }

  private async answer(
    question: WorkerQuestion,
    source: AsyncIterator<ColumnBatch> | Iterator<ColumnBatch>,
  ): Promise<Uint8Array | null> {
    switch (question.kind) {
      case 'batch':
        return this.nextBatch(source);
      case 'chunk':
        return new Promise<null>((resolve) => {
          this.given.push({
            bytes: question.bytes,
            taken: () => {
              resolve(null);
            },
          });
          this.wake();
        });
      case 'bytes':
        throw new DeltaError('internal', 'A write asked for bytes to read.');
    }
  }

  /** The writer learns the schema from the first batch, so a file of no rows is made of an empty one. */
  private async nextBatch(
    source: AsyncIterator<ColumnBatch> | Iterator<ColumnBatch>,
  ): Promise<Uint8Array | null> {
    const schema = arrowSchema(this.fields);
    for (;;) {
      const step = await source.next();
      if (step.done === true) {
        if (this.started) return null;
        this.started = true;
        const columns = this.fields.map(({ type }) => emptyColumn(type));
        return batchToIpc(schema, this.fields, { rowCount: 0, fields: this.fields, columns });
      }
      if (step.value.rowCount === 0) continue;
      this.started = true;
      this.rowCount += step.value.rowCount;
      return batchToIpc(schema, this.fields, step.value);
    }
  }

  private remember(bytes: Uint8Array): void {
    this.size += bytes.byteLength;
    this.tail.push(bytes.slice()); // the store may give its own away
    this.tailLength += bytes.byteLength;
    while (this.tailLength - (this.tail[0]?.byteLength ?? 0) >= keptTail) {
      this.tailLength -= this.tail.shift()?.byteLength ?? 0;
    }
  }

  private verify(): void {
    const { subject } = this.options;
    try {
      const tail = new Uint8Array(this.tailLength);
      let at = 0;
      for (const chunk of this.tail) {
        tail.set(chunk, at);
        at += chunk.byteLength;
      }
      const length = footerLength(tail);
      if (length + footerTail > tail.byteLength) {
        throw new Error(`its footer claims ${length} bytes of a file of ${this.size}`);
      }
      const told = footerRowCount(tail.subarray(-(length + footerTail), -footerTail));
      if (told !== BigInt(this.rowCount)) {
        throw new Error(`it tells ${told} rows where ${this.rowCount} were written`);
      }
    } catch (error) {
      throw new DeltaError(
        'internal',
        `${subject} was not written, because the file made for it is not sound: ${error instanceof Error ? error.message : String(error)}.`,
        { cause: error },
      );
    }
  }
}
