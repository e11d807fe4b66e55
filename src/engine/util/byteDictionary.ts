/**
 * A dictionary over byte strings: equal bytes get the same code, codes count up from 0. Open addressing over typed arrays,
 * because a Map of JavaScript strings costs several times the time and ten times the memory on a million paths.
 */
export class ByteDictionary {
  private slots: Int32Array;
  private hashes = new Int32Array(64);
  private starts = new Int32Array(65);
  private bytes = new Uint8Array(4096);
  private count = 0;

  constructor(expected = 16) {
    let size = 64;
    while (size < expected * 2) size *= 2;
    this.slots = new Int32Array(size).fill(-1);
  }

  /** How many different byte strings are held; the next new one gets this code. */
  get size(): number {
    return this.count;
  }

  /** The code of `bytes[start, end)`, added when it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end);
    const slot = this.findSlot(hash, bytes, start, end);
    const found = this.slots[slot] ?? -1;
    return found >= 0 ? found : this.insert(slot, hash, bytes, start, end);
  }

  /** The code of `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.slots[this.findSlot(hashBytes(bytes, start, end), bytes, start, end)] ?? -1;
  }

  /** The bytes of a code: a view, good until the next {@link intern}. */
  get(code: number): Uint8Array {
    return this.bytes.subarray(this.starts[code] ?? 0, this.starts[code + 1] ?? 0);
  }

  private findSlot(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.slots[slot] ?? -1;
      if (code < 0 || (this.hashes[code] === hash && this.equals(code, bytes, start, end)))
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  private equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.starts[code] ?? 0;
    if ((this.starts[code + 1] ?? 0) - from !== end - start) return false;
    for (let i = start, j = from; i < end; i++, j++) {
      if (bytes[i] !== this.bytes[j]) return false;
    }
    return true;
  }

  private insert(
    slot: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number {
    const code = this.count++;
    const from = this.starts[code] ?? 0;
    const to = from + (end - start);
    if (to > this.bytes.length) this.bytes = grow(this.bytes, to);
    if (code + 2 > this.starts.length) {
      const starts = new Int32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
      const hashes = new Int32Array(starts.length);
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    this.bytes.set(bytes.subarray(start, end), from);
    this.starts[code + 1] = to;
    this.hashes[code] = hash;
    this.slots[slot] = code;
    if (this.count * 2 > this.slots.length) this.rehash();
    return code;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.count; code++) {
      let slot = (this.hashes[code] ?? 0) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.slots = slots;
  }
}

/** At least `needed` bytes, with the old content in front. */
export function grow(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(needed, bytes.length * 2));
  grown.set(bytes);
  return grown;
}

/** Murmur-style hash, four bytes a step, as a signed 32-bit number. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = (end - start) | 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    let k =
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    k = Math.imul(k, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  for (; i < end; i++) h = Math.imul(h ^ (bytes[i] ?? 0), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
