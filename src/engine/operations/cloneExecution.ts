/** Making a clone from its plan: files first, then the one commit that makes them visible. Sources: delta-semantics.md 3.1, 4.2. */
import type { Action, AddFile } from '../actions';
import type { Engine } from '../engine';
import { resolvePath, writtenUri } from '../objectUri';
import { canonicalKey } from '../log/replay';
import type { Version } from '../log/logPath';
import type { Snapshot } from '../snapshot';
import { metricTexts } from '../transaction';
import type { JsonObject } from '../util/json';
import { countVectors, selectedFiles, totalsOfSelection } from './cloneFiles';
import { checkpointOf, commitPlanned, revalidateSource, revalidateTarget } from './execution';
import { asChange, readPlacedAdds, removeOf, withoutRowIds } from './fileActions';
import { requireAcknowledged } from './findings';
import { withOwnEnablement } from './inCommitTimestamps';
import type {
  CloneEdge,
  ClonePlan,
  CloneWork,
  ExecuteContext,
  Outcome,
  TargetState,
} from './operation';
import { noTotals, type Totals } from './totals';
import { assignsRowIds, RowIdAssigner } from './rowTracking';
import { transferFiles, type Transfer, type TransferResult } from './transfer';

const nothingMoved: TransferResult = {
  copied: noTotals,
  reused: noTotals,
  copiedData: noTotals,
  reusedData: noTotals,
};

/**
 * Executes a plan of {@link planClone}. Throws `refused`, `stale-plan`, `conflict`, `missing-files`, `corrupt-file`, `cancelled` and
 * StoreErrors; then nothing was committed.
 */
export async function executeClone(
  engine: Engine,
  plan: ClonePlan,
  context: ExecuteContext,
): Promise<Outcome> {
  requireAcknowledged(plan, context.acknowledged);
  const { work, spec } = plan;
  if (!plan.willCommit || work === undefined) return unchanged(plan);
  await revalidateSource(engine, work.source, context);
  await revalidateTarget(engine, spec.target, work.target, context);
  const moved =
    spec.kind === 'deep-clone'
      ? await transferFiles(engine, transfersOf(plan, work), {
          ...context,
          totalBytes: plan.effect.filesToCopy.bytes,
          totalFiles: plan.effect.filesToCopy.files + plan.effect.filesReused.files,
        })
      : nothingMoved;
  const metrics = metricsOf(work, moved.copiedData, plan.effect.filesToRemove);
  const cloneInfo = cloneInfoOf(engine, plan, work, moved.reusedData);
  context.onProgress?.({ phase: 'committing', done: 0, unit: 'commits', subject: spec.target });
  await context.recordClone?.(edgeOf(engine, plan, work));
  const committed = await commitPlanned(
    engine,
    {
      root: spec.target,
      planned: work.target,
      build: (before, version, timestamp) => {
        const { protocol } = work.state;
        const metadata = withOwnEnablement(before, work.state, version, timestamp);
        const state: TargetState = { ...work.state, metadata };
        return {
          protocol,
          metadata,
          info: {
            operation: 'CLONE',
            operationParameters: {
              source: `delta.\`${writtenUri(spec.source)}\``,
              sourceVersion: work.source.version,
              isShallow: spec.kind === 'shallow-clone',
            },
            operationMetrics: metricTexts(metrics),
            isBlindAppend: false,
            extra: { cloneInfo },
          },
          actions: cloneActions(engine, work, state, before, version, timestamp, context),
        };
      },
    },
    context,
  );
  context.onProgress?.({ phase: 'checkpointing', done: 0, unit: 'files', subject: spec.target });
  return {
    version: committed.version,
    committed: true,
    root: spec.target,
    metrics,
    cloneInfo,
    undoVersion: committed.before?.version ?? null,
    warnings: await checkpointOf(engine, spec.target, committed.version, context),
  };
}

function unchanged(plan: ClonePlan): Outcome {
  const { work } = plan;
  return {
    version: plan.target.version,
    committed: false,
    root: plan.spec.target,
    metrics: work === undefined ? noMetrics : metricsOf(work, noTotals, noTotals),
    cloneInfo: null,
    undoVersion: null,
    warnings: [],
  };
}

/** Of a clone that never looked at its source's files, because the target is there. */
const noMetrics: Readonly<Record<string, number>> = {
  sourceTableSize: 0,
  sourceNumOfFiles: 0,
  numRemovedFiles: 0,
  numCopiedFiles: 0,
  removedFilesSize: 0,
  copiedFilesSize: 0,
};

/** Deletion vectors first: no data file may ever be there without the vector that hides its deleted rows. */
function* transfersOf(plan: ClonePlan, { files }: CloneWork): Generator<Transfer, void, undefined> {
  for (const vector of files.vectors) yield { kind: 'vector', ...vector };
  const { sourceFiles } = files;
  for (const [selection, isThere] of [
    [files.reuses, true],
    [files.copies, false],
  ] as const) {
    for (const file of selectedFiles(sourceFiles, selection)) {
      yield {
        kind: 'data',
        from: sourceFiles.uri(file.in, file.index),
        to: resolvePath(plan.spec.target, files.targetPath(file)),
        size: files.storedSize(file),
        isThere,
      };
    }
  }
}

/** All six metrics of CLONE, zero included. */
function metricsOf(
  { source, files }: CloneWork,
  copied: Totals,
  removed: Totals,
): Readonly<Record<string, number>> {
  let sourceTableSize = 0;
  for (const batch of files.sourceFiles.batches)
    for (const size of batch.sizes) sourceTableSize += size;
  const vectors = {
    numDeletionVectorsAdded: countVectors(files.sourceFiles, files.adds),
    numDeletionVectorsRemoved: countVectors(files.targetFiles, files.removes),
  };
  const hasVectors = vectors.numDeletionVectorsAdded + vectors.numDeletionVectorsRemoved > 0;
  return {
    sourceTableSize,
    sourceNumOfFiles: files.sourceFiles.count,
    numRemovedFiles: removed.files,
    numCopiedFiles: copied.files,
    removedFilesSize: removed.bytes,
    copiedFilesSize: copied.bytes,
    ...(hasVectors || source.protocol.writerFeatures?.includes('deletionVectors') === true
      ? vectors
      : {}),
  };
}

function cloneInfoOf(
  engine: Engine,
  plan: ClonePlan,
  { source }: CloneWork,
  reused: Totals,
): JsonObject {
  return {
    sourceTableId: source.metadata.id,
    sourceRoot: source.root,
    sourceVersion: source.version,
    kind: kindOf(plan),
    toolVersion: engine.engineInfo.slice(engine.engineInfo.lastIndexOf('/') + 1),
    reusedFiles: reused.files,
    reusedBytes: reused.bytes,
    ...(plan.spec.expires === undefined ? {} : { expires: plan.spec.expires }),
  };
}

function kindOf(plan: ClonePlan): 'shallow' | 'deep' {
  return plan.kind === 'shallow-clone' ? 'shallow' : 'deep';
}

function edgeOf(engine: Engine, plan: ClonePlan, { source, state }: CloneWork): CloneEdge {
  return {
    sourceRoot: source.root,
    sourceTableId: source.metadata.id,
    sourceVersion: source.version,
    cloneRoot: plan.spec.target,
    cloneTableId: state.metadata.id,
    kind: kindOf(plan),
    createdAt: engine.clock.now(),
    ...(plan.spec.expires === undefined ? {} : { expires: plan.spec.expires }),
  };
}

/** The lines after `commitInfo`, made while they are sent. */
async function* cloneActions(
  engine: Engine,
  { source, files }: CloneWork,
  state: TargetState,
  before: Snapshot | undefined,
  version: Version,
  timestamp: number,
  context: ExecuteContext,
): AsyncGenerator<Action, void, undefined> {
  const rowIds = assignsRowIds(state) ? new RowIdAssigner(before?.domains, version) : undefined;
  const kept = rowIds === undefined ? undefined : await keptRowIds(engine, files, context);
  if (state.writesMetadata) yield { kind: 'metaData', metaData: state.metadata };
  let done = 0;
  for await (const placed of readPlacedAdds(engine, files.sourceFiles, files.adds, context)) {
    for (const { file, add } of placed) {
      const path = files.targetPath(file);
      const { deletionVector } = add;
      const cloned: AddFile = {
        ...withoutRowIds(asChange(add)),
        path,
        ...(deletionVector === undefined
          ? {}
          : { deletionVector: files.targetVector(deletionVector) }),
      };
      const ids = kept?.get(canonicalKey(files.targetFiles?.root ?? source.root, path));
      yield {
        kind: 'add',
        add:
          rowIds === undefined
            ? cloned
            : ids === undefined
              ? rowIds.fresh(cloned)
              : { ...cloned, ...ids },
      };
    }
    done += placed.length;
    context.onProgress?.({ phase: 'committing', done, unit: 'files' });
  }
  if (files.targetFiles !== undefined) {
    for await (const placed of readPlacedAdds(engine, files.targetFiles, files.removes, context)) {
      for (const { add } of placed) yield { kind: 'remove', remove: removeOf(add, timestamp) };
    }
  }
  for (const txn of state.transactions) yield { kind: 'txn', txn };
  for (const domainMetadata of state.domains) yield { kind: 'domainMetadata', domainMetadata };
  if (state.writesProtocol) yield { kind: 'protocol', protocol: state.protocol };
  const domain = rowIds?.domain();
  if (domain !== undefined) yield { kind: 'domainMetadata', domainMetadata: domain };
}

/** Row ids of the target's files that are only listed with another deletion vector: their rows stay who they are. */
async function keptRowIds(
  engine: Engine,
  files: CloneWork['files'],
  context: ExecuteContext,
): Promise<ReadonlyMap<string, Pick<AddFile, 'baseRowId' | 'defaultRowCommitVersion'>>> {
  const kept = new Map<string, Pick<AddFile, 'baseRowId' | 'defaultRowCommitVersion'>>();
  const { targetFiles } = files;
  if (targetFiles === undefined || totalsOfSelection(targetFiles, files.restated).files === 0)
    return kept;
  for await (const placed of readPlacedAdds(engine, targetFiles, files.restated, context)) {
    for (const { add } of placed) {
      const { baseRowId, defaultRowCommitVersion } = add;
      if (baseRowId === undefined || defaultRowCommitVersion === undefined) continue;
      kept.set(canonicalKey(targetFiles.root, add.path), { baseRowId, defaultRowCommitVersion });
    }
  }
  return kept;
}
