/** Keeps progress to what a person can follow, without losing what is told only once. */
import type { ProgressEvent } from '../protocol/views';

const intervalMs = 100;

/**
 * Passes an event at most every tenth of a second. An event that tells something of its own (a table found, a folder that could
 * not be listed, a new phase, the end of one) always passes.
 */
export function throttleProgress(
  send: (event: ProgressEvent) => void,
  now: () => number,
): (event: ProgressEvent) => void {
  let lastSent = -Infinity;
  let lastPhase: ProgressEvent['phase'] | undefined;
  return (event) => {
    const tellsItsOwn = event.found !== undefined || event.unreadable !== undefined;
    const isTurn =
      event.phase !== lastPhase ||
      (event.total !== undefined && event.done >= event.total) ||
      now() - lastSent >= intervalMs;
    if (!tellsItsOwn && !isTurn) return;
    if (isTurn) {
      lastSent = now();
      lastPhase = event.phase;
    }
    send(event);
  };
}
