/** A commit as bytes: newline-delimited JSON, one action a line, made while it is sent. Source: PROTOCOL.md, Delta Log Entries. */
import { encodeAction, type Action } from './actions';
import { throwIfAborted } from './errors';
import type { CallOptions, PutBody } from './objectStore';

/** Lines are sent in pieces of about this many characters, so that a commit of any size takes the memory of a few pieces. */
const chunkLength = 1 << 20;
const encoder = new TextEncoder();

/**
 * The body of a commit: one array where it fits into one piece, else a stream that can be read once. Actions that throw end the
 * body with their error, and a store then publishes nothing.
 */
export async function commitBody(
  actions: AsyncIterable<Action> | Iterable<Action>,
  options: CallOptions = {},
): Promise<PutBody> {
  const chunks = encodeChunks(actions, options);
  const first = await chunks.next();
  if (first.done === true) return new Uint8Array(0);
  const second = await chunks.next();
  if (second.done === true) return first.value;
  return resume([first.value, second.value], chunks);
}

async function* encodeChunks(
  actions: AsyncIterable<Action> | Iterable<Action>,
  options: CallOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let lines: string[] = [];
  let length = 0;
  for await (const action of actions) {
    const line = encodeAction(action);
    lines.push(line, '\n');
    length += line.length + 1;
    if (length < chunkLength) continue;
    throwIfAborted(options.signal);
    yield encoder.encode(lines.join(''));
    lines = [];
    length = 0;
  }
  throwIfAborted(options.signal);
  if (length > 0) yield encoder.encode(lines.join(''));
}

async function* resume(
  first: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
