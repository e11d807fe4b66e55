/** Which columns of a file a projection means. The decoder is laxer: it takes a dot in a name for a step into a struct. */
import type { ColumnBatch, ColumnField, ColumnType } from '../../engine/column';
import { DeltaError } from '../../engine/errors';

/** The indices of the top-level fields that a projection touches. Throws `invalid-argument` for a column that is not there. */
export function projectedFields(
  fields: readonly ColumnField[],
  columns: readonly string[],
  subject: string,
): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (const name of columns) {
    const exact = fields.findIndex((field) => field.name === name);
    const index = exact >= 0 ? exact : fields.findIndex((field) => reaches(field, name));
    if (index < 0) {
      throw new DeltaError('invalid-argument', `${subject} has no column ${name}.`);
    }
    chosen.add(index);
  }
  return chosen;
}

function reaches(field: ColumnField, path: string): boolean {
  if (field.name === path) return true;
  return (
    path.startsWith(`${field.name}.`) && reachesInto(field.type, path.slice(field.name.length + 1))
  );
}

function reachesInto(type: ColumnType, path: string): boolean {
  switch (type.kind) {
    case 'struct':
      return type.fields.some((field) => reaches(field, path));
    case 'list':
    case 'map':
      return true; // the names of the groups inside differ between writers: the decoder knows them
    default:
      return false;
  }
}

/** The batch without top-level columns that were not asked for. */
export function keepFields(batch: ColumnBatch, names: ReadonlySet<string>): ColumnBatch {
  if (batch.fields.every(({ name }) => names.has(name))) return batch;
  const kept = batch.fields.flatMap(({ name }, index) => (names.has(name) ? [index] : []));
  return {
    rowCount: batch.rowCount,
    fields: kept.flatMap((index) => batch.fields[index] ?? []),
    columns: kept.flatMap((index) => batch.columns[index] ?? []),
  };
}
