/**
 * `file:` URIs and paths of the operating system. A name that the system would read as something else (a separator inside
 * a segment, dot segments, a stream of an NTFS file) is refused: two URIs must never reach one file.
 */
import { StoreError } from '../engine/errors';
import { decodePercent, encodeSegment, fileUri, uriScheme } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';

const driveSegment = /^[A-Za-z]:$/;
/** Characters that Windows forbids in names; `:` would open an alternate stream of another file. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const forbiddenOnWindows = /[<>:"|?*\\\u0000-\u001f]|[. ]$/;

/** The path of a `file:` URI in the system's form. Throws `unsupported` for another scheme or an impossible name. */
export function localPath(uri: ObjectUri, platform: NodeJS.Platform = process.platform): string {
  if (uriScheme(uri) !== 'file') {
    throw new StoreError('unsupported', `${uri} is not a file on this machine.`, uri);
  }
  const segments = uri
    .slice('file:///'.length)
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodePercent);
  const windows = platform === 'win32';
  segments.forEach((segment, index) => {
    const drive = windows && index === 0 && driveSegment.test(segment);
    const impossible =
      segment === '.' ||
      segment === '..' ||
      segment.includes('/') ||
      segment.includes('\0') ||
      (windows && !drive && forbiddenOnWindows.test(segment));
    if (impossible) {
      throw new StoreError(
        'unsupported',
        `${uri} names no file of this system: "${encodeSegment(segment)}" cannot be a file's name here.`,
        uri,
      );
    }
  });
  if (!windows) return `/${segments.join('/')}`;
  return segments.length === 1 ? `${segments[0] ?? ''}\\` : segments.join('\\');
}

/** The URI of an absolute path in the system's form. */
export function localUri(path: string, platform: NodeJS.Platform = process.platform): ObjectUri {
  return fileUri(platform === 'win32' ? path.replaceAll('\\', '/') : path);
}
