import { describe, expect, it } from 'vitest';
import { createTryLimit } from './try-limit.ts';

function limit(keys = 10) {
  const clock = { time: 1_000 };
  return { clock, limit: createTryLimit({ tries: 2, perMs: 60_000, keys, now: () => clock.time }) };
}

describe('a limit of tries', () => {
  it('allows so many, then says in how many seconds it allows the next', () => {
    const { limit: tries, clock } = limit();
    expect([tries.take('a'), tries.take('a'), tries.take('a')]).toEqual([0, 0, 60]);
    clock.time += 59_500;
    expect(tries.take('a')).toBe(1);
    clock.time += 500;
    expect(tries.take('a')).toBe(0);
  });

  it('counts each key apart', () => {
    const { limit: tries } = limit();
    tries.take('a');
    tries.take('a');
    expect(tries.take('b')).toBe(0);
  });

  it('begins anew after a try that was right', () => {
    const { limit: tries } = limit();
    tries.take('a');
    tries.take('a');
    tries.forget('a');
    expect(tries.take('a')).toBe(0);
  });

  it('remembers only so many keys, and forgets the oldest first', () => {
    const { limit: tries } = limit(2);
    for (const key of ['a', 'a', 'b', 'b', 'c', 'c']) tries.take(key);
    expect([tries.take('b'), tries.take('c')]).toEqual([60, 60]);
    expect(tries.take('a')).toBe(0);
  });
});
