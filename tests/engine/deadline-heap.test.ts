import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDeadlineHeap } from '../../src/engine/deadline-heap.ts';

describe('deadline heap', () => {
  it('[ENG12] gives what is due, earliest first, each key once at its latest instant', () => {
    const sets = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(100)));
    fc.assert(
      fc.property(sets, fc.nat(100), (entries, now) => {
        const heap = createDeadlineHeap();
        for (const [key, at] of entries) heap.set(key, at);
        const due = [...new Map<string, number>(entries)].filter(([, at]) => at <= now);
        const taken = heap.takeDue(now, 10);
        expect([...taken].sort()).toEqual(due.map(([key]) => key).sort());
        const instants = taken.map((key) => new Map<string, number>(entries).get(key) ?? 0);
        expect(instants).toEqual([...instants].sort((a, b) => a - b));
        expect(heap.peek() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
      }),
    );
  });

  it('[I14] stays within its bound, however often instants are replaced', () => {
    const heap = createDeadlineHeap(3);
    for (const [index, key] of ['a', 'b', 'c', 'd', 'a', 'b'].entries()) heap.set(key, index);
    for (let at = 0; at < 1_000; at++) heap.set('a', at);
    expect(heap.size).toBe(3);
    expect(heap.entries).toBeLessThanOrEqual(2 * 3 + 64);
    expect(heap.takeDue(1_000, 10)).toEqual(['c', 'b', 'a']);
  });
});
