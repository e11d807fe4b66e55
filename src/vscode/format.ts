/** Numbers and operations as short texts for the tree, pickers and messages. */
import type { CloneKind, CommitRow, OperationKind } from '../protocol/views';

/** Made at its first use: loading the language data costs milliseconds that activation does not have. */
let grouping: Intl.NumberFormat | undefined;

/** `1,234`. */
export function formatCount(value: number): string {
  grouping ??= new Intl.NumberFormat('en-US');
  return grouping.format(value);
}

/** `1 file`, `12 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `0 B`, `512 B`, `1.5 KiB`, `20 MiB`: at most one decimal. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
  return `${digits.replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}

export const cloneWords: Readonly<Record<CloneKind, string>> = {
  shallow: 'shallow clone',
  deep: 'deep clone',
  unknown: 'clone',
};

/** Titles of operations as they stand in commands, tabs and messages. */
export const operationTitles: Readonly<Record<OperationKind, string>> = {
  'shallow-clone': 'Shallow Clone',
  'deep-clone': 'Deep Clone',
  restore: 'Restore',
};

/** `WRITE (Append)`: the operation of a commit with the parameter that tells most, for pickers. */
export function describeCommit(row: CommitRow): string {
  if (row.operation === null) return 'details cleaned up';
  const parameters = row.operationParameters ?? {};
  const told =
    parameters.mode ??
    predicateText(parameters.predicate) ??
    parameters.source ??
    (parameters.version === undefined ? undefined : `version ${parameters.version}`);
  if (told === undefined || told === '') return row.operation;
  const short = told.length > 60 ? `${told.slice(0, 57)}...` : told;
  return /^\(.*\)$/.test(short) ? `${row.operation} ${short}` : `${row.operation} (${short})`;
}

/** A predicate is written as a JSON list of texts, by some engines as the text alone. */
function predicateText(predicate: string | undefined): string | undefined {
  if (predicate === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(predicate);
    if (Array.isArray(list)) return list.length === 0 ? undefined : list.join(' and ');
  } catch {
    // The text alone.
  }
  return predicate === '' ? undefined : predicate;
}
