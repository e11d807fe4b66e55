/** Single values of a column as JSON text, without an object in between. Null is the caller's to ask for. */
import type { Column } from '../column';
import { bytesAt } from '../column';
import { dateText, microsText, nanosToMicros } from './calendar';
import { rebaseDays, rebaseMicros } from './legacyCalendar';
import { base64Text, doubleText, floatText, halfFloat } from './numberText';

/** The JSON text of the value at a row that is not null. */
export type ValueWriter = (row: number) => string;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });
/** A column of plain ASCII is decoded as a whole up to this size; beyond it the text would be held twice for too long. */
const wholeTextLimit = 1 << 26;

export function booleanReader(column: Column): (row: number) => boolean {
  const bits = column.values as Uint8Array;
  return (row) => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

/** Whole numbers of any width, exact. */
export function integerReader(column: Column): (row: number) => number | bigint {
  const values = column.values as Int32Array | BigInt64Array;
  return (row) => values[row] ?? 0;
}

/** Numbers of any binary width, as doubles. */
export function numberReader(column: Column): (row: number) => number {
  if (column.type.kind === 'float16') {
    const values = column.values as Uint16Array;
    return (row) => halfFloat(values[row] ?? 0);
  }
  const values = column.values as Float64Array;
  return (row) => values[row] ?? 0;
}

/** Unscaled values: 16 little-endian bytes each. */
export function unscaledReader(column: Column): (row: number) => bigint {
  const bytes = column.values as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (row) => {
    const low = view.getBigUint64(row * 16, true);
    const high = view.getBigInt64(row * 16 + 8, true);
    return (high << 64n) | low;
  };
}

/** Timestamps of any unit, as microseconds since the epoch. */
export function microsReader(column: Column): (row: number) => bigint {
  const values = column.values as BigInt64Array;
  const unit = column.type.kind === 'timestamp' ? column.type.unit : 'us';
  switch (unit) {
    case 's':
      return (row) => (values[row] ?? 0n) * 1_000_000n;
    case 'ms':
      return (row) => (values[row] ?? 0n) * 1000n;
    case 'us':
      return (row) => values[row] ?? 0n;
    case 'ns':
      return (row) => nanosToMicros(values[row] ?? 0n);
    default:
      return unit satisfies never;
  }
}

/** Texts. A column that is all ASCII is decoded once and cut; others value by value. */
export function textReader(column: Column): (row: number) => string {
  const { offsets, values, length } = column;
  if (offsets !== undefined && values instanceof Uint8Array) {
    const start = offsets[0] ?? 0;
    const end = offsets[length] ?? start;
    if (end - start <= wholeTextLimit && isAscii(values, start, end)) {
      const whole = decoder.decode(values.subarray(start, end));
      return (row) => whole.slice((offsets[row] ?? 0) - start, (offsets[row + 1] ?? 0) - start);
    }
  }
  return (row) => decoder.decode(bytesAt(column, row));
}

/** Bytes of binary, text and fixed-width columns. */
export function bytesReader(column: Column): (row: number) => Uint8Array {
  const { type, values } = column;
  if (type.kind === 'fixed-binary') {
    const { byteWidth } = type;
    return (row) => (values as Uint8Array).subarray(row * byteWidth, (row + 1) * byteWidth);
  }
  return (row) => bytesAt(column, row);
}

export function integerWriter(column: Column): ValueWriter {
  const read = integerReader(column);
  return (row) => read(row).toString();
}

export function floatWriter(column: Column): ValueWriter {
  const read = numberReader(column);
  return (row) => floatText(read(row));
}

export function doubleWriter(column: Column): ValueWriter {
  const read = numberReader(column);
  return (row) => doubleText(read(row));
}

export function textWriter(column: Column): ValueWriter {
  const read = textReader(column);
  return (row) => JSON.stringify(read(row));
}

export function binaryWriter(column: Column): ValueWriter {
  const read = bytesReader(column);
  return (row) => `"${base64Text(read(row))}"`;
}

/** `isLegacy`: the days are of the hybrid calendar. */
export function dateWriter(column: Column, isLegacy = false): ValueWriter {
  const days = column.values as Int32Array;
  return isLegacy
    ? (row) => `"${dateText(rebaseDays(days[row] ?? 0))}"`
    : (row) => `"${dateText(days[row] ?? 0)}"`;
}

/** `zone` is what stands behind the time: `Z`, or nothing for a timestamp without time zone. */
export function timestampWriter(column: Column, zone: 'Z' | '', isLegacy = false): ValueWriter {
  const read = microsReader(column);
  return isLegacy
    ? (row) => `"${microsText(rebaseMicros(read(row)))}${zone}"`
    : (row) => `"${microsText(read(row))}${zone}"`;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) >= 0x80) return false;
  return true;
}
