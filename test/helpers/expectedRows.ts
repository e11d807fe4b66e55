/** What pyarrow reads where a shared table comes with its expected rows; made by test/golden/makeExpectedRows.py. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isJsonObject, parseJson, type Json } from '../../src/engine/util/json';

export interface ExpectedRows {
  readonly table: string;
  readonly version: number;
  readonly rows: number;
  /** Of all lines in canonical form, sorted by their bytes, joined by line feeds. */
  readonly sha256: string;
  /** All lines; absent for large results. */
  readonly lines?: readonly string[];
  /** The first lines of a large result. */
  readonly sample?: readonly string[];
}

export function readExpectedRows(): readonly ExpectedRows[] {
  const file = new URL('../golden/expectedRows.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ExpectedRows[];
}

/** One spelling for rows that are equal: properties sorted by name, numbers as JSON.stringify writes them, all digits kept. */
export function canonicalRow(line: string): string {
  return spell(parseJson(line));
}

function spell(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(spell).join(',')}]`;
  if (isJsonObject(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${spell(value[name] ?? null)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The rows as an unordered multiset: canonical, sorted by their bytes. */
export function sortedRows(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => Buffer.from(canonicalRow(line)))
    .sort((a, b) => a.compare(b))
    .map((bytes) => bytes.toString());
}

export function rowsDigest(sorted: readonly string[]): string {
  return createHash('sha256').update(sorted.join('\n')).digest('hex');
}
