import { expect, it } from 'vitest';
import type { EndedCall } from './call-state.ts';
import { createRecentMemory } from './recent-memory.ts';

const ended: EndedCall = {
  call: { id: 'leg-1', from: '447700900000', kind: 'phone' },
  reason: 'caller-hung-up',
  at: 5_000,
  talked: null,
};

function createMemory(initial: string | null = null) {
  let stored = initial;
  return createRecentMemory(
    {
      getItem: () => stored,
      setItem: (_key, value) => {
        stored = value;
      },
      removeItem: () => {
        stored = null;
      },
    },
    'Alice',
    () => () => {},
  );
}

it('restores the calls in order', () => {
  const memory = createMemory();
  const calls = [{ ...ended, talked: 3_000 }, ended];
  memory.write(calls);
  expect(memory.read()).toEqual(calls);
});

it.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['no list', '{}'],
  ['another shape', '[{"call":{"id":"leg-1"}}]'],
  ['an unknown reason', JSON.stringify([{ ...ended, reason: 'constructor' }])],
])('restores none from %s', (_what, stored) => {
  expect(createMemory(stored).read()).toEqual([]);
});
