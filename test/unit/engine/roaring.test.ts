import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/engine/util/crc32';
import { decodeRowBitmap, RoaringError } from '../../../src/engine/util/roaring';
import { writeMap, writePortable, type ContainerForm } from '../../helpers/roaringWriter';

const forms: readonly ContainerForm[] = ['array', 'bitmap', 'runs'];

describe('decodeRowBitmap', () => {
  it('reads array, bitmap and run containers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(300_000), { maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(300_000), fc.integer({ min: 1, max: 9000 })), { maxLength: 3 }),
        fc.array(fc.constantFrom(...forms), { minLength: 6, maxLength: 6 }),
        (scattered, ranges, chosen) => {
          const rows = new Set(scattered);
          for (const [start, length] of ranges)
            for (let i = 0; i < length; i++) rows.add(start + i);
          const sorted = [...rows].sort((a, b) => a - b);
          if (sorted.length === 0) return;
          const bitmap = decodeRowBitmap(writePortable(sorted, (key) => chosen[key] ?? 'array'));
          expect(bitmap.cardinality).toBe(sorted.length);
          expect([...bitmap.positions()]).toEqual(sorted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the positions that are left of a part of the rows', () => {
    const bitmap = decodeRowBitmap(writePortable([0, 5, 65_535, 65_536, 65_540]));
    expect([...bitmap.absentIn(4, 8)]).toEqual([0, 2, 3]);
    expect([...bitmap.absentIn(65_534, 65_542)]).toEqual([0, 3, 4, 5, 7]);
    expect(bitmap.absentIn(131_072, 131_172)).toHaveLength(100);
    expect([bitmap.has(5), bitmap.has(6), bitmap.has(65_536), bitmap.has(1e9)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('keeps rows beyond 2^32 apart', () => {
    const bitmap = decodeRowBitmap(
      writePortable(
        [],
        () => 'array',
        new Map([
          [0, [7]],
          [3, [7, 70_000]],
        ]),
      ),
    );
    expect([...bitmap.positions()]).toEqual([7, 3 * 2 ** 32 + 7, 3 * 2 ** 32 + 70_000]);
    expect(bitmap.has(2 ** 32 + 7)).toBe(false);
  });

  it('reads the form that the open-source connector calls native, in both byte orders', () => {
    const map = writeMap([1, 2, 70_000], () => 'array');
    const big = new DataView(new ArrayBuffer(12));
    const little = new DataView(new ArrayBuffer(12));
    for (const [at, value] of [1681511376, 1, map.length].entries()) {
      big.setUint32(at * 4, value);
      little.setUint32(at * 4, value, true);
    }
    for (const head of [big, little]) {
      const bytes = Uint8Array.from([...new Uint8Array(head.buffer), ...map]);
      expect([...decodeRowBitmap(bytes).positions()]).toEqual([1, 2, 70_000]);
    }
  });

  it('refuses every cut and every unknown head', () => {
    const bytes = writePortable([1, 2, 3, 100_000, 200_000, 300_000], (key) =>
      key === 0 ? 'runs' : 'array',
    );
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeRowBitmap(bytes.subarray(0, length)), `${length} bytes`).toThrow(
        RoaringError,
      );
    }
    expect(() => decodeRowBitmap(new Uint8Array(64))).toThrow('magic number 0');
    const wrongOrder = writePortable(
      [],
      () => 'array',
      new Map([
        [2, [1]],
        [1, [1]],
      ]),
    );
    expect(() => decodeRowBitmap(wrongOrder)).toThrow('out of order');
  });

  it('decodes vectors over 10 million rows within a fraction of a second', () => {
    const dense: number[] = [];
    for (let row = 0; row < 10_000_000; row += 3) dense.push(row);
    const bytes = writePortable(dense, () => 'bitmap');
    const start = performance.now();
    expect(decodeRowBitmap(bytes).cardinality).toBe(dense.length);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('crc32', () => {
  it('gives the check values of the standard', () => {
    const text = new TextEncoder();
    expect(crc32(text.encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
    expect(crc32(text.encode('The quick brown fox jumps over the lazy dog'))).toBe(0x414fa339);
  });
});
