/**
 * Real processes killed with SIGKILL at random moments of a deep clone and of a restore: the target must be as it was or complete, and
 * running again must finish the work. Kills at every single store call are in the unit tests of the operations.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine';
import { joinUri } from '../../src/engine/objectUri';
import type { Snapshot } from '../../src/engine/snapshot';
import { isTable, openSnapshot } from '../../src/engine/table';
import { localUri } from '../../src/storage/localPath';
import { bundleForTest, removeBundle } from '../helpers/bundles';
import { TableWriter } from '../helpers/tableWriter';
import { createTestEngine, type TestEngine } from '../helpers/testEngine';

const files = 60;
const kills = 8;

let folder: string;
let bundle: string;
let engine: TestEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-kill-'));
  bundle = await bundleForTest('kill');
  engine = await createTestEngine();
  await makeTable(engine);
}, 60_000);

afterAll(async () => {
  await engine.close();
  await removeBundle(bundle);
  await rm(folder, { recursive: true, force: true });
});

/** Version 0 has half of the files, version 1 all of them, version 2 all but the first half. */
async function makeTable(on: Engine): Promise<void> {
  const writer = new TableWriter(
    on,
    joinUri(localUri(folder), 'source'),
    {
      fields: [
        { name: 'id', type: 'long' },
        { name: 'text', type: 'string' },
      ],
      partitionColumns: [],
      protocol: { minReaderVersion: 1, minWriterVersion: 2 },
    },
    on.ids.uuid(),
  );
  const adds = [];
  for (let i = 0; i < files; i++) {
    adds.push(
      await writer.writeFile(
        Array.from({ length: 50 }, (_, row) => ({
          id: BigInt(i * 50 + row),
          text: `row ${row} of file ${i}`,
        })),
      ),
    );
  }
  const write = { operation: 'WRITE', operationParameters: { mode: 'Append' } };
  const first = adds.slice(0, files / 2);
  await writer.create(
    first.map((add) => ({ kind: 'add' as const, add })),
    write,
  );
  await writer.commit(
    adds.slice(files / 2).map((add) => ({ kind: 'add' as const, add })),
    write,
  );
  await writer.commit(
    first.map((add) => writer.remove(add)),
    { operation: 'DELETE', operationParameters: { predicate: '[]' } },
  );
}

/** Runs the command line and kills it after some milliseconds, unless it ends before. */
function runFor(
  ms: number | undefined,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly ms: number }> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(bundle, 'cli.js'), ...args], {
      stdio: 'ignore',
      env: { ...process.env, DELTA_CLONES_STATE: join(folder, 'state') },
    });
    const timer = ms === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ms: performance.now() - since });
    });
  });
}

async function pathsOf(snapshot: Snapshot): Promise<readonly string[]> {
  const paths: string[] = [];
  const set = await snapshot.files();
  set.forEach((batch, index) => {
    paths.push(set.path(batch, index));
    return true;
  });
  return paths.sort();
}

describe('a process that is killed', () => {
  it('leaves a deep clone absent or complete, and the next run finishes it', async () => {
    const source = join(folder, 'source');
    const whole = await runFor(
      undefined,
      'clone',
      source,
      join(folder, 'whole'),
      '--deep',
      '--version',
      '1',
      '--execute',
    );
    expect(whole.code).toBe(0);
    let wasKilled = 0;
    for (let i = 0; i < kills; i++) {
      const target = join(folder, `clone-${i}`);
      const args = ['clone', source, target, '--deep', '--version', '1', '--execute'];
      const { code } = await runFor((whole.ms * (i + 0.5)) / kills, ...args);
      if (code === null) wasKilled++;
      const root = localUri(target);
      if (await isTable(engine, root)) {
        expect((await (await openSnapshot(engine, root, 'latest')).totals()).files).toBe(files);
      } else {
        expect((await runFor(undefined, ...args)).code).toBe(0);
        expect((await (await openSnapshot(engine, root, 'latest')).totals()).files).toBe(files);
      }
    }
    expect(wasKilled).toBeGreaterThan(0);
  }, 120_000);

  it('leaves a table at its old version or at the restored one', async () => {
    const table = join(folder, 'restored');
    const reset = async (): Promise<void> => {
      await rm(table, { recursive: true, force: true });
      await cp(join(folder, 'source'), table, { recursive: true });
    };
    const args = ['restore', table, '--version', '0', '--execute'];
    await reset();
    const whole = await runFor(undefined, ...args);
    expect(whole.code).toBe(0);
    let wasKilled = 0;
    for (let i = 0; i < kills; i++) {
      await reset();
      const { code } = await runFor((whole.ms * (i + 0.5)) / kills, ...args);
      if (code === null) wasKilled++;
      const snapshot = await openSnapshot(engine, localUri(table), 'latest');
      expect([2, 3]).toContain(snapshot.version);
      const expected = await openSnapshot(engine, localUri(table), {
        version: snapshot.version === 2 ? 2 : 0,
      });
      expect(await pathsOf(snapshot)).toEqual(await pathsOf(expected));
      if (snapshot.version === 2) expect((await runFor(undefined, ...args)).code).toBe(0);
    }
    expect(wasKilled).toBeGreaterThan(0);
  }, 120_000);
});
