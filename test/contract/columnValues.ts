/** Plain values <-> columns, for tests that compare what was written with what is read. */
import { isNullAt } from '../../src/engine/column';
import type { Column, ColumnType, ColumnValues } from '../../src/engine/column';

/** A decimal is its unscaled bigint, a timestamp and an int64 a bigint, a map a list of pairs, a struct a plain object. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Plain[]
  | { readonly [name: string]: Plain };

function bitmap(flags: readonly boolean[]): Uint8Array {
  const out = new Uint8Array((flags.length + 7) >> 3);
  flags.forEach((flag, i) => {
    if (flag) out[i >> 3] = (out[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return out;
}

function offsetsFrom(sizes: readonly number[]): Int32Array {
  const out = new Int32Array(sizes.length + 1);
  sizes.forEach((size, i) => (out[i + 1] = (out[i] ?? 0) + size));
  return out;
}

function decimalBytes(values: readonly Plain[]): Uint8Array {
  const out = new Uint8Array(values.length * 16);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    const number = typeof value === 'bigint' ? value : 0n;
    view.setBigInt64(i * 16, BigInt.asIntN(64, number), true);
    view.setBigInt64(i * 16 + 8, number >> 64n, true);
  });
  return out;
}

function numbers(type: ColumnType, values: readonly Plain[]): ColumnValues {
  const plain = values.map((value) => (typeof value === 'number' ? value : 0));
  const big = values.map((value) => (typeof value === 'bigint' ? value : 0n));
  switch (type.kind) {
    case 'int8':
      return Int8Array.from(plain);
    case 'int16':
      return Int16Array.from(plain);
    case 'int32':
    case 'date32':
      return Int32Array.from(plain);
    case 'uint8':
      return Uint8Array.from(plain);
    case 'uint16':
    case 'float16':
      return Uint16Array.from(plain);
    case 'uint32':
      return Uint32Array.from(plain);
    case 'float32':
      return Float32Array.from(plain);
    case 'float64':
      return Float64Array.from(plain);
    case 'uint64':
      return BigUint64Array.from(big);
    case 'time':
      return type.unit === 's' || type.unit === 'ms'
        ? Int32Array.from(plain)
        : BigInt64Array.from(big);
    default:
      return BigInt64Array.from(big);
  }
}

/** A column of the values; a null under a null struct is null in the child as well. */
export function columnOf(type: ColumnType, values: readonly Plain[]): Column {
  const length = values.length;
  const validity = values.some((value) => value === null)
    ? bitmap(values.map((value) => value !== null))
    : undefined;
  const listed = (value: Plain): readonly Plain[] =>
    Array.isArray(value) ? (value as Plain[]) : [];
  switch (type.kind) {
    case 'null':
      return { type, length };
    case 'boolean':
      return { type, length, validity, values: bitmap(values.map((value) => value === true)) };
    case 'utf8':
    case 'binary': {
      const parts = values.map((value) =>
        typeof value === 'string'
          ? new TextEncoder().encode(value)
          : value instanceof Uint8Array
            ? value
            : new Uint8Array(0),
      );
      return {
        type,
        length,
        validity,
        offsets: offsetsFrom(parts.map((part) => part.byteLength)),
        values: new Uint8Array(Buffer.concat(parts)),
      };
    }
    case 'fixed-binary': {
      const out = new Uint8Array(length * type.byteWidth);
      values.forEach((value, i) => {
        if (value instanceof Uint8Array) out.set(value, i * type.byteWidth);
      });
      return { type, length, validity, values: out };
    }
    case 'decimal':
      return { type, length, validity, values: decimalBytes(values) };
    case 'struct':
      return {
        type,
        length,
        validity,
        children: type.fields.map((field) =>
          columnOf(
            field.type,
            values.map(
              (value) => (value as Readonly<Record<string, Plain>> | null)?.[field.name] ?? null,
            ),
          ),
        ),
      };
    case 'list':
      return {
        type,
        length,
        validity,
        offsets: offsetsFrom(values.map((value) => listed(value).length)),
        children: [columnOf(type.element.type, values.flatMap(listed))],
      };
    case 'map': {
      const entries = values.flatMap(listed) as (readonly [Plain, Plain])[];
      return {
        type,
        length,
        validity,
        offsets: offsetsFrom(values.map((value) => listed(value).length)),
        children: [
          columnOf(
            type.key.type,
            entries.map(([key]) => key),
          ),
          columnOf(
            type.value.type,
            entries.map(([, value]) => value),
          ),
        ],
      };
    }
    default:
      return { type, length, validity, values: numbers(type, values) };
  }
}

/** The value of a row, independent of the engine's own readers. */
export function plainAt(column: Column, row: number): Plain {
  const { type } = column;
  if (isNullAt(column, row)) return null;
  const from = column.offsets?.[row] ?? 0;
  const to = column.offsets?.[row + 1] ?? 0;
  const bytes = column.values as Uint8Array;
  const child = (index: number): Column => {
    const found = column.children?.[index];
    if (found === undefined) throw new Error(`no child ${index}`);
    return found;
  };
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return ((bytes[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
    case 'utf8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));
    case 'binary':
      return new Uint8Array(bytes.subarray(from, to));
    case 'fixed-binary':
      return new Uint8Array(bytes.subarray(row * type.byteWidth, (row + 1) * type.byteWidth));
    case 'decimal': {
      const view = new DataView(bytes.buffer, bytes.byteOffset + row * 16, 16);
      return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
    }
    case 'struct':
      return Object.fromEntries(
        type.fields.map((field, i) => [field.name, plainAt(child(i), row)]),
      );
    case 'list':
      return Array.from({ length: to - from }, (_, i) => plainAt(child(0), from + i));
    case 'map':
      return Array.from({ length: to - from }, (_, i) => [
        plainAt(child(0), from + i),
        plainAt(child(1), from + i),
      ]);
    default:
      return (column.values as Int32Array | BigInt64Array)[row] ?? null;
  }
}

export function plainColumn(column: Column): Plain[] {
  return Array.from({ length: column.length }, (_, row) => plainAt(column, row));
}
