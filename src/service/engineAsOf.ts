import type { AsOf as EngineAsOf } from '../engine/table';
import type { AsOf } from '../protocol/views';
import { parseTimestamp } from './timestamps';

/** A version or time of the protocol as the engine takes it. Throws `invalid-argument` for a time that is none. */
export function engineAsOf(at: AsOf): EngineAsOf {
  return at !== 'latest' && 'timestamp' in at ? { timestamp: parseTimestamp(at.timestamp).ms } : at;
}
