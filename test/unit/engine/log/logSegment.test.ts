import { describe, expect, it } from 'vitest';
import { completeCheckpoints, logSegments } from '../../../../src/engine/log/logSegment';
import { parseLogFile, type LogFile } from '../../../../src/engine/log/logPath';
import { joinUri } from '../../../../src/engine/objectUri';
import { memoryRoot } from '../../../helpers/memoryTable';

function v(version: number): string {
  return String(version).padStart(20, '0');
}

function files(...names: readonly string[]): readonly LogFile[] {
  return names.flatMap((name) => {
    const file = parseLogFile({
      uri: joinUri(memoryRoot, '_delta_log', name),
      size: 1,
      lastModified: 1,
    });
    return file === undefined ? [] : [file];
  });
}

const commits = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${v(from + i)}.json`);

const part = (version: number, index: number, of: number): string =>
  `${v(version)}.checkpoint.${String(index).padStart(10, '0')}.${String(of).padStart(10, '0')}.parquet`;

const uuid = '80a083e8-7026-4e79-81be-64bd76c43a11';

describe('names in the log', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    [`${v(3)}.json`, 'commit'],
    [`${v(3)}.crc`, 'crc'],
    [`${v(3)}.checkpoint.parquet`, 'checkpoint'],
    [part(3, 1, 2), 'checkpoint-part'],
    [part(3, 3, 2), undefined],
    [part(3, 0, 2), undefined],
    [`${v(3)}.checkpoint.${uuid}.json`, 'checkpoint-v2'],
    [`${v(3)}.checkpoint.${uuid}.parquet`, 'checkpoint-v2'],
    [`${v(3)}.${v(7)}.compacted.json`, 'compacted'],
    [`${v(7)}.${v(7)}.compacted.json`, undefined],
    ['3.json', undefined],
    [`.${v(3)}.json.crc`, undefined],
    [`.${v(3)}.json.tmp`, undefined],
    ['_last_checkpoint', undefined],
    [`${v(3)}.${uuid}.json`, undefined],
    ['99999999999999999999.json', undefined],
  ];
  it.each(cases)('reads %s as %s', (name, kind) => {
    expect(files(name)[0]?.kind).toBe(kind);
  });
});

describe('choosing the log segment', () => {
  it('takes the newest complete checkpoint and the commits right after it', () => {
    const [best] = logSegments(
      memoryRoot,
      files(...commits(0, 5), `${v(2)}.checkpoint.parquet`, `${v(4)}.checkpoint.parquet`),
      undefined,
    );
    expect(best?.checkpoint?.version).toBe(4);
    expect(best?.commits.map(({ version }) => version)).toEqual([5]);
  });

  it('ignores a multi-part checkpoint that misses a part', () => {
    const [best] = logSegments(memoryRoot, files(...commits(0, 5), part(4, 1, 2)), undefined);
    expect(best?.checkpoint).toBeUndefined();
    expect(best?.commits).toHaveLength(6);
  });

  it('prefers a V2 checkpoint to a multi-part one and that to a classic one', () => {
    const found = completeCheckpoints(
      files(
        `${v(4)}.checkpoint.parquet`,
        part(4, 1, 2),
        part(4, 2, 2),
        `${v(4)}.checkpoint.${uuid}.parquet`,
      ),
    );
    expect(found.map(({ kind }) => kind)).toEqual(['v2', 'multi-part', 'classic']);
  });

  it('uses a checkpoint at version 0', () => {
    const [best] = logSegments(
      memoryRoot,
      files(...commits(0, 1), `${v(0)}.checkpoint.parquet`),
      undefined,
    );
    expect(best?.checkpoint?.version).toBe(0);
    expect(best?.commits.map(({ version }) => version)).toEqual([1]);
  });

  it('offers an earlier checkpoint after the best one, in case that one is damaged', () => {
    const segments = logSegments(
      memoryRoot,
      files(...commits(0, 5), `${v(2)}.checkpoint.parquet`, `${v(4)}.checkpoint.parquet`),
      undefined,
    );
    expect(segments.map(({ checkpoint }) => checkpoint?.version)).toEqual([4, 2, undefined]);
  });

  it('fails for a missing commit and names it', () => {
    expect(() =>
      logSegments(memoryRoot, files(...commits(0, 2), ...commits(4, 5)), undefined),
    ).toThrow(
      expect.objectContaining({
        code: 'versions-not-contiguous',
        details: expect.objectContaining({ missingVersion: 3 }) as unknown,
      }),
    );
  });

  it('fails for a gap right after the checkpoint', () => {
    expect(() =>
      logSegments(memoryRoot, files(`${v(2)}.checkpoint.parquet`, ...commits(4, 5)), undefined),
    ).toThrow(expect.objectContaining({ code: 'versions-not-contiguous' }));
  });

  it('opens a truncated log from its checkpoint', () => {
    const [best] = logSegments(
      memoryRoot,
      files(`${v(10)}.checkpoint.parquet`, ...commits(10, 12)),
      undefined,
    );
    expect(best?.commits.map(({ version }) => version)).toEqual([11, 12]);
  });

  it.each([[7], [-1]])('refuses version %i and names the versions that are there', (version) => {
    expect(() => logSegments(memoryRoot, files(...commits(0, 5)), version)).toThrow(
      expect.objectContaining({
        code: 'version-not-found',
        details: expect.objectContaining({ earliest: 0, latest: 5 }) as unknown,
      }),
    );
  });

  it('refuses a version below the oldest checkpoint of a truncated log', () => {
    expect(() =>
      logSegments(memoryRoot, files(`${v(10)}.checkpoint.parquet`, ...commits(10, 12)), 8),
    ).toThrow(
      expect.objectContaining({
        code: 'version-not-found',
        details: expect.objectContaining({ earliest: 10, latest: 12 }) as unknown,
      }),
    );
  });

  it('says that an empty log is no table', () => {
    expect(() => logSegments(memoryRoot, [], undefined)).toThrow(
      expect.objectContaining({ code: 'not-a-table' }),
    );
  });
});
