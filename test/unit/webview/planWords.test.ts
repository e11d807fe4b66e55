import { describe, expect, it } from 'vitest';
import type { FindingView, PlanView } from '../../../src/protocol/views';
import {
  blockedReason,
  executeLabel,
  orderedFindings,
  outcomeInWords,
  planSummary,
  planTitle,
  progressAmount,
  undoInWords,
  versionAfter,
  wayOut,
} from '../../../webview/plan/planWords';
import { RemainingTime } from '../../../webview/plan/remainingTime';

const finding = (
  code: string,
  severity: FindingView['severity'],
  needsAcknowledgement = false,
): FindingView => ({
  code,
  severity,
  needsAcknowledgement,
  subject: null,
  detail: {},
  message: code,
});

const nothing = { files: 0, bytes: 0 };
const plan: PlanView = {
  id: 'p',
  kind: 'restore',
  createdAt: '2025-03-31T00:00:00.000Z',
  source: { location: 'file:///w/t', name: 't', version: 2, timestamp: '2025-03-30T00:00:00.000Z' },
  target: { location: 'file:///w/t', name: 't', version: 4, timestamp: '2025-03-31T00:00:00.000Z' },
  willCommit: true,
  filesToAdd: nothing,
  filesToRemove: nothing,
  filesToCopy: nothing,
  filesReused: nothing,
  filesUnchanged: nothing,
  schemaChanges: [],
  propertyChanges: [],
  protocolChanges: [],
  findings: [],
  readers: [],
  sql: null,
  commandLine: '',
};
const fresh = { location: 'file:///w/dev', name: 'dev', version: null, timestamp: null };

describe('a plan in words', () => {
  it('names the operation, its button and the version to come', () => {
    expect([planTitle(plan), executeLabel(plan), versionAfter(plan)]).toEqual([
      'Restore t to version 2',
      'Restore to version 2',
      'version 5',
    ]);
    const clone: PlanView = { ...plan, kind: 'shallow-clone', target: fresh };
    expect([planTitle(clone), executeLabel(clone), versionAfter(clone)]).toEqual([
      'Shallow clone t at version 2 as dev',
      'Create shallow clone',
      'version 0',
    ]);
    const sync: PlanView = {
      ...plan,
      kind: 'deep-clone',
      target: { ...plan.target, name: 'backup' },
    };
    expect([planTitle(sync), executeLabel(sync)]).toEqual([
      'Deep clone t at version 2 into backup',
      'Update deep clone',
    ]);
  });

  it('says that nothing is to do', () => {
    expect(planSummary({ ...plan, willCommit: false })).toContain('nothing to do');
    expect(versionAfter({ ...plan, willCommit: false })).toBe('version 4, unchanged');
  });

  it('orders findings by weight and keeps the order of equals', () => {
    const findings = [
      finding('a', 'info'),
      finding('b', 'warning'),
      finding('c', 'info', true),
      finding('d', 'blocker'),
      finding('e', 'warning', true),
    ];
    expect(orderedFindings(findings).map(({ code }) => code)).toEqual(['d', 'c', 'e', 'b', 'a']);
  });

  it('may run only when nothing blocks, everything is acknowledged, and there is something to do', () => {
    const needs = finding('dependent-clones', 'warning', true);
    const twice = finding('dependent-clones', 'warning', true);
    const asking: PlanView = { ...plan, findings: [needs, twice] };
    expect(blockedReason(plan, true, [])).toBeNull();
    expect(blockedReason(asking, true, [])).toBe('Acknowledge 2 findings to go on.');
    expect(blockedReason(asking, true, [needs])).toBe('Acknowledge 1 finding to go on.');
    expect(blockedReason(asking, true, [needs, twice])).toBeNull();
    expect(blockedReason({ ...plan, findings: [finding('x', 'blocker')] }, true, [])).toContain(
      '1 blocker',
    );
    expect(blockedReason(plan, false, [])).toContain('Restricted Mode');
    expect(blockedReason({ ...plan, willCommit: false }, true, [])).toContain('nothing to do');
  });

  it('tells the end of a run and the way back', () => {
    const done = {
      version: 5,
      committed: true,
      location: 'file:///w/dev',
      metrics: {},
      cloneInfo: null,
      undoVersion: 4,
    };
    expect(outcomeInWords(plan, done)).toBe('t was restored to version 2. It is now at version 5.');
    expect(outcomeInWords(plan, { ...done, committed: false })).toContain('Nothing was committed');
    expect(undoInWords(done)).toBeNull();
    expect(undoInWords({ ...done, undoVersion: null })).toContain('delete the new folder /w/dev');
    expect(undoInWords({ ...done, committed: false, undoVersion: null })).toBeNull();
    expect(wayOut({ code: 'stale-plan', message: '', details: {} })).toContain('Plan again');
  });

  it('tells progress with its unit', () => {
    expect(progressAmount({ phase: 'copying', done: 1048576, total: 4194304, unit: 'bytes' })).toBe(
      '1.00 MiB of 4.00 MiB',
    );
    expect(progressAmount({ phase: 'verifying', done: 5, total: 1200, unit: 'files' })).toBe(
      '5 of 1,200 files',
    );
    expect(progressAmount({ phase: 'listing', done: 12, unit: 'files' })).toBe('12 files');
  });
});

describe('remaining time', () => {
  const event = (done: number, total?: number) => ({
    phase: 'copying' as const,
    done,
    unit: 'bytes' as const,
    ...(total === undefined ? {} : { total }),
  });

  it('is silent until it was watched long enough, then follows the rate', () => {
    const time = new RemainingTime();
    expect(time.observe(event(0, 100), 0)).toBeNull();
    expect(time.observe(event(10, 100), 2000)).toBeNull();
    expect(time.observe(event(50, 100), 10_000)).toBe(10_000);
  });

  it('is silent without a total, while nothing moves, and at the end', () => {
    const time = new RemainingTime();
    time.observe(event(10), 0);
    expect(time.observe(event(20), 9000)).toBeNull();
    time.observe(event(10, 20), 10_000);
    expect(time.observe(event(10, 20), 20_000)).toBeNull();
    expect(time.observe(event(20, 20), 30_000)).toBeNull();
  });

  it('follows the last stretch, not the whole run', () => {
    const time = new RemainingTime();
    for (let second = 0; second <= 60; second += 1)
      time.observe(event(second, 1000), second * 1000);
    let left = null;
    for (let second = 61; second <= 90; second += 1)
      left = time.observe(event(60 + (second - 60) * 10, 1000), second * 1000);
    expect(left).toBeLessThan(66_000);
  });
});
