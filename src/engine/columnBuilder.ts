/** Columns made of plain values, for the few structures that we write as Parquet ourselves: checkpoints above all. */
import type { Column, ColumnField, ColumnType } from './column';
import { DeltaError } from './errors';
import { grow } from './util/byteDictionary';
import { stringifyJson } from './util/json';

const encoder = new TextEncoder();

/**
 * One column of values; `undefined` and `null` are null. Structs take objects with properties of the fields' names, maps take objects or
 * Maps of texts, lists take arrays, whole numbers take numbers or bigints. Timestamps, dates, decimals and binary take the stored form.
 */
export function buildColumn(type: ColumnType, values: readonly unknown[]): Column {
  const length = values.length;
  const validity = validityOf(values);
  if (validity?.every((byte) => byte === 0) === true) return nullColumn(type, length);
  switch (type.kind) {
    case 'struct':
      return {
        type,
        length,
        validity,
        children: type.fields.map((field) =>
          buildColumn(
            field.type,
            values.map((value) => (isObject(value) ? value[field.name] : undefined)),
          ),
        ),
      };
    case 'list': {
      const offsets = new Int32Array(length + 1);
      const items: unknown[] = [];
      for (const [i, value] of values.entries()) {
        if (Array.isArray(value)) items.push(...(value as readonly unknown[]));
        offsets[i + 1] = items.length;
      }
      return { type, length, validity, offsets, children: [buildColumn(type.element.type, items)] };
    }
    case 'map': {
      const offsets = new Int32Array(length + 1);
      const keys: unknown[] = [];
      const items: unknown[] = [];
      for (const [i, value] of values.entries()) {
        for (const [key, item] of entriesOf(value)) {
          keys.push(key);
          items.push(item);
        }
        offsets[i + 1] = keys.length;
      }
      return {
        type,
        length,
        validity,
        offsets,
        children: [requiredColumn(type.key, keys), buildColumn(type.value.type, items)],
      };
    }
    case 'utf8':
      return { type, length, validity, ...textValues(values) };
    case 'binary':
      return { type, length, validity, ...byteValues(values) };
    case 'boolean': {
      const bits = new Uint8Array((length + 7) >> 3);
      for (const [i, value] of values.entries()) {
        if (value === true) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
      }
      return { type, length, validity, values: bits };
    }
    case 'int64':
    case 'timestamp':
      return {
        type,
        length,
        validity,
        values: BigInt64Array.from(values, (value) => longOf(value)),
      };
    case 'int32':
    case 'date32':
      return {
        type,
        length,
        validity,
        values: Int32Array.from(values, (value) => Number(value ?? 0)),
      };
    case 'float64':
      return {
        type,
        length,
        validity,
        values: Float64Array.from(values, (value) => Number(value ?? 0)),
      };
    default:
      throw new DeltaError('internal', `Columns of ${type.kind} are not built from values.`);
  }
}

/** A column of nulls, also in the fields of a struct. */
export function nullColumn(type: ColumnType, length: number): Column {
  const validity = new Uint8Array((length + 7) >> 3);
  switch (type.kind) {
    case 'struct':
      return {
        type,
        length,
        validity,
        children: type.fields.map((field) => nullColumn(field.type, length)),
      };
    case 'list':
      return {
        type,
        length,
        validity,
        offsets: new Int32Array(length + 1),
        children: [nullColumn(type.element.type, 0)],
      };
    case 'map':
      return {
        type,
        length,
        validity,
        offsets: new Int32Array(length + 1),
        children: [nullColumn(type.key.type, 0), nullColumn(type.value.type, 0)],
      };
    case 'utf8':
    case 'binary':
      return {
        type,
        length,
        validity,
        offsets: new Int32Array(length + 1),
        values: new Uint8Array(0),
      };
    case 'boolean':
      return { type, length, validity, values: new Uint8Array((length + 7) >> 3) };
    case 'int64':
    case 'timestamp':
      return { type, length, validity, values: new BigInt64Array(length) };
    case 'int32':
    case 'date32':
      return { type, length, validity, values: new Int32Array(length) };
    case 'float64':
      return { type, length, validity, values: new Float64Array(length) };
    default:
      throw new DeltaError('internal', `Columns of ${type.kind} are not built from values.`);
  }
}

/** A map's keys are never null; an empty list of them has no validity either. */
function requiredColumn(field: ColumnField, values: readonly unknown[]): Column {
  return values.length === 0
    ? { ...nullColumn(field.type, 0), validity: undefined }
    : buildColumn(field.type, values);
}

/** Undefined where no value is null. */
function validityOf(values: readonly unknown[]): Uint8Array | undefined {
  let validity: Uint8Array | undefined;
  for (const [i, value] of values.entries()) {
    if (value !== undefined && value !== null) continue;
    validity ??= new Uint8Array((values.length + 7) >> 3).fill(0xff);
    validity[i >> 3] = (validity[i >> 3] ?? 0) & ~(1 << (i & 7));
  }
  // Bits behind the last value are unset, so that a column of nulls is all zeros.
  const tail = values.length & 7;
  if (validity !== undefined && tail !== 0) {
    const last = validity.length - 1;
    validity[last] = (validity[last] ?? 0) & ((1 << tail) - 1);
  }
  return validity;
}

function textValues(values: readonly unknown[]): {
  readonly offsets: Int32Array;
  readonly values: Uint8Array;
} {
  const offsets = new Int32Array(values.length + 1);
  let bytes = new Uint8Array(Math.max(64, values.length * 32));
  let end = 0;
  for (const [i, value] of values.entries()) {
    if (value !== undefined && value !== null) {
      const text = typeof value === 'string' ? value : stringifyJson(value);
      if (bytes.length - end < text.length * 3) bytes = grow(bytes, end + text.length * 3);
      end += encoder.encodeInto(text, bytes.subarray(end)).written;
    }
    offsets[i + 1] = end;
  }
  return { offsets, values: bytes.slice(0, end) };
}

function byteValues(values: readonly unknown[]): {
  readonly offsets: Int32Array;
  readonly values: Uint8Array;
} {
  const offsets = new Int32Array(values.length + 1);
  let bytes = new Uint8Array(64);
  let end = 0;
  for (const [i, value] of values.entries()) {
    if (value instanceof Uint8Array) {
      if (bytes.length - end < value.length) bytes = grow(bytes, end + value.length);
      bytes.set(value, end);
      end += value.length;
    }
    offsets[i + 1] = end;
  }
  return { offsets, values: bytes.slice(0, end) };
}

function longOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' ? BigInt(Math.trunc(value)) : 0n;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function entriesOf(value: unknown): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) return value as ReadonlyMap<string, unknown>;
  return isObject(value) ? Object.entries(value) : [];
}
