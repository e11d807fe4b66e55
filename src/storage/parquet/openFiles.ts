/** Files that a worker has open: small ones whole, large ones as their footer and a way to ask for ranges. */
import { ParquetFile } from 'parquet-wasm/node';
import { RangeBlob, RangeReader } from './rangeBlob';
import type { ReadRange } from './rangeBlob';
import type { FileRef, InspectResult, ParquetJob, ReadResult } from './parquetMessages';
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
  checkEnd(tail, size);
  const opened: { readRange: ReadRange } = { readRange };
  const reader = new RangeReader(size, tail, from, (start, end) => opened.readRange(start, end));
  let file: ParquetFile;
  try {
    file = await ParquetFile.fromFile(new RangeBlob(reader) as unknown as Blob);
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

/** Rejects what is plainly no Parquet before the decoder sees it. */
function checkEnd(tail: Uint8Array, size: number): void {
  const end = tail.subarray(-8);
  const magic = String.fromCharCode(...end.subarray(4));
  if (magic === 'PARE') throw new UnreadableFile('it is encrypted, which is not supported');
  if (magic !== 'PAR1') throw new UnreadableFile('it does not end as a Parquet file does');
  const footer = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (footer > size - 12) {
    throw new UnreadableFile(`its footer claims ${footer} bytes of a file of ${size}`);
  }
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
