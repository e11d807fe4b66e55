/** The body of a put as a sequence of chunks. */
import type { PutBody } from '../engine/objectStore';
import { throwIfAborted } from '../engine/errors';
import { abortable } from './abortable';

/** The chunks of a body; ends in the `cancelled` error on abort even when the body itself hangs. */
export async function* bodyChunks(
  body: PutBody,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  throwIfAborted(signal);
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  const iterator = body[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const step = await abortable(iterator.next(), signal);
      if (step.done === true) {
        finished = true;
        return;
      }
      yield step.value;
    }
  } catch (error) {
    finished = signal?.aborted !== true; // an iterator that threw has ended; one that was abandoned has not
    throw error;
  } finally {
    if (!finished) iterator.return?.().catch(() => undefined);
  }
}

/** The whole body as one array of its own. */
export async function collectBody(
  body: PutBody,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyChunks(body, signal)) {
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
