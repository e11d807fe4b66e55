/**
 * Newest-to-oldest reconciliation of file actions into columns. The first sighting of a key (canonical location, vector) wins.
 * Source: PROTOCOL.md, Action Reconciliation. Within one commit a later line stands for an earlier one of the same key.
 */
import type { AddFile, DeletionVector, PartitionValues, RemoveFile } from '../actions';
import { bytesAt, childColumn, isNullAt, numberAt, textAt, type Column } from '../column';
import { rangeAt } from '../columnJson';
import {
  FileBatchBuilder,
  FileSet,
  numRecordsOf,
  vectorId,
  type BatchSource,
  type FileBatch,
  type PartitionTable,
} from '../fileSet';
import { relativePath, resolvePath, type ObjectUri } from '../objectUri';
import { setOwn } from '../actions';
import { ByteDictionary, grow } from '../util/byteDictionary';
import type { CommitLine } from './commitReader';
import type { CheckpointFiles } from './checkpointReader';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });

/** Which file of the current commit holds a key. */
interface Owner {
  readonly builder: FileBatchBuilder;
  readonly index: number;
}

export class Replay {
  private readonly seen = new ByteDictionary();
  private readonly rawPartitions = new ByteDictionary();
  private readonly rawPartitionCodes: number[] = [];
  private readonly addBatches: FileBatch[] = [];
  private readonly removeBatches: FileBatch[] = [];
  private scratch = new Uint8Array(512);

  constructor(
    private readonly root: ObjectUri,
    private readonly partitions: PartitionTable,
  ) {}

  /** Commits are given newest first; all lines of one commit between `beginSource` and `end`. */
  beginSource(source: BatchSource): {
    readonly push: (lines: readonly CommitLine[]) => void;
    readonly end: () => void;
  } {
    const adds = new FileBatchBuilder(source);
    const removes = new FileBatchBuilder(source);
    const firstCode = this.seen.size;
    const owners: Owner[] = [];
    const claim = (path: string, vector: DeletionVector | undefined): number | undefined => {
      const code = this.internKey(path, vector);
      if (code < firstCode) return undefined;
      const owner = owners[code - firstCode];
      owner?.builder.drop(owner.index);
      return code - firstCode;
    };
    return {
      push: (lines) => {
        for (const { line, action } of lines) {
          if (action.kind === 'add') {
            const slot = claim(action.add.path, action.add.deletionVector);
            if (slot !== undefined)
              owners[slot] = { builder: adds, index: this.pushAdd(adds, line, action.add) };
          } else if (action.kind === 'remove') {
            const slot = claim(action.remove.path, action.remove.deletionVector);
            if (slot !== undefined) {
              owners[slot] = {
                builder: removes,
                index: this.pushRemove(removes, line, action.remove),
              };
            }
          }
        }
      },
      end: () => {
        if (adds.length > 0) this.addBatches.push(adds.build());
        if (removes.length > 0) this.removeBatches.push(removes.build());
      },
    };
  }

  /** Rows of a checkpoint: what no newer commit has decided. */
  pushCheckpoint(source: BatchSource, files: CheckpointFiles): void {
    const adds = this.collect(source, files.add, 'modificationTime');
    if (adds.count > 0) this.addBatches.push(adds);
    const removes = this.collect(source, files.remove, 'deletionTimestamp');
    if (removes.count > 0) this.removeBatches.push(removes);
  }

  finish(): { readonly files: FileSet; readonly tombstones: FileSet } {
    const build = (batches: FileBatch[]): FileSet =>
      new FileSet(
        this.root,
        batches.filter((batch) => batch.count > 0),
        this.partitions,
      );
    return { files: build(this.addBatches), tombstones: build(this.removeBatches) };
  }

  private pushAdd(builder: FileBatchBuilder, line: number, add: AddFile): number {
    const path = encoder.encode(add.path);
    return builder.push(line, path, 0, path.length, {
      size: add.size,
      time: add.modificationTime,
      numRecords: numRecordsOf(add.stats),
      partition: this.partitions.intern(add.partitionValues),
      vector: add.deletionVector,
    });
  }

  private pushRemove(builder: FileBatchBuilder, line: number, remove: RemoveFile): number {
    const path = encoder.encode(remove.path);
    return builder.push(line, path, 0, path.length, {
      size: remove.size ?? NaN,
      time: remove.deletionTimestamp ?? 0,
      numRecords: numRecordsOf(remove.stats),
      partition: this.partitions.intern(remove.partitionValues ?? {}),
      vector: remove.deletionVector,
    });
  }

  private collect(source: BatchSource, column: Column | undefined, timeName: string): FileBatch {
    const builder = new FileBatchBuilder(source);
    const paths = childColumn(column, 'path');
    if (column === undefined || paths === undefined) return builder.build();
    const sizes = childColumn(column, 'size');
    const times = childColumn(column, timeName);
    const partitionValues = childColumn(column, 'partitionValues');
    const vectors = childColumn(column, 'deletionVector');
    const stats = childColumn(column, 'stats');
    const parsedRows = childColumn(childColumn(column, 'stats_parsed'), 'numRecords');
    const pathBytes = paths.values as Uint8Array;
    for (let row = 0; row < column.length; row++) {
      if (isNullAt(column, row) || isNullAt(paths, row)) continue;
      const start = paths.offsets?.[row] ?? 0;
      const end = paths.offsets?.[row + 1] ?? 0;
      const vector = vectorAt(vectors, row);
      if (this.seen.size > 0 && this.isDecided(pathBytes, start, end, vector)) continue;
      builder.push(row, pathBytes, start, end, {
        size: numberAt(sizes, row) ?? NaN,
        time: numberAt(times, row) ?? 0,
        numRecords: numberAt(parsedRows, row) ?? statsRowsAt(stats, row),
        partition: this.partitionCode(partitionValues, row),
        vector,
      });
    }
    return builder.build();
  }

  private internKey(path: string, vector: DeletionVector | undefined): number {
    const key = encoder.encode(`${canonicalKey(this.root, path)}\0${vectorId(vector)}`);
    return this.seen.intern(key, 0, key.length);
  }

  private isDecided(
    bytes: Uint8Array,
    start: number,
    end: number,
    vector: DeletionVector | undefined,
  ): boolean {
    if (vector !== undefined || !isPlainPath(bytes, start, end)) {
      const key = encoder.encode(
        `${canonicalKey(this.root, decoder.decode(bytes.subarray(start, end)))}\0${vectorId(vector)}`,
      );
      return this.seen.find(key, 0, key.length) >= 0;
    }
    const length = end - start + 1;
    if (length > this.scratch.length) this.scratch = grow(this.scratch, length);
    for (let i = start, j = 0; i < end; i++, j++) this.scratch[j] = bytes[i] ?? 0;
    this.scratch[length - 1] = 0;
    return this.seen.find(this.scratch, 0, length) >= 0;
  }

  /** Partition values are few: their raw bytes are looked up, and decoded only when they are new. */
  private partitionCode(column: Column | undefined, row: number): number {
    if (column === undefined || isNullAt(column, row)) return this.partitions.intern({});
    const [keys, values] = column.children ?? [];
    if (keys === undefined || values === undefined) return this.partitions.intern({});
    const [start, end] = rangeAt(column, row);
    let length = 0;
    const put = (bytes: Uint8Array, tag: number): void => {
      if (length + bytes.length + 5 > this.scratch.length) {
        this.scratch = grow(this.scratch, length + bytes.length + 5);
      }
      this.scratch[length++] = tag;
      for (let shift = 0; shift < 32; shift += 8)
        this.scratch[length++] = (bytes.length >>> shift) & 0xff;
      this.scratch.set(bytes, length);
      length += bytes.length;
    };
    for (let i = start; i < end; i++) {
      put(bytesAt(keys, i), 0);
      if (isNullAt(values, i)) put(noBytes, 1);
      else put(bytesAt(values, i), 2);
    }
    const raw = this.rawPartitions.intern(this.scratch, 0, length);
    let code = this.rawPartitionCodes[raw];
    if (code === undefined) {
      const decoded: Record<string, string | null> = {};
      for (let i = start; i < end; i++) setOwn(decoded, textAt(keys, i) ?? '', textAt(values, i));
      code = this.partitions.intern(decoded satisfies PartitionValues);
      this.rawPartitionCodes[raw] = code;
    }
    return code;
  }
}

const noBytes = new Uint8Array(0);

/** The location part of a key: the canonical path below the root, or the canonical URI. */
export function canonicalKey(root: ObjectUri, path: string): string {
  if (
    /^[A-Za-z0-9_~!$&'()*+,;=@-][A-Za-z0-9\-._~!$&'()*+,;=@]*(\/[A-Za-z0-9_~!$&'()*+,;=@-][A-Za-z0-9\-._~!$&'()*+,;=@]*)*$/.test(
      path,
    )
  ) {
    return path;
  }
  const uri = resolvePath(root, path);
  return relativePath(root, uri) ?? uri;
}

/** Bytes that stand for themselves in a canonical path; a `.` at the start of a segment is looked at more closely. */
const plain = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=@/") {
  plain[char.charCodeAt(0)] = 1;
}

/** The same question as the pattern of {@link canonicalKey}, on bytes. */
function isPlainPath(bytes: Uint8Array, start: number, end: number): boolean {
  let isSegmentStart = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (plain[byte] !== 1) return false;
    if (isSegmentStart && (byte === 0x2e || byte === 0x2f)) return false;
    isSegmentStart = byte === 0x2f;
  }
  return !isSegmentStart;
}

/** The vector at a row; a struct of nulls or empty texts stands for none. */
function vectorAt(column: Column | undefined, row: number): DeletionVector | undefined {
  if (column === undefined || isNullAt(column, row)) return undefined;
  const storageType = textAt(childColumn(column, 'storageType'), row);
  if (storageType === null || storageType === '') return undefined;
  const offset = numberAt(childColumn(column, 'offset'), row);
  return {
    storageType,
    pathOrInlineDv: textAt(childColumn(column, 'pathOrInlineDv'), row) ?? '',
    ...(offset === null ? {} : { offset }),
    sizeInBytes: numberAt(childColumn(column, 'sizeInBytes'), row) ?? 0,
    cardinality: numberAt(childColumn(column, 'cardinality'), row) ?? 0,
  };
}

const rowCountPrefix = encoder.encode('{"numRecords":');

/** `numRecords` of a statistics text, read from its bytes where it stands first. */
function statsRowsAt(column: Column | undefined, row: number): number {
  if (column === undefined || isNullAt(column, row)) return NaN;
  const bytes = column.values as Uint8Array;
  const start = column.offsets?.[row] ?? 0;
  const end = column.offsets?.[row + 1] ?? 0;
  for (let i = 0; i < rowCountPrefix.length; i++) {
    if (bytes[start + i] !== rowCountPrefix[i]) {
      return numRecordsOf(decoder.decode(bytes.subarray(start, end)));
    }
  }
  let value = 0;
  let i = start + rowCountPrefix.length;
  for (; i < end; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const next = bytes[i];
  return next === 0x2c || next === 0x7d
    ? value
    : numRecordsOf(decoder.decode(bytes.subarray(start, end)));
}
