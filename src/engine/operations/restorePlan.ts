/**
 * Planning a restore: the version that comes back is compared with the newest one by (path, deletion vector), and everything that it needs
 * is looked for before anything is promised. Source: delta-semantics.md 5.
 */
import type { DomainMetadata, Metadata } from '../actions';
import type { Engine } from '../engine';
import { isSelected, select, type FileSelection, type FileSet } from '../fileSet';
import { openHistory, versionAt } from '../history';
import { deletedFileRetentionMs } from '../properties';
import { mergeProtocols, requireRead } from '../protocol';
import type { Snapshot } from '../snapshot';
import { openSnapshot } from '../table';
import { isJsonObject, parseJson, stringifyJson } from '../util/json';
import {
  propertyChanges,
  protocolChanges,
  sameMetadata,
  sameProtocol,
  schemaChanges,
} from './changes';
import { appendOnlyFinding, storeFinding, writeSupportFindings } from './cloneFindings';
import { totalsOfSelection } from './cloneFiles';
import { damageFindings, plannedTable } from './clonePlan';
import { FileLookup, fileStateKey } from './fileIndex';
import { info, warning, type Finding } from './findings';
import { keepMaxColumnId } from './columnIds';
import { mergeIdentityMarks } from './identityColumns';
import { withOwnEnablement } from './inCommitTimestamps';
import { checkFiles, missingFilesFinding } from './missingFiles';
import type { PlanContext, RestorePlan, RestoreSpec, TargetState } from './operation';
import { noTotals, type Totals } from './totals';

const clustering = 'delta.clustering';

/** Throws what opening the table at the version throws; a time after the last commit gives the newest version. */
export async function planRestore(
  engine: Engine,
  spec: RestoreSpec,
  context: PlanContext = {},
): Promise<RestorePlan> {
  context.onProgress?.({ phase: 'replaying', done: 0, unit: 'commits', subject: spec.table });
  const current = await openSnapshot(engine, spec.table, 'latest', context);
  requireRead(current);
  const restored = await openRestored(engine, spec, current, context);
  requireRead(restored);
  const currentFiles = await current.files(context);
  const restoredFiles = await restored.files(context);
  const { adds, removes, unchanged } = compare(currentFiles, restoredFiles);
  const state = restoredState(current, restored);
  const willCommit = restored !== current;
  const filesToAdd = totalsOfSelection(restoredFiles, adds);
  const filesToRemove = totalsOfSelection(currentFiles, removes);
  context.onProgress?.({ phase: 'listing', done: 0, unit: 'files', subject: spec.table });
  const findings = willCommit
    ? [
        ...storeFinding(engine, spec.table),
        ...writeSupportFindings(spec.table, current, state),
        ...appendOnlyFinding(current, filesToRemove.files),
        ...missingFilesFinding(
          await checkFiles(engine, restoredFiles, adds, context),
          spec.table,
          `Version ${restored.version} of ${spec.table}`,
        ),
        ...(await retentionFinding(engine, current, restored, restoredFiles, adds, context)),
        ...changeFindings(current, restored, state),
        ...damageFindings(current),
      ]
    : [];
  return {
    id: engine.ids.uuid(),
    kind: 'restore',
    spec,
    createdAt: engine.clock.now(),
    source: plannedTable(restored),
    target: plannedTable(current),
    reads: [{ root: current.root, tableId: current.metadata.id, version: current.version }],
    willCommit,
    effect: {
      filesToAdd,
      filesToRemove,
      filesToCopy: noTotals,
      filesReused: noTotals,
      filesUnchanged: unchanged,
    },
    schemaChanges: schemaChanges(current.metadata, state.metadata),
    propertyChanges: propertyChanges(current.metadata, state.metadata),
    protocolChanges: protocolChanges(current.protocol, state.protocol),
    findings,
    readers: [],
    work: {
      current,
      restored,
      currentFiles,
      restoredFiles,
      adds,
      removes,
      state,
      totalsAfter: totalsOf(restoredFiles),
    },
  };
}

async function openRestored(
  engine: Engine,
  { table, at }: RestoreSpec,
  current: Snapshot,
  context: PlanContext,
): Promise<Snapshot> {
  if (at === 'latest') return current;
  const version =
    'version' in at
      ? at.version
      : await versionAt(engine, await openHistory(engine, table, context), at.timestamp, {
          signal: context.signal,
          canReturnLast: true,
        });
  return version === current.version ? current : openSnapshot(engine, table, { version }, context);
}

function totalsOf(files: FileSet): Totals {
  let bytes = 0;
  for (const batch of files.batches) for (const size of batch.sizes) bytes += size;
  return { files: files.count, bytes };
}

/** A file whose vector changed is removed with the one and added with the other. */
function compare(
  current: FileSet,
  restored: FileSet,
): { readonly adds: FileSelection; readonly removes: FileSelection; readonly unchanged: Totals } {
  const lookup = new FileLookup(current, (batch, index) => fileStateKey(current, batch, index));
  const adds = restored.emptySelection();
  const removes = current.emptySelection();
  const kept = current.emptySelection();
  const unchanged = { files: 0, bytes: 0 };
  restored.forEach((batch, index, batchIndex) => {
    const found = lookup.find(fileStateKey(restored, batch, index));
    if (found === undefined) {
      select(adds, batchIndex, index);
    } else {
      select(kept, found.batch, found.index);
      unchanged.files++;
      unchanged.bytes += batch.sizes[index] ?? 0;
    }
    return undefined;
  });
  current.forEach((_, index, batchIndex) => {
    if (!isSelected(kept, batchIndex, index)) select(removes, batchIndex, index);
    return undefined;
  });
  return { adds, removes, unchanged };
}

/** The whole metadata comes back; the protocol is never lowered, identity marks and row ids never go back. */
function restoredState(current: Snapshot, restored: Snapshot): TargetState {
  const protocol = mergeProtocols(restored.protocol, current.protocol);
  const raw: Metadata = {
    ...restored.metadata,
    id: current.metadata.id,
    schemaString: mergeIdentityMarks(restored.metadata.schemaString, current.metadata.schemaString),
    configuration: keepMaxColumnId(restored.metadata.configuration, current.metadata.configuration),
  };
  const metadata = withOwnEnablement(current, { protocol, metadata: raw }, current.version + 1, 0);
  return {
    protocol,
    metadata: raw,
    writesMetadata: !sameMetadata(current.metadata, metadata),
    writesProtocol: !sameProtocol(current.protocol, protocol),
    domains: clusteringDomain(current, restored),
    transactions: [],
  };
}

/** Clustering goes back with the schema; where the version had none, its columns become an empty list. */
function clusteringDomain(current: Snapshot, restored: Snapshot): readonly DomainMetadata[] {
  const before = current.domains.get(clustering);
  const after = restored.domains.get(clustering);
  if (before?.configuration === after?.configuration) return [];
  if (after !== undefined) return [after];
  if (before === undefined) return [];
  const json = parseJson(before.configuration);
  const configuration = stringifyJson({
    ...(isJsonObject(json) ? json : {}),
    clusteringColumns: [],
  });
  return configuration === before.configuration
    ? []
    : [{ domain: clustering, configuration, removed: false }];
}

/** Files that were removed long ago may be under deletion by a VACUUM right now. */
async function retentionFinding(
  engine: Engine,
  current: Snapshot,
  restored: Snapshot,
  restoredFiles: FileSet,
  adds: FileSelection,
  context: PlanContext,
): Promise<readonly Finding[]> {
  const cutoff = engine.clock.now() - deletedFileRetentionMs(current.metadata.configuration);
  const tombstones = await current.tombstones(context);
  const expired = new FileLookup(tombstones, (batch, index) =>
    (batch.times[index] ?? 0) < cutoff ? fileStateKey(tombstones, batch, index) : '',
  );
  let atRisk = 0;
  restoredFiles.forEach((batch, index, batchIndex) => {
    const isAtRisk =
      isSelected(adds, batchIndex, index) &&
      expired.find(fileStateKey(restoredFiles, batch, index)) !== undefined;
    if (isAtRisk) atRisk++;
    return undefined;
  });
  if (atRisk === 0 && restored.timestamp >= cutoff) return [];
  return [
    warning('past-retention', {
      subject: current.root,
      detail: { version: restored.version, filesAtRisk: atRisk },
      message: `Version ${restored.version} is older than the table keeps removed files (delta.deletedFileRetentionDuration). Its files are there now, but a VACUUM that is under way may delete them, and newer versions of Spark would refuse to restore it.`,
    }),
  ];
}

/** What comes back besides files, and what does not. */
function changeFindings(
  current: Snapshot,
  restored: Snapshot,
  state: TargetState,
): readonly Finding[] {
  const findings: Finding[] = [];
  const columns = schemaChanges(current.metadata, state.metadata);
  if (columns.length > 0) {
    findings.push(
      warning('schema-changes', {
        subject: current.root,
        detail: { changes: columns.map(({ key, before, after }) => ({ key, before, after })) },
        message: `The schema changes: ${columns.map(({ key }) => key).join(', ')}.`,
      }),
    );
  }
  if (state.metadata.schemaString !== restored.metadata.schemaString) {
    findings.push(
      info('identity', {
        subject: current.root,
        message: 'Identity columns go on from where they are, so that no value is given out twice.',
      }),
    );
  }
  findings.push(
    info('streams', {
      subject: current.root,
      message:
        'Streams that read this table will see restored rows as new ones, and fail on removed ones unless they skip such commits.',
    }),
  );
  const moved = [...current.transactions.values()].filter(
    ({ appId, version }) => restored.transactions.get(appId)?.version !== version,
  );
  if (moved.length > 0) {
    findings.push(
      warning('transactions-kept', {
        subject: current.root,
        detail: { appIds: moved.map(({ appId }) => appId) },
        message: `${moved.length} stream(s) have written to this table since then. Their progress is not taken back, so they will not write again what the restore removes.`,
      }),
    );
  }
  return findings;
}
