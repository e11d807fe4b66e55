import { describe, expect, it } from 'vitest';
import { DeltaError, StoreError } from '../../../src/engine/errors';
import { RemoteError } from '../../../src/protocol/rpc';
import type { ProgressEvent } from '../../../src/protocol/views';
import { shellWord } from '../../../src/service/commandLineText';
import { throttleProgress } from '../../../src/service/progressThrottle';
import { sqlTable, sqlText } from '../../../src/service/sql';
import { toWireError } from '../../../src/service/wireErrors';

describe('toWireError', () => {
  it('keeps code, message and JSON-safe facts', () => {
    const error = new DeltaError('version-not-found', 'no', {
      details: { latest: 3, exact: 9007199254740993n, set: new Set(['a']), gone: undefined },
    });
    expect(toWireError(error)).toEqual({
      code: 'version-not-found',
      message: 'no',
      details: { latest: 3, exact: '9007199254740993', set: ['a'] },
    });
  });

  it('names the place of a store error', () => {
    expect(toWireError(new StoreError('access-denied', 'closed', 'file:///lake'))).toEqual({
      code: 'access-denied',
      message: 'closed',
      details: { location: 'file:///lake' },
    });
  });

  it('passes an error that came over a port', () => {
    const wire = { code: 'conflict', message: 'lost', details: { version: 1 } };
    expect(toWireError(new RemoteError(wire))).toEqual(wire);
  });

  it('calls an abort cancelled and anything else internal, without the places of our code', () => {
    expect(toWireError(new DOMException('stop', 'AbortError')).code).toBe('cancelled');
    const wire = toWireError(
      new TypeError('x is not a function (/home/ada/app/dist/worker.js:12:3)\n at y'),
    );
    expect(wire.code).toBe('internal');
    expect(wire.message).toContain('x is not a function');
    expect(wire.message).not.toContain('/home/ada');
    expect(toWireError('text').message).toContain('text');
  });
});

describe('quoting', () => {
  it.each([
    ['/data/orders', '/data/orders'],
    ['/data/my orders', "'/data/my orders'"],
    ["/data/it's", "'/data/it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['~/x', "'~/x'"],
    ['', "''"],
  ])('writes %s for a shell', (text, expected) => {
    expect(shellWord(text)).toBe(expected);
  });

  it('writes tables and texts for SQL', () => {
    expect(sqlTable('file:///data/a%20b%60c')).toBe('delta.`/data/a b``c`');
    expect(sqlTable('s3://bucket/orders')).toBe('delta.`s3://bucket/orders`');
    expect(sqlText("it's \\ done")).toBe("'it\\'s \\\\ done'");
  });
});

describe('throttleProgress', () => {
  const event = (more: Partial<ProgressEvent>): ProgressEvent => ({
    phase: 'copying',
    done: 0,
    unit: 'files',
    ...more,
  });

  it('passes ten events a second, every new phase, every end and every table that was found', () => {
    const sent: ProgressEvent[] = [];
    let now = 0;
    const tell = throttleProgress(
      (told) => sent.push(told),
      () => now,
    );
    tell(event({ done: 1 }));
    tell(event({ done: 2 }));
    now = 99;
    tell(event({ done: 3 }));
    now = 100;
    tell(event({ done: 4 }));
    tell(event({ done: 10, total: 10 }));
    tell(event({ phase: 'committing', done: 0 }));
    for (const name of ['a', 'b']) {
      tell(event({ phase: 'committing', found: { location: name, name } }));
    }
    tell(event({ phase: 'committing', done: 1 }));
    expect(sent.map((told) => told.found?.name ?? told.done)).toEqual([1, 4, 10, 0, 'a', 'b']);
  });
});
