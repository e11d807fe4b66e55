/**
 * Variant columns, plain and shredded. A shredded one keeps what fits a type in `typed_value` and the rest in `value`; both
 * together are the variant. Source: the Variant Shredding specification of Apache Parquet.
 */
import { childColumn, isNullAt, type Column } from '../column';
import { DeltaError } from '../errors';
import { decimalText } from './numberText';
import {
  binaryWriter,
  booleanReader,
  bytesReader,
  dateWriter,
  doubleWriter,
  floatWriter,
  integerWriter,
  microsReader,
  textWriter,
  timestampWriter,
  unscaledReader,
  type ValueWriter,
} from './scalars';
import { microsText } from './calendar';
import {
  objectText,
  uuidText,
  VariantError,
  variantObject,
  variantText,
  VariantMetadata,
} from './variant';

/** The JSON text at a row, or undefined where nothing is there: a property that the object does not have. */
type PartReader = (row: number, metadata: VariantMetadata) => string | undefined;

/** The writer of a variant column, or undefined where the column has not the shape of one. */
export function variantWriter(
  column: Column,
  context: { readonly path: string; readonly source: string },
): ValueWriter | undefined {
  const metadata = childColumn(column, 'metadata');
  if (metadata?.type.kind !== 'binary') return undefined;
  const part = partReader(column);
  const metadataAt = bytesReader(metadata);
  let last: { readonly bytes: Uint8Array; readonly names: VariantMetadata } | undefined;
  return (row) => {
    try {
      const bytes = metadataAt(row);
      // Most rows of a column share their field names.
      if (last === undefined || !sameBytes(last.bytes, bytes)) {
        last = { bytes, names: new VariantMetadata(bytes) };
      }
      return part(row, last.names) ?? 'null';
    } catch (cause) {
      if (!(cause instanceof VariantError)) throw cause;
      throw new DeltaError(
        'corrupt-file',
        `A variant of the column "${context.path}" in ${context.source} cannot be decoded: ${cause.message}.`,
        { details: { column: context.path }, cause },
      );
    }
  };
}

/** Reads one `{value, typed_value}` pair, wherever it stands. */
function partReader(column: Column): PartReader {
  const value = childColumn(column, 'value');
  const typed = childColumn(column, 'typed_value');
  const valueAt = value === undefined ? undefined : bytesReader(value);
  const hasValue = (row: number): boolean => value !== undefined && !isNullAt(value, row);
  if (typed === undefined) {
    return (row, metadata) =>
      hasValue(row) && valueAt !== undefined ? variantText(metadata, valueAt(row)) : undefined;
  }
  if (typed.type.kind === 'struct') {
    const properties = typed.type.fields.map(({ name }, i) => {
      const child = typed.children?.[i];
      const read: PartReader =
        child === undefined ? () => undefined : orAbsent(child, partReader(child));
      return { name, read };
    });
    return (row, metadata) => {
      const rest = hasValue(row) && valueAt !== undefined ? valueAt(row) : undefined;
      if (isNullAt(typed, row)) return rest === undefined ? undefined : variantText(metadata, rest);
      const entries =
        (rest === undefined ? undefined : variantObject(metadata, rest)) ??
        new Map<string, string>();
      for (const { name, read } of properties) {
        const text = read(row, metadata);
        if (text !== undefined) entries.set(name, text);
      }
      return objectText([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
    };
  }
  const typedAt = typedReader(typed);
  return (row, metadata) => {
    if (!isNullAt(typed, row)) return typedAt(row, metadata);
    return hasValue(row) && valueAt !== undefined ? variantText(metadata, valueAt(row)) : undefined;
  };
}

function orAbsent(column: Column, read: PartReader): PartReader {
  return (row, metadata) => (isNullAt(column, row) ? undefined : read(row, metadata));
}

/** Values of a `typed_value` column that is no object, as the variant type that it stands for. */
function typedReader(column: Column): PartReader {
  const { type } = column;
  switch (type.kind) {
    case 'boolean': {
      const read = booleanReader(column);
      return (row) => (read(row) ? 'true' : 'false');
    }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return integerWriter(column);
    case 'float32':
      return floatWriter(column);
    case 'float64':
      return doubleWriter(column);
    case 'decimal': {
      const read = unscaledReader(column);
      return (row) => decimalText(read(row), type.scale);
    }
    case 'utf8':
      return textWriter(column);
    case 'binary':
      return binaryWriter(column);
    case 'fixed-binary': {
      const read = bytesReader(column);
      return (row) => `"${uuidText(read(row))}"`;
    }
    case 'date32':
      return dateWriter(column);
    case 'timestamp':
      return timestampWriter(column, type.utc ? 'Z' : '');
    case 'time': {
      const read = microsReader(column);
      return (row) => `"${microsText(read(row)).slice('1970-01-01T'.length)}"`;
    }
    case 'list': {
      const element = column.children?.[0];
      const { offsets } = column;
      if (element === undefined || offsets === undefined) return () => '[]';
      const read = partReader(element);
      return (row, metadata) => {
        const parts: string[] = [];
        for (let i = offsets[row] ?? 0; i < (offsets[row + 1] ?? 0); i++) {
          parts.push(read(i, metadata) ?? 'null');
        }
        return `[${parts.join(',')}]`;
      };
    }
    default:
      throw new DeltaError(
        'unsupported-read',
        `A shredded variant holds values of the type ${type.kind}, which this version does not know.`,
        { details: { stored: type.kind } },
      );
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
