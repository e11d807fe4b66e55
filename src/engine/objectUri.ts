/**
 * Absolute, canonical URIs of objects and folders. Two ObjectUris name the same object exactly when the strings are equal.
 *
 * Canonical form: lower-case scheme, one scheme per family (`s3a`, `s3n` -> `s3`), lower-case host of stores, `file:///path`
 * for local files, no trailing slash, no empty or dot segments (local files only: object keys may hold them), every byte
 * outside `A-Za-z0-9-._~!$&'()*+,;=:@` percent-encoded with upper-case digits. A `+` is a plus sign, never a space.
 * Source of the escaping rules: PROTOCOL.md, Add File (`path` is an RFC 2396 URI), and delta-semantics.md 3.4.
 */
import { DeltaError } from './errors';

export type ObjectUri = string & { readonly __brand: 'ObjectUri' };

const schemePattern = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const schemeFamily: Readonly<Record<string, string>> = {
  s3a: 's3',
  s3n: 's3',
  wasbs: 'abfss',
  wasb: 'abfs',
};
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });

/** `true` at the code of each byte that stands for itself in a path segment. */
const plainByte: readonly boolean[] = Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9\-._~!$&'()*+,;=:@]/.test(String.fromCharCode(code)),
);

/** Percent-encodes one decoded path segment (a `/` in it is encoded too). */
export function encodeSegment(segment: string): string {
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@]*$/.test(segment)) return segment;
  let out = '';
  for (const byte of encoder.encode(segment)) {
    out +=
      plainByte[byte] === true
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** Percent-decodes once; a `%` that starts no escape stands for itself. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  const source = encoder.encode(text);
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] ?? 0;
    if (byte === 0x25 && i + 2 < source.length) {
      const hex = String.fromCharCode(source[i + 1] ?? 0, source[i + 2] ?? 0);
      if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
        bytes.push(parseInt(hex, 16));
        i += 2;
        continue;
      }
    }
    bytes.push(byte);
  }
  return decoder.decode(new Uint8Array(bytes));
}

/** Re-spells an encoded path: each segment decoded once and encoded canonically. */
function canonicalPath(path: string, removeDots: boolean): string {
  const segments: string[] = [];
  for (const raw of path.replace(/^\//, '').replace(/\/$/, '').split('/')) {
    if (removeDots && raw === '') continue;
    const segment = decodePercent(raw);
    if (removeDots && segment === '.') continue;
    if (removeDots && segment === '..') {
      segments.pop();
      continue;
    }
    segments.push(encodeSegment(segment));
  }
  return segments.join('/');
}

/**
 * Canonicalises an absolute URI in any spelling (`file:/x`, `file:///x`, `s3a://bucket/key`, percent case).
 * Throws `invalid-argument` where the text has no scheme.
 */
export function parseObjectUri(text: string): ObjectUri {
  const match = schemePattern.exec(text);
  if (match === null) {
    throw new DeltaError('invalid-argument', `"${text}" is not an absolute URI: it has no scheme.`);
  }
  const written = (match[1] ?? '').toLowerCase();
  const scheme = schemeFamily[written] ?? written;
  const rest = text.slice(match[0].length);
  let authority = '';
  let path = rest;
  if (rest.startsWith('//')) {
    const end = rest.indexOf('/', 2);
    authority = end < 0 ? rest.slice(2) : rest.slice(2, end);
    path = end < 0 ? '' : rest.slice(end);
  }
  if (scheme === 'file') {
    return `file:///${canonicalPath(path, true)}` as ObjectUri;
  }
  const host = scheme === 's3' || scheme === 'gs' ? authority : authority.toLowerCase();
  const key = canonicalPath(path, false);
  return `${scheme}://${host}${key === '' ? '' : `/${key}`}` as ObjectUri;
}

/** True when the text starts with a URI scheme of two letters or more (a drive letter is no scheme). */
export function hasScheme(text: string): boolean {
  const match = schemePattern.exec(text);
  return match !== null && (match[1] ?? '').length > 1;
}

/** The URI of an absolute local path in decoded form with `/` separators (`C:/x` on Windows). */
export function fileUri(path: string): ObjectUri {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encodeSegment(segment));
  }
  return `file:///${segments.join('/')}` as ObjectUri;
}

/** `scheme://authority`, the part before the path; `file://` for local files. */
export function uriAuthority(uri: ObjectUri): string {
  const end = uri.indexOf('/', uri.indexOf('://') + 3);
  return end < 0 ? uri : uri.slice(0, end);
}

export function uriScheme(uri: ObjectUri): string {
  return uri.slice(0, uri.indexOf(':'));
}

/** The decoded path, starting with `/`. */
export function decodedPath(uri: ObjectUri): string {
  return decodePercent(uri.slice(uriAuthority(uri).length)) || '/';
}

/** A child named by decoded segments; a segment may hold several separated by `/`. */
export function joinUri(folder: ObjectUri, ...segments: readonly string[]): ObjectUri {
  const tail = segments
    .flatMap((segment) => segment.split('/'))
    .filter((segment) => segment !== '')
    .map(encodeSegment)
    .join('/');
  if (tail === '') return folder;
  return `${folder.endsWith('/') ? folder : `${folder}/`}${tail}` as ObjectUri;
}

/**
 * Where the `path` of an action points: an encoded URI, absolute or relative to the table's root. A path that begins with
 * `/` is a path in the root's store.
 */
export function resolvePath(root: ObjectUri, path: string): ObjectUri {
  if (hasScheme(path)) return parseObjectUri(path);
  const isFile = uriScheme(root) === 'file';
  if (path.startsWith('/')) {
    return isFile
      ? parseObjectUri(`file://${path}`)
      : (`${uriAuthority(root)}/${canonicalPath(path, false)}` as ObjectUri);
  }
  if (isFile && path.split('/').includes('..')) {
    return parseObjectUri(`${root}/${path}`);
  }
  const tail = canonicalPath(path, isFile);
  return `${root}/${tail}` as ObjectUri;
}

/** The encoded path of `uri` below `root` (without a leading slash), or undefined when it lies elsewhere. */
export function relativePath(root: ObjectUri, uri: ObjectUri): string | undefined {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return uri.startsWith(prefix) && uri.length > prefix.length
    ? uri.slice(prefix.length)
    : undefined;
}

/** True when one is the other or contains it. */
export function urisOverlap(a: ObjectUri, b: ObjectUri): boolean {
  return a === b || relativePath(a, b) !== undefined || relativePath(b, a) !== undefined;
}

/** The folder around, or undefined at the top of a store. */
export function parentUri(uri: ObjectUri): ObjectUri | undefined {
  const authority = uriAuthority(uri);
  const slash = uri.lastIndexOf('/');
  if (slash < authority.length || slash === uri.length - 1) return undefined;
  return (
    slash === authority.length && uriScheme(uri) === 'file' ? 'file:///' : uri.slice(0, slash)
  ) as ObjectUri;
}

/** The last segment, decoded; the authority at the top of a store. */
export function uriName(uri: ObjectUri): string {
  const authority = uriAuthority(uri);
  const slash = uri.lastIndexOf('/');
  return slash < authority.length
    ? uri.slice(uri.indexOf('://') + 3)
    : decodePercent(uri.slice(slash + 1));
}

/**
 * The URI as other engines write it into a log: local files with one slash (`file:/x`), and of all characters only those quoted that
 * Java's URI quotes, so that letters beyond ASCII stand for themselves. Spark compares the `path` of an add with the name of the file it
 * reads as texts, and its DELETE, UPDATE and MERGE fail on any other spelling. Source: Hadoop's Path.toUri; delta-semantics.md 3.4.
 */
export function writtenUri(uri: ObjectUri): string {
  const authority = uriAuthority(uri);
  const path = uri.slice(authority.length);
  const start = uriScheme(uri) === 'file' ? 'file:' : authority;
  return `${start}${path.split('/').map(writtenSegment).join('/')}`;
}

function writtenSegment(segment: string): string {
  let written = '';
  for (const char of decodePercent(segment)) {
    const isPlain =
      char < '\u0080' ? plainByte[char.charCodeAt(0)] === true : !/[\p{Z}\p{Cc}]/u.test(char);
    written += isPlain ? char : encodeSegment(char);
  }
  return written;
}
