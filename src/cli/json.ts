/** JSON documents of the command line: compact on one line, whole numbers of any size with all their digits. */

/** A text that is JSON already and is put into a document as it is. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** Encodes a document. `undefined` properties are left out; {@link RawJson} and bigints are written as they are. */
export function toJsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => toJsonText(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts: string[] = [];
    for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
      if (inner !== undefined) parts.push(`${JSON.stringify(key)}:${toJsonText(inner)}`);
    }
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
