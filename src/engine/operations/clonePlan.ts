/** Planning a clone: the states of source and target are compared, and nothing is written. Sources: delta-semantics.md 3 and 4. */
import type { Engine } from '../engine';
import { DeltaError, isDeltaError } from '../errors';
import type { FileSet } from '../fileSet';
import { requireRead, supportOf } from '../protocol';
import type { Snapshot } from '../snapshot';
import { isTable, openSnapshot } from '../table';
import { propertyChanges, protocolChanges, schemaChanges } from './changes';
import {
  appendOnlyFinding,
  cloneNotices,
  emptyTargetFinding,
  nestedCloneFinding,
  overlapFinding,
  readersOf,
  rowCountFinding,
  storeFinding,
  targetExists,
  unsupportedFeatures,
  writeSupportFindings,
} from './cloneFindings';
import { addTotals, selectedFiles, totalsOfSelection, type CloneFiles } from './cloneFiles';
import { cloneState } from './cloneState';
import { deepFiles } from './deepFiles';
import { findDivergence, type Divergence } from './divergence';
import { warning, type Finding } from './findings';
import { checkFiles, missingFilesFinding, type FileCheck } from './missingFiles';
import type {
  ClonePlan,
  CloneSpec,
  PlanContext,
  PlanEffect,
  PlannedTable,
  Precondition,
  TargetState,
} from './operation';
import { noTotals, type Totals } from './totals';
import { shallowFiles } from './shallowFiles';

const noEffect: PlanEffect = {
  filesToAdd: noTotals,
  filesToRemove: noTotals,
  filesToCopy: noTotals,
  filesReused: noTotals,
  filesUnchanged: noTotals,
};

/**
 * Plans a shallow or a deep clone. Throws what opening the source throws (`not-a-table`, `version-not-found`, `unsupported-read`, ...) and
 * `invalid-argument` for properties that cannot be; whatever stands against the target is a finding.
 */
export async function planClone(
  engine: Engine,
  spec: CloneSpec,
  context: PlanContext = {},
): Promise<ClonePlan> {
  if (spec.replace === true && spec.ifNotExists === true) {
    throw new DeltaError(
      'invalid-argument',
      'A clone either replaces its target or leaves an existing one alone, not both.',
    );
  }
  context.onProgress?.({ phase: 'replaying', done: 0, unit: 'commits', subject: spec.source });
  const source = await openSnapshot(engine, spec.source, spec.at, context);
  requireRead(source);
  const overlap = overlapFinding(spec);
  if (spec.source === spec.target)
    return settledPlan(engine, spec, source, undefined, true, overlap);
  const target = (await isTable(engine, spec.target, context))
    ? await openTarget(engine, spec, context)
    : undefined;
  if (target === 'unreadable') {
    return settledPlan(engine, spec, source, undefined, true, [
      ...overlap,
      targetExists(spec.target, null),
    ]);
  }
  if (target !== undefined && spec.ifNotExists === true) {
    return settledPlan(engine, spec, source, target, false, []);
  }
  if (spec.source === spec.target)
    return settledPlan(engine, spec, source, undefined, true, overlap);
  if (target !== undefined && spec.replace !== true) {
    return settledPlan(engine, spec, source, target, true, [
      ...overlap,
      targetExists(spec.target, target.version),
    ]);
  }
  if (target !== undefined && !supportOf(target.protocol).read) {
    const reasons = supportOf(target.protocol).writeReasons;
    return settledPlan(engine, spec, source, target, true, [
      ...overlap,
      unsupportedFeatures(spec.target, reasons),
    ]);
  }
  return comparedPlan(engine, spec, source, target, overlap, context);
}

/** A table that is only in the way need not be readable to be named; one that is to be replaced must be. */
async function openTarget(
  engine: Engine,
  spec: CloneSpec,
  context: PlanContext,
): Promise<Snapshot | 'unreadable'> {
  try {
    return await openSnapshot(engine, spec.target, 'latest', context);
  } catch (error) {
    const isInTheWay = spec.replace !== true && spec.ifNotExists !== true;
    if (
      isInTheWay &&
      isDeltaError(error, 'invalid-log', 'versions-not-contiguous', 'corrupt-file')
    ) {
      return 'unreadable';
    }
    throw error;
  }
}

function factsOf(
  engine: Engine,
  spec: CloneSpec,
  source: Snapshot,
  target: Snapshot | undefined,
): Pick<ClonePlan, 'id' | 'kind' | 'spec' | 'createdAt' | 'source' | 'target' | 'reads'> {
  const reads: readonly Precondition[] = [
    { root: source.root, tableId: source.metadata.id, version: source.version },
    { root: spec.target, tableId: target?.metadata.id ?? null, version: target?.version ?? null },
  ];
  return {
    id: engine.ids.uuid(),
    kind: spec.kind,
    spec,
    createdAt: engine.clock.now(),
    source: plannedTable(source),
    target:
      target === undefined
        ? { root: spec.target, version: null, timestamp: null, tableId: null }
        : plannedTable(target),
    reads,
  };
}

export function plannedTable(snapshot: Snapshot): PlannedTable {
  return {
    root: snapshot.root,
    version: snapshot.version,
    timestamp: snapshot.timestamp,
    tableId: snapshot.metadata.id,
  };
}

/** A plan whose end is known before the files are looked at. */
function settledPlan(
  engine: Engine,
  spec: CloneSpec,
  source: Snapshot,
  target: Snapshot | undefined,
  willCommit: boolean,
  findings: readonly Finding[],
): ClonePlan {
  return {
    ...factsOf(engine, spec, source, target),
    willCommit,
    effect: noEffect,
    schemaChanges: [],
    propertyChanges: [],
    protocolChanges: [],
    findings,
    readers: [],
    work: undefined,
    lastSync: null,
  };
}

async function comparedPlan(
  engine: Engine,
  spec: CloneSpec,
  source: Snapshot,
  target: Snapshot | undefined,
  overlap: readonly Finding[],
  context: PlanContext,
): Promise<ClonePlan> {
  const sourceFiles = await source.files(context);
  const state = cloneState(engine, spec, source, target);
  refuseLostVectors(spec, sourceFiles);
  context.onProgress?.({ phase: 'listing', done: 0, unit: 'files', subject: spec.target });
  const { files, check } = await compareFiles(engine, spec, sourceFiles, target, context);
  const divergence: Divergence =
    target === undefined
      ? { lastSync: undefined, findings: [] }
      : await findDivergence(engine, source, target, context);
  const removes = totalsOfSelection(files.targetFiles, files.removes);
  const findings = [
    ...overlap,
    ...storeFinding(engine, spec.target),
    ...(target === undefined
      ? await emptyTargetFinding(
          engine,
          spec,
          sourceFiles,
          await source.tombstones(context),
          context,
        )
      : appendOnlyFinding(target, removes.files)),
    ...writeSupportFindings(spec.target, target, state),
    ...rowCountFinding(spec.target, state, files),
    ...missingFilesFinding(check, spec.source, `Version ${source.version} of ${spec.source}`),
    ...divergence.findings,
    ...sizeFinding(check, source),
    ...damageFindings(source),
    ...(await nestedCloneFinding(engine, spec, sourceFiles, context)),
    ...cloneNotices(spec, source),
  ];
  const effect = effectOf(files, removes);
  const { lastSync } = divergence;
  return {
    ...factsOf(engine, spec, source, target),
    willCommit:
      target === undefined ||
      changesState(effect, state) ||
      spec.record === true ||
      lastSync?.sourceVersion !== source.version,
    effect,
    schemaChanges: target === undefined ? [] : schemaChanges(target.metadata, state.metadata),
    propertyChanges: propertyChanges((target ?? source).metadata, state.metadata),
    protocolChanges: protocolChanges((target ?? source).protocol, state.protocol),
    findings,
    readers: readersOf(spec, state.protocol),
    work: { source, target, files, state },
    lastSync:
      lastSync?.sourceVersion === undefined
        ? null
        : { sourceVersion: lastSync.sourceVersion, targetVersion: lastSync.version },
  };
}

/** Files of deep clones are looked for in storage as they are compared; those of a shallow clone where an old version is cloned. */
async function compareFiles(
  engine: Engine,
  spec: CloneSpec,
  sourceFiles: FileSet,
  target: Snapshot | undefined,
  context: PlanContext,
): Promise<{ readonly files: CloneFiles; readonly check: FileCheck }> {
  if (spec.kind === 'deep-clone') {
    const targetFiles =
      target === undefined
        ? undefined
        : { files: await target.files(context), tombstones: await target.tombstones(context) };
    return deepFiles(engine, sourceFiles, spec.target, targetFiles, context);
  }
  const files = shallowFiles(sourceFiles, spec.target, await target?.files(context));
  if (spec.at === 'latest') return { files, check: nothingMissing };
  // Files of an old version may have been vacuumed; those of the newest are listed by the table itself.
  return { files, check: await checkFiles(engine, sourceFiles, files.adds, context) };
}

const nothingMissing: FileCheck = { missing: 0, names: [], otherSizes: [], vectorSizes: new Map() };

/** Switching vectors off for a table that has some is refused, as other engines do. */
function refuseLostVectors(spec: CloneSpec, files: FileSet): void {
  const written = Object.entries(spec.properties ?? {}).find(
    ([key]) => key.toLowerCase() === 'delta.enabledeletionvectors',
  )?.[1];
  if (
    written?.toLowerCase() !== 'false' ||
    files.batches.every((batch) => batch.vectors.size === 0)
  )
    return;
  throw new DeltaError(
    'invalid-argument',
    'The property delta.enableDeletionVectors cannot be set to false on this clone: files of the source have deletion vectors. Purge them first (REORG TABLE ... APPLY (PURGE)).',
    { details: { property: 'delta.enableDeletionVectors' } },
  );
}

function sizeFinding(check: FileCheck, source: Snapshot): readonly Finding[] {
  if (check.otherSizes.length === 0) return [];
  const files = check.otherSizes.map(({ uri, size }) => ({ file: uri, size }));
  return [
    warning('size-differs', {
      subject: source.root,
      detail: { files },
      message: `The sizes of ${files.length} file(s) in storage are not those that the log of ${source.root} tells. They are taken as they are; check the source.`,
    }),
  ];
}

export function damageFindings(snapshot: Snapshot): readonly Finding[] {
  return snapshot.warnings.map((message) =>
    warning('damaged-checkpoint', {
      subject: snapshot.root,
      detail: { version: snapshot.version },
      message,
    }),
  );
}

function effectOf(files: CloneFiles, removes: Totals): PlanEffect {
  let copied: Totals = noTotals;
  for (const file of selectedFiles(files.sourceFiles, files.copies)) {
    copied = addTotals(copied, { files: 1, bytes: files.storedSize(file) });
  }
  let reused = totalsOfSelection(files.sourceFiles, files.reuses);
  for (const { size, isThere } of files.vectors) {
    if (isThere) reused = addTotals(reused, { files: 1, bytes: size });
    else copied = addTotals(copied, { files: 1, bytes: size });
  }
  return {
    filesToAdd: totalsOfSelection(files.sourceFiles, files.adds),
    filesToRemove: removes,
    filesToCopy: copied,
    filesReused: reused,
    filesUnchanged: files.unchanged,
  };
}

function changesState(effect: PlanEffect, state: TargetState): boolean {
  return (
    effect.filesToAdd.files > 0 ||
    effect.filesToRemove.files > 0 ||
    state.writesMetadata ||
    state.writesProtocol ||
    state.domains.length > 0 ||
    state.transactions.length > 0
  );
}
