/** A process that is killed in the middle of its work, on the real disk: whatever the moment, the table is as it was or complete. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../../../src/engine/actions';
import { fileUri } from '../../../../src/engine/objectUri';
import { isTable, openSnapshot } from '../../../../src/engine/table';
import { bundleForTest, removeBundle } from '../../../helpers/bundles';
import { TableWriter } from '../../../helpers/tableWriter';
import { createTestEngine, type TestEngine } from '../../../helpers/testEngine';
import { claimsSpec, rowsOf } from './fixtures';

const fileCount = 30;
let engine: TestEngine;
let folder: string;
let bundle: string;
let source: string;

beforeAll(async () => {
  engine = await createTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-kill-'));
  bundle = await bundleForTest('kill');
  source = join(folder, 'source');
  const writer = new TableWriter(engine, fileUri(source), claimsSpec, engine.ids.uuid());
  const files: Action[] = [];
  for (let i = 0; i < fileCount; i++) {
    const rows = Array.from({ length: 50 }, (_, row) => ({
      id: BigInt(i * 50 + row),
      state: 'x'.repeat(200),
      region: `r${i % 3}`,
    }));
    const add = await writer.writeFile(rows);
    files.push({ kind: 'add', add: i % 10 === 0 ? await writer.deleteRows(add, [1, 2]) : add });
  }
  await writer.create(files, { operation: 'WRITE', operationParameters: {} });
}, 120_000);

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
  await removeBundle(bundle);
});

/** Everything below a folder, hidden files too. */
async function namesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Runs the command line and kills it as soon as `moment` is there; its exit code, or null where it was killed. */
async function runAndKill(
  args: readonly string[],
  moment: () => Promise<boolean>,
): Promise<number | null> {
  const child = spawn(process.execPath, [join(bundle, 'cli.js'), ...args, '--execute', '--json'], {
    env: { ...process.env, DELTA_CLONES_STATE: join(folder, 'state') },
    stdio: 'ignore',
  });
  let isOver = false;
  const code = new Promise<number | null>((resolve) => {
    child.on('exit', (status) => {
      isOver = true;
      resolve(status);
    });
  });
  while (!isOver) {
    if (await moment()) child.kill('SIGKILL');
    await delay(1);
  }
  return code;
}

const never = (): Promise<boolean> => Promise.resolve(false);

describe('a killed process', () => {
  it('leaves a deep clone undone or done, and the next run takes up what it copied', async () => {
    const rows = await rowsOf(engine, fileUri(source));
    let undone = 0;
    for (const count of [1, 5, 15, 28, 33, 34, 35, 36]) {
      const target = join(folder, `clone${count}`);
      const args = ['clone', source, target, '--deep'];
      await runAndKill(args, async () => (await namesBelow(target)).length >= count);
      if (await isTable(engine, fileUri(target))) {
        expect(await rowsOf(engine, fileUri(target))).toEqual(rows);
        continue;
      }
      undone++;
      expect(await runAndKill(args, never)).toBe(0);
      expect(await rowsOf(engine, fileUri(target))).toEqual(rows);
      const left = (await namesBelow(target)).filter(
        (name) => !/^(part-|deletion_vector_|0{20}\.|_last_checkpoint$)/.test(name),
      );
      for (const name of left) expect(name).toMatch(/^\.delta-clones-[0-9a-f-]{36}\.unpublished$/);
    }
    expect(undone).toBeGreaterThan(0);
  }, 180_000);

  it('leaves a restore undone or done', async () => {
    const table = join(folder, 'clone1');
    const root = fileUri(table);
    const log = join(table, '_delta_log');
    expect(await runAndKill(['restore', table, '--version', '0'], never)).toBe(0);
    const full = await rowsOf(engine, root, { version: 0 });
    expect((await openSnapshot(engine, root, 'latest')).version).toBe(0);
    // An empty version to go to: every file is removed.
    const empty = join(folder, 'empty');
    await new TableWriter(engine, fileUri(empty), claimsSpec, engine.ids.uuid()).create([], {
      operation: 'CREATE TABLE',
      operationParameters: {},
    });
    const clear = [
      'clone',
      empty,
      table,
      '--deep',
      '--replace',
      '--acknowledge',
      'target-is-not-a-clone',
      '--acknowledge',
      'target-has-local-commits',
    ];
    expect(await runAndKill(clear, never)).toBe(0);
    for (const more of [1, 2, 3, 4]) {
      const { version } = await openSnapshot(engine, root, 'latest');
      const known = (await readdir(log)).length;
      await runAndKill(
        ['restore', table, '--version', '0'],
        async () => (await readdir(log)).length >= known + more,
      );
      const after = await openSnapshot(engine, root, 'latest');
      expect(await rowsOf(engine, root)).toEqual(after.version === version ? [] : full);
      expect(after.version - version).toBeLessThanOrEqual(1);
      if (after.version > version) expect(await runAndKill(clear, never)).toBe(0);
    }
  }, 180_000);
});
