/** Aligned tables for people. Widths are counted in cells of a terminal, control characters are never printed. */

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Shortened first when the terminal is too narrow. */
  readonly mayShrink?: boolean;
}

/** What stands in a cell is untrusted (names, messages of commits): control characters become a visible stand-in. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    character === '\n' || character === '\t' ? ' ' : '\ufffd',
  );
}

/** Lines of a table with its head; a cell that is null shows a dash. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
  options: { readonly width?: number | undefined; readonly bold?: (text: string) => string } = {},
): readonly string[] {
  const cells = rows.map((row) => columns.map((_column, i) => printable(row[i] ?? '-')));
  const widths = columns.map((column, i) =>
    Math.max(textWidth(column.title), ...cells.map((row) => textWidth(row[i] ?? ''))),
  );
  if (options.width !== undefined) shrink(columns, widths, options.width);
  const lineOf = (texts: readonly string[]): string =>
    texts
      .map((text, i) => {
        const width = widths[i] ?? 0;
        const cut = cutTo(text, width);
        const padding = ' '.repeat(Math.max(0, width - textWidth(cut)));
        return columns[i]?.align === 'right' ? padding + cut : cut + padding;
      })
      .join('  ')
      .trimEnd();
  const bold = options.bold ?? ((text: string) => text);
  return [bold(lineOf(columns.map((column) => column.title))), ...cells.map(lineOf)];
}

function shrink(columns: readonly Column[], widths: number[], available: number): void {
  const gaps = 2 * (columns.length - 1);
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width, gaps);
    if (total <= available) return;
    let widest = -1;
    for (const [i, column] of columns.entries()) {
      if (column.mayShrink === true && (widths[i] ?? 0) > (widths[widest] ?? 8)) widest = i;
    }
    if (widest < 0) return;
    widths[widest] = Math.max(8, (widths[widest] ?? 0) - Math.max(1, total - available));
    if ((widths[widest] ?? 0) === 8 && total - available <= 0) return;
  }
}

/** Cells that a text takes: wide characters take two, combining ones none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (/\p{Mark}/u.test(character) || code === 0x200d) continue;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (textWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes as people read them. */
export function byteText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A whole number with thin groups: 12,345. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
