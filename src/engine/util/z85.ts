/** Z85 (ZeroMQ RFC 32): four bytes, big-endian, as five printable characters. PROTOCOL.md, Deletion Vectors, uses it in descriptors. */

const alphabet =
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const digitOf = new Int8Array(128).fill(-1);
for (let digit = 0; digit < alphabet.length; digit++) digitOf[alphabet.charCodeAt(digit)] = digit;

/** Encodes bytes; a length that is no multiple of four is filled up with zero bytes, which the reader cuts off again. */
export function encodeZ85(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4) {
    // Multiplication instead of shifts: the value may be beyond 2^31.
    let value =
      (bytes[i] ?? 0) * 0x1000000 +
      (bytes[i + 1] ?? 0) * 0x10000 +
      (bytes[i + 2] ?? 0) * 0x100 +
      (bytes[i + 3] ?? 0);
    let group = '';
    for (let digit = 0; digit < 5; digit++) {
      group = alphabet.charAt(value % 85) + group;
      value = Math.floor(value / 85);
    }
    text += group;
  }
  return text;
}

/**
 * Decodes a text; undefined where it is no Z85: a length that is no multiple of five, a foreign character, a group beyond 32 bits.
 * A last group may begin with one to three `#`, which begin no valid group: so many bytes are missing in it, and the remaining
 * characters are the rest as one number. delta-kernel-rs writes inline vectors in this way.
 */
export function decodeZ85(text: string): Uint8Array | undefined {
  if (text.length % 5 !== 0) return undefined;
  const missing = /^#{0,3}/.exec(text.slice(-5))?.[0].length ?? 0;
  const bytes = new Uint8Array((text.length / 5) * 4 - missing);
  for (let i = 0, out = 0; i < text.length; i += 5) {
    const skipped = i + 5 === text.length ? missing : 0;
    let value = 0;
    for (let j = i + skipped; j < i + 5; j++) {
      const digit = digitOf[text.charCodeAt(j)] ?? -1;
      if (digit < 0) return undefined;
      value = value * 85 + digit;
    }
    if (value >= 2 ** (8 * (4 - skipped))) return undefined;
    for (let shift = 8 * (3 - skipped); shift >= 0; shift -= 8) bytes[out++] = value >>> shift;
  }
  return bytes;
}

/** The 20 characters that stand for a UUID (its 16 bytes in the order of its text). Undefined where the text is no UUID. */
export function encodeUuid(uuid: string): string | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(uuid))
    return undefined;
  const digits = uuid.replaceAll('-', '');
  return encodeZ85(
    Uint8Array.from({ length: 16 }, (_, i) => parseInt(digits.slice(i * 2, i * 2 + 2), 16)),
  );
}

/** The UUID, in lower case, that 20 characters stand for. Undefined where they are no Z85. */
export function decodeUuid(text: string): string | undefined {
  const bytes = text.length === 20 ? decodeZ85(text) : undefined;
  if (bytes === undefined) return undefined;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}
