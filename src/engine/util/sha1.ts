/** SHA-1 (RFC 3174) and the UUIDs made with it (RFC 9562, version 5): stable names for files, not a protection. */

const encoder = new TextEncoder();
/** RFC 9562, the namespace of URLs. */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** The SHA-1 of some bytes: 20 bytes. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const blocks = (bytes.length + 8 + 64) >> 6;
  const padded = new DataView(new ArrayBuffer(blocks * 64));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setBigUint64(blocks * 64 - 8, BigInt(bytes.length) * 8n);
  const state = Int32Array.of(
    0x67452301,
    0xefcdab89 | 0,
    0x98badcfe | 0,
    0x10325476,
    0xc3d2e1f0 | 0,
  );
  for (let block = 0; block < blocks; block++) mix(state, padded, block * 64);
  const out = new DataView(new ArrayBuffer(20));
  state.forEach((word, i) => out.setInt32(i * 4, word));
  return new Uint8Array(out.buffer);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function mix(state: Int32Array, block: DataView, at: number): void {
  const words = new Int32Array(80);
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + i * 4);
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(
      (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0),
      1,
    );
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    let f: number;
    let k: number;
    if (i < 20) {
      f = (b & c) | (~b & d);
      k = 0x5a827999;
    } else if (i < 40) {
      f = b ^ c ^ d;
      k = 0x6ed9eba1;
    } else if (i < 60) {
      f = (b & c) | (b & d) | (c & d);
      k = 0x8f1bbcdc;
    } else {
      f = b ^ c ^ d;
      k = 0xca62c1d6;
    }
    const next = (rotate(a, 5) + f + e + k + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0] = ((state[0] ?? 0) + a) | 0;
  state[1] = ((state[1] ?? 0) + b) | 0;
  state[2] = ((state[2] ?? 0) + c) | 0;
  state[3] = ((state[3] ?? 0) + d) | 0;
  state[4] = ((state[4] ?? 0) + e) | 0;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first eight hexadecimal digits of a text's SHA-1. */
export function shortHash(text: string): string {
  return hex(sha1(encoder.encode(text)).subarray(0, 4));
}

/** The version 5 UUID of a URI: the same for the same URI, always. */
export function uuidOfUri(uri: string): string {
  const namespace = Uint8Array.from(urlNamespace.replaceAll('-', '').match(/../g) ?? [], (byte) =>
    parseInt(byte, 16),
  );
  const name = encoder.encode(uri);
  const seed = new Uint8Array(namespace.length + name.length);
  seed.set(namespace);
  seed.set(name, namespace.length);
  const bytes = sha1(seed).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
