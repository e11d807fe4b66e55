/**
 * What a careful colleague would say before an operation runs. The blocking codes and those that need acknowledgement are a closed
 * set (`command-line.md`, Findings); they are enforced where the plan is executed, not only where it is shown.
 */
import { DeltaError } from '../errors';
import type { JsonObject } from '../util/json';

/** Stop an operation; nothing acknowledges them. */
export type BlockerCode =
  | 'overlapping-roots'
  | 'target-exists'
  | 'unsupported-feature'
  | 'clone-unreadable'
  | 'missing-files'
  | 'append-only'
  | 'unsafe-store';

/** Stop an operation until they are acknowledged. */
export type AcknowledgedCode =
  | 'target-has-local-commits'
  | 'commits-would-be-lost'
  | 'target-is-not-a-clone'
  | 'dependent-clones'
  | 'coverage-incomplete'
  | 'retention-below-table';

/** Tell something and stop nothing. */
export type NoticeCode =
  | 'nested-clone'
  | 'readers-limited'
  | 'permissions-not-copied'
  | 'history-not-copied'
  | 'stale-source'
  | 'damaged-checkpoint'
  | 'size-differs'
  | 'past-retention'
  | 'schema-changes'
  | 'streams'
  | 'transactions-kept'
  | 'identity'
  | 'protocol-raised';

export type FindingCode = BlockerCode | AcknowledgedCode | NoticeCode;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'info' | 'warning' | 'blocker';
  readonly needsAcknowledgement: boolean;
  /** A table or file it is about, as a URI. */
  readonly subject: string | null;
  readonly detail: JsonObject;
  /** A sentence for people. */
  readonly message: string;
}

interface FindingText {
  readonly subject?: string | undefined;
  readonly detail?: JsonObject;
  readonly message: string;
}

export function blocker(code: BlockerCode, text: FindingText): Finding {
  return finding(code, 'blocker', false, text);
}

/** A warning that has to be acknowledged by its code. */
export function toAcknowledge(code: AcknowledgedCode, text: FindingText): Finding {
  return finding(code, 'warning', true, text);
}

export function warning(code: NoticeCode, text: FindingText): Finding {
  return finding(code, 'warning', false, text);
}

export function info(code: NoticeCode, text: FindingText): Finding {
  return finding(code, 'info', false, text);
}

function finding(
  code: FindingCode,
  severity: Finding['severity'],
  needsAcknowledgement: boolean,
  { subject, detail, message }: FindingText,
): Finding {
  return {
    code,
    severity,
    needsAcknowledgement,
    subject: subject ?? null,
    detail: detail ?? {},
    message,
  };
}

/** The findings that stop an operation with these acknowledgements. */
export function stoppingFindings(
  findings: readonly Finding[],
  acknowledged: ReadonlySet<string>,
): readonly Finding[] {
  return findings.filter(
    ({ code, severity, needsAcknowledgement }) =>
      severity === 'blocker' || (needsAcknowledgement && !acknowledged.has(code)),
  );
}

/** Throws `refused` with all findings that stop the operation, in the shape of `command-line.md`. */
export function requireAcknowledged(
  plan: { readonly target: { readonly root: string }; readonly findings: readonly Finding[] },
  acknowledged: ReadonlySet<string>,
): void {
  const stopping = stoppingFindings(plan.findings, acknowledged);
  if (stopping.length === 0) return;
  throw new DeltaError(
    'refused',
    `Nothing was written to ${plan.target.root}. ${stopping.map(({ message }) => message).join(' ')}`,
    {
      details: {
        location: plan.target.root,
        findings: stopping.map(({ code, severity, needsAcknowledgement, subject, detail }) => ({
          code,
          severity,
          needsAcknowledgement,
          subject,
          detail,
        })),
      },
    },
  );
}
