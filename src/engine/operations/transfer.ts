/**
 * Copies files with bounded concurrency, never over anything: a name that is taken by the same bytes' worth of file counts as copied
 * before, any other means that the plan is out of date. Every copy is verified by size and, on local disk, by the Parquet footer's magic.
 * Nothing is visible to readers of the table until the commit, so an interrupted run leaves files that the next one takes up.
 */
import type { Engine } from '../engine';
import { DeltaError, isDeltaError, isStoreError, throwIfAborted } from '../errors';
import type { ObjectUri } from '../objectUri';
import { refuseUnsafe } from '../transaction';
import { endsAsParquet } from './fileContent';
import type { ProgressEvent } from './operation';
import type { Totals } from './totals';

export interface Transfer {
  readonly kind: 'data' | 'vector';
  readonly from: ObjectUri;
  readonly to: ObjectUri;
  readonly size: number;
  /** The plan found it at the target: it is only looked at again. */
  readonly isThere: boolean;
}

export interface TransferResult {
  readonly copied: Totals;
  /** Data files and vector files that were at the target already. */
  readonly reused: Totals;
  readonly copiedData: Totals;
  readonly reusedData: Totals;
}

export interface TransferOptions {
  /** Copies under way at once. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Bytes of all transfers, for progress. */
  readonly totalBytes: number;
  readonly totalFiles: number;
}

const defaultConcurrency = 8;

/**
 * Carries out all transfers in their order, several at a time. The first failure stops the others; when this returns or throws, no copy
 * is under way. Throws `missing-files` for a source that vanished, `stale-plan`, `corrupt-file`, `cancelled` (telling what is there
 * already) and StoreErrors as they come.
 */
export async function transferFiles(
  engine: Engine,
  transfers: Iterable<Transfer>,
  options: TransferOptions,
): Promise<TransferResult> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(options.signal?.reason);
  throwIfAborted(options.signal);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const tally = new Tally(options);
  const queue = transfers[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (;;) {
      if (stop.signal.aborted) return;
      const next = queue.next();
      if (next.done === true) return;
      try {
        await carryOut(engine, next.value, tally, stop.signal);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
        return;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: options.concurrency ?? defaultConcurrency }, work));
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
  if (options.signal?.aborted === true) throw tally.cancelled(options.signal.reason);
  if (failure !== undefined) throw failure.error;
  return tally.result();
}

async function carryOut(
  engine: Engine,
  transfer: Transfer,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const { from, to, size, isThere } = transfer;
  if (isThere || from === to) {
    await requireSame(engine, transfer, signal);
    tally.reused(transfer);
    return;
  }
  let seen = 0;
  const onBytes = (bytes: number): void => {
    seen += bytes;
    tally.progress(bytes, to);
  };
  try {
    const copied = await engine.store.copy(from, to, { mode: 'create', signal, onBytes });
    if (copied.size !== size)
      throw torn(transfer, `${copied.size} bytes arrived instead of ${size}`);
  } catch (error) {
    tally.progress(-seen, to);
    if (isStoreError(error, 'already-exists')) {
      await requireSame(engine, transfer, signal);
      tally.reused(transfer);
      return;
    }
    // Whether a disk has hard links shows at the first file.
    if (engine.store.capabilities(to).createIfAbsent === 'unsafe') throw refuseUnsafe(to, error);
    throw await explained(engine, transfer, error);
  }
  tally.progress(size - seen, to);
  if (transfer.kind === 'data' && !(await endsAsParquet(engine, to, size, { signal }))) {
    throw torn(transfer, 'it does not end as a Parquet file');
  }
  tally.copied(transfer);
}

/** What stands at the target under the name must be the planned file. */
async function requireSame(engine: Engine, transfer: Transfer, signal: AbortSignal): Promise<void> {
  let size: number | undefined;
  try {
    size = (await engine.store.head(transfer.to, { signal })).size;
  } catch (error) {
    if (!isStoreError(error, 'not-found')) throw error;
  }
  if (size === transfer.size) return;
  throw new DeltaError(
    'stale-plan',
    `${transfer.to} ${size === undefined ? 'is gone' : 'was written by someone else'} since the plan was made. Nothing was committed; look at a new plan.`,
    { details: { file: transfer.to, expected: transfer.size, found: size ?? null } },
  );
}

/** A source that is gone is told as what it is: the table was vacuumed, or its files were deleted. */
async function explained(engine: Engine, { from }: Transfer, error: unknown): Promise<unknown> {
  if (!isStoreError(error, 'not-found')) return error;
  try {
    await engine.store.head(from);
    return error;
  } catch (gone) {
    if (!isStoreError(gone, 'not-found')) return error;
    return new DeltaError(
      'missing-files',
      `The source file ${from} vanished while it was copied: the source was vacuumed or deleted. Nothing was committed. Clone a version whose files are there.`,
      { details: { files: [from] }, cause: error },
    );
  }
}

function torn({ from, to }: Transfer, why: string): DeltaError {
  return new DeltaError(
    'corrupt-file',
    `The copy of ${from} is not whole: ${why}. Nothing was committed. Look at the source file and try again.`,
    { details: { files: [from], copy: to } },
  );
}

class Tally {
  private bytes = 0;
  private readonly counts = {
    copied: { data: { files: 0, bytes: 0 }, vector: { files: 0, bytes: 0 } },
    reused: { data: { files: 0, bytes: 0 }, vector: { files: 0, bytes: 0 } },
  };

  constructor(private readonly options: TransferOptions) {}

  progress(bytes: number, subject: ObjectUri): void {
    this.bytes += bytes;
    if (bytes === 0) return;
    this.options.onProgress?.({
      phase: 'copying',
      done: Math.max(0, Math.min(this.bytes, this.options.totalBytes)),
      total: this.options.totalBytes,
      unit: 'bytes',
      subject,
    });
  }

  copied({ kind, size }: Transfer): void {
    this.counts.copied[kind].files++;
    this.counts.copied[kind].bytes += size;
  }

  reused({ kind, size, isThere, to }: Transfer): void {
    this.counts.reused[kind].files++;
    this.counts.reused[kind].bytes += size;
    if (!isThere) this.progress(size, to);
  }

  result(): TransferResult {
    const { copied, reused } = this.counts;
    return {
      copied: sum(copied.data, copied.vector),
      reused: sum(reused.data, reused.vector),
      copiedData: { ...copied.data },
      reusedData: { ...reused.data },
    };
  }

  cancelled(reason: unknown): DeltaError {
    const { copied, reused } = this.result();
    const files = copied.files + reused.files;
    return new DeltaError(
      'cancelled',
      `The copying was cancelled and nothing was committed. ${files} of ${this.options.totalFiles} files are at the target and will not be copied again.`,
      {
        details: {
          filesThere: files,
          bytesThere: copied.bytes + reused.bytes,
          files: this.options.totalFiles,
          bytes: this.options.totalBytes,
        },
        cause: isDeltaError(reason, 'cancelled') ? reason.cause : reason,
      },
    );
  }
}

function sum(a: Totals, b: Totals): Totals {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}
