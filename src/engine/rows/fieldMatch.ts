/** Which column of a data file holds a field of the table. Source: PROTOCOL.md, Column Mapping, Reader Requirements. */
import type { ColumnField } from '../column';
import type { ColumnMappingMode } from '../properties';
import { fieldId, physicalName, type StructField } from '../schema';

/** The name that the field has in data files, partition values and statistics. */
export function storedName(field: StructField, mode: ColumnMappingMode): string {
  return mode === 'none' ? field.name : physicalName(field);
}

/**
 * The index of the field's column, or -1 where the file has none. Under mapping by id only ids count, under mapping by name only
 * the exact physical name. Without mapping a name that differs in case alone is taken where it is the only one: Delta's names are
 * unique without regard to case, and writers have spelled them differently over a table's life.
 */
export function matchField(
  columns: readonly ColumnField[],
  field: StructField,
  mode: ColumnMappingMode,
): number {
  if (mode === 'id') {
    const id = fieldId(field);
    return id === undefined ? -1 : columns.findIndex((column) => column.fieldId === id);
  }
  const name = storedName(field, mode);
  const exact = columns.findIndex((column) => column.name === name);
  if (exact >= 0 || mode === 'name') return exact;
  const lower = name.toLowerCase();
  const matches = columns.flatMap((column, index) =>
    column.name.toLowerCase() === lower ? [index] : [],
  );
  return matches.length === 1 ? (matches[0] ?? -1) : -1;
}
