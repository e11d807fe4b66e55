/** Plans and outcomes in words. */
import type {
  FindingView,
  OperationOutcome,
  PlanView,
  Totals,
  ValueChange,
} from '../protocol/views';
import { displayLocation } from '../service/location';
import { byteText, countText, printable } from './textTable';

const titles = {
  'shallow-clone': 'Shallow clone',
  'deep-clone': 'Deep clone',
  restore: 'Restore',
} as const satisfies Record<PlanView['kind'], string>;

/** The plan as lines for people. */
export function planLines(plan: PlanView, bold: (text: string) => string): readonly string[] {
  const lines = [bold(`${titles[plan.kind]}: ${displayLocation(plan.target.location)}`)];
  const from = plan.source.version === null ? '' : ` at version ${plan.source.version}`;
  lines.push(
    plan.kind === 'restore'
      ? `  to version ${plan.source.version ?? '?'} (${plan.source.timestamp ?? 'unknown time'}), from version ${plan.target.version ?? '?'}`
      : `  of ${displayLocation(plan.source.location)}${from}`,
  );
  if (!plan.willCommit) lines.push('  nothing to do: no commit would be written');
  lines.push(
    ...totalLine('files to add', plan.filesToAdd),
    ...totalLine('files to remove', plan.filesToRemove),
    ...totalLine('files to copy', plan.filesToCopy),
    ...totalLine('files already there', plan.filesReused),
    ...totalLine('files unchanged', plan.filesUnchanged),
    ...changeLines('Schema', plan.schemaChanges),
    ...changeLines('Properties', plan.propertyChanges),
    ...changeLines('Protocol', plan.protocolChanges),
  );
  if (plan.findings.length > 0) lines.push('', bold('Findings'), ...plan.findings.map(findingLine));
  if (plan.readers.length > 0) {
    lines.push('', bold('Readers'), ...plan.readers.map((reader) => `  ${printable(reader)}`));
  }
  return lines;
}

/** How to go on from a printed plan. */
export function nextStep(plan: PlanView): string {
  if (plan.findings.some((finding) => finding.severity === 'blocker')) {
    return 'This plan cannot run: see the blockers above.';
  }
  const codes = [
    ...new Set(plan.findings.filter((f) => f.needsAcknowledgement).map((f) => f.code)),
  ];
  const acknowledge = codes.map((code) => ` --acknowledge ${code}`).join('');
  return `Nothing was written. To run it: ${plan.commandLine}${acknowledge} --execute`;
}

/** What became of it. */
export function outcomeLines(outcome: OperationOutcome): readonly string[] {
  const location = displayLocation(outcome.location);
  const version = outcome.version === null ? '' : ` at version ${outcome.version}`;
  return [
    outcome.committed
      ? `Committed: ${location}${version}`
      : `Nothing to commit: ${location}${version}`,
    ...Object.entries(outcome.metrics).map(([name, value]) => `  ${name}: ${countText(value)}`),
    ...(outcome.warnings ?? []).map((warning) => `  ${printable(warning)}`),
    ...(outcome.undoVersion === null
      ? []
      : [`  to undo it, restore to version ${outcome.undoVersion}`]),
  ];
}

function totalLine(what: string, totals: Totals): readonly string[] {
  return totals.files === 0
    ? []
    : [`  ${what}: ${countText(totals.files)} (${byteText(totals.bytes)})`];
}

function changeLines(title: string, changes: readonly ValueChange[]): readonly string[] {
  if (changes.length === 0) return [];
  return [
    `  ${title}:`,
    ...changes.map(
      ({ key, before, after }) =>
        `    ${printable(key)}: ${printable(before ?? '(none)')} -> ${printable(after ?? '(none)')}`,
    ),
  ];
}

function findingLine(finding: FindingView): string {
  const label = finding.needsAcknowledgement
    ? `${finding.severity}, needs --acknowledge ${finding.code}`
    : finding.severity;
  return `  ${finding.code} (${label}): ${printable(finding.message)}`;
}
