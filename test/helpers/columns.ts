/** Columns made by hand, in the layout that a Parquet handler hands over. */
import type { Column, ColumnField, ColumnType, ColumnValues } from '../../src/engine/column';

/** A bitmap of which values are there; undefined where all are. */
export function validityOf(values: readonly unknown[]): Uint8Array | undefined {
  return values.includes(null) ? bitsOf(values.map((value) => value !== null)) : undefined;
}

export function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (const [i, flag] of flags.entries())
    if (flag) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  return bits;
}

export function fixedColumn(
  type: ColumnType,
  values: ColumnValues,
  nulls: readonly number[] = [],
  length = values.length,
): Column {
  const flags = Array.from({ length }, (_, i) => !nulls.includes(i));
  return { type, length, values, validity: nulls.length === 0 ? undefined : bitsOf(flags) };
}

export function booleanColumn(values: readonly (boolean | null)[]): Column {
  return {
    type: { kind: 'boolean' },
    length: values.length,
    validity: validityOf(values),
    values: bitsOf(values.map((value) => value === true)),
  };
}

export function textColumn(values: readonly (string | null)[]): Column {
  const encoder = new TextEncoder();
  return bytesColumn(
    values.map((value) => (value === null ? null : encoder.encode(value))),
    'utf8',
  );
}

export function bytesColumn(
  values: readonly (Uint8Array | null)[],
  kind: 'utf8' | 'binary' = 'binary',
): Column {
  const offsets = new Int32Array(values.length + 1);
  for (const [i, value] of values.entries())
    offsets[i + 1] = (offsets[i] ?? 0) + (value?.length ?? 0);
  const bytes = new Uint8Array(offsets[values.length] ?? 0);
  for (const [i, value] of values.entries()) if (value !== null) bytes.set(value, offsets[i]);
  return {
    type: { kind },
    length: values.length,
    validity: validityOf(values),
    offsets,
    values: bytes,
  };
}

export function decimalColumn(
  precision: number,
  scale: number,
  values: readonly (bigint | null)[],
): Column {
  const bytes = new Uint8Array(values.length * 16);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    view.setBigUint64(i * 16, BigInt.asUintN(64, value ?? 0n), true);
    view.setBigInt64(i * 16 + 8, (value ?? 0n) >> 64n, true);
  }
  return {
    type: { kind: 'decimal', precision, scale },
    length: values.length,
    validity: validityOf(values),
    values: bytes,
  };
}

export function field(name: string, column: Column, fieldId?: number): ColumnField {
  return { name, type: column.type, nullable: true, ...(fieldId === undefined ? {} : { fieldId }) };
}

export function structColumn(
  children: Readonly<Record<string, Column>>,
  present?: readonly boolean[],
): Column {
  const entries = Object.entries(children);
  return {
    type: { kind: 'struct', fields: entries.map(([name, column]) => field(name, column)) },
    length: entries[0]?.[1].length ?? present?.length ?? 0,
    validity: present === undefined ? undefined : bitsOf(present),
    children: entries.map(([, column]) => column),
  };
}

/** Lists of the given lengths (null: no list) over the elements of one column. */
export function listColumn(element: Column, lengths: readonly (number | null)[]): Column {
  return {
    type: { kind: 'list', element: field('element', element) },
    length: lengths.length,
    validity: validityOf(lengths),
    offsets: offsetsOf(lengths),
    children: [element],
  };
}

export function mapColumn(
  keys: Column,
  values: Column,
  lengths: readonly (number | null)[],
): Column {
  return {
    type: { kind: 'map', key: field('key', keys), value: field('value', values) },
    length: lengths.length,
    validity: validityOf(lengths),
    offsets: offsetsOf(lengths),
    children: [keys, values],
  };
}

function offsetsOf(lengths: readonly (number | null)[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) offsets[i + 1] = (offsets[i] ?? 0) + (length ?? 0);
  return offsets;
}
