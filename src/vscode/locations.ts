/**
 * Locations (absolute URIs, as the service writes them) and the local paths that people type. Pure text: what a location names is
 * the service's business.
 */
import type { Location } from '../protocol/views';

const schemePattern = /^[A-Za-z][A-Za-z0-9+.-]+:/;

/** True for a text that begins with a URI scheme of two letters or more (a drive letter is none). */
export function hasScheme(text: string): boolean {
  return schemePattern.test(text);
}

/** The local path behind a `file:` URI in the platform's spelling, a plain path unchanged, undefined for other schemes. */
export function localPath(location: Location): string | undefined {
  if (!hasScheme(location)) return location;
  if (!/^file:/i.test(location)) return undefined;
  const path = decode(location.replace(/^file:(\/\/[^/]*)?/i, ''));
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll('/', '\\') : path;
}

/** What a person reads: the local path where there is one, else the URI. */
export function displayPath(location: Location): string {
  return localPath(location) ?? location;
}

/** A text by which two spellings of one local place are equal: forward slashes, no trailing slash, lower-case drive. */
export function placeKey(location: Location): string {
  const path = localPath(location) ?? location;
  const key = path.replaceAll('\\', '/').replace(/\/+$/, '');
  return /^[A-Za-z]:/.test(key) ? key.charAt(0).toLowerCase() + key.slice(1) : key;
}

/** True when the first place is the second or lies below it. */
export function isWithin(place: Location, folder: Location): boolean {
  const inner = placeKey(place);
  const outer = placeKey(folder);
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Last segment of a path or URI, decoded. */
export function baseName(location: Location): string {
  const key = placeKey(location);
  return key.slice(key.lastIndexOf('/') + 1) || key;
}

/** The folder above, in the spelling of the input. */
export function parentFolder(location: Location): string {
  const trimmed = location.replace(/[\\/]+$/, '');
  const end = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'));
  if (end < 0) return '';
  const parent = trimmed.slice(0, end);
  return parent === '' || /^[A-Za-z]:$/.test(parent) ? trimmed.slice(0, end + 1) : parent;
}

/** Joins a name to a folder with the separator that the folder uses. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return /[\\/]$/.test(folder) ? `${folder}${name}` : `${folder}${separator}${name}`;
}

/** The table's root for a path inside its log (`.../_delta_log/...`), undefined for other paths. */
export function tableOfLogPath(path: string): string | undefined {
  const match = /^(.*)[\\/]_delta_log(?:[\\/].*)?$/.exec(path);
  return match?.[1] === '' ? undefined : match?.[1];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
