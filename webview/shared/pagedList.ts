/** A long list that is asked for page by page, by position; what is not loaded yet is asked for when it comes into view. */
import type { Page, WireError } from '../../src/protocol/views';
import { toWireError } from './endpoint';

export class PagedList<T> {
  private readonly items = new Map<number, T>();
  private readonly asked = new Set<number>();
  private failure: WireError | null = null;
  private count: number | null = null;
  private isClosed = false;

  constructor(
    private readonly pageSize: number,
    private readonly ask: (offset: number, limit: number) => Promise<Page<T>>,
    private readonly onChange: () => void,
  ) {}

  /** Null until the first page was answered. */
  get total(): number | null {
    return this.count;
  }

  get error(): WireError | null {
    return this.failure;
  }

  at(index: number): T | undefined {
    return this.items.get(index);
  }

  /** These positions are in view. */
  want(first: number, last: number): void {
    if (this.failure !== null || this.isClosed) return;
    const bottom = Math.floor(first / this.pageSize);
    const top = Math.floor(Math.max(first, last) / this.pageSize);
    for (let page = bottom; page <= top; page += 1) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      void this.load(page);
    }
  }

  retry(): void {
    this.failure = null;
    this.onChange();
  }

  /** Another list took its place: answers still to come are dropped. */
  close(): void {
    this.isClosed = true;
  }

  private async load(page: number): Promise<void> {
    const offset = page * this.pageSize;
    try {
      const answer = await this.ask(offset, this.pageSize);
      if (this.isClosed) return;
      this.count = answer.total;
      answer.items.forEach((item, index) => this.items.set(offset + index, item));
    } catch (error) {
      if (this.isClosed) return;
      this.asked.delete(page);
      this.failure = toWireError(error);
    }
    this.onChange();
  }
}
