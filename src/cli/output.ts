/**
 * Where the command line writes: documents and lines on standard output with back-pressure, words on standard error. A reader
 * that goes away (`| head`) ends the work quietly.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Standard output cannot be written: a full disk, a broken device. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';
  /** The system's name of the error, where it has one. */
  readonly errno: string;

  constructor(cause: NodeJS.ErrnoException) {
    super(`Standard output could not be written: ${cause.message}.`, { cause });
    this.errno = cause.code ?? '';
  }
}

/** The reader of standard output has gone. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

export class Output {
  private isGone = false;
  private readonly held: string[] = [];
  /** Set where standard error must hold nothing but the error, if there is one: words then wait for a good end. */
  holdsWords = false;
  private readonly gone = new AbortController();

  constructor(
    private readonly stdout: OutputStream,
    private readonly stderr: OutputStream,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.fail(error);
    });
    stderr.on('error', () => undefined);
  }

  /** Aborted when standard output cannot be written any more, with {@link ReaderGone} where the reader has gone. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** True where colours are wanted: a terminal, and no NO_COLOR. */
  get hasColours(): boolean {
    return (
      this.stdout.isTTY === true &&
      (this.environment.NO_COLOR ?? '') === '' &&
      this.environment.TERM !== 'dumb'
    );
  }

  /** Bold on a terminal with colours, plain elsewhere. */
  readonly bold = (text: string): string => (this.hasColours ? `\u001b[1m${text}\u001b[22m` : text);

  /** True where progress can be drawn over itself. */
  get drawsProgress(): boolean {
    return this.stderr.isTTY === true && this.environment.TERM !== 'dumb';
  }

  /** Columns of the terminal; undefined where there is none: nothing is cut then. */
  get width(): number | undefined {
    return this.stdout.isTTY === true ? this.stdout.columns : undefined;
  }

  /** Writes text to standard output and waits until it may take more. Throws {@link ReaderGone}. */
  async write(text: string): Promise<void> {
    this.throwIfGone();
    try {
      if (this.stdout.write(text)) return;
    } catch (error) {
      // Files are written at once, and throw at once.
      this.fail(error as NodeJS.ErrnoException);
      this.throwIfGone();
    }
    try {
      await once(this.stdout, 'drain', { signal: this.signal });
    } catch {
      this.throwIfGone();
    }
    this.throwIfGone();
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** Words for people, on standard error. */
  say(text: string): void {
    if (this.holdsWords) this.held.push(text);
    else this.stderr.write(`${text}\n`);
  }

  /** At a good end: says what was held back. */
  sayHeld(): void {
    for (const text of this.held.splice(0)) this.stderr.write(`${text}\n`);
  }

  /** At a bad end: the last words, and only they. */
  sayError(text: string): void {
    this.held.length = 0;
    this.progress('');
    this.stderr.write(`${text}\n`);
  }

  /** Draws over the last progress line; an empty text takes it away. */
  progress(text: string): void {
    if (this.drawsProgress) this.stderr.write(`\r\u001b[K${text}`);
  }

  private fail(error: NodeJS.ErrnoException): void {
    if (this.isGone) return;
    this.isGone = true;
    this.gone.abort(error.code === 'EPIPE' ? new ReaderGone('') : new OutputFailed(error));
  }

  private throwIfGone(): void {
    if (this.isGone) throw this.gone.signal.reason;
  }
}
