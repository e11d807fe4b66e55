/** Exit codes of the command line. Source: command-line.md, General. */

export const exitCodes = {
  done: 0,
  differ: 1,
  usage: 2,
  notReadable: 3,
  refused: 4,
  conflict: 5,
  store: 6,
  internal: 70,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byErrorCode: Readonly<Record<string, ExitCode>> = {
  'invalid-argument': exitCodes.usage,
  'not-a-table': exitCodes.notReadable,
  'invalid-log': exitCodes.notReadable,
  'versions-not-contiguous': exitCodes.notReadable,
  'corrupt-file': exitCodes.notReadable,
  'unsupported-read': exitCodes.notReadable,
  'version-not-found': exitCodes.notReadable,
  'timestamp-out-of-range': exitCodes.notReadable,
  'missing-files': exitCodes.notReadable,
  'not-found': exitCodes.notReadable,
  unsupported: exitCodes.notReadable,
  'unsupported-write': exitCodes.refused,
  refused: exitCodes.refused,
  'already-exists': exitCodes.refused,
  conflict: exitCodes.conflict,
  'stale-plan': exitCodes.conflict,
  'plan-not-found': exitCodes.conflict,
  'access-denied': exitCodes.store,
  unauthenticated: exitCodes.store,
  throttled: exitCodes.store,
  unreachable: exitCodes.store,
  timeout: exitCodes.store,
  'no-space': exitCodes.store,
  'corrupt-response': exitCodes.store,
  cancelled: exitCodes.cancelled,
  'engine-crashed': exitCodes.internal,
  internal: exitCodes.internal,
};

/** The exit code of an error; one that we do not know is internal. */
export function exitCodeOf(errorCode: string): ExitCode {
  return byErrorCode[errorCode] ?? exitCodes.internal;
}
