import { describe, expect, it } from 'vitest';
import type { OperationOutcome, PlanView } from '../../../src/protocol/views';
import { describeCommit, formatBytes, plural } from '../../../src/vscode/format';
import { mayRunAtOnce, outcomeText, planTitle } from '../../../src/vscode/outcomeText';
import { ProgressShare, progressText } from '../../../src/vscode/progressText';
import { commit } from './fakes';

const none = { files: 0, bytes: 0 };

function plan(kind: PlanView['kind'], more: Partial<PlanView> = {}): PlanView {
  return {
    id: 'p1',
    kind,
    createdAt: '2026-11-21T10:00:00.000Z',
    source: { location: 'file:///w/a', name: 'a', version: 3, timestamp: null },
    target: { location: 'file:///w/b', name: 'b', version: null, timestamp: null },
    willCommit: true,
    filesToAdd: { files: 12, bytes: 100 },
    filesToRemove: none,
    filesToCopy: { files: 12, bytes: 2048 },
    filesReused: none,
    filesUnchanged: none,
    schemaChanges: [],
    propertyChanges: [],
    protocolChanges: [],
    findings: [],
    readers: [],
    sql: null,
    commandLine: '',
    ...more,
  };
}

const outcome = (more: Partial<OperationOutcome> = {}): OperationOutcome => ({
  version: 0,
  committed: true,
  location: 'file:///w/b',
  metrics: {},
  cloneInfo: null,
  undoVersion: null,
  ...more,
});

describe('format', () => {
  it('writes bytes with at most one decimal', () => {
    const texts = [0, 1023, 1024, 1536, 1_048_575, 1_048_576, 5e12].map(formatBytes);
    expect(texts).toEqual(['0 B', '1023 B', '1 KiB', '1.5 KiB', '1 MiB', '1 MiB', '4.5 TiB']);
  });

  it('counts in words', () => {
    expect([plural(1, 'file'), plural(1200, 'file'), plural(2, 'entry', 'entries')]).toEqual([
      '1 file',
      '1,200 files',
      '2 entries',
    ]);
  });

  it('tells an operation with what matters most of it', () => {
    expect(describeCommit(commit(0))).toBe('WRITE (Append)');
    expect(describeCommit(commit(0, { operation: null }))).toBe('details cleaned up');
    expect(describeCommit(commit(0, { operationParameters: { predicate: '[]' } }))).toBe('WRITE');
    const deletion = { operation: 'DELETE', operationParameters: { predicate: `["(a = 'x')"]` } };
    expect(describeCommit(commit(1, deletion))).toBe(`DELETE (a = 'x')`);
    const restore = { operation: 'RESTORE', operationParameters: { version: '1' } };
    expect(describeCommit(commit(2, restore))).toBe('RESTORE (version 1)');
  });
});

describe('outcomeText', () => {
  it('says what each operation did', () => {
    expect(outcomeText(plan('shallow-clone'), outcome())).toBe(
      'b is a shallow clone of a at version 3: version 0, 12 files referenced, none copied.',
    );
    expect(outcomeText(plan('deep-clone'), outcome())).toBe(
      'b is a deep clone of a at version 3: version 0, 12 files copied (2 KiB).',
    );
    expect(
      outcomeText(
        plan('restore', { filesToRemove: { files: 2, bytes: 9 } }),
        outcome({ version: 5 }),
      ),
    ).toBe(
      'b is restored to version 3, committed as version 5: 12 files brought back, 2 files removed.',
    );
  });

  it('says when nothing was committed', () => {
    expect(outcomeText(plan('restore'), outcome({ committed: false, version: 4 }))).toBe(
      'Nothing had to be done: b is at version 4 and stays there.',
    );
  });

  it('names the operation in titles', () => {
    expect(planTitle(plan('restore'))).toBe('Restore b');
    expect(planTitle(plan('shallow-clone'))).toBe('Shallow Clone a to b');
  });
});

describe('mayRunAtOnce', () => {
  const info = {
    code: 'coverage',
    severity: 'info',
    needsAcknowledgement: false,
    subject: null,
    detail: {},
    message: '',
  } as const;

  it('never skips a plan with findings, and no plan at all by default', () => {
    expect(mayRunAtOnce(plan('restore'), 'always')).toBe(false);
    expect(mayRunAtOnce(plan('restore'), 'findings')).toBe(true);
    expect(mayRunAtOnce(plan('restore', { findings: [info] }), 'findings')).toBe(false);
  });
});

describe('progress', () => {
  it('is a sentence with its amounts', () => {
    expect(progressText({ phase: 'copying', done: 12, total: 40, unit: 'files' })).toBe(
      'Copying: 12 of 40 files',
    );
    expect(progressText({ phase: 'copying', done: 1024, total: 4096, unit: 'bytes' })).toBe(
      'Copying: 1 KiB of 4 KiB',
    );
    expect(progressText({ phase: 'listing', done: 0, unit: 'files' })).toBe('Listing');
  });

  it('adds up to a hundred and never goes back', () => {
    const share = new ProgressShare();
    const steps = [10, 40, 30, 100, 100].map((done) =>
      share.advance({ phase: 'copying', done, total: 100, unit: 'files' }),
    );
    expect(steps).toEqual([10, 30, undefined, 60, undefined]);
    expect(
      share.advance({ phase: 'committing', done: 0, total: 1, unit: 'commits' }),
    ).toBeUndefined();
  });
});
