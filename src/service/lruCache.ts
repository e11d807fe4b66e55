/** A bounded map that forgets what was not used for longest. */
export class LruCache<K, V> {
  private readonly entries = new Map<K, V>();

  /**
   * @param maxWeight entries are dropped, the least recently used first, while their weights add up to more
   * @param weigh asked again at each change, so that a value may grow
   */
  constructor(
    private readonly maxEntries: number,
    private readonly maxWeight = Infinity,
    private readonly weigh: (value: V) => number = () => 0,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  /** The newest entry is always kept, whatever its weight. */
  set(key: K, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    this.trim();
  }

  delete(key: K): void {
    this.entries.delete(key);
  }

  /** Drops what has become too much. */
  trim(): void {
    let weight = 0;
    for (const value of this.entries.values()) weight += this.weigh(value);
    for (const [key, value] of this.entries) {
      if (this.entries.size <= 1) return;
      if (this.entries.size <= this.maxEntries && weight <= this.maxWeight) return;
      weight -= this.weigh(value);
      this.entries.delete(key);
    }
  }
}
