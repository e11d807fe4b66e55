/**
 * What passes between the pool and a Parquet worker. A worker runs one job at a time; it has no store and no credentials: it
 * asks for bytes and is given them. Buffers are transferred, never cloned.
 */

/** A file of a job. Two jobs with equal keys mean the same bytes, so that a worker may keep it open between them. */
export interface FileRef {
  readonly key: string;
  readonly size: number;
}

export type ParquetJob =
  /** Answered by an {@link InspectResult}. */
  | { readonly kind: 'inspect'; readonly file: FileRef }
  /** One row group; answered by a {@link ReadResult}. */
  | {
      readonly kind: 'read';
      readonly file: FileRef;
      readonly columns?: readonly string[] | undefined;
      readonly rowGroup: number;
      /** Rows that the row group has: it is decoded as one batch. */
      readonly rowCount: number;
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
    }
  /** Takes batches, gives the bytes of a file; answered when the last of them was given. */
  | {
      readonly kind: 'write';
      readonly rowGroupSize: number;
      readonly createdBy: string;
      readonly keyValues: ReadonlyMap<string, string>;
    };

export interface InspectResult {
  readonly rowCount: number;
  readonly rowGroups: readonly { readonly rowCount: number; readonly compressedSize: number }[];
  readonly keyValues: ReadonlyMap<string, string>;
  /** The schema as an Arrow IPC stream without batches. */
  readonly schema: Uint8Array;
}

export interface ReadResult {
  /** The rows as an Arrow IPC stream. */
  readonly ipc: Uint8Array;
}

/** What a job may ask for while it runs. */
export type WorkerQuestion =
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number }
  /** The next batch of a write as an Arrow IPC stream; null: there are no more. */
  | { readonly kind: 'batch' }
  /** Hands over bytes of the written file; answered (with null) when the next are wanted. */
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array };

export type ToWorker =
  | { readonly kind: 'start'; readonly job: ParquetJob }
  | { readonly kind: 'answer'; readonly question: number; readonly bytes: Uint8Array | null }
  /** The question cannot be answered; the job is over for the asker, who knows why. */
  | { readonly kind: 'refuse'; readonly question: number };

export type FromWorker =
  | { readonly kind: 'ask'; readonly question: number; readonly what: WorkerQuestion }
  | {
      readonly kind: 'done';
      readonly result: InspectResult | ReadResult | null;
      readonly heapBytes: number;
    }
  /** The job failed in an orderly way: the worker can go on. `unreadable`: the file's bytes are to blame. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly unreadable: boolean;
      readonly heapBytes: number;
    }
  /** The decoder panicked: the worker must be replaced. */
  | { readonly kind: 'panicked'; readonly message: string; readonly heapBytes: number };
