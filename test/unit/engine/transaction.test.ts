import { describe, expect, it } from 'vitest';
import { decodeAction, type Action } from '../../../src/engine/actions';
import type { Engine } from '../../../src/engine/engine';
import { DeltaError, isDeltaError, isStoreError, StoreError } from '../../../src/engine/errors';
import { commitUri } from '../../../src/engine/log/logPath';
import { commit, nextCommitTimestamp, type CommitIntent } from '../../../src/engine/transaction';
import { FaultyStore } from '../../helpers/faultyStore';
import {
  addLine,
  memoryEngine,
  memoryRoot,
  metadataLine,
  protocolLine,
} from '../../helpers/memoryTable';

const base = memoryEngine();
const metadata = metadataOf(metadataLine);

function metadataOf(line: string) {
  const action = decodeAction(line);
  if (action.kind !== 'metaData') throw new Error('no metadata');
  return action.metaData;
}

function intent(more: Partial<CommitIntent> = {}): CommitIntent {
  return {
    root: memoryRoot,
    readVersion: 'new-table',
    info: {
      operation: 'WRITE',
      operationParameters: { mode: 'Append' },
      isBlindAppend: true,
      operationMetrics: { numFiles: '1' },
    },
    protocol: { minReaderVersion: 1, minWriterVersion: 2 },
    metadata,
    actions: [
      decodeAction(protocolLine),
      decodeAction(metadataLine),
      decodeAction(addLine('a.parquet')),
    ],
    ...more,
  };
}

function faulty(): Engine & { readonly store: FaultyStore } {
  const engine = memoryEngine();
  return { ...engine, store: new FaultyStore(engine.store) };
}

async function linesOf(engine: Engine, version: number): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await engine.store.read(commitUri(memoryRoot, version)));
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

describe('commit', () => {
  it('writes commitInfo first, then the actions, each on its line', async () => {
    const engine = memoryEngine();
    const result = await commit(engine, intent());
    expect(result).toMatchObject({ status: 'committed', version: 0 });
    const lines = await linesOf(engine, 0);
    expect(lines.slice(1).map((line): unknown => JSON.parse(line))).toEqual(
      [protocolLine, metadataLine, addLine('a.parquet')].map((line): unknown => JSON.parse(line)),
    );
    const { commitInfo } = JSON.parse(lines[0] ?? '') as { commitInfo: Record<string, unknown> };
    expect(Object.keys(commitInfo)).toEqual([
      'timestamp',
      'operation',
      'operationParameters',
      'readVersion',
      'isolationLevel',
      'isBlindAppend',
      'operationMetrics',
      'engineInfo',
      'txnId',
    ]);
    expect(commitInfo).toMatchObject({
      readVersion: -1,
      isolationLevel: 'Serializable',
      operationMetrics: { numFiles: '1' },
    });
  });

  it('tells a conflict with the winner and leaves its version alone', async () => {
    const engine = memoryEngine();
    await commit(engine, intent());
    const before = await linesOf(engine, 0);
    const result = await commit(engine, intent());
    expect(result).toMatchObject({
      status: 'conflicted',
      version: 0,
      winner: { operation: 'WRITE' },
    });
    expect(await linesOf(engine, 0)).toEqual(before);
  });

  it('finds its own commit after a lost answer', async () => {
    const engine = faulty();
    engine.store.inject({ verbs: ['put'], fault: { kind: 'lose-answer' } });
    expect(await commit(engine, intent())).toMatchObject({ status: 'committed', version: 0 });
    expect(engine.store.count('put')).toBe(1);
  });

  it('finds its own commit when its own repetition lost to it', async () => {
    const engine = faulty();
    engine.store.inject({
      verbs: ['put'],
      fault: {
        kind: 'lose-answer',
        error: new StoreError('already-exists', 'exists', commitUri(memoryRoot, 0)),
      },
    });
    expect(await commit(engine, intent())).toMatchObject({ status: 'committed', version: 0 });
  });

  it('throws the error of a put that wrote nothing', async () => {
    const engine = faulty();
    engine.store.inject({ verbs: ['put'], nth: 1, fault: { kind: 'fail' } });
    await expect(commit(engine, intent())).rejects.toMatchObject({ code: 'unreachable' });
    expect(await commit(engine, intent())).toMatchObject({ status: 'committed' });
  });

  it('says so where it cannot find out whether the version was written', async () => {
    const engine = faulty();
    engine.store.inject({ verbs: ['put'], fault: { kind: 'lose-answer' } });
    engine.store.inject({ verbs: ['readStream'], fault: { kind: 'fail' } });
    const error = await commit(engine, intent()).catch((thrown: unknown) => thrown);
    expect(isStoreError(error, 'timeout') && error.message).toContain(
      'not known whether it was written',
    );
  });

  it('publishes nothing when the actions fail midway', async () => {
    const engine = memoryEngine();
    async function* failing(): AsyncGenerator<Action> {
      yield decodeAction(protocolLine);
      throw new DeltaError('missing-files', 'gone');
    }
    await expect(commit(engine, intent({ actions: failing() }))).rejects.toMatchObject({
      code: 'missing-files',
    });
    await expect(engine.store.head(commitUri(memoryRoot, 0))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('publishes nothing when it is cancelled', async () => {
    const engine = memoryEngine();
    const controller = new AbortController();
    controller.abort();
    const error = await commit(engine, intent(), { signal: controller.signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isDeltaError(error, 'cancelled')).toBe(true);
    await expect(engine.store.head(commitUri(memoryRoot, 0))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('streams a commit of many actions whole', async () => {
    const engine = memoryEngine();
    const count = 30_000;
    function* many(): Generator<Action> {
      for (let i = 0; i < count; i++)
        yield decodeAction(addLine(`part-${i}-${'x'.repeat(80)}.parquet`));
    }
    await commit(engine, intent({ actions: many() }));
    const lines = await linesOf(engine, 0);
    expect(lines).toHaveLength(count + 1);
    expect(lines[count]).toContain(`part-${count - 1}-`);
  });

  it('refuses a store whose create may overwrite', async () => {
    const engine = memoryEngine();
    engine.store.capabilities = () => ({ createIfAbsent: 'unsafe', serverSideCopy: false });
    const error = await commit(engine, intent()).catch((thrown: unknown) => thrown);
    expect(isDeltaError(error, 'refused') && error.details).toMatchObject({
      findings: [{ code: 'unsafe-store', severity: 'blocker', needsAcknowledgement: false }],
    });
  });

  it('refuses a protocol with a writer feature that is not ours, by its name', async () => {
    const protocol = {
      minReaderVersion: 1,
      minWriterVersion: 7,
      writerFeatures: ['futureFeature'],
    };
    const error = await commit(base, intent({ protocol })).catch((thrown: unknown) => thrown);
    expect(isDeltaError(error, 'unsupported-write') && error.message).toContain('futureFeature');
  });

  it('puts an in-commit timestamp first, later than the one before also when the clock was set back', async () => {
    const engine = { ...memoryEngine(), clock: { now: () => 1000 } };
    const protocol = {
      minReaderVersion: 1,
      minWriterVersion: 7,
      writerFeatures: ['inCommitTimestamp'],
    };
    const table = {
      protocol,
      metadata: { ...metadata, configuration: { 'delta.enableInCommitTimestamps': 'true' } },
    };
    const timestamp = nextCommitTimestamp(engine, { ...table, timestamp: 5000 });
    expect(timestamp).toBe(5001);
    expect(nextCommitTimestamp(engine, { protocol, metadata, timestamp: 5000 })).toBe(1000);
    await commit(engine, intent({ ...table, timestamp }));
    const [first = ''] = await linesOf(engine, 0);
    expect(first.startsWith('{"commitInfo":{"inCommitTimestamp":5001,"timestamp":5001,')).toBe(
      true,
    );
  });
});
