/**
 * Roaring bitmaps as deletion vectors hold them, decoded into plain bitmaps of 65,536 rows each.
 * Sources: the RoaringBitmap format specification (32-bit maps: array, bitmap and run containers) and PROTOCOL.md, Deletion
 * Vectors (the 64-bit framing around them).
 */

/** Rows of one data file by physical position. */
export class RowBitmap {
  /** By position / 65,536: 8,192 bytes, least significant bit first. */
  private readonly containers = new Map<number, Uint8Array>();
  /** How many rows the containers say they hold. */
  private counted = 0;

  get cardinality(): number {
    return this.counted;
  }

  has(position: number): boolean {
    const container = this.containers.get(Math.floor(position / containerRows));
    if (container === undefined) return false;
    const low = position % containerRows;
    return ((container[low >> 3] ?? 0) & (1 << (low & 7))) !== 0;
  }

  /** The positions from `start` to `end` (exclusive) that are not in the set, as offsets from `start`. */
  absentIn(start: number, end: number): Int32Array {
    const rows = new Int32Array(end - start);
    let count = 0;
    for (let position = start; position < end;) {
      const key = Math.floor(position / containerRows);
      const stop = Math.min(end, (key + 1) * containerRows);
      const container = this.containers.get(key);
      for (; position < stop; position++) {
        const low = position % containerRows;
        if (container === undefined || ((container[low >> 3] ?? 0) & (1 << (low & 7))) === 0) {
          rows[count++] = position - start;
        }
      }
    }
    return rows.subarray(0, count);
  }

  /** All positions, ascending. */
  *positions(): Generator<number> {
    for (const key of [...this.containers.keys()].sort((a, b) => a - b)) {
      const container = this.containers.get(key);
      for (let low = 0; low < containerRows; low++) {
        if (((container?.[low >> 3] ?? 0) & (1 << (low & 7))) !== 0)
          yield key * containerRows + low;
      }
    }
  }

  /** Adds a decoded container of `cardinality` rows. Throws where one of this key is there. */
  add(key: number, bits: Uint8Array, cardinality: number): void {
    if (this.containers.has(key)) throw new RoaringError(`container ${key} is listed twice`);
    this.containers.set(key, bits);
    this.counted += cardinality;
  }
}

/** Why bytes are no roaring bitmap; the caller knows the file. */
export class RoaringError extends Error {
  override readonly name = 'RoaringError';
}

const containerRows = 0x10000;
const containerBytes = 8192;
const portableMagic = 1681511377;
const nativeMagic = 1681511376;
const runsCookie = 12347;
const plainCookie = 12346;
/** With runs, the offset header is written from this many containers on. */
const offsetHeaderFrom = 4;

/**
 * Decodes the payload of a deletion vector: the portable form that the protocol describes, or the form that the open-source
 * connector calls native (in either byte order: the protocol's own inline example is big-endian).
 */
export function decodeRowBitmap(bytes: Uint8Array): RowBitmap {
  const input = new Input(bytes);
  const magic = input.uint32();
  const result = new RowBitmap();
  if (magic === portableMagic) {
    const buckets = input.uint64();
    let last = -1;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const key = input.uint32();
      if (key <= last || key >= 0x80000000)
        throw new RoaringError(`bucket key ${key} is out of order`);
      last = key;
      decodeMap(input, key, result);
    }
  } else if (magic === nativeMagic || swapBytes(magic) === nativeMagic) {
    const swap = magic !== nativeMagic;
    const buckets = swap ? swapBytes(input.uint32()) : input.uint32();
    for (let bucket = 0; bucket < buckets; bucket++) {
      const length = swap ? swapBytes(input.uint32()) : input.uint32();
      decodeMap(new Input(input.take(length)), bucket, result);
    }
  } else {
    throw new RoaringError(`its magic number ${magic} is not known`);
  }
  return result;
}

/** One 32-bit map, whose rows start at `bucket` * 2^32. */
function decodeMap(input: Input, bucket: number, into: RowBitmap): void {
  const cookie = input.uint32();
  let count: number;
  let runFlags: Uint8Array | undefined;
  if ((cookie & 0xffff) === runsCookie) {
    count = (cookie >>> 16) + 1;
    runFlags = input.take((count + 7) >> 3);
  } else if (cookie === plainCookie) {
    count = input.uint32();
  } else {
    throw new RoaringError(`its cookie ${cookie} is not known`);
  }
  if (count > containerRows) throw new RoaringError(`it tells of ${count} containers`);
  const keys = new Uint16Array(count);
  const cardinalities = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    keys[i] = input.uint16();
    cardinalities[i] = input.uint16() + 1;
    if (i > 0 && (keys[i] ?? 0) <= (keys[i - 1] ?? 0))
      throw new RoaringError('its containers are out of order');
  }
  if (runFlags === undefined || count >= offsetHeaderFrom) input.take(count * 4);
  for (let i = 0; i < count; i++) {
    const key = bucket * containerRows + (keys[i] ?? 0);
    const cardinality = cardinalities[i] ?? 0;
    if (((runFlags?.[i >> 3] ?? 0) & (1 << (i & 7))) !== 0) {
      into.add(key, ...decodeRuns(input));
    } else if (cardinality <= 4096) {
      into.add(key, decodeArray(input, cardinality), cardinality);
    } else {
      const bits = input.take(containerBytes).slice();
      if (countBits(bits) !== cardinality)
        throw new RoaringError('a container is not as large as it tells');
      into.add(key, bits, cardinality);
    }
  }
}

function decodeArray(input: Input, cardinality: number): Uint8Array {
  const bits = new Uint8Array(containerBytes);
  let last = -1;
  for (let i = 0; i < cardinality; i++) {
    const low = input.uint16();
    if (low <= last) throw new RoaringError('the rows of a container are out of order');
    last = low;
    bits[low >> 3] = (bits[low >> 3] ?? 0) | (1 << (low & 7));
  }
  return bits;
}

function decodeRuns(input: Input): [Uint8Array, number] {
  const bits = new Uint8Array(containerBytes);
  const runs = input.uint16();
  let cardinality = 0;
  let last = -1;
  for (let i = 0; i < runs; i++) {
    const start = input.uint16();
    const end = start + input.uint16();
    if (start <= last) throw new RoaringError('the runs of a container overlap');
    if (end >= containerRows) throw new RoaringError('a run ends behind its container');
    last = end;
    setRange(bits, start, end + 1);
    cardinality += end - start + 1;
  }
  return [bits, cardinality];
}

/** Sets the bits from `start` to `end` (exclusive), whole bytes at once. */
function setRange(bits: Uint8Array, start: number, end: number): void {
  let i = start;
  for (; i < end && (i & 7) !== 0; i++) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  const whole = end - ((end - i) & 7);
  bits.fill(0xff, i >> 3, whole >> 3);
  for (i = whole; i < end; i++) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
}

function countBits(bits: Uint8Array): number {
  const words = new Uint32Array(bits.buffer, bits.byteOffset, bits.byteLength >> 2);
  let count = 0;
  for (let value of words) {
    value -= (value >>> 1) & 0x55555555;
    value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
    count += Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

function swapBytes(value: number): number {
  return (
    ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24)) >>> 0
  );
}

/** A little-endian reader that never reads behind the end. */
class Input {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw new RoaringError('its bytes end too early');
    const part = this.bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }

  uint16(): number {
    const at = this.advance(2);
    return (this.bytes[at] ?? 0) | ((this.bytes[at + 1] ?? 0) << 8);
  }

  uint32(): number {
    const at = this.advance(4);
    return (
      ((this.bytes[at] ?? 0) |
        ((this.bytes[at + 1] ?? 0) << 8) |
        ((this.bytes[at + 2] ?? 0) << 16) |
        ((this.bytes[at + 3] ?? 0) << 24)) >>>
      0
    );
  }

  /** A count of 64 bits; nothing that fits in a file reaches 2^53. */
  uint64(): number {
    const low = this.uint32();
    return this.uint32() * 0x100000000 + low;
  }

  private advance(length: number): number {
    const at = this.position;
    if (at + length > this.bytes.length) throw new RoaringError('its bytes end too early');
    this.position = at + length;
    return at;
  }
}
