/**
 * The typed errors of the engine. Callers branch on `code`, people read `message`, logs keep `cause`.
 * A message says what happened, to which table and version, and what can be done about it.
 */

/** What the engine can say went wrong. Storage trouble is a {@link StoreError}. */
export type DeltaErrorCode =
  /** No log at this place: no commit and no checkpoint. */
  | 'not-a-table'
  /** The log breaks the protocol: an unreadable line, no protocol or metadata action, contradictory properties. */
  | 'invalid-log'
  /** A commit that the state needs is missing. */
  | 'versions-not-contiguous'
  /** A checkpoint, data file or deletion vector whose bytes cannot be decoded. */
  | 'corrupt-file'
  /** The protocol needs a reader feature or version that we do not have. */
  | 'unsupported-read'
  /** The protocol needs a writer feature or version that we do not have. */
  | 'unsupported-write'
  | 'version-not-found'
  | 'timestamp-out-of-range'
  /** Files that the log needs are not in storage. */
  | 'missing-files'
  /** A plan may not run: a blocker, or a finding that was not acknowledged (`details.findings`). */
  | 'refused'
  /** Another writer committed first. */
  | 'conflict'
  /** What the plan had read has changed; a new plan has to be seen. */
  | 'stale-plan'
  | 'plan-not-found'
  | 'invalid-argument'
  | 'cancelled'
  /** The worker that ran the work ended (a panic, a hang or too much memory). */
  | 'engine-crashed'
  | 'internal';

export type StoreErrorCode =
  | 'not-found'
  | 'already-exists'
  | 'access-denied'
  | 'unauthenticated'
  | 'throttled'
  | 'unreachable'
  | 'timeout'
  | 'no-space'
  | 'unsupported'
  | 'corrupt-response';

/** JSON-safe facts that go with an error: file names, versions, feature names. Never a secret. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export class DeltaError extends Error {
  override readonly name = 'DeltaError';
  readonly code: DeltaErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: DeltaErrorCode,
    message: string,
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The object or folder concerned, as a URI without credentials. */
  readonly uri: string;

  constructor(
    code: StoreErrorCode,
    message: string,
    uri: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.uri = uri;
  }
}

/** True for a {@link DeltaError} with one of the codes (any code when none is given). */
export function isDeltaError(
  error: unknown,
  ...codes: readonly DeltaErrorCode[]
): error is DeltaError {
  return error instanceof DeltaError && (codes.length === 0 || codes.includes(error.code));
}

/** True for a {@link StoreError} with one of the codes (any code when none is given). */
export function isStoreError(
  error: unknown,
  ...codes: readonly StoreErrorCode[]
): error is StoreError {
  return error instanceof StoreError && (codes.length === 0 || codes.includes(error.code));
}

/** Throws the signal's reason as a `cancelled` {@link DeltaError} when it was aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelledError(signal.reason);
}

/** The one error a cancelled call ends in. */
export function cancelledError(reason?: unknown): DeltaError {
  if (isDeltaError(reason, 'cancelled')) return reason;
  return new DeltaError('cancelled', 'The operation was cancelled.', { cause: reason });
}
