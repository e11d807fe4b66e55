import { describe, expect, it } from 'vitest';
import { nextPosition } from '../../../webview/shared/gridNavigation';

const bounds = { rowCount: 100, columnCount: 5, rowsPerPage: 11 };
const key = (name: string, isFar = false) => ({ key: name, ctrlKey: isFar, metaKey: false });

describe('moving through a grid', () => {
  it.each<
    [string, boolean, { row: number; column: number }, { row: number; column: number } | null]
  >([
    ['ArrowDown', false, { row: 3, column: 1 }, { row: 4, column: 1 }],
    ['ArrowUp', false, { row: 0, column: 1 }, { row: -1, column: 1 }],
    ['ArrowUp', false, { row: -1, column: 1 }, { row: -1, column: 1 }],
    ['ArrowDown', false, { row: 99, column: 1 }, { row: 99, column: 1 }],
    ['ArrowRight', false, { row: 3, column: 4 }, { row: 3, column: 4 }],
    ['ArrowLeft', true, { row: 3, column: 4 }, { row: 3, column: 0 }],
    ['Home', false, { row: 3, column: 4 }, { row: 3, column: 0 }],
    ['End', false, { row: 3, column: 0 }, { row: 3, column: 4 }],
    ['Home', true, { row: 50, column: 2 }, { row: 0, column: 0 }],
    ['End', true, { row: 50, column: 2 }, { row: 99, column: 4 }],
    ['PageDown', false, { row: 50, column: 2 }, { row: 60, column: 2 }],
    ['PageDown', false, { row: 95, column: 2 }, { row: 99, column: 2 }],
    ['PageUp', false, { row: 5, column: 2 }, { row: 0, column: 2 }],
    ['a', false, { row: 5, column: 2 }, null],
  ])('%s (far: %s) leads from %j to %j', (name, isFar, from, to) => {
    expect(nextPosition(key(name, isFar), from, bounds)).toEqual(to);
  });
});
