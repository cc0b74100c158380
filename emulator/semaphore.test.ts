import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Semaphore } from './semaphore.ts';
import { createSemaphore } from './semaphore.ts';

let semaphore: Semaphore;
let entered: string[];

beforeEach(() => {
  vi.useFakeTimers();
  semaphore = createSemaphore({ most: 2, holds: 250 });
  entered = [];
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for a place. @returns how to release it, once inside */
function come(name: string, where = 'one'): Promise<() => void> {
  const inside = semaphore.acquire(where);
  void inside.then(() => entered.push(name));
  return inside;
}
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a semaphore', () => {
  it('has a fixed number of slots, and admits the others in order', async () => {
    const leaveFirst = await come('first');
    await come('second');
    void come('third');
    void come('fourth');
    await settle();
    expect(entered).toEqual(['first', 'second']);
    leaveFirst();
    await settle();
    expect(entered).toEqual(['first', 'second', 'third']);
  });

  it('frees a slot that is held too long, but not twice', async () => {
    const leaveFirst = await come('first');
    await come('second');
    for (const name of ['third', 'fourth', 'fifth']) void come(name);
    await vi.advanceTimersByTimeAsync(249);
    expect(entered).toEqual(['first', 'second']);
    await vi.advanceTimersByTimeAsync(1);
    expect(entered).toEqual(['first', 'second', 'third', 'fourth']);
    leaveFirst();
    await settle();
    expect(entered).toHaveLength(4);
  });

  it('is independent of other semaphores, and leaves no timer behind', async () => {
    const leaves = [await come('first'), await come('second'), await come('other', 'two')];
    expect(entered).toEqual(['first', 'second', 'other']);
    for (const leave of leaves) leave();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can hold a slot forever', async () => {
    semaphore = createSemaphore({ most: 1 });
    const leave = await come('first');
    void come('second');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(entered).toEqual(['first']);
    leave();
    await settle();
    expect(entered).toEqual(['first', 'second']);
  });
});
