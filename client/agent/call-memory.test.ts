import { describe, expect, it } from 'vitest';
import { createCallMemory, type RememberedCall } from './call-memory.ts';

const remembered: RememberedCall = {
  call: { id: 'leg-1', from: '447700900000', kind: 'phone' },
  since: 1_000,
  sessionId: 'session-1',
  seen: 50_000,
};

function createMemory(initial: string | null = null) {
  let stored = initial;
  return createCallMemory(
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
  );
}

describe('a remembered call', () => {
  it.each([
    [50_000, true],
    [69_999, true],
    [70_000, false],
    // The clock was set back: nobody knows how old it is.
    [49_999, false],
  ])('seen at 50 s is recalled at %d ms: %s', (now, recalled) => {
    const memory = createMemory();
    memory.keep(remembered);
    expect(memory.recall(now)).toEqual(recalled ? remembered : null);
  });

  it('is gone when it is forgotten', () => {
    const memory = createMemory();
    memory.keep(remembered);
    memory.forget();
    expect(memory.recall(50_000)).toBeNull();
  });
});

it.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['another shape', '{"call":{"id":"leg-1"}}'],
  ['an unknown kind of caller', JSON.stringify({ ...remembered, call: { ...remembered.call, kind: 'fax' } })],
  ['no time', JSON.stringify({ ...remembered, seen: null })],
])('does not recall %s', (_what, stored) => {
  expect(createMemory(stored).recall(50_000)).toBeNull();
});
