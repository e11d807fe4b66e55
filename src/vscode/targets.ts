/** Where a clone goes: the suggestion, and what may not be typed. What exists at the place is for the plan to say. */
import type { CloneSpec, Location } from '../protocol/views';
import { baseName, displayPath, hasScheme, isWithin, joinPath, parentFolder } from './locations';

const suffixes: Readonly<Record<CloneSpec['kind'], string>> = {
  'shallow-clone': '_dev',
  'deep-clone': '_backup',
};

/** Places beside the source, in the order in which they are tried: `orders_dev`, `orders_dev_2`, ... */
export function* suggestTargets(
  kind: CloneSpec['kind'],
  source: Location,
): Generator<string, never, unknown> {
  const path = displayPath(source);
  const stem = joinPath(parentFolder(path), `${baseName(path)}${suffixes[kind]}`);
  yield stem;
  for (let count = 2; ; count++) yield `${stem}_${count}`;
}

/** Why a typed target cannot be used, as a sentence; undefined when it can. */
export function validateTarget(text: string, source: Location): string | undefined {
  const target = text.trim();
  if (target === '') return 'Type the path of the folder that becomes the clone.';
  if (!isAbsolute(target)) return 'Type an absolute path or a URI.';
  if (/[\\/]\.{1,2}([\\/]|$)/.test(target)) return 'Type the path without "." and ".." segments.';
  if (baseName(target) === '' || /^[A-Za-z]:$/.test(baseName(target)))
    return 'The root of a drive cannot become a table.';
  if (/(^|[\\/])_delta_log([\\/]|$)/.test(target))
    return 'A table cannot lie inside a _delta_log folder.';
  if (isWithin(target, source) && isWithin(source, target))
    return 'The clone needs a place of its own: this is the table itself.';
  if (isWithin(target, source)) return 'The clone cannot lie inside the table that is cloned.';
  if (isWithin(source, target)) return 'The table that is cloned lies inside this folder.';
  return undefined;
}

/** Why a typed place of a table cannot be used; undefined when it can. */
export function validateTablePath(text: string): string | undefined {
  const path = text.trim();
  if (path === '') return 'Type the path of a folder that holds a Delta table.';
  return isAbsolute(path) ? undefined : 'Type an absolute path or a URI.';
}

/** A typed path of a table's root; a path into its log counts as the table. */
export function normalizeTablePath(text: string): string {
  const path = text.trim().replace(/^(['"])(.*)\1$/, '$2');
  const trimmed = path.length > 1 ? path.replace(/[\\/]+$/, '') : path;
  return /^(.*)[\\/]_delta_log(?:[\\/].*)?$/.exec(trimmed)?.[1] ?? trimmed;
}

function isAbsolute(path: string): boolean {
  return (
    path.startsWith('/') ||
    path.startsWith('\\\\') ||
    /^[A-Za-z]:[\\/]/.test(path) ||
    hasScheme(path)
  );
}
