/** Plans and outcomes of the engine as the views of the protocol; a kind without a view does not compile. */
import type { AddFile, DeletionVector, PartitionValues } from '../engine/actions';
import type { Finding } from '../engine/operations/findings';
import type {
  OperationKind as EngineKind,
  Outcome,
  Plan,
  PlannedTable,
  ProgressEvent as EngineProgress,
} from '../engine/operations/operation';
import { uriName } from '../engine/objectUri';
import type { JsonObject } from '../protocol/json';
import type {
  FindingView,
  OperationKind,
  OperationOutcome,
  PlanItem,
  PlanItemAction,
  PlanView,
  ProgressEvent,
  TableVersionView,
} from '../protocol/views';
import { planCommandLine } from './commandLineText';
import { withLocalPaths } from './readableText';
import { planSql } from './sql';
import { isoTime } from './timestamps';
import { toJson } from './wireErrors';

const kinds = {
  'shallow-clone': 'shallow-clone',
  'deep-clone': 'deep-clone',
  restore: 'restore',
} as const satisfies Record<EngineKind, OperationKind>;

const phases = {
  listing: 'listing',
  replaying: 'replaying',
  copying: 'copying',
  verifying: 'verifying',
  committing: 'committing',
  checkpointing: 'checkpointing',
} as const satisfies Record<EngineProgress['phase'], ProgressEvent['phase']>;

/** The plan as it is shown before it runs. */
export function planView(plan: Plan): PlanView {
  const { effect } = plan;
  return {
    id: plan.id,
    kind: kinds[plan.kind],
    createdAt: isoTime(plan.createdAt),
    source: tableVersionView(plan.source),
    target: tableVersionView(plan.target),
    willCommit: plan.willCommit,
    filesToAdd: effect.filesToAdd,
    filesToRemove: effect.filesToRemove,
    filesToCopy: effect.filesToCopy,
    filesReused: effect.filesReused,
    filesUnchanged: effect.filesUnchanged,
    schemaChanges: plan.schemaChanges,
    propertyChanges: plan.propertyChanges,
    protocolChanges: plan.protocolChanges,
    findings: plan.findings.map(findingView),
    readers: plan.readers,
    sql: planSql(plan),
    commandLine: planCommandLine(plan),
  };
}

function tableVersionView(table: PlannedTable): TableVersionView {
  return {
    location: table.root,
    name: uriName(table.root),
    version: table.version,
    timestamp: table.timestamp === null ? null : isoTime(table.timestamp),
  };
}

function findingView(finding: Finding): FindingView {
  const { code, severity, needsAcknowledgement, subject, detail, message } = finding;
  return {
    code,
    severity,
    needsAcknowledgement,
    subject,
    detail: toJson(detail) as JsonObject,
    message: withLocalPaths(message),
  };
}

/** What became of a plan. */
export function outcomeView(outcome: Outcome): OperationOutcome {
  return {
    version: outcome.version,
    committed: outcome.committed,
    location: outcome.root,
    metrics: outcome.metrics,
    cloneInfo: outcome.cloneInfo === null ? null : (toJson(outcome.cloneInfo) as JsonObject),
    undoVersion: outcome.undoVersion,
    warnings: outcome.warnings.map(withLocalPaths),
  };
}

/** Progress of an operation, in the words of the protocol. */
export function progressView(event: EngineProgress): ProgressEvent {
  return {
    phase: phases[event.phase],
    done: event.done,
    unit: event.unit,
    ...(event.total === undefined ? {} : { total: event.total }),
    ...(event.subject === undefined ? {} : { subject: event.subject }),
  };
}

/** One file of a plan, as a page lists it. */
export function planItem(
  action: PlanItemAction,
  file: {
    readonly path: AddFile['path'];
    readonly size: number;
    readonly partitionValues: PartitionValues;
    readonly deletionVector: DeletionVector | undefined;
  },
): PlanItem {
  return {
    action,
    path: file.path,
    size: file.size,
    partitionValues: file.partitionValues,
    hasDeletionVector: file.deletionVector !== undefined,
  };
}
