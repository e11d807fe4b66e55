import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output, OutputFailed, ReaderGone } from '../../../src/cli/output';
import type { OutputStream } from '../../../src/cli/output';

function terminal(): OutputStream & { readonly text: () => string } {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString();
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: 80, text: () => written });
}

describe('Output', () => {
  it('is bold on a terminal, plain with NO_COLOR and elsewhere', () => {
    expect(new Output(terminal(), terminal(), {}).bold('x')).toBe('\u001b[1mx\u001b[22m');
    expect(new Output(terminal(), terminal(), { NO_COLOR: '1' }).bold('x')).toBe('x');
    expect(new Output(terminal(), terminal(), { TERM: 'dumb' }).bold('x')).toBe('x');
    expect(new Output(new PassThrough(), terminal(), {}).bold('x')).toBe('x');
  });

  it('draws progress on a terminal only', () => {
    const [drawn, plain] = [terminal(), new PassThrough()];
    new Output(terminal(), drawn, {}).progress('half');
    new Output(terminal(), plain, {}).progress('half');
    expect(drawn.text()).toContain('half');
    expect(plain.read()).toBeNull();
  });

  it('waits for a reader that is slow', async () => {
    const slow = new PassThrough({ highWaterMark: 4 });
    const output = new Output(slow, terminal(), {});
    let isWritten = false;
    const writing = output.write('more than four').then(() => (isWritten = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isWritten).toBe(false);
    slow.resume();
    await writing;
    expect(isWritten).toBe(true);
  });

  it('tells a reader that has gone from a disk that is full', async () => {
    for (const code of ['EPIPE', 'ENOSPC']) {
      const broken = new PassThrough({ highWaterMark: 1 });
      const output = new Output(broken, terminal(), {});
      const writing = output.write('some text').catch((error: unknown) => error);
      broken.destroy(Object.assign(new Error(code), { code }));
      expect(await writing).toBeInstanceOf(code === 'EPIPE' ? ReaderGone : OutputFailed);
      expect(output.signal.aborted).toBe(true);
      await expect(output.line('more')).rejects.toThrow();
    }
  });

  it('holds words back until the end where they could be taken for an error, and drops them when there is one', () => {
    const stderr = terminal();
    const output = new Output(terminal(), stderr, {});
    output.holdsWords = true;
    output.say('by the way');
    expect(stderr.text()).toBe('');
    output.sayHeld();
    expect(stderr.text()).toBe('by the way\n');
    output.say('not this');
    output.sayError('the error');
    expect(stderr.text()).toContain('the error');
    expect(stderr.text()).not.toContain('not this');
  });
});
