/** Files that a worker has open: small ones whole, large ones as their footer and a way to ask for ranges. */
import { ParquetFile } from 'parquet-wasm/node';
import { RangeBlob, RangeReader } from './rangeBlob';
import type { ReadRange } from './rangeBlob';
import type { FileRef, InspectResult, ParquetJob, ReadResult } from './parquetMessages';
import { needsInt96Schema } from './int96Leaves';
import { footerTail } from './parquetFooter';
import { UnreadableFile } from './unreadable';

/** Up to here a file is read at once: one request, whatever columns are wanted. */
const wholeUpTo = 4 * 1024 * 1024;
/** How much of the end of a larger file is read at first: nearly every footer is smaller. */
const tailBytes = 256 * 1024;
const keptOpen = 8;

interface OpenFile {
  readonly file: ParquetFile;
  /** Where the ranges of the running job are read: set anew for each. */
  readRange: ReadRange;
}

/** Least recently used first. */
const open = new Map<string, OpenFile>();

async function openFile(ref: FileRef, readRange: ReadRange): Promise<ParquetFile> {
  const known = open.get(ref.key);
  if (known !== undefined) {
    open.delete(ref.key);
    open.set(ref.key, known);
    known.readRange = readRange;
    return known.file;
  }
  const { size } = ref;
  if (size < 12) throw new UnreadableFile(`it has ${size} bytes, fewer than any Parquet file`);
  const from = size <= wholeUpTo ? 0 : size - tailBytes;
  const tail = await readRange(from, size);
  if (tail.byteLength !== size - from) {
    throw new UnreadableFile(`it should have ${size} bytes but has ${from + tail.byteLength}`);
  }
  const footer = checkEnd(tail, size);
  const opened: { readRange: ReadRange } = { readRange };
  const ranges: ReadRange = (start, end) => opened.readRange(start, end);
  let file: ParquetFile;
  try {
    file = await decoded(new RangeReader(size, tail, from, ranges));
    file = await withWideTimestamps(file, { tail, from, size, footer }, ranges);
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message : String(error));
  }
  open.set(ref.key, Object.assign(opened, { file }));
  for (const [key, oldest] of open) {
    if (open.size <= keptOpen) break;
    oldest.file.free();
    open.delete(key);
  }
  return file;
}

function decoded(reader: RangeReader): Promise<ParquetFile> {
  return ParquetFile.fromFile(new RangeBlob(reader) as unknown as Blob);
}

/** The file opened anew with a footer by which its INT96 timestamps keep their value, or as it is where it has none. */
async function withWideTimestamps(
  file: ParquetFile,
  at: {
    readonly tail: Uint8Array;
    readonly from: number;
    readonly size: number;
    readonly footer: number;
  },
  ranges: ReadRange,
): Promise<ParquetFile> {
  const start = at.size - footerTail - at.footer;
  const footer =
    start >= at.from
      ? at.tail.slice(start - at.from, -footerTail)
      : await ranges(start, at.size - footerTail);
  if (!needsInt96Schema(footer)) return file;
  const { withInt96Schema } = await import('./int96');
  const wider = withInt96Schema(footer, file.schema().intoIPCStream());
  file.free();
  const before = start >= at.from ? at.tail.subarray(0, start - at.from) : new Uint8Array(0);
  const end = new Uint8Array(before.byteLength + wider.byteLength + footerTail);
  end.set(before);
  end.set(wider, before.byteLength);
  end.set(at.tail.subarray(-footerTail), end.byteLength - footerTail);
  new DataView(end.buffer).setUint32(end.byteLength - footerTail, wider.byteLength, true);
  const from = start - before.byteLength;
  return decoded(new RangeReader(from + end.byteLength, end, from, ranges));
}

/** The length of the footer; rejects what is plainly no Parquet before the decoder sees it. */
function checkEnd(tail: Uint8Array, size: number): number {
  const end = tail.subarray(-footerTail);
  const magic = String.fromCharCode(...end.subarray(4));
  if (magic === 'PARE') throw new UnreadableFile('it is encrypted, which is not supported');
  if (magic !== 'PAR1') throw new UnreadableFile('it does not end as a Parquet file does');
  const footer = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (footer > size - 12) {
    throw new UnreadableFile(`its footer claims ${footer} bytes of a file of ${size}`);
  }
  return footer;
}

export async function inspectFile(ref: FileRef, readRange: ReadRange): Promise<InspectResult> {
  const file = await openFile(ref, readRange);
  const metadata = file.metadata();
  try {
    const about = metadata.fileMetadata();
    const groups = metadata.rowGroups();
    const result: InspectResult = {
      rowCount: about.numRows(),
      rowGroups: groups.map((group) => ({
        rowCount: group.numRows(),
        compressedSize: group.compressedSize(),
      })),
      keyValues: keyValuesOf(about.keyValueMetadata()),
      schema: file.schema().intoIPCStream(),
    };
    groups.forEach((group) => {
      group.free();
    });
    about.free();
    return result;
  } finally {
    metadata.free();
  }
}

/** A pair without a value has none that a reader could use. */
function keyValuesOf(pairs: ReadonlyMap<unknown, unknown>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (typeof key === 'string' && typeof value === 'string') out.set(key, value);
  }
  return out;
}

export async function readRowGroup(
  job: Extract<ParquetJob, { kind: 'read' }>,
  readRange: ReadRange,
): Promise<ReadResult> {
  const file = await openFile(job.file, readRange);
  const table = await file.read({
    rowGroups: [job.rowGroup],
    batchSize: Math.max(1, Math.min(job.rowCount, job.limit ?? job.rowCount)),
    ...(job.columns === undefined ? {} : { columns: [...job.columns] }),
    ...(job.limit === undefined ? {} : { limit: job.limit }),
    ...(job.offset === undefined ? {} : { offset: job.offset }),
  });
  return { ipc: table.intoIPCStream() }; // consumes the table: nothing is left to free
}
