/**
 * Arrow IPC bytes -> columns, as views over those bytes wherever the layouts agree. Values are never taken one by one through
 * Arrow's getters, which lose digits of timestamps and decimals.
 */
import { RecordBatchReader, Type } from 'apache-arrow';
import type { Data } from 'apache-arrow';
import { DeltaError } from '../../engine/errors';
import type {
  Column,
  ColumnBatch,
  ColumnField,
  ColumnType,
  ColumnValues,
} from '../../engine/column';
import { columnField, columnType, isDateInMilliseconds } from './arrowTypes';
import { viewValues } from './columnViews';
import { dictionaryColumn } from './dictionaryColumn';

/** The fields of an Arrow IPC stream. */
export function fieldsOfIpc(ipc: Uint8Array): ColumnField[] {
  const reader = RecordBatchReader.from(ipc).open();
  return reader.schema.fields.map(columnField);
}

/** The rows of an Arrow IPC stream of at most one batch. */
export function batchOfIpc(ipc: Uint8Array): ColumnBatch {
  const reader = RecordBatchReader.from(ipc).open();
  const fields = reader.schema.fields.map(columnField); // the reader forgets its schema at the end
  const batches = [...reader];
  const [batch] = batches;
  if (batch === undefined) {
    return { rowCount: 0, fields, columns: fields.map(({ type }) => emptyColumn(type)) };
  }
  if (batches.length > 1) {
    throw new DeltaError(
      'internal',
      `The Parquet decoder split a row group into ${batches.length} batches.`,
    );
  }
  return {
    rowCount: batch.numRows,
    fields,
    columns: batch.data.children.map((data) => column(data)),
  };
}

/** A column of no rows. */
export function emptyColumn(type: ColumnType): Column {
  switch (type.kind) {
    case 'struct':
      return { type, length: 0, children: type.fields.map((field) => emptyColumn(field.type)) };
    case 'list':
      return {
        type,
        length: 0,
        offsets: new Int32Array(1),
        children: [emptyColumn(type.element.type)],
      };
    case 'map':
      return {
        type,
        length: 0,
        offsets: new Int32Array(1),
        children: [emptyColumn(type.key.type), emptyColumn(type.value.type)],
      };
    case 'utf8':
    case 'binary':
      return { type, length: 0, offsets: new Int32Array(1), values: new Uint8Array(0) };
    case 'null':
      return { type, length: 0 };
    default:
      return { type, length: 0, values: viewValues(type, new Uint8Array(0), 0) };
  }
}

/** One Arrow array, sliced or not, as a column. */
export function column(data: Data): Column {
  const arrow = data.type;
  const { length } = data;
  if (arrow.typeId === Type.Dictionary) {
    const codes = {
      values: data.values as ArrayLike<number | bigint>,
      length,
      validity: validityOf(data),
    };
    const parts = (data.dictionary?.data ?? []).map((part) => column(part as Data));
    return dictionaryColumn(columnType(arrow, ''), codes, parts);
  }
  const type = columnType(arrow, '');
  const validity = validityOf(data);
  switch (arrow.typeId) {
    case Type.Null:
      return { type, length };
    case Type.Bool:
      return {
        type,
        length,
        validity,
        values: bitsFrom(rawBytes(data.values), data.offset, length),
      };
    case Type.Utf8:
    case Type.Binary:
    case Type.LargeUtf8:
    case Type.LargeBinary:
      return { type, length, validity, offsets: offsetsOf(data), values: rawBytes(data.values) };
    case Type.Utf8View:
    case Type.BinaryView:
      return { type, length, validity, ...gatherViews(data) };
    case Type.Struct:
      return {
        type,
        length,
        validity,
        children: data.children.map((child) => column(window(child, 0, length))),
      };
    case Type.List:
    case Type.LargeList:
    case Type.Map: {
      const [child] = data.children;
      if (child === undefined)
        throw new DeltaError('internal', 'A list came without its elements.');
      const elements = column(child);
      return {
        type,
        length,
        validity,
        offsets: offsetsOf(data),
        children: arrow.typeId === Type.Map ? elements.children : [elements],
      };
    }
    case Type.FixedSizeList: {
      const [child] = data.children;
      const { listSize } = arrow as unknown as { readonly listSize: number };
      if (child === undefined)
        throw new DeltaError('internal', 'A list came without its elements.');
      return {
        type,
        length,
        validity,
        offsets: Int32Array.from({ length: length + 1 }, (_, row) => row * listSize),
        children: [column(child)],
      };
    }
    default:
      return { type, length, validity, values: fixedValues(data, type) };
  }
}

function window(data: Data, from: number, length: number): Data {
  return data.length === length ? data : data.slice(from, length);
}

function rawBytes(values: unknown): Uint8Array {
  if (!ArrayBuffer.isView(values)) return new Uint8Array(0);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function validityOf(data: Data): Uint8Array | undefined {
  const bitmap = data.nullBitmap as Uint8Array | undefined;
  if (bitmap === undefined || bitmap.byteLength === 0 || data.nullCount === 0) return undefined;
  return bitsFrom(bitmap, data.offset, data.length);
}

/** A bitmap that begins at a given bit, as one that begins at bit 0. */
function bitsFrom(bitmap: Uint8Array, offset: number, length: number): Uint8Array {
  const first = offset >> 3;
  const shift = offset & 7;
  const size = (length + 7) >> 3;
  if (shift === 0) return bitmap.subarray(first, first + size);
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    out[i] = ((bitmap[first + i] ?? 0) >> shift) | ((bitmap[first + i + 1] ?? 0) << (8 - shift));
  }
  return out;
}

function offsetsOf(data: Data): Int32Array {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array | undefined;
  const count = data.length + 1;
  if (offsets === undefined || offsets.length === 0) return new Int32Array(count);
  if (offsets instanceof Int32Array) return offsets.subarray(0, count);
  const last = offsets[count - 1] ?? 0n;
  if (last > 0x7fffffffn) {
    throw new DeltaError(
      'engine-crashed',
      `A column of one row group holds ${last} bytes, more than can be read at once (2 GiB).`,
    );
  }
  return Int32Array.from(offsets.subarray(0, count), Number);
}

function fixedValues(data: Data, type: ColumnType): ColumnValues {
  const bytes = rawBytes(data.values);
  if (isDateInMilliseconds(data.type)) {
    const times = viewValues({ kind: 'int64' }, bytes, data.length) as BigInt64Array;
    return Int32Array.from(times, (time) => Number(time / 86_400_000n));
  }
  if (type.kind === 'decimal') return decimalValues(bytes, data.length);
  return viewValues(type, bytes, data.length);
}

/** Decimals of 16 bytes, from as many as Arrow used: more hold only the sign for 38 digits, fewer lack it. */
function decimalValues(bytes: Uint8Array, length: number): Uint8Array {
  const width = length === 0 ? 16 : Math.floor(bytes.byteLength / length);
  if (width === 16) return bytes.subarray(0, length * 16);
  const out = new Uint8Array(length * 16);
  const kept = Math.min(16, width);
  for (let row = 0; row < length; row++) {
    out.set(bytes.subarray(row * width, row * width + kept), row * 16);
    const negative = ((bytes[row * width + width - 1] ?? 0) & 0x80) !== 0;
    if (negative && kept < 16) out.fill(0xff, row * 16 + kept, row * 16 + 16);
  }
  return out;
}

/** Texts of a view array: up to 12 bytes lie in the view, longer ones in one of its buffers. */
function gatherViews(data: Data): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const views = rawBytes(data.values);
  const at = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const start = views.byteLength >= (data.offset + data.length) * 16 ? data.offset * 16 : 0;
  const offsets = new Int32Array(data.length + 1);
  for (let row = 0; row < data.length; row++) {
    offsets[row + 1] = (offsets[row] ?? 0) + at.getInt32(start + row * 16, true);
  }
  const values = new Uint8Array(offsets[data.length] ?? 0);
  for (let row = 0; row < data.length; row++) {
    const view = start + row * 16;
    const size = at.getInt32(view, true);
    const buffer = data.variadicBuffers[at.getInt32(view + 8, true)];
    const from = at.getInt32(view + 12, true);
    const bytes =
      size <= 12 ? views.subarray(view + 4, view + 4 + size) : buffer?.subarray(from, from + size);
    if (bytes !== undefined) values.set(bytes, offsets[row]);
  }
  return { offsets, values };
}
