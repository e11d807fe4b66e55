/** The texts of Copy As and of the history page's copy actions. */
import type { CommitRow, Location } from '../protocol/views';
import { displayPath, localPath } from './locations';

/** An SQL identifier between backticks. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Spark SQL that reads the table, at a version when one is given. */
export function sqlOf(
  location: Location,
  version?: number,
  columns: readonly string[] = [],
): string {
  const list = columns.length === 0 ? '*' : columns.map(quoteIdentifier).join(', ');
  const at = version === undefined ? '' : ` VERSION AS OF ${version}`;
  return `SELECT ${list} FROM delta.${quoteIdentifier(displayPath(location))}${at}`;
}

/** One argument of a POSIX shell, quoted where it has to be. */
export function quoteArgument(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command line that prints the table's detail, or a version's rows. */
export function commandLineOf(location: Location, version?: number): string {
  const table = quoteArgument(displayPath(location));
  return version === undefined
    ? `delta-clones detail ${table} --json`
    : `delta-clones rows ${table} --version ${version}`;
}

/** Ways to copy a table; `detail` needs a request and is made by the command. */
export const copyForms = [
  { form: 'path', label: 'Path' },
  { form: 'uri', label: 'URI' },
  { form: 'sql', label: 'SQL' },
  { form: 'command-line', label: 'Command Line' },
  { form: 'json', label: 'JSON' },
] as const;
export type CopyForm = (typeof copyForms)[number]['form'];

/** The text of every form but `json`; the path of a table that is not local is its URI. */
export function copyText(
  form: Exclude<CopyForm, 'json'>,
  location: Location,
  version: number | undefined,
): string {
  switch (form) {
    case 'path':
      return localPath(location) ?? location;
    case 'uri':
      return location;
    case 'sql':
      return sqlOf(location, version);
    case 'command-line':
      return commandLineOf(location);
    default:
      return form satisfies never;
  }
}

/** A commit as indented JSON. */
export function commitJson(row: CommitRow): string {
  return JSON.stringify(row, undefined, 2);
}
