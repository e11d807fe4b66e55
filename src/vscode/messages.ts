/**
 * Error code -> what people see: a short label for the tree, the sentence of the error with the way out, and the buttons that help.
 * Pure, so that the mapping is tested against the engine's list of codes.
 */
import { RemoteError } from '../protocol/rpc';
import type { WireError } from '../protocol/views';

/** What a button does; `notify.ts` runs it. */
export type MessageAction =
  'show-log' | 'restart-engine' | 'open-table' | 'plan-again' | 'refresh' | 'manage-trust';

export const actionLabels: Readonly<Record<MessageAction, string>> = {
  'show-log': 'Show Log',
  'restart-engine': 'Restart Engine',
  'open-table': 'Open Another Table',
  'plan-again': 'Plan Again',
  refresh: 'Refresh',
  'manage-trust': 'Manage Workspace Trust',
};

export interface Message {
  readonly severity: 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly MessageAction[];
}

interface CodeWords {
  /** A few words, for a tree node's description. */
  readonly label: string;
  /** What a person can do, for tooltips. */
  readonly wayOut: string;
  readonly actions: readonly MessageAction[];
  /** Expected in daily work: shown as a warning. */
  readonly isExpected?: boolean;
}

const log = ['show-log'] as const;

const wordsByCode: Readonly<Record<string, CodeWords>> = {
  'not-a-table': {
    label: 'not a Delta table',
    wayOut: 'Choose a folder that holds a _delta_log folder with at least one commit.',
    actions: ['open-table'],
    isExpected: true,
  },
  'invalid-log': {
    label: 'invalid log',
    wayOut: 'Restore the named log file from a backup, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  'versions-not-contiguous': {
    label: 'missing commit',
    wayOut: 'Bring back the missing commit file or a checkpoint after it, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  'corrupt-file': {
    label: 'corrupt file',
    wayOut: 'Bring back the named file from a backup, or restore an earlier version.',
    actions: ['refresh', 'show-log'],
  },
  'unsupported-read': {
    label: 'unsupported table feature',
    wayOut: 'Read the table with an engine that implements the named table features.',
    actions: log,
    isExpected: true,
  },
  'unsupported-write': {
    label: 'unsupported writer feature',
    wayOut: 'Write the table with an engine that implements the named table features.',
    actions: log,
    isExpected: true,
  },
  'version-not-found': {
    label: 'version not found',
    wayOut: 'Choose a version that the history still holds.',
    actions: [],
    isExpected: true,
  },
  'timestamp-out-of-range': {
    label: 'no version at that time',
    wayOut: 'Choose a time between the first and the last commit.',
    actions: [],
    isExpected: true,
  },
  'missing-files': {
    label: 'missing files',
    wayOut: 'Bring back the missing files, or restore a version that does not need them.',
    actions: ['refresh', 'show-log'],
  },
  refused: {
    label: 'refused',
    wayOut: 'Read the findings of the plan and resolve or acknowledge them.',
    actions: ['plan-again'],
    isExpected: true,
  },
  conflict: {
    label: 'lost a conflict',
    wayOut: 'Another writer committed first; nothing was changed. Plan again on the newer version.',
    actions: ['plan-again'],
    isExpected: true,
  },
  'stale-plan': {
    label: 'stale plan',
    wayOut: 'The table has changed since the plan was made; nothing was changed. Plan again.',
    actions: ['plan-again'],
    isExpected: true,
  },
  'plan-not-found': {
    label: 'plan expired',
    wayOut: 'A plan is kept for a limited time and runs once. Plan again.',
    actions: ['plan-again'],
    isExpected: true,
  },
  'invalid-argument': {
    label: 'invalid input',
    wayOut: 'Correct the input and run the command again.',
    actions: [],
    isExpected: true,
  },
  cancelled: {
    label: 'cancelled',
    wayOut: 'Run the command again.',
    actions: [],
    isExpected: true,
  },
  'engine-crashed': {
    label: 'engine stopped',
    wayOut: 'Run the command again; restart the engine if it stops once more.',
    actions: ['restart-engine', 'show-log'],
  },
  internal: {
    label: 'internal error',
    wayOut: 'See the log for details.',
    actions: log,
  },
  'not-found': {
    label: 'not found',
    wayOut: 'Check that the folder still exists, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  'already-exists': {
    label: 'exists already',
    wayOut: 'Choose another target.',
    actions: log,
    isExpected: true,
  },
  'access-denied': {
    label: 'access denied',
    wayOut: 'Ask for permission on the folder, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  unauthenticated: {
    label: 'not signed in',
    wayOut: 'Sign in to the store, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  throttled: {
    label: 'throttled',
    wayOut: 'The store asks to slow down; try again in a while.',
    actions: ['refresh', 'show-log'],
  },
  unreachable: {
    label: 'unreachable',
    wayOut: 'Check the connection to the store, then refresh.',
    actions: ['refresh', 'show-log'],
  },
  timeout: {
    label: 'timed out',
    wayOut: 'Check the connection to the store, then try again.',
    actions: ['refresh', 'show-log'],
  },
  'no-space': {
    label: 'no space left',
    wayOut: 'Free space at the target and plan again; files that were copied are reused.',
    actions: ['plan-again', 'show-log'],
  },
  unsupported: {
    label: 'not supported by the store',
    wayOut: 'Use a store that can do this, or another place.',
    actions: log,
  },
  'corrupt-response': {
    label: 'corrupt response',
    wayOut: 'The store answered with something else than asked; try again.',
    actions: ['refresh', 'show-log'],
  },
  untrusted: {
    label: 'workspace not trusted',
    wayOut: 'Trust this workspace to run commands that write.',
    actions: ['manage-trust'],
    isExpected: true,
  },
};

/** True when there are words of our own for the code. */
export function isKnownCode(code: string): boolean {
  return Object.hasOwn(wordsByCode, code);
}

/** A few words for a code; unknown codes are shown as they are. */
export function errorLabel(code: string): string {
  return isKnownCode(code) ? (wordsByCode[code]?.label ?? code) : code;
}

/** What a person can do about it. */
export function errorWayOut(code: string): string {
  return (isKnownCode(code) ? wordsByCode[code] : wordsByCode.internal)?.wayOut ?? '';
}

/** The notification for an error; undefined for a cancel, which the person asked for. */
export function describeError(error: WireError): Message | undefined {
  if (error.code === 'cancelled') return undefined;
  const words = isKnownCode(error.code) ? wordsByCode[error.code] : wordsByCode.internal;
  return {
    severity: words?.isExpected === true ? 'warning' : 'error',
    text:
      error.message === ''
        ? `${errorLabel(error.code)}. ${errorWayOut(error.code)}`
        : error.message,
    actions: words?.actions ?? log,
  };
}

/** An error of the editor's side, with a code like the engine's. */
export class EditorError extends Error {
  override readonly name = 'EditorError';
  constructor(
    readonly code: 'untrusted' | 'invalid-argument' | 'cancelled' | 'not-a-table',
    message: string,
  ) {
    super(message);
  }
}

/** Anything thrown, as it crosses a port. */
export function toWireError(error: unknown): WireError {
  if (error instanceof RemoteError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof EditorError)
    return { code: error.code, message: error.message, details: {} };
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'cancelled', message: 'The operation was cancelled.', details: {} };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    details: {},
  };
}

export function isCancelled(error: unknown): boolean {
  return toWireError(error).code === 'cancelled';
}
