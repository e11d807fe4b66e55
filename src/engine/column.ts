/**
 * Columns: the engine's view of Parquet data. The layout is Arrow's (validity bitmaps with the least significant bit
 * first, offsets, child columns), so that an implementation can hand over its buffers without touching a value.
 */

export type PrimitiveKind =
  | 'null'
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'utf8'
  | 'binary'
  | 'date32';

export type ColumnType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'fixed-binary'; readonly byteWidth: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly utc: boolean }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'struct'; readonly fields: readonly ColumnField[] }
  | { readonly kind: 'list'; readonly element: ColumnField }
  | { readonly kind: 'map'; readonly key: ColumnField; readonly value: ColumnField };

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

export interface ColumnField {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Parquet's field id, for column mapping by id. */
  readonly fieldId?: number;
}

export type ColumnValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/**
 * One column of a batch.
 * - `boolean`: `values` is a bitmap. `decimal`: 16 little-endian bytes a value (`Uint8Array`), two's complement.
 * - `int64`, `timestamp`: `BigInt64Array`. `date32`: `Int32Array` of days. `utf8`/`binary`: `offsets` into `values` bytes.
 * - `list`: `offsets` into `children[0]`. `map`: `offsets` into `children[0]` (keys) and `children[1]` (values).
 * - `struct`: `children` in the order of `type.fields`, of the same length; a child's validity is its own: a value is null
 *   where the child or any struct around it is null.
 */
export interface Column {
  readonly type: ColumnType;
  readonly length: number;
  /** Absent: nothing is null. */
  readonly validity?: Uint8Array | undefined;
  readonly offsets?: Int32Array | undefined;
  readonly values?: ColumnValues | undefined;
  readonly children?: readonly Column[] | undefined;
}

/** Rows of one row group (or a part of one), as named columns of equal length. */
export interface ColumnBatch {
  readonly rowCount: number;
  readonly fields: readonly ColumnField[];
  readonly columns: readonly Column[];
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });

/** True where the column itself is null at `row` (structs around it are the caller's to ask). */
export function isNullAt(column: Column, row: number): boolean {
  if (column.type.kind === 'null') return true;
  const { validity } = column;
  return validity !== undefined && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
}

/** The named top-level column of a batch, or undefined. */
export function batchColumn(batch: ColumnBatch, name: string): Column | undefined {
  const index = batch.fields.findIndex((field) => field.name === name);
  return index < 0 ? undefined : batch.columns[index];
}

/** The named child of a struct column, or undefined; an absent column counts as all null. */
export function childColumn(column: Column | undefined, name: string): Column | undefined {
  if (column?.type.kind !== 'struct') return undefined;
  const index = column.type.fields.findIndex((field) => field.name === name);
  return index < 0 ? undefined : column.children?.[index];
}

/** The bytes of a utf8 or binary value: a view that lives as long as the column. */
export function bytesAt(column: Column, row: number): Uint8Array {
  const offsets = column.offsets;
  const values = column.values as Uint8Array | undefined;
  if (offsets === undefined || values === undefined) return new Uint8Array(0);
  return values.subarray(offsets[row] ?? 0, offsets[row + 1] ?? 0);
}

/** The text of a utf8 value, or null where the column is absent or null. */
export function textAt(column: Column | undefined, row: number): string | null {
  if (column === undefined || isNullAt(column, row)) return null;
  return decoder.decode(bytesAt(column, row));
}

/** A whole number of any integer column as a number where it is safe, else a bigint; null where absent or null. */
export function integerAt(column: Column | undefined, row: number): number | bigint | null {
  if (column === undefined || isNullAt(column, row)) return null;
  const value = (column.values as Int32Array | BigInt64Array | undefined)?.[row];
  if (value === undefined) return null;
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** As {@link integerAt}, as a plain number; for fields that the protocol bounds (sizes, times, versions). */
export function numberAt(column: Column | undefined, row: number): number | null {
  const value = integerAt(column, row);
  return value === null ? null : Number(value);
}

/** A boolean value; null where absent or null. */
export function booleanAt(column: Column | undefined, row: number): boolean | null {
  if (column === undefined || isNullAt(column, row)) return null;
  const values = column.values as Uint8Array | undefined;
  return ((values?.[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}
