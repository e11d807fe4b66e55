import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSnapshot } from '../../../../src/engine/table';
import type { FileSet } from '../../../../src/engine/fileSet';
import {
  addLine,
  memoryEngine,
  memoryRoot,
  metadataLine,
  protocolLine,
  removeLine,
  writeLog,
} from '../../../helpers/memoryTable';

/** A file as two spellings of one name, with one of a few vectors. */
interface Op {
  readonly kind: 'add' | 'remove';
  readonly file: number;
  readonly spelling: number;
  readonly vector: number;
}

const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.constantFrom('add', 'remove'),
  file: fc.nat(5),
  spelling: fc.nat(3),
  vector: fc.nat(2),
});

/** Four ways to write the same object's path. */
function path(file: number, spelling: number): string {
  return [
    `p=a b/f${file}.parquet`.replaceAll(' ', '%20'),
    `p=a%20b/f${file}.parquet`,
    `./p=a%20b/%66${file}.parquet`,
    `file:/warehouse/orders/p=a%20b/f${file}.parquet`,
  ][spelling]!;
}

function vector(index: number): Readonly<Record<string, unknown>> {
  return index === 0
    ? {}
    : {
        deletionVector: {
          storageType: 'u',
          pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^',
          offset: index,
          sizeInBytes: 4,
          cardinality: 1,
        },
        stats: '{"numRecords":5}',
      };
}

function line({ kind, file, spelling, vector: index }: Op): string {
  return (kind === 'add' ? addLine : removeLine)(path(file, spelling), vector(index));
}

/** Oldest to newest into a map: slow, and plainly right. */
function naive(commits: readonly (readonly Op[])[]): ReadonlyMap<string, 'add' | 'remove'> {
  const state = new Map<string, 'add' | 'remove'>();
  for (const commit of commits) {
    for (const { kind, file, vector: index } of commit) state.set(`${file}/${index}`, kind);
  }
  return state;
}

function keys(files: FileSet): readonly string[] {
  const found: string[] = [];
  files.forEach((batch, i) => {
    const file = /f(\d)\.parquet$/.exec(files.uri(batch, i))?.[1] ?? '?';
    const offset = String(batch.vectors.get(i)?.offset ?? 0);
    found.push(`${file}/${offset}`);
    return true;
  });
  return found.sort();
}

function keysOf(
  state: ReadonlyMap<string, 'add' | 'remove'>,
  kind: 'add' | 'remove',
): readonly string[] {
  return [...state]
    .filter(([, value]) => value === kind)
    .map(([key]) => key)
    .sort();
}

it('gives the state of a naive oldest-to-newest replay, with and without a checkpoint at any version', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(op, { maxLength: 6 }), { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat(7), { nil: undefined }),
      fc.boolean(),
      async (commits, checkpointAt, keepsOldCommits) => {
        const engine = memoryEngine();
        const checkpoint =
          checkpointAt === undefined || checkpointAt >= commits.length ? undefined : checkpointAt;
        for (const [version, ops] of commits.entries()) {
          if (!keepsOldCommits && checkpoint !== undefined && version < checkpoint) continue;
          const head = version === 0 ? [protocolLine, metadataLine] : [];
          await writeLog(engine, version, [...head, ...ops.map(line)]);
        }
        if (checkpoint !== undefined) {
          const state = naive(commits.slice(0, checkpoint + 1));
          const digits = String(checkpoint).padStart(20, '0');
          await writeLog(engine, `${digits}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json`, [
            '{"checkpointMetadata":{"version":0}}',
            protocolLine,
            metadataLine,
            ...[...state].map(([key, kind]) => {
              const [file, index] = key.split('/').map(Number);
              return line({ kind, file: file ?? 0, spelling: 1, vector: index ?? 0 });
            }),
          ]);
        }
        const state = naive(commits);
        const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
        expect(keys(await snapshot.files())).toEqual(keysOf(state, 'add'));
        expect(keys(await snapshot.tombstones())).toEqual(keysOf(state, 'remove'));
        expect(snapshot.version).toBe(commits.length - 1);
      },
    ),
    { numRuns: 300 },
  );
});
