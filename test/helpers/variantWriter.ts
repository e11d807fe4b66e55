/** Writes variants in their binary form, for tests: small values, one-byte ids and offsets unless the value needs more. */

export type VariantInput =
  | null
  | boolean
  | string
  | readonly VariantInput[]
  | { readonly [name: string]: VariantInput }
  /** A primitive by its type number and the bytes behind the header. */
  | { readonly primitive: number; readonly bytes: readonly number[] };

/** Metadata with these names; `width` is the size of its offsets. */
export function writeMetadata(names: readonly string[], width = 1): Uint8Array {
  const texts = names.map((name) => new TextEncoder().encode(name));
  const out = [1 | ((width - 1) << 6), ...little(names.length, width)];
  let offset = 0;
  for (const text of [new Uint8Array(0), ...texts]) {
    offset += text.length;
    out.push(...little(offset, width));
  }
  return Uint8Array.from([...out, ...texts.flatMap((text) => [...text])]);
}

export function writeVariant(value: VariantInput, names: readonly string[], width = 1): Uint8Array {
  return Uint8Array.from(valueBytes(value, names, width));
}

function valueBytes(value: VariantInput, names: readonly string[], width: number): number[] {
  if (value === null) return [0];
  if (typeof value === 'boolean') return [(value ? 1 : 2) << 2];
  if (typeof value === 'string') {
    const text = [...new TextEncoder().encode(value)];
    return text.length < 64
      ? [1 | (text.length << 2), ...text]
      : [16 << 2, ...little(text.length, 4), ...text];
  }
  if (Array.isArray(value)) {
    const items = (value as readonly VariantInput[]).map((item) => valueBytes(item, names, width));
    return [3 | ((width - 1) << 2), items.length, ...offsets(items, width), ...items.flat()];
  }
  if (isPrimitive(value)) return [value.primitive << 2, ...value.bytes];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const items = entries.map(([, item]) => valueBytes(item, names, width));
  const ids = entries.flatMap(([name]) => little(names.indexOf(name), width));
  return [
    2 | ((width - 1) << 2) | ((width - 1) << 4),
    items.length,
    ...ids,
    ...offsets(items, width),
    ...items.flat(),
  ];
}

function isPrimitive(
  value: object,
): value is { readonly primitive: number; readonly bytes: readonly number[] } {
  return 'primitive' in value && 'bytes' in value;
}

function offsets(items: readonly (readonly number[])[], width: number): number[] {
  const out = [...little(0, width)];
  let offset = 0;
  for (const item of items) out.push(...little((offset += item.length), width));
  return out;
}

export function little(value: number | bigint, width: number): number[] {
  const whole = BigInt.asUintN(width * 8, BigInt(value));
  return Array.from({ length: width }, (_, i) => Number((whole >> BigInt(8 * i)) & 255n));
}
