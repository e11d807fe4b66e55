import { describe, expect, it } from 'vitest';
import { openHistory, versionAt } from '../../../src/engine/history';
import { joinUri } from '../../../src/engine/objectUri';
import { isTable, openSnapshot, refreshSnapshot } from '../../../src/engine/table';
import {
  addLine,
  memoryEngine,
  memoryRoot,
  metadataLine,
  protocolLine,
  removeLine,
  writeLog,
} from '../../helpers/memoryTable';

const uuid = '80a083e8-7026-4e79-81be-64bd76c43a11';

describe('places that are no table', () => {
  it('refuses a folder without a log', async () => {
    const engine = memoryEngine();
    await engine.store.put(joinUri(memoryRoot, 'a.csv'), new Uint8Array(1), { mode: 'create' });
    await expect(openSnapshot(engine, memoryRoot, 'latest')).rejects.toMatchObject({
      code: 'not-a-table',
    });
    expect(await isTable(engine, memoryRoot)).toBe(false);
  });

  it('refuses a log folder with nothing of the protocol in it', async () => {
    const engine = memoryEngine();
    await writeLog(engine, '_last_checkpoint', ['{"version":3}']);
    await expect(openSnapshot(engine, memoryRoot, 'latest')).rejects.toMatchObject({
      code: 'not-a-table',
      message: expect.stringContaining('warehouse/orders') as unknown,
    });
  });
});

describe('damaged logs', () => {
  it('names the missing commit', async () => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [protocolLine, metadataLine]);
    await writeLog(engine, 2, [addLine('a')]);
    await expect(openSnapshot(engine, memoryRoot, 'latest')).rejects.toMatchObject({
      code: 'versions-not-contiguous',
      details: { missingVersion: 1 },
    });
  });

  it('names the file and the line of a truncated action', async () => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [protocolLine, metadataLine]);
    await writeLog(engine, 1, [addLine('a'), addLine('b').slice(0, 30)]);
    await expect(openSnapshot(engine, memoryRoot, 'latest')).rejects.toMatchObject({
      code: 'invalid-log',
      message: expect.stringMatching(/Line 2 of 0{19}1\.json/) as unknown,
    });
  });

  it.each([
    ['protocol', metadataLine],
    ['metaData', protocolLine],
  ])('refuses a log without a %s action', async (missing, line) => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [line, addLine('a')]);
    await expect(openSnapshot(engine, memoryRoot, 'latest')).rejects.toMatchObject({
      code: 'invalid-log',
      details: { missing },
    });
  });

  it('passes over a damaged checkpoint and reads an earlier one with more commits', async () => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [protocolLine, metadataLine, addLine('a')]);
    await writeLog(engine, 1, [addLine('b')]);
    await writeLog(engine, `${'1'.padStart(20, '0')}.checkpoint.${uuid}.json`, [
      protocolLine,
      metadataLine,
      addLine('a'),
      addLine('b'),
    ]);
    await writeLog(engine, 2, [addLine('c')]);
    await writeLog(engine, `${'2'.padStart(20, '0')}.checkpoint.parquet`, ['no Parquet at all']);
    await writeLog(engine, '_last_checkpoint', ['{"version":2,"size":5}']);
    await writeLog(engine, 3, [removeLine('a')]);
    const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
    expect((await snapshot.totals()).files).toBe(2);
    expect(snapshot.warnings).toEqual([expect.stringContaining('checkpoint of version 2')]);
  });

  it.each([
    ['names a version that is gone', '{"version":7,"size":1}'],
    ['is no JSON', '{"version":'],
    ['names an old checkpoint', '{"version":1,"size":1}'],
  ])('gives the same state where _last_checkpoint %s', async (_case, hint) => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [protocolLine, metadataLine, addLine('a')]);
    for (const version of [1, 2, 3]) await writeLog(engine, version, [addLine(`b${version}`)]);
    await writeLog(engine, `${'2'.padStart(20, '0')}.checkpoint.${uuid}.json`, [
      protocolLine,
      metadataLine,
      addLine('a'),
      addLine('b1'),
      addLine('b2'),
    ]);
    await writeLog(engine, '_last_checkpoint', [hint]);
    const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
    expect([snapshot.version, (await snapshot.totals()).files]).toEqual([3, 4]);
  });

  it('reads a commit without a final line end, with blank lines and carriage returns', async () => {
    const engine = memoryEngine();
    const text = `${protocolLine}\r\n\r\n${metadataLine}\n\n${addLine('a')}`;
    await engine.store.put(
      joinUri(memoryRoot, '_delta_log', `${'0'.padStart(20, '0')}.json`),
      new TextEncoder().encode(text),
      { mode: 'create' },
    );
    expect((await (await openSnapshot(engine, memoryRoot, 'latest')).totals()).files).toBe(1);
  });
});

describe('features that we do not know', () => {
  const withProtocol = async (protocol: object): Promise<ReturnType<typeof memoryEngine>> => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [JSON.stringify({ protocol }), metadataLine, addLine('a')]);
    return engine;
  };

  it('refuses the files by the name of a reader feature, and still shows metadata and history', async () => {
    const engine = await withProtocol({
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['starGazing'],
      writerFeatures: ['starGazing'],
    });
    const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
    expect(snapshot.metadata.id).toBe('11111111-2222-4333-8444-555555555555');
    expect((await openHistory(engine, memoryRoot)).latestVersion).toBe(0);
    await expect(snapshot.files()).rejects.toMatchObject({
      code: 'unsupported-read',
      message: expect.stringContaining('starGazing') as unknown,
    });
  });

  it('reads a table with an unknown writer feature', async () => {
    const engine = await withProtocol({
      minReaderVersion: 1,
      minWriterVersion: 7,
      writerFeatures: ['starGazing'],
    });
    expect((await (await openSnapshot(engine, memoryRoot, 'latest')).totals()).files).toBe(1);
  });

  it('refuses a reader version that is too new, with the versions that are supported', async () => {
    const engine = await withProtocol({
      minReaderVersion: 99,
      minWriterVersion: 7,
      writerFeatures: [],
    });
    await expect((await openSnapshot(engine, memoryRoot, 'latest')).files()).rejects.toMatchObject({
      message: expect.stringMatching(/reader version 99 \(supported: 1 to 3\)/) as unknown,
    });
  });

  it('reads a catalog-managed table only when published commits are asked for', async () => {
    const engine = await withProtocol({
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['catalogManaged'],
      writerFeatures: ['catalogManaged', 'inCommitTimestamp'],
    });
    const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
    await expect(snapshot.files()).rejects.toMatchObject({ code: 'unsupported-read' });
    expect((await snapshot.totals({ publishedOnly: true })).files).toBe(1);
  });
});

describe('time travel', () => {
  it('gives the newest version at or before a time, and the valid range outside', async () => {
    const engine = memoryEngine();
    await writeLog(engine, 0, [protocolLine, metadataLine]);
    await writeLog(engine, 1, [addLine('a')]);
    await writeLog(engine, 2, [addLine('b')]);
    const history = await openHistory(engine, memoryRoot);
    const commits = await history.commits({ limit: 10 });
    expect(commits.map(({ version }) => version)).toEqual([2, 1, 0]);
    const [t2 = 0, t1 = 0, t0 = 0] = commits.map(({ timestamp }) => timestamp);
    expect(await versionAt(engine, history, t1)).toBe(1);
    expect(await versionAt(engine, history, t2 - 1)).toBe(1);
    await expect(versionAt(engine, history, t0 - 1)).rejects.toMatchObject({
      code: 'timestamp-out-of-range',
      details: { earliestVersion: 0, latestVersion: 2 },
    });
    await expect(versionAt(engine, history, t2 + 1)).rejects.toMatchObject({
      code: 'timestamp-out-of-range',
    });
    expect(await versionAt(engine, history, t2 + 1, { canReturnLast: true })).toBe(2);
    const snapshot = await openSnapshot(engine, memoryRoot, { timestamp: t1 });
    expect([snapshot.version, snapshot.timestamp]).toEqual([1, t1]);
  });

  it('uses in-commit timestamps from their enablement on, and file times before', async () => {
    const engine = memoryEngine();
    const enabled = metadataLine.replace(
      '"configuration":{}',
      '"configuration":{"delta.enableInCommitTimestamps":"true","delta.inCommitTimestampEnablementVersion":"1","delta.inCommitTimestampEnablementTimestamp":"1800000000000"}',
    );
    await writeLog(engine, 0, [protocolLine, metadataLine]);
    await writeLog(engine, 1, [
      '{"commitInfo":{"inCommitTimestamp":1800000000000}}',
      '{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["inCommitTimestamp"]}}',
      enabled,
    ]);
    await writeLog(engine, 2, ['{"commitInfo":{"inCommitTimestamp":1800000005000}}', addLine('a')]);
    const history = await openHistory(engine, memoryRoot);
    const times = (await history.commits({ limit: 3 })).map(({ timestamp }) => timestamp);
    expect(times.slice(0, 2)).toEqual([1_800_000_005_000, 1_800_000_000_000]);
    expect(times[2]).toBeLessThan(1_800_000_000_000);
    expect(await versionAt(engine, history, 1_800_000_004_999)).toBe(1);
    expect(await versionAt(engine, history, 1_799_999_999_999)).toBe(0);
  });

  it('makes times of commits that were copied at once strictly increasing', async () => {
    const engine = memoryEngine();
    for (const version of [0, 1, 2]) {
      await writeLog(
        engine,
        version,
        version === 0 ? [protocolLine, metadataLine] : [addLine(`f${version}`)],
      );
    }
    const history = await openHistory(engine, memoryRoot);
    const times = (await history.commits({ limit: 3 })).map(({ timestamp }) => timestamp);
    expect(times[0]).toBeGreaterThan(times[1] ?? 0);
    expect(times[1]).toBeGreaterThan(times[2] ?? 0);
  });
});

it('gives the same snapshot until the log grows', async () => {
  const engine = memoryEngine();
  await writeLog(engine, 0, [protocolLine, metadataLine]);
  const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
  expect(await refreshSnapshot(engine, snapshot)).toBe(snapshot);
  await writeLog(engine, 1, [addLine('a')]);
  expect((await refreshSnapshot(engine, snapshot)).version).toBe(1);
});
