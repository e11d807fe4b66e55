/** Columns -> Arrow IPC bytes, for the writer. The buffers are handed over as they are. */
import { makeData, RecordBatch, Struct, tableToIPC, Table } from 'apache-arrow';
import type { Data, DataType, Field, Schema } from 'apache-arrow';
import { isNullAt } from '../../engine/column';
import type { Column, ColumnBatch, ColumnField } from '../../engine/column';
import { DeltaError } from '../../engine/errors';

/**
 * One batch as an Arrow IPC stream. Throws `invalid-argument` where a column does not fit the schema: another length or type,
 * or a null in a column that has none.
 */
export function batchToIpc(
  schema: Schema,
  fields: readonly ColumnField[],
  batch: ColumnBatch,
): Uint8Array {
  if (batch.columns.length !== fields.length) {
    throw new DeltaError(
      'invalid-argument',
      `A batch to write has ${batch.columns.length} columns, the file ${fields.length}.`,
    );
  }
  const children = fields.map((field, index) => {
    const column = batch.columns[index];
    if (column?.length !== batch.rowCount) {
      throw new DeltaError(
        'invalid-argument',
        `Column ${field.name} has not as many rows as its batch.`,
      );
    }
    return arrowData(column, field, schema.fields[index]!, field.name);
  });
  const data = makeData({
    type: new Struct(schema.fields),
    length: batch.rowCount,
    nullCount: 0,
    children,
  });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'stream');
}

/** `around` are the structs around a column, row for row: their nulls excuse its own. */
function arrowData(
  column: Column,
  field: ColumnField,
  target: Field,
  path: string,
  around: readonly Column[] = [],
): Data {
  const type = target.type as DataType;
  const { length } = column;
  if (column.type.kind !== field.type.kind) {
    throw new DeltaError(
      'invalid-argument',
      `Column ${path} is to be written as ${field.type.kind} but holds ${column.type.kind}.`,
    );
  }
  const nullCount = countNulls(column);
  if (nullCount > 0 && !target.nullable && hasOwnNull(column, around)) {
    throw new DeltaError('invalid-argument', `Column ${path} may not be null but holds a null.`);
  }
  const nullBitmap = nullCount > 0 ? column.validity : undefined;
  const shared = { type, length, nullCount, nullBitmap };
  switch (field.type.kind) {
    case 'null':
      return makeData({ type, length, nullCount: length } as never);
    case 'struct': {
      const children = field.type.fields.map((child, index) =>
        arrowData(
          childAt(column, index, `${path}.${child.name}`),
          child,
          type.children[index]!,
          `${path}.${child.name}`,
          [...around, column],
        ),
      );
      return makeData({ ...shared, children } as never);
    }
    case 'list': {
      const child = arrowData(
        childAt(column, 0, path),
        field.type.element,
        type.children[0]!,
        `${path}.element`,
      );
      return makeData({ ...shared, valueOffsets: offsetsOf(column), child } as never);
    }
    case 'map': {
      const entries = fieldAt(type.children, 0) as Field<Struct>;
      const keys = childAt(column, 0, path);
      const child = makeData({
        type: entries.type,
        length: keys.length,
        nullCount: 0,
        children: [
          arrowData(keys, field.type.key, fieldAt(entries.type.children, 0), `${path}.key`),
          arrowData(
            childAt(column, 1, path),
            field.type.value,
            fieldAt(entries.type.children, 1),
            `${path}.value`,
          ),
        ],
      });
      return makeData({ ...shared, valueOffsets: offsetsOf(column), child } as never);
    }
    case 'utf8':
    case 'binary':
      return makeData({
        ...shared,
        valueOffsets: offsetsOf(column),
        data: column.values ?? new Uint8Array(0),
      } as never);
    case 'decimal':
      return makeData({ ...shared, data: decimalWords(column) } as never);
    default:
      return makeData({ ...shared, data: column.values } as never);
  }
}

function childAt(column: Column, index: number, path: string): Column {
  const child = column.children?.[index];
  if (child === undefined) throw new DeltaError('invalid-argument', `Column ${path} is missing.`);
  return child;
}

function fieldAt(fields: readonly Field[], index: number): Field {
  const field = fields[index];
  if (field === undefined) throw new DeltaError('internal', 'A type lacks a child.');
  return field;
}

function offsetsOf(column: Column): Int32Array {
  return column.offsets ?? new Int32Array(column.length + 1);
}

/** Arrow keeps decimals as words of 32 bits. */
function decimalWords(column: Column): Uint32Array {
  const bytes = column.values as Uint8Array;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, column.length * 4);
}

function hasOwnNull(column: Column, around: readonly Column[]): boolean {
  for (let row = 0; row < column.length; row++) {
    if (isNullAt(column, row) && !around.some((outer) => isNullAt(outer, row))) return true;
  }
  return false;
}

function countNulls(column: Column): number {
  if (column.type.kind === 'null') return column.length;
  if (column.validity === undefined) return 0;
  let nulls = 0;
  for (let row = 0; row < column.length; row++) if (isNullAt(column, row)) nulls++;
  return nulls;
}
