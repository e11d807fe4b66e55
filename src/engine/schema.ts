/** A table's schema as the log writes it. Source: PROTOCOL.md, Schema Serialization Format. */
import { DeltaError } from './errors';
import { isJsonObject, parseJson, type Json, type JsonObject } from './util/json';

export type DataType =
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'array'; readonly element: DataType; readonly containsNull: boolean }
  | {
      readonly kind: 'map';
      readonly key: DataType;
      readonly value: DataType;
      readonly valueContainsNull: boolean;
    };

export type StructType = Extract<DataType, { kind: 'struct' }>;

export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly metadata: JsonObject;
}

/** Parses `metaData.schemaString`. Throws `invalid-log` for a text that is no struct. */
export function parseSchema(schemaString: string): StructType {
  let json: Json;
  try {
    json = parseJson(schemaString);
  } catch (cause) {
    throw new DeltaError('invalid-log', 'The table schema is not valid JSON.', { cause });
  }
  const type = parseType(json);
  if (type.kind !== 'struct')
    throw new DeltaError('invalid-log', 'The table schema is not a struct.');
  return type;
}

function parseType(json: Json): DataType {
  if (typeof json === 'string') {
    const decimal = /^decimal\(\s*(\d+)\s*,\s*(-?\d+)\s*\)$/.exec(json);
    if (decimal !== null) {
      return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
    }
    if (json === 'decimal') return { kind: 'decimal', precision: 10, scale: 0 };
    return { kind: 'primitive', name: json };
  }
  if (isJsonObject(json)) {
    switch (typeof json.type === 'string' ? json.type : '') {
      case 'struct':
        return { kind: 'struct', fields: asList(json.fields).map(parseField) };
      case 'array':
        return {
          kind: 'array',
          element: parseType(json.elementType ?? null),
          containsNull: json.containsNull !== false,
        };
      case 'map':
        return {
          kind: 'map',
          key: parseType(json.keyType ?? null),
          value: parseType(json.valueType ?? null),
          valueContainsNull: json.valueContainsNull !== false,
        };
    }
  }
  throw new DeltaError('invalid-log', 'The table schema holds a type that is none.');
}

function parseField(json: Json): StructField {
  if (!isJsonObject(json) || typeof json.name !== 'string') {
    throw new DeltaError('invalid-log', 'The table schema holds a field without a name.');
  }
  return {
    name: json.name,
    type: parseType(json.type ?? null),
    nullable: json.nullable !== false,
    metadata: isJsonObject(json.metadata) ? json.metadata : {},
  };
}

function asList(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? (json as readonly Json[]) : [];
}

/** The type as a person writes it in SQL: `decimal(10,2)`, `array<string>`, `struct<a: int>`, `map<string, int>`. */
export function describeType(type: DataType): string {
  switch (type.kind) {
    case 'primitive':
      return sqlNames[type.name] ?? type.name;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}: ${describeType(field.type)}`).join(', ')}>`;
    case 'array':
      return `array<${describeType(type.element)}>`;
    case 'map':
      return `map<${describeType(type.key)}, ${describeType(type.value)}>`;
    default:
      return type satisfies never;
  }
}

const sqlNames: Readonly<Record<string, string>> = {
  integer: 'int',
  long: 'bigint',
  short: 'smallint',
  byte: 'tinyint',
};

/** The name of a field in data files and statistics: its physical name under column mapping, else its own. */
export function physicalName(field: StructField): string {
  const name = field.metadata['delta.columnMapping.physicalName'];
  return typeof name === 'string' ? name : field.name;
}

/** The field's id under column mapping, or undefined. */
export function fieldId(field: StructField): number | undefined {
  const id = field.metadata['delta.columnMapping.id'];
  return typeof id === 'number' ? id : undefined;
}
