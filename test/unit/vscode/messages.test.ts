import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RemoteError } from '../../../src/protocol/rpc';
import {
  actionLabels,
  describeError,
  EditorError,
  errorLabel,
  errorWayOut,
  isCancelled,
  isKnownCode,
  toWireError,
} from '../../../src/vscode/messages';

/** Every code of the engine's and the stores' errors, read from their declaration. */
function engineCodes(): string[] {
  const source = readFileSync(new URL('../../../src/engine/errors.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1] ?? '');
}

describe('messages', () => {
  it('have words for every code of the engine', () => {
    const codes = engineCodes();
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !isKnownCode(code))).toEqual([]);
  });

  it('show the sentence of the error, with buttons that exist', () => {
    for (const code of engineCodes()) {
      const message = describeError({ code, message: 'What happened.', details: {} });
      if (code === 'cancelled') {
        expect(message).toBeUndefined();
        continue;
      }
      expect(message?.text).toBe('What happened.');
      for (const action of message?.actions ?? []) expect(actionLabels[action]).toBeTruthy();
    }
  });

  it('fall back to words of their own where the error has no sentence', () => {
    expect(describeError({ code: 'not-a-table', message: '', details: {} })?.text).toMatch(
      /^not a Delta table\. Choose a folder/,
    );
  });

  it('treat an unknown code as an internal error that names itself', () => {
    const message = describeError({ code: 'new-code', message: 'x', details: {} });
    expect(message).toMatchObject({ severity: 'error', actions: ['show-log'] });
    expect(errorLabel('new-code')).toBe('new-code');
    expect(errorWayOut('constructor')).toBe('See the log for details.');
  });

  it('keep the code of what was thrown', () => {
    const remote = new RemoteError({ code: 'conflict', message: 'm', details: { version: 3 } });
    expect(toWireError(remote)).toEqual({
      code: 'conflict',
      message: 'm',
      details: { version: 3 },
    });
    expect(toWireError(new EditorError('untrusted', 'no')).code).toBe('untrusted');
    expect(toWireError(new TypeError('x')).code).toBe('internal');
    expect(toWireError('text').message).toBe('text');
  });

  it('know a cancel in each of its forms', () => {
    const abort = new DOMException('aborted', 'AbortError');
    expect(isCancelled(abort)).toBe(true);
    expect(isCancelled(new RemoteError({ code: 'cancelled', message: '', details: {} }))).toBe(
      true,
    );
    expect(isCancelled(new Error('cancelled'))).toBe(false);
  });
});
