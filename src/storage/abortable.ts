/** Waiting that an AbortSignal ends: for calls that cannot be interrupted themselves. */
import { cancelledError, throwIfAborted } from '../engine/errors';

/**
 * Settles as `work` does, or rejects with the `cancelled` error as soon as the signal is aborted. The work itself goes on;
 * its late failure is swallowed.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  throwIfAborted(signal);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(cancelledError(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** Waits some milliseconds; rejects with the `cancelled` error on abort. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls `work` on each item with at most `limit` in flight and yields the results in the order of the items. The first
 * failure is thrown in its turn; an abort is thrown before the next result.
 */
export async function* orderedConcurrent<T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  for (const item of items) {
    throwIfAborted(signal);
    const promise = work(item);
    promise.catch(() => undefined); // it is reported in its turn
    pending.push(promise);
    if (pending.length < limit) continue;
    const first = pending.shift();
    if (first !== undefined) yield await first;
  }
  for (const promise of pending) {
    throwIfAborted(signal);
    yield await promise;
  }
}
