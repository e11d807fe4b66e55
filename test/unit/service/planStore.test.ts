import { describe, expect, it } from 'vitest';
import { LruCache } from '../../../src/service/lruCache';
import { PlanStore } from '../../../src/service/planStore';

describe('PlanStore', () => {
  it('gives a plan as often as it is looked at, and once to be run', () => {
    const store = new PlanStore<string>(() => 0);
    store.keep('p', 'plan');
    expect(store.get('p')).toBe('plan');
    expect(store.take('p')).toBe('plan');
    expect(() => store.take('p')).toThrow(expect.objectContaining({ code: 'plan-not-found' }));
  });

  it('forgets a plan after an hour', () => {
    let now = 0;
    const store = new PlanStore<string>(() => now);
    store.keep('p', 'plan');
    now = 3_600_000;
    expect(store.get('p')).toBe('plan');
    now++;
    expect(() => store.get('p')).toThrow(/Make a new plan/);
    expect(store.size).toBe(0);
  });

  it('keeps a bounded number, the newest', () => {
    const store = new PlanStore<number>(() => 0, 1000, 2);
    for (const n of [1, 2, 3]) store.keep(`p${n}`, n);
    expect(store.size).toBe(2);
    expect(() => store.get('p1')).toThrow();
    expect(store.get('p3')).toBe(3);
  });
});

describe('LruCache', () => {
  it('drops what was not used for longest', () => {
    const cache = new LruCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('drops by weight, but never the newest', () => {
    const cache = new LruCache<string, number>(10, 5, (value) => value);
    cache.set('a', 3);
    cache.set('b', 3);
    expect(cache.get('a')).toBeUndefined();
    cache.set('c', 100);
    expect(cache.size).toBe(1);
    expect(cache.get('c')).toBe(100);
  });
});
