/** Restoring a table from its plan: one commit that removes and adds, so that the history stays and the restore can be undone. */
import type { Action } from '../actions';
import type { Engine } from '../engine';
import { DeltaError } from '../errors';
import type { Version } from '../log/logPath';
import type { Snapshot } from '../snapshot';
import { metricTexts } from '../transaction';
import type { JsonObject } from '../util/json';
import { countVectors } from './cloneFiles';
import { checkpointOf, commitPlanned } from './execution';
import { asChange, readPlacedAdds, removeOf } from './fileActions';
import { requireAcknowledged } from './findings';
import { withOwnEnablement } from './inCommitTimestamps';
import { checkFiles } from './missingFiles';
import type {
  ExecuteContext,
  Outcome,
  RestorePlan,
  RestoreSpec,
  RestoreWork,
  TargetState,
} from './operation';
import { assignsRowIds, RowIdAssigner, tracksRows } from './rowTracking';

/**
 * Executes a plan of {@link planRestore}. Throws `refused`, `stale-plan`, `missing-files`, `cancelled` and StoreErrors; then nothing was
 * committed.
 */
export async function executeRestore(
  engine: Engine,
  plan: RestorePlan,
  context: ExecuteContext,
): Promise<Outcome> {
  requireAcknowledged(plan, context.acknowledged);
  const { work, spec } = plan;
  const root = spec.table;
  const metrics = metricsOf(plan);
  if (!plan.willCommit) {
    return {
      version: plan.target.version,
      committed: false,
      root,
      metrics,
      cloneInfo: null,
      undoVersion: null,
      warnings: [],
    };
  }
  await requireFiles(engine, plan, context);
  context.onProgress?.({ phase: 'committing', done: 0, unit: 'commits', subject: root });
  const committed = await commitPlanned(
    engine,
    {
      root,
      planned: work.current,
      build: (before, version, timestamp) => {
        const { protocol } = work.state;
        const state: TargetState = {
          ...work.state,
          metadata: withOwnEnablement(before, work.state, version, timestamp),
        };
        return {
          protocol,
          metadata: state.metadata,
          info: {
            operation: 'RESTORE',
            operationParameters: parametersOf(spec, work.restored.version),
            operationMetrics: metricTexts(metrics),
            isBlindAppend: false,
            ...(tracksRows(state) ? { tags: { 'delta.rowTracking.preserved': 'true' } } : {}),
          },
          actions: restoreActions(engine, work, state, before, version, timestamp, context),
        };
      },
    },
    context,
  );
  context.onProgress?.({ phase: 'checkpointing', done: 0, unit: 'files', subject: root });
  return {
    version: committed.version,
    committed: true,
    root,
    metrics,
    cloneInfo: null,
    undoVersion: committed.before?.version ?? null,
    warnings: await checkpointOf(engine, root, committed.version, context),
  };
}

/** Time passes between the plan and its execution, and VACUUM runs in it. */
async function requireFiles(
  engine: Engine,
  { work, spec }: RestorePlan,
  context: ExecuteContext,
): Promise<void> {
  const { missing, names } = await checkFiles(engine, work.restoredFiles, work.adds, context);
  if (missing === 0) return;
  throw new DeltaError(
    'missing-files',
    `${missing} file(s) that version ${work.restored.version} of ${spec.table} needs have vanished since the plan was made: ${names.slice(0, 3).join(', ')}. Nothing was committed; choose another version.`,
    { details: { location: spec.table, version: work.restored.version, missing, files: names } },
  );
}

/** As engines write it: the one that was asked for, and null for the other. */
function parametersOf({ at }: RestoreSpec, version: Version): JsonObject {
  return at !== 'latest' && 'timestamp' in at
    ? { version: null, timestamp: sqlTimestamp(at.timestamp) }
    : { version, timestamp: null };
}

/** `yyyy-MM-dd HH:mm:ss.S` in UTC, with as many digits of a second as there are. */
function sqlTimestamp(timestamp: number): string {
  const iso = new Date(timestamp).toISOString();
  const fraction = iso.slice(20, 23).replace(/0{1,2}$/, '');
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${fraction}`;
}

function metricsOf({ effect, work }: RestorePlan): Readonly<Record<string, number>> {
  const vectors = {
    numDeletionVectorsAdded: countVectors(work.restoredFiles, work.adds),
    numDeletionVectorsRemoved: countVectors(work.currentFiles, work.removes),
  };
  const hasVectors = vectors.numDeletionVectorsAdded + vectors.numDeletionVectorsRemoved > 0;
  return {
    tableSizeAfterRestore: work.totalsAfter.bytes,
    numOfFilesAfterRestore: work.totalsAfter.files,
    numRemovedFiles: effect.filesToRemove.files,
    numRestoredFiles: effect.filesToAdd.files,
    removedFilesSize: effect.filesToRemove.bytes,
    restoredFilesSize: effect.filesToAdd.bytes,
    ...(hasVectors || work.state.protocol.writerFeatures?.includes('deletionVectors') === true
      ? vectors
      : {}),
  };
}

async function* restoreActions(
  engine: Engine,
  work: RestoreWork,
  state: TargetState,
  before: Snapshot | undefined,
  version: Version,
  timestamp: number,
  context: ExecuteContext,
): AsyncGenerator<Action, void, undefined> {
  const rowIds = assignsRowIds(state) ? new RowIdAssigner(before?.domains, version) : undefined;
  if (state.writesMetadata) yield { kind: 'metaData', metaData: state.metadata };
  for await (const placed of readPlacedAdds(engine, work.restoredFiles, work.adds, context)) {
    for (const { add } of placed) {
      const restored = asChange(add);
      // Files from before row tracking have no ids yet; all others keep theirs.
      yield {
        kind: 'add',
        add:
          rowIds !== undefined && restored.baseRowId === undefined
            ? rowIds.fresh(restored)
            : restored,
      };
    }
  }
  for await (const placed of readPlacedAdds(engine, work.currentFiles, work.removes, context)) {
    for (const { add } of placed) yield { kind: 'remove', remove: removeOf(add, timestamp) };
  }
  for (const domainMetadata of state.domains) yield { kind: 'domainMetadata', domainMetadata };
  if (state.writesProtocol) yield { kind: 'protocol', protocol: state.protocol };
  const domain = rowIds?.domain();
  if (domain !== undefined) yield { kind: 'domainMetadata', domainMetadata: domain };
}
