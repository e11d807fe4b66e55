/**
 * Columns of a data file as JSON text of the table's types, by the contract in command-line.md (`rows`). A file may hold a narrower
 * type than the table: then the value is shown as the table's type (PROTOCOL.md, Type Widening).
 */
import { isNullAt, type Column, type ColumnType } from '../column';
import { DeltaError } from '../errors';
import type { ColumnMappingMode } from '../properties';
import { describeType, type DataType, type StructField } from '../schema';
import { microsText } from './calendar';
import { missingText } from './defaultValue';
import type { LegacyCalendar } from './legacyCalendar';
import { matchField } from './fieldMatch';
import { decimalText, rescale } from './numberText';
import {
  binaryWriter,
  booleanReader,
  dateWriter,
  doubleWriter,
  floatWriter,
  integerReader,
  integerWriter,
  numberReader,
  textWriter,
  timestampWriter,
  unscaledReader,
  type ValueWriter,
} from './scalars';
import { variantWriter } from './variantColumn';

export interface ValueContext {
  readonly mode: ColumnMappingMode;
  /** The column as a person names it: `address.street`. */
  readonly path: string;
  /** What is read, for messages: the file, and the table with its version. */
  readonly source: string;
  /** In which calendar the file holds days before 1582-10-15; absent: the proleptic Gregorian one. */
  readonly calendar?: LegacyCalendar | undefined;
}

/** The JSON text of a column's value at any row, `null` where it is null. Throws `unsupported-read` for types that do not fit. */
export function columnWriter(type: DataType, column: Column, context: ValueContext): ValueWriter {
  if (column.type.kind === 'null' || (type.kind === 'primitive' && type.name === 'void')) {
    return () => 'null';
  }
  const write = valueWriter(type, column, context);
  if (column.validity === undefined) return write;
  return (row) => (isNullAt(column, row) ? 'null' : write(row));
}

function valueWriter(type: DataType, column: Column, context: ValueContext): ValueWriter {
  switch (type.kind) {
    case 'primitive':
      return primitiveWriter(type.name, column, context) ?? mismatch(type, column, context);
    case 'decimal':
      return decimalWriter(type.scale, column, context) ?? mismatch(type, column, context);
    case 'struct':
      if (column.type.kind !== 'struct') return mismatch(type, column, context);
      return structWriter(type.fields, column, column.type, context);
    case 'array':
      if (column.type.kind !== 'list') return mismatch(type, column, context);
      return arrayWriter(type.element, column, context);
    case 'map':
      if (column.type.kind !== 'map') return mismatch(type, column, context);
      return mapWriter(type.key, type.value, column, context);
    default:
      return type satisfies never;
  }
}

const integers: ReadonlySet<string> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);
const narrowIntegers: ReadonlySet<string> = new Set(['int8', 'int16', 'int32', 'uint8', 'uint16']);
const floats: ReadonlySet<string> = new Set(['float16', 'float32']);
const bytes: ReadonlySet<string> = new Set(['binary', 'utf8']);

/** Undefined where the column's type cannot stand for the table's. */
function primitiveWriter(
  name: string,
  column: Column,
  context: ValueContext,
): ValueWriter | undefined {
  const { kind } = column.type;
  switch (name) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return integers.has(kind) ? integerWriter(column) : undefined;
    case 'float':
      return floats.has(kind) ? floatWriter(column) : undefined;
    case 'double':
      return floats.has(kind) || kind === 'float64' || narrowIntegers.has(kind)
        ? doubleWriter(column)
        : undefined;
    case 'boolean': {
      if (kind !== 'boolean') return undefined;
      const read = booleanReader(column);
      return (row) => (read(row) ? 'true' : 'false');
    }
    case 'string':
      return bytes.has(kind) ? textWriter(column) : undefined;
    case 'binary':
      return bytes.has(kind) || kind === 'fixed-binary' ? binaryWriter(column) : undefined;
    case 'date':
      return kind === 'date32' ? dateWriter(column, context.calendar?.hasLegacyDates) : undefined;
    case 'timestamp':
      return kind === 'timestamp'
        ? timestampWriter(column, 'Z', context.calendar?.hasLegacyTimestamps)
        : undefined;
    case 'timestamp_ntz':
      if (kind === 'timestamp') return timestampWriter(column, '');
      return kind === 'date32' ? midnightWriter(column) : undefined;
    case 'variant':
      return kind === 'struct' ? variantWriter(column, context) : undefined;
    default:
      if (!bytes.has(kind)) return undefined;
      if (/^(var)?char\(\d+\)$/.test(name)) return textWriter(column);
      return isGeospatial(name) ? binaryWriter(column) : undefined;
  }
}

/** Shapes are shown as they are stored: as bytes. */
function isGeospatial(name: string): boolean {
  return /^geo(metry|graphy)\b/.test(name);
}

/** A date that was widened to a timestamp without time zone. */
function midnightWriter(column: Column): ValueWriter {
  const read = numberReader(column);
  return (row) => `"${microsText(BigInt(read(row)) * 86_400_000_000n)}"`;
}

function decimalWriter(
  scale: number,
  column: Column,
  context: ValueContext,
): ValueWriter | undefined {
  if (column.type.kind === 'decimal') {
    const from = column.type.scale;
    const read = unscaledReader(column);
    if (from === scale) return (row) => `"${decimalText(read(row), scale)}"`;
    return (row) => {
      const unscaled = rescale(read(row), from, scale);
      if (unscaled === undefined) {
        throw new DeltaError(
          'corrupt-file',
          `The column "${context.path}" of ${context.source} holds ${decimalText(read(row), from)}, which has more digits behind the point than the ${scale} of the table's type.`,
          { details: { column: context.path } },
        );
      }
      return `"${decimalText(unscaled, scale)}"`;
    };
  }
  if (!integers.has(column.type.kind)) return undefined;
  const factor = 10n ** BigInt(scale);
  const read = integerReader(column);
  return (row) => `"${decimalText(BigInt(read(row)) * factor, scale)}"`;
}

function structWriter(
  fields: readonly StructField[],
  column: Column,
  type: Extract<ColumnType, { kind: 'struct' }>,
  context: ValueContext,
): ValueWriter {
  const writers = fields.map((field): ValueWriter => {
    const path = `${context.path}.${field.name}`;
    const index = matchField(type.fields, field, context.mode);
    const child = column.children?.[index];
    if (child === undefined) {
      const text = missingText(field, path);
      return () => text;
    }
    return columnWriter(field.type, child, { ...context, path });
  });
  return objectWriter(
    fields.map(({ name }) => name),
    writers,
  );
}

/** The JSON text of an object with these properties, in this order. */
export function objectWriter(
  names: readonly string[],
  writers: readonly ValueWriter[],
): ValueWriter {
  const heads = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  if (heads.length === 0) return () => '{}';
  return (row) => {
    let text = '';
    for (let i = 0; i < heads.length; i++) text += (heads[i] ?? '') + (writers[i]?.(row) ?? 'null');
    return `${text}}`;
  };
}

function arrayWriter(element: DataType, column: Column, context: ValueContext): ValueWriter {
  const child = column.children?.[0];
  const offsets = column.offsets;
  if (child === undefined || offsets === undefined) return () => '[]';
  const write = columnWriter(element, child, { ...context, path: `${context.path}.element` });
  return (row) => {
    const end = offsets[row + 1] ?? 0;
    let text = '[';
    for (let i = offsets[row] ?? 0, first = i; i < end; i++)
      text += (i > first ? ',' : '') + write(i);
    return `${text}]`;
  };
}

/** A list of pairs: keys may be of any type, and their order and repetition are kept. */
function mapWriter(
  key: DataType,
  value: DataType,
  column: Column,
  context: ValueContext,
): ValueWriter {
  const [keys, values] = column.children ?? [];
  const offsets = column.offsets;
  if (keys === undefined || values === undefined || offsets === undefined) return () => '[]';
  const writeKey = columnWriter(key, keys, { ...context, path: `${context.path}.key` });
  const writeValue = columnWriter(value, values, { ...context, path: `${context.path}.value` });
  return (row) => {
    const end = offsets[row + 1] ?? 0;
    let text = '[';
    for (let i = offsets[row] ?? 0, first = i; i < end; i++) {
      text += `${i > first ? ',' : ''}[${writeKey(i)},${writeValue(i)}]`;
    }
    return `${text}]`;
  };
}

function mismatch(type: DataType, column: Column, context: ValueContext): never {
  throw new DeltaError(
    'unsupported-read',
    `The column "${context.path}" has the type ${describeType(type)}, but ${context.source} holds ${column.type.kind} there, which cannot be read as that.`,
    { details: { column: context.path, type: describeType(type), stored: column.type.kind } },
  );
}
