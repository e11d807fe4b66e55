/**
 * Bytes on demand in the shape of a Blob, which is how parquet-wasm takes a file. Reads that are asked for in one turn of the
 * event loop and lie close together are joined into one.
 */

/** Ranges closer than this are read as one: a second request costs more than the bytes between. */
const joinGap = 64 * 1024;
/** Joined reads stay below this, so that several can be under way at once. */
const joinLimit = 16 * 1024 * 1024;

export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

interface Waiting {
  readonly start: number;
  readonly end: number;
  readonly resolve: (bytes: ArrayBuffer) => void;
  readonly reject: (error: unknown) => void;
}

/** A copy in a buffer of exactly its length, unless it has one already. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? buffer
    : bytes.slice().buffer;
}

export class RangeReader {
  private waiting: Waiting[] = [];

  /** `cached` holds the end of the file (or all of it), from `cachedFrom`. */
  constructor(
    readonly size: number,
    private readonly cached: Uint8Array,
    private readonly cachedFrom: number,
    private readonly readRange: ReadRange,
  ) {}

  async read(start: number, end: number): Promise<ArrayBuffer> {
    if (start >= this.cachedFrom) {
      return this.cached.slice(start - this.cachedFrom, end - this.cachedFrom).buffer;
    }
    return new Promise<ArrayBuffer>((resolve, reject) => {
      if (this.waiting.length === 0) {
        setImmediate(() => {
          this.flush();
        });
      }
      this.waiting.push({ start, end, resolve, reject });
    });
  }

  private flush(): void {
    const waiting = this.waiting.sort((a, b) => a.start - b.start);
    this.waiting = [];
    let group: Waiting[] = [];
    let groupEnd = 0;
    for (const each of waiting) {
      const first = group[0];
      const joins =
        first !== undefined &&
        each.start - groupEnd <= joinGap &&
        Math.max(groupEnd, each.end) - first.start <= joinLimit;
      if (!joins && first !== undefined) {
        this.fetch(group, first.start, groupEnd);
        group = [];
        groupEnd = 0;
      }
      group.push(each);
      groupEnd = Math.max(groupEnd, each.end);
    }
    const first = group[0];
    if (first !== undefined) this.fetch(group, first.start, groupEnd);
  }

  private fetch(group: readonly Waiting[], start: number, end: number): void {
    this.readRange(start, end).then(
      (bytes) => {
        for (const each of group) {
          const part = bytes.subarray(each.start - start, each.end - start);
          each.resolve(ownBuffer(part));
        }
      },
      (error: unknown) => {
        for (const each of group) each.reject(error);
      },
    );
  }
}

/** The part of Blob that parquet-wasm calls. */
export class RangeBlob {
  readonly type = '';

  constructor(
    private readonly reader: RangeReader,
    private readonly start = 0,
    readonly size = reader.size,
  ) {}

  slice(start = 0, end = this.size): RangeBlob {
    return new RangeBlob(this.reader, this.start + start, Math.max(0, end - start));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.reader.read(this.start, this.start + this.size);
  }
}
