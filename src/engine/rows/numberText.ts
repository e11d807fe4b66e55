/** Numbers as JSON text that loses nothing. */

const nonFinite = new Map([
  [Infinity, '"Infinity"'],
  [-Infinity, '"-Infinity"'],
]);

/** The shortest text that reads back as the same double; what JSON has no number for is a string. */
export function doubleText(value: number): string {
  if (Number.isFinite(value)) return value === 0 && Object.is(value, -0) ? '-0.0' : String(value);
  return nonFinite.get(value) ?? '"NaN"';
}

/** The shortest text that reads back as the same single-precision number: `0.1`, not `0.10000000149011612`. */
export function floatText(value: number): string {
  const isExact = Math.abs(value) <= 0x1000000 && Number.isInteger(value);
  if (isExact || !Number.isFinite(value)) return doubleText(value);
  // Six digits survive every normal float; only below the normal range may fewer be enough.
  for (let digits = Math.abs(value) < 1.2e-38 ? 1 : 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

/** The value of a half-precision number from its 16 bits. */
export function halfFloat(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A decimal with exactly `scale` digits behind the point, without quotes. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return (unscaled * 10n ** BigInt(-scale)).toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** An unscaled value at another scale, or undefined where that would lose digits. */
export function rescale(unscaled: bigint, from: number, to: number): bigint | undefined {
  if (to >= from) return unscaled * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

/** The unscaled value of a decimal text (`-12.50`, `0E-18`) at a scale, or undefined where it is none or would lose digits. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const unscaled = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return rescale(unscaled, fraction.length - Number(exponent), scale);
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with padding (RFC 4648, section 4). */
export function base64Text(bytes: Uint8Array): string {
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text +=
      base64Digits.charAt(group >> 18) +
      base64Digits.charAt((group >> 12) & 63) +
      base64Digits.charAt((group >> 6) & 63) +
      base64Digits.charAt(group & 63);
  }
  const left = bytes.length - i;
  if (left > 0) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8);
    text +=
      base64Digits.charAt(group >> 18) +
      base64Digits.charAt((group >> 12) & 63) +
      (left === 2 ? `${base64Digits.charAt((group >> 6) & 63)}=` : '==');
  }
  return text;
}
