import { describe, expect, test } from 'vitest';
import type { DeskFact } from './events.ts';
import { createTestDesk, deskRules } from './testing.ts';

const APOLOGY = [{ action: 'talk', text: expect.stringContaining('sorry'), language: 'en-US' }];
const LEG = 'leg of Alice';

/** A desk where c1 rings at Alice's page and c2 waits. */
function ringingDesk() {
  const desk = createTestDesk(deskRules({ agents: ['Alice'], callback: true }));
  desk.page('Alice');
  desk.call('c1');
  desk.call('c2', '447700900001');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: LEG, is: 'started', user: 'Alice' });
  return { ...desk, desk, reservation: id };
}

/** A foreign leg hears an apology, and changes nothing. */
function expectRefused({ desk }: ReturnType<typeof ringingDesk>, fact: DeskFact) {
  const { events, effects, ncco } = desk.tell(fact);
  // An event is not answered with an NCCO.
  const answer = fact.kind === 'agent leg' ? null : APOLOGY;
  expect({ events, effects, ncco }).toEqual({ events: [], effects: [], ncco: answer });
}

describe('a leg that asks at the address of another one is refused, and moves nothing', () => {
  test.each([
    ['the leg of another user', { leg: 'other', user: 'Mallory' }],
    ['the leg of another caller', { leg: 'c2', user: null }],
  ])('%s, as if it had answered an offer', (_who, who) => {
    const at = ringingDesk();
    expectRefused(at, { kind: 'agent answered', reservation: at.reservation, ...who });
    expectRefused(at, { kind: 'agent leg', reservation: at.reservation, ...who, is: 'ended by the agent' });
    expect(at.desk.rung('c1')).toEqual(['Alice']);
  });

  test('another caller, at the next turn, the menu, or where a caller was moved to', () => {
    const at = ringingDesk();
    const caller = { from: '447700900001', to: '442038297050', regionUrl: null };
    const turn = { call: 'c1', turn: 1, keys: '2', enqueuedAt: null, caller, leg: 'c2' };
    expectRefused(at, { kind: 'turn asked', ...turn });
    expectRefused(at, { kind: 'turn asked', ...turn, call: 'unknown' });
    expectRefused(at, { kind: 'menu answered', call: 'c1', keys: '1', leg: 'c2' });
    expectRefused(at, { kind: 'next asked', call: 'c1', leg: 'c2' });
  });
});

test('the leg that was created for an offer is taken, whatever the platform calls its user', () => {
  const { desk, reservation } = ringingDesk();
  const { ncco } = desk.tell({ kind: 'agent answered', reservation, leg: LEG, user: 'USR-1' });
  expect(ncco).toEqual([{ action: 'conversation', name: 'call-c1' }]);
});

describe('a callback', () => {
  /** Alice has accepted the callback, whose customer is being called. */
  function callingDesk() {
    const desk = createTestDesk(deskRules({ agents: ['Alice'], callback: true, wrapUpSeconds: 0 }));
    desk.call('c1');
    desk.turn('c1', 1, '1');
    desk.tell({ kind: 'caller ended', call: 'c1' });
    desk.page('Alice');
    const { id, call } = desk.offer('Alice');
    desk.tell({ kind: 'agent answered', reservation: id, leg: 'l1', user: 'Alice' });
    return { desk, call };
  }

  test('is tried again although the leg that reached nobody is heard of once more', () => {
    const { desk, call } = callingDesk();
    const to = '447700900000';
    desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'started', to });
    desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'no answer', to });
    desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'ended', to });
    expect(desk.of(call)).toMatchObject({ stage: 'waiting', failedTries: 1 });
  });

  test('knows the leg of a customer who is there before the platform has said so', () => {
    const { desk, call } = callingDesk();
    const { ncco } = desk.tell({ kind: 'next asked', call, leg: 'x1' });
    expect(ncco).toEqual([{ action: 'conversation', name: `call-${call}` }]);
    expect(desk.of(call)).toMatchObject({ stage: 'talking', leg: 'x1' });
  });
});
