/** Bounded concurrency. */

/**
 * Maps items with at most `limit` calls under way and yields results in the order of the items. The first error ends it; calls under
 * way are not waited for, so `map` should look at the caller's signal.
 */
export async function* mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = map(item);
      result.catch(() => undefined); // reported when its turn comes
      pending.push(result);
      if (pending.length >= limit) {
        const next = pending.shift();
        if (next !== undefined) yield await next;
      }
    }
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) yield await next;
  } finally {
    pending.length = 0;
  }
}

/** A value that is computed at most once; a failure is forgotten, so that the next call tries again. */
export function memoise<T>(compute: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= compute().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}
