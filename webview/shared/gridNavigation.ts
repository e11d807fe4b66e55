/** Moving through a grid by keyboard, as the ARIA grid pattern has it; row -1 is the header. */

export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

export interface GridBounds {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows that fit into the view: what a page key moves by. */
  readonly rowsPerPage: number;
}

/** What of a keyboard event matters here. */
export interface GridKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key leads, or null for keys that do not move. Never leaves the grid. */
export function nextPosition(
  { key, ctrlKey, metaKey }: GridKey,
  from: GridPosition,
  bounds: GridBounds,
): GridPosition | null {
  const isFar = ctrlKey || metaKey;
  const page = Math.max(1, bounds.rowsPerPage - 1);
  const lastRow = bounds.rowCount - 1;
  const lastColumn = bounds.columnCount - 1;
  switch (key) {
    case 'ArrowUp':
      return clamp({ ...from, row: isFar ? -1 : from.row - 1 }, bounds);
    case 'ArrowDown':
      return clamp({ ...from, row: isFar ? lastRow : from.row + 1 }, bounds);
    case 'ArrowLeft':
      return clamp({ ...from, column: isFar ? 0 : from.column - 1 }, bounds);
    case 'ArrowRight':
      return clamp({ ...from, column: isFar ? lastColumn : from.column + 1 }, bounds);
    case 'Home':
      return clamp({ row: isFar ? 0 : from.row, column: 0 }, bounds);
    case 'End':
      return clamp({ row: isFar ? lastRow : from.row, column: lastColumn }, bounds);
    case 'PageUp':
      // From a row to the first row, never by surprise into the header.
      return clamp(
        { ...from, row: from.row <= 0 ? from.row : Math.max(0, from.row - page) },
        bounds,
      );
    case 'PageDown':
      return clamp({ ...from, row: from.row + page }, bounds);
    default:
      return null;
  }
}

function clamp(position: GridPosition, bounds: GridBounds): GridPosition {
  return {
    row: Math.max(-1, Math.min(bounds.rowCount - 1, position.row)),
    column: Math.max(0, Math.min(bounds.columnCount - 1, position.column)),
  };
}
