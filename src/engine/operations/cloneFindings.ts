/** What there is to say about a clone before it is made. */
import type { Engine } from '../engine';
import type { CallOptions } from '../objectStore';
import { relativePath, uriName, urisOverlap, type ObjectUri } from '../objectUri';
import { protocolFeatures, supportOf } from '../protocol';
import { isAppendOnly } from '../properties';
import type { Snapshot } from '../snapshot';
import { totalsOf, type FileSet } from '../fileSet';
import { canonicalKey } from '../log/replay';
import { vectorFileUri } from '../deletionVector';
import { ownersOfForeignFiles } from './fileOwners';
import { blocker, info, warning, type Finding } from './findings';
import type { CloneFiles } from './cloneFiles';
import type { CloneSpec, TargetState } from './operation';
import { assignsRowIds } from './rowTracking';
import { targetNames, targetVectorName } from './targetNames';

/** One root inside of another: a VACUUM of the outer table would delete the inner one's files. */
export function overlapFinding({ source, target }: CloneSpec): readonly Finding[] {
  if (!urisOverlap(source, target)) return [];
  const message =
    source === target
      ? `${target} cannot be cloned onto itself. Use restore to go back to an earlier version.`
      : `${source} and ${target} lie one inside the other: cleaning up the outer table would delete files of the inner one. Choose a target beside the source.`;
  return [blocker('overlapping-roots', { subject: target, detail: { source, target }, message })];
}

export function storeFinding(engine: Engine, target: ObjectUri): readonly Finding[] {
  if (engine.store.capabilities(target).createIfAbsent === 'atomic') return [];
  return [
    blocker('unsafe-store', {
      subject: target,
      detail: { createIfAbsent: 'unsafe' },
      message: `${target} lies on a store where a new version cannot be protected from another writer. Choose another location.`,
    }),
  ];
}

/** `version` is null where the table cannot be read. */
export function targetExists(target: ObjectUri, version: number | null): Finding {
  const which = version === null ? 'which cannot be read' : `version ${version}`;
  return blocker('target-exists', {
    subject: target,
    detail: { reason: 'table', version },
    message: `${target} is a Delta table already (${which}). Replace it, or choose another target.`,
  });
}

/** A table that we may not write, before or after the operation. */
export function unsupportedFeatures(table: ObjectUri, reasons: readonly string[]): Finding {
  return blocker('unsupported-feature', {
    subject: table,
    detail: { reasons },
    message: `${table} cannot be written: it needs ${reasons.join(', ')}. Use an engine that supports this.`,
  });
}

export function writeSupportFindings(
  target: ObjectUri,
  before: Snapshot | undefined,
  after: TargetState,
): readonly Finding[] {
  const reasons = new Set([
    ...(before === undefined ? [] : supportOf(before.protocol).writeReasons),
    ...supportOf(after.protocol).writeReasons,
  ]);
  return reasons.size === 0 ? [] : [unsupportedFeatures(target, [...reasons])];
}

export function appendOnlyFinding(table: Snapshot, removes: number): readonly Finding[] {
  if (removes === 0 || !isAppendOnly(table.metadata.configuration)) return [];
  return [
    blocker('append-only', {
      subject: table.root,
      detail: { removes },
      message: `${table.root} is append-only (delta.appendOnly is true), and ${removes} file(s) would have to be removed from it.`,
    }),
  ];
}

/** Row tracking needs the row count of every added file. */
export function rowCountFinding(
  target: ObjectUri,
  state: TargetState,
  files: CloneFiles,
): readonly Finding[] {
  if (!assignsRowIds(state)) return [];
  let unknown = 0;
  files.sourceFiles.forEach((batch, index) => {
    if (Number.isNaN(batch.numRecords[index] ?? NaN)) unknown++;
    return undefined;
  });
  if (unknown === 0) return [];
  return [
    blocker('unsupported-feature', {
      subject: target,
      detail: { reasons: ['table feature rowTracking'], filesWithoutRowCount: unknown },
      message: `The clone has row tracking, which needs a row count for every file, and ${unknown} file(s) of the source have none in their statistics. Write statistics for the source first.`,
    }),
  ];
}

/**
 * A target folder that is no table must be empty, but for what an interrupted deep clone of the same source has left there and the
 * droppings of file managers.
 */
export async function emptyTargetFinding(
  engine: Engine,
  spec: CloneSpec,
  sourceFiles: FileSet,
  tombstones: FileSet,
  options: CallOptions = {},
): Promise<readonly Finding[]> {
  let known: ReadonlySet<string> | undefined;
  for await (const { uri } of engine.store.list(spec.target, options)) {
    const path = relativePath(spec.target, uri) ?? uri;
    if (isLitter(uriName(uri))) continue;
    if (spec.kind === 'deep-clone') {
      known ??= namesOfCopies(spec.target, [sourceFiles, tombstones]);
      if (known.has(path) || known.has(path.replace(/(^|\/)[0-9a-f]{8}-([^/]*)$/, '$1$2')))
        continue;
    }
    return [
      blocker('target-exists', {
        subject: spec.target,
        detail: { reason: 'not-empty', example: uri },
        message: `${spec.target} is not empty and is no Delta table (it holds ${path}). Choose an empty or a new folder.`,
      }),
    ];
  }
  return [];
}

function isLitter(name: string): boolean {
  return name === '.DS_Store' || /^\..*\.crc$/.test(name);
}

function namesOfCopies(targetRoot: ObjectUri, sets: readonly FileSet[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const files of sets) {
    const naming = targetNames(files, targetRoot);
    files.forEach((batch, index, batchIndex) => {
      names.add(canonicalKey(targetRoot, naming.path(batch, { batch: batchIndex, index }, 0)));
      return undefined;
    });
    for (const batch of files.batches) {
      for (const vector of batch.vectors.values()) {
        const uri = vectorFileUri(targetRoot, targetVectorName(files.root, vector, 0));
        const path = uri === undefined ? undefined : relativePath(targetRoot, uri);
        if (path !== undefined) names.add(path);
      }
    }
  }
  return names;
}

/** Files of the source that belong to another table. */
export async function nestedCloneFinding(
  engine: Engine,
  spec: CloneSpec,
  sourceFiles: FileSet,
  options: CallOptions = {},
): Promise<readonly Finding[]> {
  const { foreignFiles, foreignBytes } = totalsOf(sourceFiles);
  if (foreignFiles === 0) return [];
  const owners = await ownersOfForeignFiles(engine, sourceFiles, options);
  const consequence =
    spec.kind === 'shallow-clone'
      ? 'The new clone reads them there too, and depends on that table.'
      : 'They are copied, so the new clone does not depend on that table.';
  return [
    info('nested-clone', {
      subject: owners[0] ?? spec.source,
      detail: { owners, files: foreignFiles, bytes: foreignBytes },
      message: `${spec.source} is a shallow clone itself: ${foreignFiles} of its files belong to ${owners.join(', ')}. ${consequence}`,
    }),
  ];
}

/** What a clone never takes along, and who can read it. */
export function cloneNotices(spec: CloneSpec, source: Snapshot): readonly Finding[] {
  const notices: Finding[] = [];
  if (protocolFeatures(source.protocol).has('coordinatedCommits-preview')) {
    notices.push(
      warning('stale-source', {
        subject: source.root,
        message: `The commits of ${source.root} are handed out by a coordinator, so its folder alone may be stale. What is published is cloned.`,
      }),
    );
  }
  if (spec.kind === 'shallow-clone') {
    notices.push(
      info('readers-limited', {
        subject: spec.target,
        detail: { canRead: absoluteReaders, canNotRead: relativeReaders },
        message: `A shallow clone lists files by absolute path: ${absoluteReaders.join(', ')} can read it, ${relativeReaders.join(' and ')} can not.`,
      }),
    );
  }
  notices.push(
    info('permissions-not-copied', {
      subject: spec.target,
      message:
        spec.kind === 'shallow-clone'
          ? 'Storage permissions are not copied: whoever reads the clone needs access to the files of the source as well.'
          : 'Storage permissions are not copied: the clone has those of its own folder.',
    }),
  );
  return notices;
}

const absoluteReaders = [
  'Spark with Delta',
  'Databricks',
  'the Delta kernel',
  'Trino',
  'StarRocks',
  'DuckDB (from 2025 on)',
];
const relativeReaders = ['delta-rs (and what is built on it)', 'Delta Sharing'];

/** Who can open the result, in words. */
export function readersOf(spec: CloneSpec, protocol: TargetState['protocol']): readonly string[] {
  const version = `Readers need reader version ${protocol.minReaderVersion}${
    protocol.minReaderVersion >= 3 ? ` with ${(protocol.readerFeatures ?? []).join(', ')}` : ''
  }.`;
  if (spec.kind === 'deep-clone') {
    return [
      version,
      'All paths are relative, so every Delta reader that knows these features can open the clone, wherever it is moved.',
    ];
  }
  return [
    version,
    `Can open it: ${absoluteReaders.join(', ')}.`,
    `Can not open it: ${relativeReaders.join(', ')}.`,
  ];
}
