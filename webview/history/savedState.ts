/** What the history page keeps over hiding and reloading. `location` is also what a panel serializer needs to open it again. */
import type { Filters } from './filters';
import { noFilters } from './filters';

export interface SavedState {
  readonly location: string;
  readonly filters: Filters;
  readonly scrollTop: number;
  readonly hiddenColumns: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly openVersions: readonly number[];
}

export const freshState: SavedState = {
  location: '',
  filters: noFilters,
  scrollTop: 0,
  hiddenColumns: [],
  widths: {},
  openVersions: [],
};

/** Reads a saved state field by field: a page of another version may have saved another shape. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return freshState;
  const filters = isRecord(value.filters) ? value.filters : {};
  return {
    location: textOr(value.location, ''),
    filters: {
      text: textOr(filters.text, ''),
      operation: textOr(filters.operation, ''),
      user: textOr(filters.user, ''),
    },
    scrollTop: numberOr(value.scrollTop, 0),
    hiddenColumns: listOf(value.hiddenColumns, (entry) => typeof entry === 'string'),
    widths: isRecord(value.widths)
      ? Object.fromEntries(
          Object.entries(value.widths).filter(
            (entry): entry is [string, number] => typeof entry[1] === 'number',
          ),
        )
      : {},
    openVersions: listOf(value.openVersions, (entry) => typeof entry === 'number'),
  };
}

function listOf<T>(value: unknown, is: (entry: unknown) => entry is T): readonly T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
