import { describe, expect, it } from 'vitest';
import { createCallMemory, type RememberedCall } from './call-memory.ts';

const remembered: RememberedCall = {
  call: { id: 'leg-1', from: '447700900000', kind: 'phone' },
  since: 1_000,
  sessionId: 'session-1',
  seen: 50_000,
};

function createStore(initial: string | null = null) {
  let stored = initial;
  return {
    getItem: () => stored,
    setItem: (_key: string, value: string) => {
      stored = value;
    },
    removeItem: () => {
      stored = null;
    },
  };
}

const createMemory = (initial: string | null = null) =>
  createCallMemory(createStore(initial), createStore(), 'Alice');

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
    expect(memory.recall(now)).toEqual(recalled ? { ...remembered, here: true } : null);
  });

  it('is gone after it was cleared', () => {
    const memory = createMemory();
    memory.keep(remembered);
    memory.forget();
    expect(memory.recall(50_000)).toBeNull();
  });

  it('was left here only in the tab that was in it, until it is handed over', () => {
    const store = createStore();
    const memory = createCallMemory(store, createStore(), 'Alice');
    const otherTab = createCallMemory(store, createStore(), 'Alice');
    memory.keep(remembered);
    const here = () => [memory, otherTab].map((one) => one.recall(50_000)?.here);
    expect(here()).toEqual([true, false]);
    memory.handOver();
    expect(here()).toEqual([false, false]);
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
