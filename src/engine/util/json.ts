/**
 * JSON without loss of 64-bit integers: a whole number beyond 2^53 is read as a bigint and written with all its digits.
 * The fast path is the platform's parser; only a text that holds a run of 16 digits takes the exact one.
 */

export type Json =
  null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A whole number as the log holds it: a number while it is exact, else a bigint. */
export type Long = number | bigint;

const longNumber = /[:[,\s]-?\d{16,}/;
/** Marks a number that stands between quotes for a moment; drawn anew in each process, so that no text can imitate it. */
const mark = `#${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}:`;
const markedNumber = new RegExp(`"${mark}(-?\\d+)"`, 'g');

/** Parses one JSON text. Throws SyntaxError like the platform. */
export function parseJson(text: string): Json {
  if (!longNumber.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(quoteLongNumbers(text), revive) as Json;
}

function revive(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(mark)
    ? BigInt(value.slice(mark.length))
    : value;
}

/** Puts each unsafe whole number outside of strings between quotes, with a mark before its digits. */
function quoteLongNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = endOfString(text, i);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      let end = i + 1;
      while (end < text.length && /[0-9.eE+-]/.test(text.charAt(end))) end++;
      const number = text.slice(i, end);
      if (/^-?\d{16,}$/.test(number) && !Number.isSafeInteger(Number(number))) {
        parts.push(text.slice(copied, i), `"${mark}`, number, '"');
        copied = end;
      }
      i = end;
    } else {
      i++;
    }
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

/** Index behind the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i += 2;
    else if (code === 0x22) return i + 1;
    else i++;
  }
  return i;
}

/** Writes compact JSON; bigints as bare digits, `undefined` properties left out. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? mark + inner.toString() : inner,
  ).replace(markedNumber, '$1');
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
