import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimerHeap } from './timer-heap.ts';

describe('a heap of timers', () => {
  it('returns the earliest first, simultaneous ones in the order they were set, and no cancelled ones', () => {
    const timers = fc.array(fc.record({ at: fc.integer({ min: 0, max: 9 }), undone: fc.boolean() }));
    fc.assert(
      fc.property(timers, (set) => {
        const heap = createTimerHeap();
        const fired: number[] = [];
        const undos = set.map(({ at }, index) => heap.add(at, () => fired.push(index)));
        for (const [index, undo] of undos.entries()) if (set[index]?.undone) undo();
        for (let next = heap.take(); next; next = heap.take()) next.fn();
        const kept = set.flatMap(({ at, undone }, index) => (undone ? [] : [{ at, index }]));
        expect(fired).toEqual(
          kept.sort((a, b) => a.at - b.at || a.index - b.index).map(({ index }) => index),
        );
      }),
    );
  });

  it('ignores a late cancellation', () => {
    const heap = createTimerHeap();
    const undo = heap.add(1, () => {});
    heap.add(2, () => {});
    heap.take();
    undo();
    undo();
    expect(heap.size).toBe(1);
    heap.clear();
    expect(heap.take()).toBeUndefined();
  });
});
