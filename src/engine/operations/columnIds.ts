/**
 * The highest column id that a table ever gave out, under column mapping. It never goes back: a later column with an id that old files
 * already use would show their values. Source: PROTOCOL.md, Column Mapping (`delta.columnMapping.maxColumnId`); Spark keeps it on RESTORE.
 */
import type { Metadata } from '../actions';

const maxColumnId = 'delta.columnMapping.maxColumnId';

/** The configuration with the higher of both tables' marks; unchanged where it has none. */
export function keepMaxColumnId(
  configuration: Metadata['configuration'],
  before: Metadata['configuration'],
): Metadata['configuration'] {
  const [mark, other] = [configuration[maxColumnId], before[maxColumnId]];
  if (mark === undefined || other === undefined || Number(other) <= Number(mark))
    return configuration;
  return { ...configuration, [maxColumnId]: other };
}
