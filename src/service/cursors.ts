/**
 * Streams that are read in pieces over a port: a bounded number, closed at their end, on request, or when too many are open.
 * What is behind a cursor is pulled only when somebody reads, so a slow reader holds nothing up but itself.
 */
import { cancelledError, DeltaError } from '../engine/errors';
import type { CursorChunk } from './deltaService';

interface Cursor {
  readonly controller: AbortController;
  readonly pieces: AsyncIterator<readonly string[]>;
  /** Lines that were pulled; those before `handedOut` were handed out. */
  pulled: readonly string[];
  handedOut: number;
  isReading: boolean;
}

export class CursorStore {
  private readonly cursors = new Map<string, Cursor>();

  constructor(
    private readonly nextId: () => string,
    private readonly maxOpen = 32,
  ) {}

  get size(): number {
    return this.cursors.size;
  }

  /** Opens a cursor over lines; the signal given to `open` ends with the cursor. The least recently opened gives way. */
  async open(open: (signal: AbortSignal) => AsyncIterable<readonly string[]>): Promise<string> {
    const idle = [...this.cursors].find(([, cursor]) => !cursor.isReading);
    if (this.cursors.size >= this.maxOpen && idle !== undefined) await this.close(idle[0]);
    const controller = new AbortController();
    const id = this.nextId();
    this.cursors.set(id, {
      controller,
      pieces: open(controller.signal)[Symbol.asyncIterator](),
      pulled: [],
      handedOut: 0,
      isReading: false,
    });
    return id;
  }

  /**
   * The next lines, at most `limit`, fewer where that is what is at hand; none only at the end. An error or an abort closes the
   * cursor: what follows a hole must not be read as if there were none.
   */
  async read(id: string, limit: number, signal?: AbortSignal): Promise<CursorChunk> {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) {
      throw new DeltaError('invalid-argument', 'The stream is closed: open it again.');
    }
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new DeltaError(
        'invalid-argument',
        `A stream is read ${limit} lines at a time: give at least 1.`,
      );
    }
    if (cursor.isReading) {
      throw new DeltaError('invalid-argument', 'The stream is being read already.');
    }
    const onAbort = (): void => {
      cursor.controller.abort(cancelledError(signal?.reason));
    };
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    cursor.isReading = true;
    try {
      return await this.next(id, cursor, limit);
    } catch (error) {
      const wasAborted = cursor.controller.signal.aborted;
      await this.close(id);
      throw wasAborted ? cancelledError(cursor.controller.signal.reason) : error;
    } finally {
      cursor.isReading = false;
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private async next(id: string, cursor: Cursor, limit: number): Promise<CursorChunk> {
    const lines: string[] = [];
    for (;;) {
      const end = Math.min(cursor.pulled.length, cursor.handedOut + limit - lines.length);
      while (cursor.handedOut < end) lines.push(cursor.pulled[cursor.handedOut++] ?? '');
      if (lines.length >= limit) return { lines, isEnd: false };
      if (cursor.controller.signal.aborted) throw cancelledError(cursor.controller.signal.reason);
      const step = await cursor.pieces.next();
      if (step.done === true) {
        await this.close(id);
        return { lines, isEnd: true };
      }
      cursor.pulled = step.value;
      cursor.handedOut = 0;
    }
  }

  /** Ends a cursor and what runs behind it; unknown ids are ignored. */
  async close(id: string): Promise<void> {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) return;
    this.cursors.delete(id);
    cursor.pulled = [];
    cursor.controller.abort(cancelledError());
    await cursor.pieces.return?.().catch(() => undefined);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.cursors.keys()].map((id) => this.close(id)));
  }
}
