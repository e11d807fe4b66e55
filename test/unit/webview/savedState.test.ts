import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../webview/history/availability';
import { freshState, readSavedState } from '../../../webview/history/savedState';

describe('saved state of the history page', () => {
  it('comes back as it was saved', () => {
    const state = {
      ...freshState,
      location: 'file:///t',
      scrollTop: 40,
      hiddenColumns: ['job'],
      widths: { job: 90 },
      openVersions: [3],
    };
    expect(readSavedState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('takes what it can from another shape and never fails', () => {
    expect(readSavedState(undefined)).toEqual(freshState);
    expect(readSavedState('x')).toEqual(freshState);
    expect(
      readSavedState({
        location: 7,
        filters: { text: 1, user: 'ines' },
        scrollTop: 'far',
        hiddenColumns: [1, 'job'],
        widths: { a: 'x', b: 2 },
        openVersions: 'all',
      }),
    ).toEqual({
      ...freshState,
      filters: { text: '', operation: '', user: 'ines' },
      hiddenColumns: ['job'],
      widths: { b: 2 },
    });
  });
});

describe('what can be done with a commit', () => {
  const commit = { version: 3, isRestorable: true } as Parameters<typeof availabilityOf>[0];
  const open = { canWrite: true, isTrusted: true };

  it('is everything for an older version', () => {
    expect(availabilityOf(commit, open, 7)).toEqual({ restore: null, clone: null });
  });

  it('is no restore of the current version, but clones of it', () => {
    const { restore, clone } = availabilityOf(commit, open, 3);
    expect(restore).toContain('is the table as it is now');
    expect(clone).toBeNull();
  });

  it('is nothing where the version can not be rebuilt or nothing may be written, with the reason', () => {
    expect(availabilityOf({ ...commit, isRestorable: false }, open, 7).clone).toContain('Log only');
    expect(availabilityOf(commit, { canWrite: false, isTrusted: false }, 7).restore).toContain(
      'Restricted Mode',
    );
    expect(availabilityOf(commit, { canWrite: false, isTrusted: true }, 7).restore).toContain(
      'switched off',
    );
  });
});
