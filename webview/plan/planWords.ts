/** A plan, its run and its end in words. */

import type {
  FindingView,
  OperationOutcome,
  PlanView,
  ProgressEvent,
  WireError,
} from '../../src/protocol/views';
import { formatBytes, formatCount, plural, readableLocation } from '../shared/format';

/** `Restore member_claims_prod to version 2`. */
export function planTitle(plan: PlanView): string {
  const at = plan.source.version === null ? '' : ` at version ${formatCount(plan.source.version)}`;
  switch (plan.kind) {
    case 'restore':
      return `Restore ${plan.target.name} to version ${versionText(plan.source.version)}`;
    case 'shallow-clone':
      return `Shallow clone ${plan.source.name}${at} as ${plan.target.name}`;
    case 'deep-clone':
      return plan.target.version === null
        ? `Deep clone ${plan.source.name}${at} as ${plan.target.name}`
        : `Deep clone ${plan.source.name}${at} into ${plan.target.name}`;
  }
}

/** What the button that runs the plan says. */
export function executeLabel(plan: PlanView): string {
  switch (plan.kind) {
    case 'restore':
      return `Restore to version ${versionText(plan.source.version)}`;
    case 'shallow-clone':
      return plan.target.version === null ? 'Create shallow clone' : 'Replace by shallow clone';
    case 'deep-clone':
      return plan.target.version === null ? 'Create deep clone' : 'Update deep clone';
  }
}

/** The version the target will have, as far as the plan can tell. */
export function versionAfter(plan: PlanView): string {
  if (!plan.willCommit)
    return plan.target.version === null
      ? 'does not exist'
      : `version ${formatCount(plan.target.version)}, unchanged`;
  return `version ${formatCount((plan.target.version ?? -1) + 1)}`;
}

/** One sentence on what running the plan does, and what it leaves alone. */
export function planSummary(plan: PlanView): string {
  if (!plan.willCommit) {
    return plan.kind === 'restore'
      ? 'The table already is what that version was: there is nothing to do, and nothing will be committed.'
      : 'The clone already holds this version: there is nothing to do, and nothing will be committed.';
  }
  switch (plan.kind) {
    case 'restore':
      return 'One new commit brings the table back. Later versions stay in its history, and no data file is deleted.';
    case 'shallow-clone':
      return 'The clone gets a log of its own and reads the data files of the source where they are. No data file is copied, and the source is not changed.';
    case 'deep-clone':
      return 'The data files are copied below the target first; one commit then makes them visible together. The source is not changed.';
  }
}

const severityRank = { blocker: 0, warning: 2, info: 3 } as const;

/** Blockers, then what needs an acknowledgement, then warnings, then information; otherwise as planned. */
export function orderedFindings(findings: readonly FindingView[]): readonly FindingView[] {
  const rank = (finding: FindingView): number =>
    finding.severity !== 'blocker' && finding.needsAcknowledgement
      ? 1
      : severityRank[finding.severity];
  return findings
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding) - rank(b.finding) || a.index - b.index)
    .map(({ finding }) => finding);
}

/** Why the plan cannot be run now; null when it can. */
export function blockedReason(
  plan: PlanView,
  canWrite: boolean,
  acknowledged: readonly FindingView[],
): string | null {
  const blockers = plan.findings.filter(({ severity }) => severity === 'blocker').length;
  if (blockers > 0) return `${plural(blockers, 'blocker')} must be resolved first.`;
  if (!canWrite) return 'This workspace is in Restricted Mode: plans can be read, not run.';
  if (!plan.willCommit) return 'There is nothing to do.';
  const open = neededAcknowledgements(plan).filter(
    (finding) => !acknowledged.includes(finding),
  ).length;
  return open === 0 ? null : `Acknowledge ${plural(open, 'finding')} to go on.`;
}

export function neededAcknowledgements(plan: PlanView): readonly FindingView[] {
  return plan.findings.filter(
    ({ severity, needsAcknowledgement }) => severity !== 'blocker' && needsAcknowledgement,
  );
}

/** `target-has-local-commits` as words, for the label of its checkbox. */
export function codeInWords(code: string): string {
  return code.replaceAll('-', ' ');
}

const phases: Readonly<Record<ProgressEvent['phase'], string>> = {
  scanning: 'Looking for tables',
  listing: 'Listing files',
  replaying: 'Reading the log',
  copying: 'Copying files',
  verifying: 'Verifying',
  committing: 'Committing',
  checkpointing: 'Writing the checkpoint',
};

export function phaseInWords(progress: ProgressEvent | null): string {
  return progress === null ? 'Starting' : phases[progress.phase];
}

/** `12.3 MiB of 40.0 MiB`, `5 of 12 files`. */
export function progressAmount({ done, total, unit }: ProgressEvent): string {
  if (unit === 'bytes')
    return total === undefined
      ? formatBytes(done)
      : `${formatBytes(done)} of ${formatBytes(total)}`;
  if (total === undefined) return `${formatCount(done)} ${unit}`;
  return `${formatCount(done)} of ${formatCount(total)} ${unit}`;
}

/** What became of a run, in one sentence. */
export function outcomeInWords(plan: PlanView, outcome: OperationOutcome): string {
  const now =
    outcome.version === null ? '' : ` It is now at version ${formatCount(outcome.version)}.`;
  if (!outcome.committed)
    return `Nothing was committed: ${plan.target.name} already is what the plan asked for.`;
  switch (plan.kind) {
    case 'restore':
      return `${plan.target.name} was restored to version ${versionText(plan.source.version)}.${now}`;
    case 'shallow-clone':
      return `${plan.target.name} is a shallow clone of ${plan.source.name} at version ${versionText(plan.source.version)}.${now}`;
    case 'deep-clone':
      return `${plan.target.name} is a deep clone of ${plan.source.name} at version ${versionText(plan.source.version)}.${now}`;
  }
}

/** How to undo what was done, where only words can say it; null when nothing was done or a button does it. */
export function undoInWords(outcome: OperationOutcome): string | null {
  if (!outcome.committed || outcome.undoVersion !== null) return null;
  return `To undo: delete the new folder ${readableLocation(outcome.location)}. Nothing else was changed.`;
}

/** What can be done about a failed run, beyond its own message. */
export function wayOut(error: WireError): string {
  switch (error.code) {
    case 'stale-plan':
      return 'What the plan had read has changed since. Plan again to see what would happen now.';
    case 'conflict':
      return 'Another writer committed first and nothing of this run is visible. Plan again against the new version.';
    case 'cancelled':
      return 'Nothing of this run was committed. Plan again when you are ready.';
    case 'refused':
      return 'Resolve the findings named above, then plan again.';
    case 'plan-not-found':
      return 'The plan is no longer held: it was dropped or the engine was started anew. Plan again.';
    case 'missing-files':
      return 'Files that this version needs are gone from storage, most likely by VACUUM. Choose a newer version.';
    case 'access-denied':
    case 'unauthenticated':
      return 'Check the permissions of the folder or the sign-in, then plan again.';
    case 'no-space':
      return 'Free some space at the target, then plan again.';
    case 'throttled':
    case 'timeout':
    case 'unreachable':
      return 'The storage did not answer as needed. Plan again in a moment.';
    case 'already-exists':
      return 'Something is at the target already. Choose another target, then plan again.';
    case 'engine-crashed':
      return 'The engine was started anew. Plan again; what was there before the run is still there.';
    default:
      return 'Plan again to see where the table stands now.';
  }
}

function versionText(version: number | null): string {
  return version === null ? 'unknown' : formatCount(version);
}
