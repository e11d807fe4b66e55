/**
 * The lines of a commit (or of a JSON checkpoint). Source: PROTOCOL.md, Delta Log Entries: newline-delimited JSON, one action a
 * line. A missing final line end, blank lines and carriage returns are accepted; a line that is no JSON is not.
 */
import { decodeAction, type Action } from '../actions';
import { DeltaError, throwIfAborted } from '../errors';
import type { CallOptions, ObjectMeta, ObjectStore } from '../objectStore';
import { uriName } from '../objectUri';

/** Larger commits are streamed; smaller ones are read in one request. */
const streamAbove = 8 * 1024 * 1024;
const decoder = new TextDecoder('utf-8', { ignoreBOM: false, fatal: false });

/** One action and where it stands. */
export interface CommitLine {
  /** Counts non-blank lines from 0. */
  readonly line: number;
  readonly action: Action;
}

/**
 * The actions of a commit in the order of its lines, in batches. `wanted` decodes only some lines (by number).
 * Throws `invalid-log` naming the file and the line.
 */
export async function* readCommit(
  store: ObjectStore,
  file: Pick<ObjectMeta, 'uri' | 'size'>,
  options: CallOptions & { readonly wanted?: (line: number) => boolean } = {},
): AsyncGenerator<readonly CommitLine[], void, undefined> {
  const { wanted } = options;
  let number = 0;
  for await (const texts of readLines(store, file, options)) {
    throwIfAborted(options.signal);
    const lines: CommitLine[] = [];
    for (const text of texts) {
      const line = number++;
      if (wanted !== undefined && !wanted(line)) continue;
      lines.push({ line, action: decodeLine(text, line, file) });
    }
    yield lines;
  }
}

function decodeLine(text: string, line: number, file: Pick<ObjectMeta, 'uri'>): Action {
  try {
    return decodeAction(text);
  } catch (cause) {
    const what = cause instanceof DeltaError ? cause.message : 'is not valid JSON';
    throw new DeltaError(
      'invalid-log',
      `Line ${line + 1} of ${uriName(file.uri)} in ${file.uri.slice(0, file.uri.lastIndexOf('/'))} cannot be read: ${what}.`,
      { details: { file: file.uri, line: line + 1 }, cause },
    );
  }
}

/** Non-blank lines, some at a time. */
async function* readLines(
  store: ObjectStore,
  file: Pick<ObjectMeta, 'uri' | 'size'>,
  options: CallOptions,
): AsyncGenerator<readonly string[], void, undefined> {
  if (file.size <= streamAbove) {
    yield splitLines(await store.read(file.uri, { signal: options.signal }));
    return;
  }
  let rest = new Uint8Array(0);
  for await (const chunk of store.readStream(file.uri, { signal: options.signal })) {
    const end = chunk.lastIndexOf(0x0a);
    if (end < 0) {
      rest = concat(rest, chunk);
      continue;
    }
    yield splitLines(concat(rest, chunk.subarray(0, end)));
    rest = new Uint8Array(chunk.subarray(end + 1));
  }
  yield splitLines(rest);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function splitLines(bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = bytes.indexOf(0x0a, start);
    if (end < 0) end = bytes.length;
    const line = decoder.decode(bytes.subarray(start, end)).trim();
    if (line !== '') lines.push(line);
    start = end + 1;
  }
  return lines;
}
