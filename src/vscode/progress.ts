/** The editor's progress around calls of the service: shown after half a second, with a cancel that becomes an AbortSignal. */
import { ProgressLocation, window } from 'vscode';
import type { ProgressEvent } from '../protocol/views';
import type { Call } from '../service/deltaService';
import { ProgressShare, progressText } from './progressText';

/** Work that takes less shows no progress. */
const showAfterMs = 500;
const reportEveryMs = 100;

/** The call given to the work: always with a signal and a listener. */
export type ActiveCall = Required<Pick<Call, 'signal' | 'onProgress'>>;

export interface ProgressOptions {
  readonly title: string;
  /** Cancels the work as well. */
  readonly signal?: AbortSignal;
  /** Is told every event as it comes. */
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** Runs work that a person waits for. The notification with its cancel button comes after half a second. */
export async function withProgress<T>(
  options: ProgressOptions,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  if (options.signal?.aborted === true) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  let latest: ProgressEvent | undefined;
  let report: ((event: ProgressEvent) => void) | undefined;
  const working = work({
    signal: controller.signal,
    onProgress: (event) => {
      latest = event;
      options.onProgress?.(event);
      report?.(event);
    },
  });
  const settled = working.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    void window.withProgress(
      { location: ProgressLocation.Notification, title: options.title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(abort);
        const share = new ProgressShare();
        let last = 0;
        report = (event) => {
          const now = Date.now();
          const increment = share.advance(event);
          if (now - last < reportEveryMs && increment === undefined) return;
          last = now;
          progress.report({
            message: progressText(event),
            ...(increment === undefined ? {} : { increment }),
          });
        };
        if (latest !== undefined) report(latest);
        await settled;
      },
    );
  }, showAfterMs);
  try {
    return await working;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}
