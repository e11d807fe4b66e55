/** Columns of a schema as a tree that the sidebar shows, and names of columns that the log writes physically. */
import { describeType, physicalName } from '../engine/schema';
import type { DataType, StructField, StructType } from '../engine/schema';
import { isJsonObject, parseJson } from '../engine/util/json';
import type { ColumnView } from '../protocol/views';

/** Top-level columns in schema order. */
export function columnViews(
  schema: StructType,
  partitionColumns: readonly string[],
): readonly ColumnView[] {
  const partitions = new Set(partitionColumns);
  return schema.fields.map((field) => ({
    ...columnView(field),
    isPartition: partitions.has(field.name),
  }));
}

function columnView(field: StructField): ColumnView {
  const comment = field.metadata.comment;
  return {
    name: field.name,
    type: describeType(field.type),
    nullable: field.nullable,
    isPartition: false,
    ...(typeof comment === 'string' && comment !== '' ? { comment } : {}),
    children: childrenOf(field.type),
  };
}

/** Fields of structs, also inside lists; a map shows its key and value where one of them holds fields. */
function childrenOf(type: DataType): readonly ColumnView[] {
  switch (type.kind) {
    case 'primitive':
    case 'decimal':
      return [];
    case 'struct':
      return type.fields.map(columnView);
    case 'array':
      return childrenOf(type.element);
    case 'map': {
      if (childrenOf(type.key).length === 0 && childrenOf(type.value).length === 0) return [];
      const part = (name: string, inner: DataType, nullable: boolean): ColumnView =>
        columnView({ name, type: inner, nullable, metadata: {} });
      return [part('key', type.key, false), part('value', type.value, type.valueContainsNull)];
    }
    default:
      return type satisfies never;
  }
}

/**
 * Logical names of the clustering columns, nested ones with dots; `configuration` is that of the domain `delta.clustering`, which
 * holds physical names. Source: PROTOCOL.md, Clustered Table.
 */
export function clusteringColumns(
  schema: StructType,
  configuration: string | undefined,
): readonly string[] {
  if (configuration === undefined) return [];
  try {
    const parsed = parseJson(configuration);
    const paths: unknown = isJsonObject(parsed) ? parsed.clusteringColumns : undefined;
    if (!Array.isArray(paths)) return [];
    return paths.flatMap((path: unknown) => {
      const names: readonly unknown[] = Array.isArray(path) ? path : [path];
      return names.every((name) => typeof name === 'string') ? [logicalName(schema, names)] : [];
    });
  } catch {
    return [];
  }
}

function logicalName(schema: StructType, physical: readonly string[]): string {
  const names: string[] = [];
  let type: DataType = schema;
  for (const name of physical) {
    const field: StructField | undefined =
      type.kind === 'struct'
        ? type.fields.find((candidate) => physicalName(candidate) === name)
        : undefined;
    names.push(field?.name ?? name);
    if (field !== undefined) type = field.type;
  }
  return names.join('.');
}
