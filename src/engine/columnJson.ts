/** Single values of columns as lossless JSON, for the few rows that are wanted as objects. */
import { booleanAt, bytesAt, integerAt, isNullAt, textAt, type Column } from './column';
import { setOwn } from './actions';
import type { Json, JsonObject } from './util/json';

/**
 * The value as JSON: structs and maps as objects (absent and null fields left out of structs), lists as arrays, dates as
 * `YYYY-MM-DD`, timestamps as ISO 8601 with their stored precision at least in milliseconds, decimals as numbers where exact, else
 * as texts. Meant for log actions and statistics, not for rows of tables.
 */
export function jsonAt(column: Column, row: number): Json {
  if (isNullAt(column, row)) return null;
  const { type } = column;
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return booleanAt(column, row);
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
    case 'time':
      return integerAt(column, row);
    case 'float16':
    case 'float32':
    case 'float64': {
      const value = Number((column.values as Float64Array | undefined)?.[row] ?? NaN);
      return Number.isFinite(value) ? value : null;
    }
    case 'utf8':
      return textAt(column, row);
    case 'binary':
      return new TextDecoder('latin1').decode(bytesAt(column, row));
    case 'fixed-binary':
      return null;
    case 'date32':
      return new Date(Number(integerAt(column, row)) * 86_400_000).toISOString().slice(0, 10);
    case 'timestamp': {
      const perMs = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 }[type.unit];
      const iso = new Date(Number(integerAt(column, row)) / perMs).toISOString();
      return type.utc ? iso : iso.slice(0, -1);
    }
    case 'decimal':
      return decimalJson(column, row, type.scale);
    case 'struct': {
      const object: Record<string, Json> = {};
      for (const [i, field] of type.fields.entries()) {
        const child = column.children?.[i];
        const value = child === undefined ? null : jsonAt(child, row);
        if (value !== null) setOwn(object, field.name, value);
      }
      return object;
    }
    case 'list': {
      const child = column.children?.[0];
      const [start, end] = rangeAt(column, row);
      return child === undefined
        ? []
        : Array.from({ length: end - start }, (_, i) => jsonAt(child, start + i));
    }
    case 'map':
      return mapJson(column, row);
    default:
      return type satisfies never;
  }
}

/** The struct at `row` as an object, or undefined where it is null or absent. */
export function objectAt(column: Column | undefined, row: number): JsonObject | undefined {
  if (column?.type.kind !== 'struct' || isNullAt(column, row)) return undefined;
  return jsonAt(column, row) as JsonObject;
}

/** Start and end of a list's or map's entries. */
export function rangeAt(column: Column, row: number): readonly [number, number] {
  return [column.offsets?.[row] ?? 0, column.offsets?.[row + 1] ?? 0];
}

function mapJson(column: Column, row: number): JsonObject {
  const [keys, values] = column.children ?? [];
  const [start, end] = rangeAt(column, row);
  const object: Record<string, Json> = {};
  if (keys === undefined || values === undefined) return object;
  for (let i = start; i < end; i++) setOwn(object, textAt(keys, i) ?? '', jsonAt(values, i));
  return object;
}

/** The unscaled value of a decimal: 16 little-endian bytes, two's complement. */
export function decimalAt(column: Column, row: number): bigint {
  const bytes = column.values as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset + row * 16, 16);
  return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
}

function decimalJson(column: Column, row: number, scale: number): Json {
  const unscaled = decimalAt(column, row);
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  const signed = unscaled < 0n ? `-${text}` : text;
  const value = Number(signed);
  return digits.length <= 15 ? value : signed;
}
