import { expect, test } from 'vitest';
import { isStillWanted } from './decide.ts';
import { loadOf, reservationOf } from './desk.ts';
import { createTestDesk, deskRules } from './testing.ts';
import { ENGLISH } from './texts.ts';

const NUMBER = '441614960018';
const CALL = 'obleg-a';
const CUSTOMER = 'leg-c';

function createDesk() {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  const dials = (to: string | null = `+${NUMBER}`, leg = 'leg-a', agent = 'Alice') =>
    desk.tell({ kind: 'agent dials', leg, agent, to, ours: '442038297050', regionUrl: 'https://eu.example' });
  const customer = (
    is: 'started' | 'ringing' | 'busy' | 'declined' | 'no answer' | 'unreachable' | 'ended',
  ) => desk.tell({ kind: 'customer leg', call: CALL, leg: CUSTOMER, is, to: NUMBER });
  const isLoad = (agent = 'Alice') => {
    const reservation = reservationOf(desk.desk, agent);
    return loadOf(reservation, reservation && desk.desk.calls.get(reservation.call));
  };
  desk.page('Alice');
  return {
    ...desk,
    get desk() {
      return desk.desk;
    },
    dials,
    customer,
    isLoad,
    failure: () => desk.desk.agents.get('Alice')?.lastFailure,
    reservation: () => desk.offer('Alice'),
    /** Alice and the customer talk. */
    talk() {
      dials();
      customer('started');
      desk.tell({ kind: 'next asked', call: CALL, leg: CUSTOMER });
    },
  };
}

test('an agent who dials waits in the conversation of the call, and the customer is called into it', () => {
  const desk = createDesk();
  const { ncco, effects } = desk.dials();
  expect(ncco).toEqual([{ action: 'conversation', name: `call-${CALL}` }]);
  expect(effects).toEqual([{ kind: 'call customer', call: CALL }]);
  expect(desk.of(CALL)).toMatchObject({ kind: 'outbound', stage: 'connecting', from: NUMBER, leg: null });
  expect(desk.isLoad()).toBe('talking');
  desk.customer('started');
  desk.customer('ringing');
  expect(desk.of(CALL)).toMatchObject({ leg: CUSTOMER, rings: true, stage: 'connecting' });
  const next = desk.tell({ kind: 'next asked', call: CALL, leg: CUSTOMER });
  expect(next.ncco).toEqual(ncco);
  expect(desk.of(CALL)).toMatchObject({ stage: 'talking', hears: 'agent', answeredAt: desk.now });
});

test('a repeated question is answered the same, and nobody is called twice', () => {
  const desk = createDesk();
  const first = desk.dials();
  const again = desk.dials();
  expect(again.ncco).toEqual(first.ncco);
  expect(again.effects).toEqual([]);
  expect(desk.events.filter(({ kind }) => kind === 'agent dialed')).toHaveLength(1);
});

test('an agent who dials is offered no other call', () => {
  const desk = createDesk();
  desk.dials();
  desk.call('leg-caller');
  expect(desk.rung('leg-caller')).toEqual([]);
});

test('of two tabs that dial at once, one calls, and the other is told why not', () => {
  const desk = createDesk();
  desk.dials();
  const second = desk.dials(`+${NUMBER}`, 'leg-b');
  expect(second.ncco).toMatchObject([{ action: 'talk', text: ENGLISH.notDialled }]);
  expect(second.effects).toEqual([]);
  expect(desk.failure()).toMatchObject({ call: 'obleg-b', action: 'dial', reason: 'busy here' });
  expect(desk.of(CALL).stage).toBe('connecting');
});

test('an agent whose phone rings, or who talks, cannot dial; one who wraps up can, and has done so', () => {
  const desk = createDesk();
  desk.call('leg-1');
  expect(desk.rung('leg-1')).toEqual(['Alice']);
  desk.dials();
  expect(desk.failure()).toMatchObject({ reason: 'busy here' });
  desk.answer('Alice');
  desk.dials(NUMBER, 'leg-b');
  expect(desk.failure()).toMatchObject({ call: 'obleg-b', reason: 'busy here' });
  desk.tell({ kind: 'caller ended', call: 'leg-1' });
  expect(desk.isLoad()).toBe('wrap-up');
  const { ncco } = desk.dials(NUMBER, 'leg-d');
  expect(ncco).toEqual([{ action: 'conversation', name: 'call-obleg-d' }]);
});

test.each([
  [null, 'not a number'],
  ['', 'not a number'],
  ['112', 'short'],
  ['999', 'short'],
  ['+44 9012 345678', 'premium'],
  ['+33 1 23 45 67 89', 'not allowed'],
  ['+44 20 3829 7050', 'own'],
])('%s is not called, and the agent is told why', (to, reason) => {
  const desk = createDesk();
  const { ncco, effects } = desk.dials(to);
  expect(ncco).toMatchObject([{ action: 'talk', text: ENGLISH.notDialled }]);
  expect(effects).toEqual([]);
  expect(desk.failure()).toMatchObject({ action: 'dial', reason, call: CALL });
  expect(desk.isLoad()).toBe('free');
});

test('a text of 100,000 digits is no number', () => {
  const desk = createDesk();
  expect(desk.dials('7'.repeat(100_000)).effects).toEqual([]);
  expect(desk.failure()).toMatchObject({ reason: 'not a number' });
});

test('somebody who is no agent cannot dial', () => {
  const desk = createDesk();
  const { ncco, effects } = desk.dials(NUMBER, 'leg-x', 'Mallory');
  expect(ncco).toMatchObject([{ action: 'talk' }]);
  expect(effects).toEqual([]);
  expect(desk.desk.agents.has('Mallory')).toBe(false);
});

test.each([
  ['busy', ENGLISH.dialledBusy],
  ['declined', ENGLISH.dialledNoAnswer],
  ['no answer', ENGLISH.dialledNoAnswer],
  ['unreachable', ENGLISH.dialledUnreachable],
] as const)(
  'where the customer is not reached (%s), the agent hears it, then is free without a wrap-up',
  (is, text) => {
    const desk = createDesk();
    desk.dials();
    desk.customer('started');
    desk.customer(is);
    expect(desk.failure()).toMatchObject({ reason: is, call: CALL, action: 'dial' });
    expect(desk.of(CALL)).toMatchObject({ stage: 'ended', exit: 'not reached' });
    const { id } = desk.reservation();
    const move = { kind: 'move leg', reservation: id } as const;
    expect(desk.effects).toContainEqual(move);
    expect(isStillWanted(desk.desk, move)).toBe(true);
    const said = desk.tell({ kind: 'agent answered', reservation: id, leg: 'leg-a' });
    expect(said.ncco).toMatchObject([{ action: 'talk', text }]);
    expect(desk.isLoad()).toBe('talking');
    desk.tell({ kind: 'caller ended', call: 'leg-a' });
    expect(desk.isLoad()).toBe('free');
    expect(desk.events.map(({ kind }) => kind)).not.toContain('wrap-up');
  },
);

test('an agent who dials again need not hear to the end that nobody answers', () => {
  const desk = createDesk();
  desk.dials();
  desk.customer('busy');
  const { ncco } = desk.dials(NUMBER, 'leg-b');
  expect(ncco).toEqual([{ action: 'conversation', name: 'call-obleg-b' }]);
  expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: 'leg-a' }));
  desk.tell({ kind: 'caller ended', call: 'leg-a' });
  expect(desk.of('obleg-b').stage).toBe('connecting');
});

test('an agent who hears too long that nobody answers is hung up', () => {
  const desk = createDesk();
  desk.dials();
  desk.customer('busy');
  desk.wait(11);
  expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: 'leg-a' }));
  expect(desk.isLoad()).toBe('free');
});

test('an agent who cannot be told that nobody answers is hung up', () => {
  const desk = createDesk();
  desk.dials();
  desk.customer('busy');
  const effect = { kind: 'move leg', reservation: desk.reservation().id } as const;
  desk.tell({ kind: 'effect done', effect, outcome: { is: 'failed', reason: 'refused' } });
  expect(desk.isLoad()).toBe('free');
  expect(desk.effects.at(-1)).toMatchObject({
    kind: 'hang up',
    leg: 'leg-a',
    regionUrl: 'https://eu.example',
  });
});

test('a phone of which nothing more is heard has not answered', () => {
  const desk = createDesk();
  desk.dials();
  desk.customer('ringing');
  desk.wait(51);
  expect(desk.failure()).toMatchObject({ reason: 'no answer' });
  expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: CUSTOMER }));
});

test.each([
  ['her leg ends', { kind: 'caller ended', call: 'leg-a', hungUp: true }],
  ['her page says so', { kind: 'agent hung up', agent: 'Alice', call: CALL }],
  ['her page closes', { kind: 'page closed', agent: 'Alice', until: 0 }],
] as const)('an agent who hangs up while it rings (%s) stops the phone', (_how, fact) => {
  const desk = createDesk();
  desk.dials();
  desk.customer('ringing');
  desk.tell(fact);
  expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: CUSTOMER }));
  expect(desk.of(CALL)).toMatchObject({ stage: 'ended', exit: 'not reached', endedBy: 'agent' });
  desk.tell({ kind: 'caller ended', call: 'leg-a', hungUp: true });
  expect(desk.isLoad()).toBe('free');
});

test('an agent whose page says that it hangs up, but does not, is hung up', () => {
  const desk = createDesk();
  desk.dials();
  desk.tell({ kind: 'agent hung up', agent: 'Alice', call: CALL });
  expect(desk.effects).not.toContainEqual(expect.objectContaining({ kind: 'hang up', leg: 'leg-a' }));
  desk.wait(11);
  expect(desk.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: 'leg-a' }));
  expect(desk.isLoad()).toBe('free');
});

test('a phone that begins to ring after the agent has hung up is hung up', () => {
  const desk = createDesk();
  desk.dials();
  desk.tell({ kind: 'caller ended', call: 'leg-a', hungUp: true });
  expect(isStillWanted(desk.desk, { kind: 'call customer', call: CALL })).toBe(false);
  desk.customer('started');
  expect(desk.effects.at(-1)).toMatchObject({ kind: 'hang up', leg: CUSTOMER });
});

test('a customer who was reached ends the call, or the agent does; she wraps up', () => {
  const byCustomer = createDesk();
  byCustomer.talk();
  byCustomer.customer('ended');
  expect(byCustomer.of(CALL)).toMatchObject({ exit: 'completed', endedBy: 'caller' });
  expect(byCustomer.isLoad()).toBe('wrap-up');
  const byAgent = createDesk();
  byAgent.talk();
  byAgent.tell({ kind: 'caller ended', call: 'leg-a', hungUp: true });
  expect(byAgent.of(CALL)).toMatchObject({ exit: 'completed', endedBy: 'agent' });
  expect(byAgent.effects).toContainEqual(expect.objectContaining({ kind: 'hang up', leg: CUSTOMER }));
  expect(byAgent.isLoad()).toBe('wrap-up');
});

test('a customer whose agent’s page dies hears one moment, and the same agent gets her back', () => {
  const desk = createDesk();
  desk.talk();
  desk.tell({ kind: 'page closed', agent: 'Alice', until: 0 });
  expect(desk.of(CALL)).toMatchObject({ stage: 'waiting', keptFor: { agent: 'Alice' } });
  expect(desk.effects).toContainEqual({ kind: 'transfer', call: CALL });
  const { ncco } = desk.tell({ kind: 'next asked', call: CALL, leg: CUSTOMER });
  expect(ncco?.[0]).toMatchObject({ action: 'talk', text: expect.stringContaining(ENGLISH.oneMoment) });
  desk.page('Alice');
  expect(desk.rung(CALL)).toEqual(['Alice']);
  desk.answer('Alice');
  expect(desk.of(CALL)).toMatchObject({ stage: 'talking', hears: 'agent' });
});

test('a server that starts while the phone rings asks nobody to move who has not answered', () => {
  const desk = createDesk();
  desk.dials();
  desk.tell({ kind: 'server started', agents: ['Alice', 'Bob'], until: desk.now + 15_000 });
  expect(desk.effects).not.toContainEqual({ kind: 'transfer', call: CALL });
  desk.customer('ringing');
  expect(desk.of(CALL)).toMatchObject({ stage: 'connecting', rings: true });
});

test('a supervisor can end a call that rings', () => {
  const desk = createDesk();
  desk.dials();
  desk.customer('ringing');
  desk.tell({ kind: 'control', call: CALL, by: 'Bob', mayControl: true, control: { action: 'end' } });
  expect(desk.of(CALL).stage).toBe('ended');
  expect(desk.isLoad()).toBe('free');
});
