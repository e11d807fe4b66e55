/** Arrow's types and the engine's, both ways. Wrappers that hold the same values (large, view, dictionary) are taken off. */
import {
  Binary,
  Bool,
  DataType,
  DateDay,
  DateUnit,
  Decimal,
  Field,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Null,
  Precision,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  Timestamp,
  TimeUnit as ArrowTimeUnit,
  Type,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import type { Float, Int, Time } from 'apache-arrow';
import { DeltaError } from '../../engine/errors';
import type { ColumnField, ColumnType, PrimitiveKind, TimeUnit } from '../../engine/column';

/** Where parquet-wasm reads and writes the field id of a column. */
const fieldIdKey = 'PARQUET:field_id';

const units: Readonly<Record<ArrowTimeUnit, TimeUnit>> = {
  [ArrowTimeUnit.SECOND]: 's',
  [ArrowTimeUnit.MILLISECOND]: 'ms',
  [ArrowTimeUnit.MICROSECOND]: 'us',
  [ArrowTimeUnit.NANOSECOND]: 'ns',
};
const arrowUnits: Readonly<Record<TimeUnit, ArrowTimeUnit>> = {
  s: ArrowTimeUnit.SECOND,
  ms: ArrowTimeUnit.MILLISECOND,
  us: ArrowTimeUnit.MICROSECOND,
  ns: ArrowTimeUnit.NANOSECOND,
};
const floatKinds: Readonly<Record<Precision, PrimitiveKind>> = {
  [Precision.HALF]: 'float16',
  [Precision.SINGLE]: 'float32',
  [Precision.DOUBLE]: 'float64',
};

/** The engine's field for one of Arrow's. Throws `unsupported-read` for types that no Delta column has. */
export function columnField(field: Field): ColumnField {
  const id = Number(field.metadata.get(fieldIdKey) ?? NaN);
  return {
    name: field.name,
    type: columnType(field.type as DataType, field.name),
    nullable: field.nullable,
    ...(Number.isInteger(id) ? { fieldId: id } : {}),
  };
}

/** The engine's type for one of Arrow's; `name` is for the message of the error. */
export function columnType(type: DataType, name: string): ColumnType {
  switch (type.typeId) {
    case Type.Null:
      return { kind: 'null' };
    case Type.Bool:
      return { kind: 'boolean' };
    case Type.Int: {
      const { isSigned, bitWidth } = type as Int;
      return { kind: `${isSigned ? 'int' : 'uint'}${bitWidth}` };
    }
    case Type.Float:
      return { kind: floatKinds[(type as Float).precision] };
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return { kind: 'utf8' };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return { kind: 'binary' };
    case Type.FixedSizeBinary:
      return { kind: 'fixed-binary', byteWidth: (type as FixedSizeBinary).byteWidth };
    case Type.Date:
      return { kind: 'date32' };
    case Type.Decimal: {
      const { precision, scale } = type as Decimal;
      if (precision <= 38) return { kind: 'decimal', precision, scale };
      break;
    }
    case Type.Time:
      return { kind: 'time', unit: units[(type as Time).unit] };
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return {
        kind: 'timestamp',
        unit: units[unit],
        utc: timezone !== null && timezone !== undefined && timezone !== '',
      };
    }
    case Type.Duration:
      return { kind: 'int64' };
    case Type.Struct:
      return { kind: 'struct', fields: type.children.map(columnField) };
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList: {
      const [element] = type.children;
      if (element !== undefined) return { kind: 'list', element: columnField(element) };
      break;
    }
    case Type.Map: {
      const [key, value] = ((type as Map_).children[0]?.type as Struct | undefined)?.children ?? [];
      if (key !== undefined && value !== undefined) {
        return { kind: 'map', key: columnField(key), value: columnField(value) };
      }
      break;
    }
    case Type.Dictionary:
      return columnType((type as unknown as { readonly dictionary: DataType }).dictionary, name);
    default:
  }
  throw new DeltaError(
    'unsupported-read',
    `Column ${name} has the type ${Type[type.typeId]}, which Delta tables do not use.`,
  );
}

/** True where Arrow counts days in milliseconds. */
export function isDateInMilliseconds(type: DataType): boolean {
  return DataType.isDate(type) && type.unit === DateUnit.MILLISECOND;
}

/** The schema to write, with the names that Parquet asks for inside lists and maps (Parquet's LogicalTypes.md, Nested Types). */
export function arrowSchema(fields: readonly ColumnField[]): Schema {
  return new Schema(fields.map((field) => arrowField(field)));
}

function arrowField(field: ColumnField, name = field.name, nullable = field.nullable): Field {
  const metadata =
    field.fieldId === undefined ? undefined : new Map([[fieldIdKey, String(field.fieldId)]]);
  return new Field(name, arrowType(field.type), nullable, metadata);
}

const primitives: Readonly<Record<PrimitiveKind, () => DataType>> = {
  null: () => new Null(),
  boolean: () => new Bool(),
  int8: () => new Int8(),
  int16: () => new Int16(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  uint64: () => new Uint64(),
  float16: () => new Float16(),
  float32: () => new Float32(),
  float64: () => new Float64(),
  utf8: () => new Utf8(),
  binary: () => new Binary(),
  date32: () => new DateDay(),
};

function arrowType(type: ColumnType): DataType {
  switch (type.kind) {
    case 'fixed-binary':
      return new FixedSizeBinary(type.byteWidth);
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'timestamp':
      return new Timestamp(arrowUnits[type.unit], type.utc ? 'UTC' : null);
    case 'time':
      switch (type.unit) {
        case 's':
          return new TimeSecond();
        case 'ms':
          return new TimeMillisecond();
        case 'us':
          return new TimeMicrosecond();
        case 'ns':
          return new TimeNanosecond();
      }
    // eslint-disable-next-line no-fallthrough -- every unit has returned
    case 'struct':
      return new Struct(type.fields.map((field) => arrowField(field)));
    case 'list':
      return new List(arrowField(type.element, 'element'));
    case 'map': {
      const entries = new Struct([
        arrowField(type.key, 'key', false),
        arrowField(type.value, 'value'),
      ]);
      const map = new Map_(new Field('key_value', entries as never, false));
      // The constructor calls the field "entries" whatever it was called.
      Object.assign(map.children[0] as object, { name: 'key_value' });
      return map;
    }
    default:
      return primitives[type.kind]();
  }
}
