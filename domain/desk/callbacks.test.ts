import { expect, test } from 'vitest';
import { isStillWanted } from './decide.ts';
import { positionOf } from './matching.ts';
import type { QueueRules } from './rules.ts';
import { createTestDesk, deskRules } from './testing.ts';

/** A callback rings Alice. Once she takes it, its customer is called by a leg that the platform has not named yet. */
function calling() {
  const desk = createTestDesk(deskRules({ callback: true, agents: ['Alice'] }));
  desk.call('c1');
  desk.turn('c1', 1, '1');
  desk.tell({ kind: 'caller ended', call: 'c1' });
  desk.page('Alice');
  const { id, call } = desk.offer('Alice');
  return {
    desk,
    id,
    call,
    takes: () => desk.tell({ kind: 'agent answered', reservation: id, leg: 'l1' }),
  };
}

test('a server that starts while the customer of a callback is called neither moves nor ends the call', () => {
  const { desk, call, takes } = calling();
  takes();
  desk.effects.length = 0;
  desk.tell({ kind: 'server started', agents: ['Alice'], until: desk.now + 15_000 });
  expect(desk.effects.map(({ kind }) => kind)).not.toContain('transfer');
  expect(desk.of(call).stage).toBe('connecting');
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'ringing' });
  desk.tell({ kind: 'next asked', call, leg: 'x1' });
  expect(desk.of(call)).toMatchObject({ stage: 'talking', leg: 'x1' });
});

test('a leg that is not known is not moved, which would seem to be its end', () => {
  const { desk, call, takes } = calling();
  takes();
  desk.tell({ kind: 'next asked', call });
  desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now });
  expect(desk.of(call)).toMatchObject({ stage: 'waiting', leg: null });
  expect(isStillWanted(desk.desk, { kind: 'transfer', call })).toBe(false);
});

test('an agent who hangs up on a customer whose leg is not known ends the call', () => {
  const { desk, id, call, takes } = calling();
  takes();
  desk.tell({ kind: 'next asked', call });
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'ended by the agent' });
  expect(desk.of(call)).toMatchObject({ stage: 'ended', exit: 'completed', endedBy: 'agent' });
  expect(desk.offer('Alice').state).toBe('wrapping');
});

test('a leg that was found by the number, and is another call’s, is not taken for the customer’s', () => {
  const { desk, call, takes } = calling();
  takes();
  desk.call('x1');
  const effect = { kind: 'call customer', call } as const;
  desk.tell({ kind: 'effect done', effect, outcome: { is: 'done', leg: 'x1' } });
  expect(desk.of(call)).toMatchObject({ stage: 'connecting', leg: null });
});

/** Alice is away. The first caller has booked a callback, and a second one calls. */
function booked(limits: Partial<QueueRules> = {}) {
  const desk = createTestDesk(deskRules({ callback: true, voicemail: false, agents: ['Alice'], ...limits }));
  desk.page('Alice');
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
  desk.call('c1');
  desk.turn('c1', 1, '1');
  desk.tell({ kind: 'caller ended', call: 'c1' });
  return desk;
}

test('a booked callback takes no line: a queue with one line has room for the next caller, not for two', () => {
  const desk = booked({ mostWaiting: 1 });
  desk.call('c2');
  expect(desk.of('c2').stage).toBe('waiting');
  desk.call('c3');
  expect(desk.of('c3')).toMatchObject({ stage: 'leaving', exit: 'overflow' });
});

test('a caller is told a place after a callback only while that really comes first', () => {
  const desk = booked();
  const [callback] = [...desk.desk.calls.values()].filter(({ kind }) => kind === 'callback');
  if (callback === undefined) throw new Error('no callback was booked');
  desk.wait(1);
  desk.call('c2');
  const place = (notBefore: number) => {
    const calls = new Map(desk.desk.calls).set(callback.id, { ...callback, notBefore });
    return positionOf(desk.of('c2'), { ...desk.desk, calls }, deskRules(), desk.now);
  };
  expect(place(desk.now)).toBe(2);
  expect(place(desk.now + 60_000)).toBe(1);
});
