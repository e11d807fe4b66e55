import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAction, type DeletionVector } from '../../../src/engine/actions';
import {
  readVector,
  relativeVectorPath,
  toAbsoluteVector,
  vectorFileUri,
  vectorReference,
  vectorUuid,
} from '../../../src/engine/deletionVector';
import { isDeltaError } from '../../../src/engine/errors';
import { fileUri, joinUri, parseObjectUri } from '../../../src/engine/objectUri';
import { crc32 } from '../../../src/engine/util/crc32';
import { LocalStore } from '../../../src/storage/localStore';
import { MemoryStore } from '../../../src/storage/memoryStore';
import { writePortable } from '../../helpers/roaringWriter';
import { sharedTablesOrReason } from '../../helpers/shared';

const root = parseObjectUri('s3://bucket/table');
const file = joinUri(root, 'deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin');
const stored: DeletionVector = {
  storageType: 'u',
  pathOrInlineDv: '^-aqEH.-t@S}K{vb[*k^',
  offset: 1,
  sizeInBytes: 0,
  cardinality: 3,
};

describe('descriptors', () => {
  it("name the file of the protocol's example", () => {
    const vector = { ...stored, pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^' };
    expect(vectorUuid(vector)).toBe('d2c639aa-8816-431a-aaf6-d3fe2512ff61');
    expect(relativeVectorPath(vector)).toBe(
      'ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin',
    );
    expect(vectorFileUri(root, vector)).toBe(
      's3://bucket/table/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin',
    );
    expect(vectorFileUri(root, stored)).toBe(file);
    expect(vectorReference('d2c639aa-8816-431a-aaf6-d3fe2512ff61')).toBe(stored.pathOrInlineDv);
  });

  it('become absolute for another table, encoded, and keep what they say of the rows', () => {
    const folder = parseObjectUri('file:///data/my%20table');
    const vector = {
      ...stored,
      pathOrInlineDv: 'a b^-aqEH.-t@S}K{vb[*k^',
      extra: { maxRowIndex: 9 },
    };
    expect(toAbsoluteVector(folder, vector)).toEqual({
      storageType: 'p',
      pathOrInlineDv:
        'file:/data/my%20table/a%20b/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin',
      offset: 1,
      sizeInBytes: 0,
      cardinality: 3,
      extra: { maxRowIndex: 9 },
    });
    const inline = { ...stored, storageType: 'i' };
    expect(toAbsoluteVector(folder, inline)).toBe(inline);
    expect(vectorFileUri(folder, inline)).toBeUndefined();
    const absolute = toAbsoluteVector(folder, vector);
    expect(toAbsoluteVector(root, absolute)).toBe(absolute);
    expect(vectorFileUri(root, absolute)).toBe(vectorFileUri(folder, vector));
  });

  it('that are broken or of an unknown kind are refused by name', () => {
    expect(() => vectorFileUri(root, { ...stored, pathOrInlineDv: 'short' })).toThrow(
      'names no UUID',
    );
    expect(() => vectorFileUri(root, { ...stored, storageType: 'x' })).toThrow('storage type "x"');
  });
});

describe('readVector, inline', () => {
  const store = new MemoryStore();
  const inline: DeletionVector = {
    storageType: 'i',
    pathOrInlineDv: '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L',
    sizeInBytes: 44,
    cardinality: 6,
  };

  it('reads the portable form', async () => {
    const rows = await readVector(store, { root }, inline);
    expect([...rows.positions()]).toEqual([3, 4, 7, 11, 18, 29]);
  });

  it("reads the protocol's own example, which is in the native form", async () => {
    const rows = await readVector(
      store,
      { root },
      {
        ...inline,
        pathOrInlineDv: 'wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L',
        sizeInBytes: 40,
      },
    );
    expect([...rows.positions()]).toEqual([3, 4, 7, 11, 18, 29]);
  });

  it('refuses one with another cardinality than the log tells', async () => {
    await expect(
      readVector(store, { root, version: 7 }, { ...inline, cardinality: 5 }),
    ).rejects.toSatisfy(
      (error) =>
        isDeltaError(error, 'corrupt-file') &&
        error.message.includes('it holds 6 rows where the log tells 5') &&
        error.message.includes('(version 7)'),
    );
    await expect(
      readVector(store, { root }, { ...inline, pathOrInlineDv: 'no z85' }),
    ).rejects.toMatchObject({
      code: 'corrupt-file',
    });
  });
});

describe('readVector, stored', () => {
  const payload = writePortable([2, 4, 70_000]);
  const vector = { ...stored, sizeInBytes: payload.length };

  function framed(change: (view: DataView) => void = () => undefined, lead = 1): Uint8Array {
    const bytes = new Uint8Array(lead + 4 + payload.length + 4);
    const view = new DataView(bytes.buffer);
    if (lead > 0) bytes[0] = 1;
    view.setInt32(lead, payload.length);
    bytes.set(payload, lead + 4);
    view.setUint32(lead + 4 + payload.length, crc32(payload));
    change(view);
    return bytes;
  }

  async function read(bytes: Uint8Array, descriptor: DeletionVector): Promise<number[]> {
    const store = new MemoryStore();
    await store.put(file, bytes, { mode: 'create' });
    return [...(await readVector(store, { root }, descriptor)).positions()];
  }

  it('reads it at its offset, and without one where its size stands', async () => {
    const without = { ...vector, offset: undefined };
    expect(await read(framed(), vector)).toEqual([2, 4, 70_000]);
    expect(await read(framed(), without)).toEqual([2, 4, 70_000]);
    expect(await read(framed(undefined, 0), without)).toEqual([2, 4, 70_000]);
    expect(await read(framed(undefined, 0), { ...vector, offset: 0 })).toEqual([2, 4, 70_000]);
    expect(await read(framed(undefined, 500), { ...vector, offset: 500 })).toEqual([2, 4, 70_000]);
  });

  it('refuses a checksum, a size, a version or an end that is wrong, and names the file', async () => {
    const broken: readonly [string, Uint8Array][] = [
      [
        'its checksum does not match',
        framed((view) => {
          view.setUint8(20, view.getUint8(20) ^ 1);
        }),
      ],
      [
        'no vector of',
        framed((view) => {
          view.setInt32(1, 3);
        }),
      ],
      [
        'its format version 9',
        framed((view) => {
          view.setUint8(0, 9);
        }),
      ],
      ['it ends too early', framed().subarray(0, payload.length)],
    ];
    for (const [why, bytes] of broken) {
      await expect(read(bytes, vector), why).rejects.toSatisfy(
        (error) =>
          isDeltaError(error, 'corrupt-file') &&
          error.message.includes(why) &&
          error.details.file === file,
      );
    }
  });

  it('says which file is missing', async () => {
    await expect(readVector(new MemoryStore(), { root, version: 3 }, vector)).rejects.toMatchObject(
      {
        code: 'missing-files',
        details: { table: root, version: 3, files: [file] },
      },
    );
  });
});

const shared = sharedTablesOrReason('deletion vectors of real tables');

describe.runIf(shared !== undefined)('readVector on real tables', () => {
  it('decodes every vector whose file is there, with matching checksum and cardinality', async () => {
    const store = new LocalStore();
    const index = JSON.parse(readFileSync(join(shared ?? '', 'INDEX.json'), 'utf8')) as
      | { tables: { path: string; readable: boolean | string }[] }
      | { path: string; readable: boolean | string }[];
    const tables = Array.isArray(index) ? index : index.tables;
    let decoded = 0;
    const absent: string[] = [];
    for (const { path, readable } of tables) {
      if (readable !== true) continue;
      const folder = join(shared ?? '', path);
      const seen = new Set<string>();
      for (const vector of vectorsOf(join(folder, '_delta_log'))) {
        const key = `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        try {
          const rows = await readVector(store, { root: fileUri(folder) }, vector);
          expect(rows.cardinality).toBe(vector.cardinality);
          decoded++;
        } catch (error) {
          if (!isDeltaError(error, 'missing-files') && vector.storageType !== 'p') throw error;
          absent.push(`${path}: ${vector.pathOrInlineDv}`);
        }
      }
    }
    console.log(
      `deletion vectors of real tables: ${decoded} decoded, ${absent.length} without a file`,
    );
    expect(decoded).toBeGreaterThan(75);
  });
});

function* vectorsOf(log: string): Generator<DeletionVector> {
  for (const name of readdirSync(log)) {
    if (!name.endsWith('.json')) continue;
    for (const line of readFileSync(join(log, name), 'utf8').split('\n')) {
      if (!line.includes('"deletionVector"')) continue;
      const action = decodeAction(line);
      if (action.kind === 'add' && action.add.deletionVector !== undefined)
        yield action.add.deletionVector;
      if (action.kind === 'remove' && action.remove.deletionVector !== undefined) {
        yield action.remove.deletionVector;
      }
    }
  }
}
