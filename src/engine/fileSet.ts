/**
 * File actions as columns. A set of a million files is a few typed arrays for each checkpoint row group or commit that it came
 * from, never an object per file; what is not held here (statistics, tags, row ids) is read again from the source when asked for.
 */
import { setOwn, type AddFile, type DeletionVector, type PartitionValues } from './actions';
import type { LogFile } from './log/logPath';
import type { ObjectMeta } from './objectStore';
import { relativePath, resolvePath, type ObjectUri } from './objectUri';
import { ByteDictionary, grow } from './util/byteDictionary';

/** Where the actions of a batch stand, so that they can be read again in full. */
export type BatchSource =
  | { readonly kind: 'commit'; readonly file: LogFile }
  | { readonly kind: 'checkpoint-json'; readonly file: ObjectMeta }
  | { readonly kind: 'checkpoint'; readonly file: ObjectMeta; readonly rowGroup: number };

/** Files of one source; index `i` of every array is the same file. */
export interface FileBatch {
  readonly source: BatchSource;
  readonly count: number;
  /** Line of the commit, or row of the row group; ascending. */
  readonly rows: Int32Array;
  readonly pathOffsets: Int32Array;
  /** UTF-8 of the paths as written. */
  readonly pathBytes: Uint8Array;
  /** Bytes; NaN where a remove does not tell it. */
  readonly sizes: Float64Array;
  /** `modificationTime` of adds, `deletionTimestamp` of removes (0 when absent), in milliseconds. */
  readonly times: Float64Array;
  /** Physical rows from the statistics; NaN where they do not tell it. */
  readonly numRecords: Float64Array;
  /** Codes into {@link FileSet.partitionValues}. */
  readonly partitions: Int32Array;
  readonly vectors: ReadonlyMap<number, DeletionVector>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });

/** Partition values by code. Codes are shared by all batches of a snapshot. */
export class PartitionTable {
  private readonly dictionary = new ByteDictionary();
  private readonly decoded: (PartitionValues | undefined)[] = [];

  get size(): number {
    return this.dictionary.size;
  }

  intern(values: PartitionValues): number {
    const bytes = encoder.encode(JSON.stringify(Object.entries(values)));
    return this.dictionary.intern(bytes, 0, bytes.length);
  }

  get(code: number): PartitionValues {
    let values = this.decoded[code];
    if (values === undefined) {
      const entries = JSON.parse(decoder.decode(this.dictionary.get(code))) as [
        string,
        string | null,
      ][];
      const record: Record<string, string | null> = {};
      for (const [name, value] of entries) setOwn(record, name, value);
      values = record;
      this.decoded[code] = values;
    }
    return values;
  }
}

/** Some files of a {@link FileSet}: a bitmap for each batch, least significant bit first. */
export type FileSelection = readonly Uint8Array[];

/** Which file: batch and index in it. */
export interface FileIndex {
  readonly batch: number;
  readonly index: number;
}

/** An immutable set of file actions of one kind (active files, or tombstones). */
export class FileSet {
  readonly count: number;

  constructor(
    readonly root: ObjectUri,
    readonly batches: readonly FileBatch[],
    readonly partitionTable: PartitionTable,
  ) {
    this.count = batches.reduce((sum, batch) => sum + batch.count, 0);
  }

  /** The path as written. */
  path(batch: FileBatch, index: number): string {
    return decoder.decode(
      batch.pathBytes.subarray(batch.pathOffsets[index] ?? 0, batch.pathOffsets[index + 1] ?? 0),
    );
  }

  uri(batch: FileBatch, index: number): ObjectUri {
    return resolvePath(this.root, this.path(batch, index));
  }

  partitionValues(batch: FileBatch, index: number): PartitionValues {
    return this.partitionTable.get(batch.partitions[index] ?? 0);
  }

  /** True for a file outside of the table's root. */
  isForeign(batch: FileBatch, index: number): boolean {
    const start = batch.pathOffsets[index] ?? 0;
    const end = batch.pathOffsets[index + 1] ?? 0;
    const first = batch.pathBytes[start];
    // A path may lead out of the root by a slash, by `..` or by a scheme.
    if (first !== slash && first !== dot && !mayHaveScheme(batch.pathBytes, start, end))
      return false;
    return relativePath(this.root, this.uri(batch, index)) === undefined;
  }

  /** File number `position` (0-based, in the order of the batches). */
  at(position: number): FileIndex | undefined {
    let rest = position;
    for (const [batch, { count }] of this.batches.entries()) {
      if (rest < count) return { batch, index: rest };
      rest -= count;
    }
    return undefined;
  }

  /** Calls `visit` for each file; stops early when it returns false. */
  forEach(
    visit: (batch: FileBatch, index: number, batchIndex: number) => boolean | undefined,
  ): void {
    for (const [batchIndex, batch] of this.batches.entries()) {
      for (let index = 0; index < batch.count; index++) {
        if (visit(batch, index, batchIndex) === false) return;
      }
    }
  }

  /** A selection of none of the files, to be filled by {@link select}. */
  emptySelection(): FileSelection {
    return this.batches.map((batch) => new Uint8Array((batch.count + 7) >> 3));
  }
}

export function select(selection: FileSelection, batch: number, index: number): void {
  const bits = selection[batch];
  if (bits !== undefined) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}

export function isSelected(selection: FileSelection, batch: number, index: number): boolean {
  return ((selection[batch]?.[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

const dot = 0x2e;
const slash = 0x2f;
const colon = 0x3a;

/** True when a `:` stands before the first `/`: only then can the path be absolute by a scheme. */
function mayHaveScheme(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] === colon) return true;
    if (bytes[i] === slash) return false;
  }
  return false;
}

/** Builds one batch, file by file. */
export class FileBatchBuilder {
  private count = 0;
  private rows = new Int32Array(16);
  private pathOffsets = new Int32Array(17);
  private pathBytes = new Uint8Array(1024);
  private sizes = new Float64Array(16);
  private times = new Float64Array(16);
  private numRecords = new Float64Array(16);
  private partitions = new Int32Array(16);
  private readonly vectors = new Map<number, DeletionVector>();
  private readonly dropped = new Set<number>();

  constructor(private readonly source: BatchSource) {}

  get length(): number {
    return this.count;
  }

  /** Appends a file and returns its index in the batch (before {@link drop}s). */
  push(
    row: number,
    path: Uint8Array,
    pathStart: number,
    pathEnd: number,
    values: {
      readonly size: number;
      readonly time: number;
      readonly numRecords: number;
      readonly partition: number;
      readonly vector: DeletionVector | undefined;
    },
  ): number {
    const i = this.count++;
    if (i >= this.rows.length) this.growArrays();
    const from = this.pathOffsets[i] ?? 0;
    const to = from + (pathEnd - pathStart);
    if (to > this.pathBytes.length) this.pathBytes = grow(this.pathBytes, to);
    this.pathBytes.set(path.subarray(pathStart, pathEnd), from);
    this.pathOffsets[i + 1] = to;
    this.rows[i] = row;
    this.sizes[i] = values.size;
    this.times[i] = values.time;
    this.numRecords[i] = values.numRecords;
    this.partitions[i] = values.partition;
    if (values.vector !== undefined) this.vectors.set(i, values.vector);
    return i;
  }

  /** Takes back a pushed file: a later line of the same commit stands for it. */
  drop(index: number): void {
    this.dropped.add(index);
  }

  build(): FileBatch {
    const kept: number[] | undefined =
      this.dropped.size === 0
        ? undefined
        : Array.from({ length: this.count }, (_, i) => i).filter((i) => !this.dropped.has(i));
    if (kept !== undefined) {
      const compact = new FileBatchBuilder(this.source);
      for (const i of kept) {
        compact.push(
          this.rows[i] ?? 0,
          this.pathBytes,
          this.pathOffsets[i] ?? 0,
          this.pathOffsets[i + 1] ?? 0,
          {
            size: this.sizes[i] ?? 0,
            time: this.times[i] ?? 0,
            numRecords: this.numRecords[i] ?? NaN,
            partition: this.partitions[i] ?? 0,
            vector: this.vectors.get(i),
          },
        );
      }
      return compact.build();
    }
    const count = this.count;
    return {
      source: this.source,
      count,
      rows: this.rows.slice(0, count),
      pathOffsets: this.pathOffsets.slice(0, count + 1),
      pathBytes: this.pathBytes.slice(0, this.pathOffsets[count] ?? 0),
      sizes: this.sizes.slice(0, count),
      times: this.times.slice(0, count),
      numRecords: this.numRecords.slice(0, count),
      partitions: this.partitions.slice(0, count),
      vectors: this.vectors,
    };
  }

  private growArrays(): void {
    const size = this.rows.length * 2;
    this.rows = enlarge(this.rows, new Int32Array(size));
    this.pathOffsets = enlarge(this.pathOffsets, new Int32Array(size + 1));
    this.sizes = enlarge(this.sizes, new Float64Array(size));
    this.times = enlarge(this.times, new Float64Array(size));
    this.numRecords = enlarge(this.numRecords, new Float64Array(size));
    this.partitions = enlarge(this.partitions, new Int32Array(size));
  }
}

function enlarge<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** `numRecords` of a statistics text; NaN where it does not tell it. */
export function numRecordsOf(stats: string | undefined): number {
  if (stats === undefined) return NaN;
  const match = /^\s*\{\s*"numRecords"\s*:\s*(\d+)\s*[,}]/.exec(stats);
  if (match !== null) return Number(match[1]);
  try {
    const parsed = JSON.parse(stats) as unknown;
    const value =
      typeof parsed === 'object' && parsed !== null && 'numRecords' in parsed
        ? parsed.numRecords
        : undefined;
    return typeof value === 'number' && value >= 0 ? value : NaN;
  } catch {
    return NaN;
  }
}

/** Totals of active files. */
export interface FileTotals {
  readonly files: number;
  readonly bytes: number;
  /** Logical rows: physical ones less the vectors' cardinalities; null when a file does not tell its number. */
  readonly numRows: number | null;
  readonly vectors: number;
  /** Files outside of the root. */
  readonly foreignFiles: number;
  readonly foreignBytes: number;
}

export function totalsOf(files: FileSet): FileTotals {
  let bytes = 0;
  let numRows = 0;
  let vectors = 0;
  let foreignFiles = 0;
  let foreignBytes = 0;
  for (const batch of files.batches) {
    for (let i = 0; i < batch.count; i++) {
      bytes += batch.sizes[i] ?? 0;
      numRows += batch.numRecords[i] ?? NaN;
      if (files.isForeign(batch, i)) {
        foreignFiles++;
        foreignBytes += batch.sizes[i] ?? 0;
      }
    }
    vectors += batch.vectors.size;
    for (const vector of batch.vectors.values()) numRows -= vector.cardinality;
  }
  return {
    files: files.count,
    bytes,
    numRows: Number.isNaN(numRows) ? null : numRows,
    vectors,
    foreignFiles,
    foreignBytes,
  };
}

/** The unique id of a vector within its data file; empty without one. PROTOCOL.md, Action Reconciliation. */
export function vectorId(vector: DeletionVector | undefined): string {
  if (vector === undefined) return '';
  const offset = vector.offset === undefined ? '' : `@${vector.offset}`;
  return `${vector.storageType}${vector.pathOrInlineDv}${offset}`;
}

/** The key under which file actions reconcile: canonical location and vector. */
export function fileKey(root: ObjectUri, file: Pick<AddFile, 'path' | 'deletionVector'>): string {
  return `${resolvePath(root, file.path)}\0${vectorId(file.deletionVector)}`;
}
