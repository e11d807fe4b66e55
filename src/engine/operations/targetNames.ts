/**
 * Names of copied files. They stay what they are in the source, because only then a clone in the other direction finds them again; files
 * from outside of the source's folder get their own name, and a mark only where two would meet. Source: delta-semantics.md 4.2, step 2.
 */
import type { DeletionVector } from '../actions';
import { vectorFileUri, vectorReference, vectorUuid } from '../deletionVector';
import { DeltaError } from '../errors';
import type { FileBatch, FileIndex, FileSet } from '../fileSet';
import { canonicalKey } from '../log/replay';
import { hasScheme, relativePath, resolvePath, type ObjectUri } from '../objectUri';
import { ByteDictionary } from '../util/byteDictionary';
import { shortHash, uuidOfUri } from '../util/sha1';
import { fileNumber } from './cloneFiles';
import { vectorInTable } from './shallowFiles';

const encoder = new TextEncoder();

export interface TargetNames {
  /** The encoded path below the target's root; `attempt` counts names that were not free. */
  path(batch: FileBatch, file: FileIndex, attempt: number): string;
}

export function targetNames(files: FileSet, targetRoot: ObjectUri): TargetNames {
  const marked = foreignNamesThatMeet(files, targetRoot);
  return {
    path: (batch, file, attempt) => {
      const plain = plainName(files, targetRoot, batch, file.index);
      const uri = attempt > 0 || marked.size > 0 ? files.uri(batch, file.index) : files.root;
      const name = marked.has(fileNumber(file)) ? withMark(plain, shortHash(uri)) : plain;
      const free = attempt === 0 ? name : withMark(name, shortHash(`${uri}#${attempt}`));
      return requireDataPath(files, targetRoot, free);
    },
  };
}

function plainName(files: FileSet, targetRoot: ObjectUri, batch: FileBatch, index: number): string {
  const written = files.path(batch, index);
  if (!files.isForeign(batch, index)) {
    const isRelative =
      !hasScheme(written) && !written.startsWith('/') && !/(^|\/)\.{0,2}(\/|$)/.test(written);
    if (isRelative) return written;
    return asRelative(relativePath(files.root, files.uri(batch, index)) ?? written);
  }
  const uri = files.uri(batch, index);
  const own = relativePath(targetRoot, uri);
  if (own !== undefined) return asRelative(own);
  const segments = uri.slice(uri.indexOf('://') + 3).split('/');
  let start = segments.length - 1;
  while (start > 1 && /^[^=]+=/.test(segments[start - 1] ?? '')) start--;
  return asRelative(segments.slice(start).join('/'));
}

/** A colon in the first segment would make it a scheme. */
function asRelative(path: string): string {
  return hasScheme(path) ? path.replace(':', '%3A') : path;
}

/** Puts a mark before the last segment. */
function withMark(path: string, mark: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${mark}-${path.slice(slash)}`;
}

/** A log that lists files of its log, or paths that lead out of a folder, must not make us write there in another table. */
function requireDataPath(files: FileSet, targetRoot: ObjectUri, path: string): string {
  const place = relativePath(targetRoot, resolvePath(targetRoot, path));
  if (place !== undefined && place !== '_delta_log' && !place.startsWith('_delta_log/'))
    return path;
  throw new DeltaError(
    'invalid-log',
    `The log of ${files.root} lists ${path} as a data file; it cannot be cloned.`,
    {
      details: { location: files.root, path },
    },
  );
}

/** Numbers of the foreign files whose name another file has too. */
function foreignNamesThatMeet(files: FileSet, targetRoot: ObjectUri): ReadonlySet<number> {
  const met = new Set<number>();
  let hasForeign = false;
  files.forEach((batch, index) => {
    hasForeign = files.isForeign(batch, index);
    return !hasForeign;
  });
  if (!hasForeign) return met;
  const names = new ByteDictionary(files.count);
  const counts: number[] = [];
  const codeOf = (batch: FileBatch, index: number): number => {
    const bytes = encoder.encode(
      canonicalKey(targetRoot, plainName(files, targetRoot, batch, index)),
    );
    return names.intern(bytes, 0, bytes.length);
  };
  files.forEach((batch, index) => {
    const code = codeOf(batch, index);
    counts[code] = (counts[code] ?? 0) + 1;
    return undefined;
  });
  files.forEach((batch, index, batchIndex) => {
    const isForeign =
      files.isForeign(batch, index) &&
      relativePath(targetRoot, files.uri(batch, index)) === undefined;
    if (isForeign && (counts[codeOf(batch, index)] ?? 0) > 1)
      met.add(fileNumber({ batch: batchIndex, index }));
    return undefined;
  });
  return met;
}

/**
 * A deletion vector as a deep clone names it: always relative, in a file of the target's own. `attempt` counts names that were not
 * free; the name is the same at every run, so that a clone finds it again. Source: delta-semantics.md 4.2, step 3.
 */
export function targetVectorName(
  from: ObjectUri,
  vector: DeletionVector,
  attempt: number,
): DeletionVector {
  const uri = vectorFileUri(from, vector);
  if (uri === undefined) return vector;
  if (attempt === 0) {
    if (vectorUuid(vector) !== undefined) return vector;
    const own = vectorInTable(from, from, vector);
    if (own.storageType === 'u') return own;
  }
  const uuid = uuidOfUri(attempt === 0 ? uri : `${uri}#${attempt}`);
  return { ...vector, storageType: 'u', pathOrInlineDv: vectorReference(uuid) };
}
