/** CRC-32 of IEEE 802.3 (the checksum of zip and gzip), which guards stored deletion vectors. */

/** Slicing by four: table `k` is the effect of a byte followed by `k` zero bytes. */
const tables: readonly Uint32Array[] = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++)
      value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    first[byte] = value;
  }
  const result = [first];
  for (let k = 1; k < 4; k++) {
    const before = result[k - 1] ?? first;
    const table = new Uint32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      const value = before[byte] ?? 0;
      table[byte] = (value >>> 8) ^ (first[value & 0xff] ?? 0);
    }
    result.push(table);
  }
  return result;
}

/** The checksum as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables as readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = 0xffffffff;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^=
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    crc =
      (t3[crc & 0xff] ?? 0) ^
      (t2[(crc >>> 8) & 0xff] ?? 0) ^
      (t1[(crc >>> 16) & 0xff] ?? 0) ^
      (t0[crc >>> 24] ?? 0);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
