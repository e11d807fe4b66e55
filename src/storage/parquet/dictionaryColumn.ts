/** Dictionary-encoded values -> plain ones: the engine knows no dictionaries. */
import { isNullAt } from '../../engine/column';
import type { Column, ColumnType } from '../../engine/column';
import { DeltaError } from '../../engine/errors';
import { valuesPerRow, viewConstructor, viewValues } from './columnViews';

export interface Codes {
  /** A code counts through the words of all parts of the dictionary. */
  readonly values: ArrayLike<number | bigint>;
  readonly length: number;
  readonly validity: Uint8Array | undefined;
}

/** Where the value of each row is in the dictionary. */
interface Located {
  readonly part: Uint32Array;
  readonly word: Uint32Array;
  /** Also unset where the word itself is null. */
  readonly validity: Uint8Array;
}

/** The column of `type` that the codes stand for. */
export function dictionaryColumn(type: ColumnType, codes: Codes, parts: readonly Column[]): Column {
  const { length } = codes;
  const at = locate(codes, parts);
  switch (type.kind) {
    case 'utf8':
    case 'binary':
      return { type, length, validity: at.validity, ...gatherBytes(length, at, parts) };
    case 'struct':
    case 'list':
    case 'map':
    case 'boolean':
      throw new DeltaError(
        'unsupported-read',
        `A dictionary of ${type.kind} values cannot be read.`,
      );
    default: {
      const width = viewConstructor(type).BYTES_PER_ELEMENT * valuesPerRow(type);
      const out = new Uint8Array(length * width);
      for (let row = 0; row < length; row++) {
        const source = isSet(at.validity, row) ? parts[at.part[row] ?? 0]?.values : undefined;
        if (source === undefined) continue;
        const from = source.byteOffset + (at.word[row] ?? 0) * width;
        out.set(new Uint8Array(source.buffer, from, width), row * width);
      }
      return { type, length, validity: at.validity, values: viewValues(type, out, length) };
    }
  }
}

function isSet(bitmap: Uint8Array, row: number): boolean {
  return ((bitmap[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

function locate(codes: Codes, parts: readonly Column[]): Located {
  const { length } = codes;
  const starts: number[] = [];
  let total = 0;
  for (const part of parts) {
    starts.push(total);
    total += part.length;
  }
  const located: Located = {
    part: new Uint32Array(length),
    word: new Uint32Array(length),
    validity: new Uint8Array((length + 7) >> 3),
  };
  for (let row = 0; row < length; row++) {
    if (codes.validity !== undefined && !isSet(codes.validity, row)) continue;
    const code = Number(codes.values[row]);
    let index = parts.length - 1;
    while (index > 0 && code < (starts[index] ?? 0)) index--;
    const word = code - (starts[index] ?? 0);
    const part = parts[index];
    if (part === undefined || code >= total || isNullAt(part, word)) continue;
    located.part[row] = index;
    located.word[row] = word;
    located.validity[row >> 3] = (located.validity[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return located;
}

function gatherBytes(
  length: number,
  at: Located,
  parts: readonly Column[],
): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const wordOf = (row: number): Uint8Array | undefined => {
    if (!isSet(at.validity, row)) return undefined;
    const part = parts[at.part[row] ?? 0];
    const word = at.word[row] ?? 0;
    return (part?.values as Uint8Array | undefined)?.subarray(
      part?.offsets?.[word] ?? 0,
      part?.offsets?.[word + 1] ?? 0,
    );
  };
  const offsets = new Int32Array(length + 1);
  for (let row = 0; row < length; row++) {
    offsets[row + 1] = (offsets[row] ?? 0) + (wordOf(row)?.byteLength ?? 0);
  }
  const values = new Uint8Array(offsets[length] ?? 0);
  for (let row = 0; row < length; row++) values.set(wordOf(row) ?? [], offsets[row]);
  return { offsets, values };
}
