import type { IdSource } from '../../src/engine/engine';

/** UUIDs that count up. */
export function seededIds(seed: number): IdSource {
  let next = 0;
  return {
    uuid: () => {
      const digits = (next++).toString(16).padStart(12, '0');
      return `${seed.toString(16).padStart(8, '0')}-0000-4000-8000-${digits}`;
    },
  };
}
