/** Progress events of the service as a sentence and a share of the whole, for the editor's progress. */
import type { ProgressEvent } from '../protocol/views';
import { formatBytes, formatCount } from './format';

const phaseWords: Readonly<Record<ProgressEvent['phase'], string>> = {
  scanning: 'Scanning',
  listing: 'Listing',
  replaying: 'Reading the log',
  copying: 'Copying',
  verifying: 'Verifying',
  committing: 'Committing',
  checkpointing: 'Writing a checkpoint',
};

/** `Copying: 12 of 40 files`. */
export function progressText(event: ProgressEvent): string {
  const amount = (value: number): string =>
    event.unit === 'bytes' ? formatBytes(value) : formatCount(value);
  const unit = event.unit === 'bytes' ? '' : ` ${event.unit}`;
  const words = phaseWords[event.phase];
  if (event.total === undefined) {
    return event.done === 0 ? words : `${words}: ${amount(event.done)}${unit}`;
  }
  return `${words}: ${amount(event.done)} of ${amount(event.total)}${unit}`;
}

/** Turns the events of one operation into increments that add up to at most 100. A new phase does not make the bar go back. */
export class ProgressShare {
  private reached = 0;

  /** The increment in percent for an event; undefined while no total is known. */
  advance(event: ProgressEvent): number | undefined {
    if (event.phase !== 'copying' || event.total === undefined || event.total <= 0)
      return undefined;
    const share = Math.min(100, (event.done / event.total) * 100);
    const increment = share - this.reached;
    if (increment <= 0) return undefined;
    this.reached = share;
    return increment;
  }
}
