/** Looking into files: enough to tell a whole Parquet file from a torn one, and one file from another. */
import type { Engine } from '../engine';
import type { CallOptions } from '../objectStore';
import { uriScheme, type ObjectUri } from '../objectUri';

/** `PAR1`, and `PARE` of files with an encrypted footer. */
const magics = ['PAR1', 'PARE'];

/**
 * True when a file ends as Parquet files end. Only local files are asked: a store tells by size and checksum that an object is whole.
 */
export async function endsAsParquet(
  engine: Engine,
  uri: ObjectUri,
  size: number,
  options: CallOptions = {},
): Promise<boolean> {
  if (uriScheme(uri) !== 'file') return true;
  const bytes = await engine.store.read(uri, {
    ...options,
    range: { start: Math.max(0, size - 4), end: size },
  });
  return magics.includes(String.fromCharCode(...bytes));
}

/** True when two objects hold the same bytes. */
export async function haveSameContent(
  engine: Engine,
  a: ObjectUri,
  b: ObjectUri,
  options: CallOptions = {},
): Promise<boolean> {
  const left = engine.store.readStream(a, options)[Symbol.asyncIterator]();
  const right = engine.store.readStream(b, options)[Symbol.asyncIterator]();
  let x: Uint8Array = new Uint8Array(0);
  let y: Uint8Array = new Uint8Array(0);
  try {
    for (;;) {
      const isLeftEnd = x.length === 0 && (x = await nextChunk(left)).length === 0;
      const isRightEnd = y.length === 0 && (y = await nextChunk(right)).length === 0;
      if (isLeftEnd || isRightEnd) return isLeftEnd && isRightEnd;
      const length = Math.min(x.length, y.length);
      for (let i = 0; i < length; i++) if (x[i] !== y[i]) return false;
      x = x.subarray(length);
      y = y.subarray(length);
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

async function nextChunk(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  for (;;) {
    const step = await chunks.next();
    if (step.done === true) return new Uint8Array(0);
    if (step.value.length > 0) return step.value;
  }
}
