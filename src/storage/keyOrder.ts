/**
 * The order of a listing: the UTF-8 bytes of decoded keys, as object stores list them. JavaScript compares UTF-16 units,
 * which differs only where a surrogate pair meets a character from U+E000 up.
 */

/** Moves surrogates above the rest of the basic plane, so that units compare as code points do. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Negative, zero or positive, as the UTF-8 bytes of `a` sort before, with or after those of `b`. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}
