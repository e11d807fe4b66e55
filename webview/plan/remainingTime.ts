/** How long a run will still take, told only while it can be told honestly. */
import type { ProgressEvent } from '../../src/protocol/views';

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** Below this much watching a rate means nothing. */
const minimumWatchMs = 4000;
/** The rate is that of the last stretch, not of the whole run. */
const windowMs = 20_000;

export class RemainingTime {
  private key = '';
  private samples: Sample[] = [];

  /**
   * Milliseconds left in this phase, or null while the total, the rate or enough of the work is not known.
   * @param now milliseconds of a monotonic clock
   */
  observe(event: ProgressEvent, now: number): number | null {
    const key = `${event.phase} ${event.unit} ${String(event.total)}`;
    const last = this.samples.at(-1);
    if (key !== this.key || (last !== undefined && event.done < last.done)) {
      this.key = key;
      this.samples = [];
    }
    this.samples.push({ at: now, done: event.done });
    while (this.samples.length > 2 && now - (this.samples[1]?.at ?? now) >= windowMs)
      this.samples.shift();
    const first = this.samples[0];
    if (event.total === undefined || first === undefined) return null;
    const elapsed = now - first.at;
    const moved = event.done - first.done;
    const left = event.total - event.done;
    if (elapsed < minimumWatchMs || moved <= 0 || left <= 0) return null;
    return (left / moved) * elapsed;
  }
}
