/** The typed array that holds a column's values, as a view over bytes. */
import type { ColumnType, ColumnValues } from '../../engine/column';

interface ViewConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ColumnValues;
}

export function viewConstructor(type: ColumnType): ViewConstructor {
  switch (type.kind) {
    case 'int8':
      return Int8Array;
    case 'int16':
      return Int16Array;
    case 'uint16':
    case 'float16':
      return Uint16Array;
    case 'int32':
    case 'date32':
      return Int32Array;
    case 'uint32':
      return Uint32Array;
    case 'int64':
    case 'timestamp':
      return BigInt64Array;
    case 'uint64':
      return BigUint64Array;
    case 'float32':
      return Float32Array;
    case 'float64':
      return Float64Array;
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? Int32Array : BigInt64Array;
    case 'null':
    case 'boolean':
    case 'uint8':
    case 'utf8':
    case 'binary':
    case 'fixed-binary':
    case 'decimal':
    case 'struct':
    case 'list':
    case 'map':
      return Uint8Array;
  }
}

/** How many elements of its array a value takes. */
export function valuesPerRow(type: ColumnType): number {
  if (type.kind === 'fixed-binary') return type.byteWidth;
  return type.kind === 'decimal' ? 16 : 1;
}

/** The values of `length` rows; a copy only where the bytes are not aligned for their type. */
export function viewValues(type: ColumnType, bytes: Uint8Array, length: number): ColumnValues {
  const view = viewConstructor(type);
  const count = length * valuesPerRow(type);
  const aligned = bytes.byteOffset % view.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new view(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
}
