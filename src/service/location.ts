/**
 * What people write for a table becomes an ObjectUri in one place: a local path (absolute, or relative to a working folder; `~`
 * is the shell's business) or an absolute URI in any spelling.
 */
import { DeltaError } from '../engine/errors';
import { decodedPath, fileUri, hasScheme, parseObjectUri, uriScheme } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';

export interface LocationContext {
  /** The absolute folder that relative paths begin at; without one they are refused. */
  readonly workingFolder?: string;
  /** True where `\` separates folders and paths may begin with a drive. */
  readonly isWindows: boolean;
}

/** Resolves a path or URI. Throws `invalid-argument` for an empty text and for a relative path without a working folder. */
export function resolveLocation(text: string, context: LocationContext): ObjectUri {
  if (text.trim() === '') {
    throw new DeltaError('invalid-argument', 'A location is empty: give a path or a URI.');
  }
  if (text.includes('\0')) {
    throw new DeltaError('invalid-argument', 'A location holds a character that no path can hold.');
  }
  if (hasScheme(text)) return parseObjectUri(text);
  const path = withSlashes(text, context);
  if (isAbsolute(path, context)) return fileUri(path);
  if (context.workingFolder === undefined) {
    throw new DeltaError(
      'invalid-argument',
      `"${text}" is a relative path: give an absolute path or a URI.`,
    );
  }
  return fileUri(`${withSlashes(context.workingFolder, context)}/${path}`);
}

function withSlashes(path: string, context: LocationContext): string {
  return context.isWindows ? path.replaceAll('\\', '/') : path;
}

function isAbsolute(path: string, context: LocationContext): boolean {
  return path.startsWith('/') || (context.isWindows && /^[A-Za-z]:\//.test(path));
}

/** A location as people write it: the path of a local one, the URI of any other. */
export function displayLocation(location: string): string {
  if (!hasScheme(location)) return location;
  const uri = parseObjectUri(location);
  if (uriScheme(uri) !== 'file') return uri;
  const path = decodedPath(uri);
  return /^\/[A-Za-z]:(\/|$)/.test(path) ? path.slice(1) : path;
}
