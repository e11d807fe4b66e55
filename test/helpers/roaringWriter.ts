/** Writes deletion vectors for tests, container by container, so that each form can be asked for. */

export type ContainerForm = 'array' | 'bitmap' | 'runs';

/** A 32-bit map of ascending, distinct values; the form of a container is chosen by its key. */
export function writeMap(
  values: readonly number[],
  form: (key: number) => ContainerForm,
): Uint8Array {
  const byKey = new Map<number, number[]>();
  for (const value of values) {
    const lows = byKey.get(value >>> 16);
    if (lows === undefined) byKey.set(value >>> 16, [value & 0xffff]);
    else lows.push(value & 0xffff);
  }
  const containers = [...byKey].map(([key, lows]) => {
    const wanted = form(key);
    // The format ties arrays and bitmaps to their cardinality.
    const actual = wanted === 'runs' ? 'runs' : lows.length <= 4096 ? 'array' : 'bitmap';
    return { key, lows, form: actual, bytes: writeContainer(lows, actual) };
  });
  const hasRuns = containers.some((container) => container.form === 'runs');
  const out: number[] = [];
  if (hasRuns) {
    put(out, 12347 | ((containers.length - 1) << 16), 4);
    for (let i = 0; i < containers.length; i += 8) {
      out.push(
        containers
          .slice(i, i + 8)
          .reduce((bits, { form }, j) => bits | (form === 'runs' ? 1 << j : 0), 0),
      );
    }
  } else {
    put(out, 12346, 4);
    put(out, containers.length, 4);
  }
  for (const { key, lows } of containers) {
    put(out, key, 2);
    put(out, lows.length - 1, 2);
  }
  if (!hasRuns || containers.length >= 4) {
    let offset = out.length + containers.length * 4;
    for (const { bytes } of containers) {
      put(out, offset, 4);
      offset += bytes.length;
    }
  }
  return Uint8Array.from(out.concat(...containers.map(({ bytes }) => bytes)));
}

/** The portable form of rows below 2^32. */
export function writePortable(
  rows: readonly number[],
  form: (key: number) => ContainerForm = () => 'array',
  buckets: ReadonlyMap<number, readonly number[]> = new Map([[0, rows]]),
): Uint8Array {
  const out: number[] = [];
  put(out, 1681511377, 4);
  put(out, buckets.size, 8);
  for (const [key, values] of buckets) {
    put(out, key, 4);
    for (const byte of writeMap(values, form)) out.push(byte);
  }
  return Uint8Array.from(out);
}

function writeContainer(lows: readonly number[], form: ContainerForm): number[] {
  const out: number[] = [];
  if (form === 'array') {
    for (const low of lows) put(out, low, 2);
  } else if (form === 'bitmap') {
    const bits = new Uint8Array(8192);
    for (const low of lows) bits[low >> 3] = (bits[low >> 3] ?? 0) | (1 << (low & 7));
    out.push(...bits);
  } else {
    const runs: [number, number][] = [];
    for (const low of lows) {
      const last = runs.at(-1);
      if (last !== undefined && last[0] + last[1] + 1 === low) last[1]++;
      else runs.push([low, 0]);
    }
    put(out, runs.length, 2);
    for (const [start, length] of runs) {
      put(out, start, 2);
      put(out, length, 2);
    }
  }
  return out;
}

function put(out: number[], value: number, width: number): void {
  for (let i = 0; i < width; i++) out.push(Math.floor(value / 2 ** (8 * i)) % 256);
}
