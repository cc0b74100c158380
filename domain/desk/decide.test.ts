import { expect, test } from 'vitest';
import { nextDue } from './decide.ts';
import { createTestDesk, deskRules, queueRules } from './testing.ts';

const actions = (ncco: readonly { action: string }[] | null) => ncco?.map(({ action }) => action);

test('a caller hears the greeting while the agent who has been idle longest rings', () => {
  const desk = createTestDesk();
  desk.page('Bob');
  desk.wait(5);
  desk.page('Alice');
  const { ncco, effects } = desk.call('c1');
  expect(ncco?.[0]).toMatchObject({ action: 'talk', text: expect.stringContaining('Please wait') });
  expect(actions(ncco)?.slice(0, 3)).toEqual(['talk', 'stream', 'input']);
  expect(desk.rung('c1')).toEqual(['Alice']);
  expect(effects).toEqual([{ kind: 'create leg', reservation: desk.offer('Alice').id }]);
  expect(desk.offer('Alice').why).toEqual({
    candidates: [
      { agent: 'Alice', idleSeconds: 5 },
      { agent: 'Bob', idleSeconds: 5 },
    ],
    passedOver: [{ agent: 'Carol', because: 'line down' }],
  });
});

test('the agent answers, the caller is moved to her, and after the call she wraps up and is free', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id, answered, next } = desk.answer('Alice');
  expect(answered).toEqual([{ action: 'conversation', name: 'call-c1' }]);
  expect(next).toEqual(answered);
  expect(desk.effects).toContainEqual({ kind: 'transfer', call: 'c1' });
  expect(desk.of('c1')).toMatchObject({ stage: 'talking', hears: 'agent' });
  desk.wait(30);
  const { effects } = desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(effects).toEqual([{ kind: 'hang up', leg: `leg of ${id}`, regionUrl: null, of: id }]);
  expect(desk.of('c1')).toMatchObject({ stage: 'ended', exit: 'completed', endedBy: 'caller' });
  expect(desk.offer('Alice').state).toBe('wrapping');
  desk.call('c2');
  expect(desk.rung('c2')).toEqual([]);
  desk.wait(10);
  expect(desk.rung('c2')).toEqual(['Alice']);
});

test('an agent who rejects is not rung again for this call; the next one is rung at once', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.page('Bob');
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'rejected' });
  expect(desk.rung('c1')).toEqual(['Bob']);
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Bob').id, leg: 'l2', is: 'rejected' });
  expect(desk.rung('c1')).toEqual([]);
  desk.call('c2');
  expect(desk.rung('c2')).toEqual(['Alice']);
});

test('a call that rings out at one agent rings at the others before it rings there again', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.page('Bob');
  desk.call('c1');
  const ringsOut = (agent: string) =>
    desk.tell({ kind: 'agent leg', reservation: desk.offer(agent).id, leg: null, is: 'rang out' });
  ringsOut('Alice');
  expect(desk.rung('c1')).toEqual(['Bob']);
  expect(desk.offer('Bob').why).toMatchObject({
    candidates: [{ agent: 'Bob' }],
    passedOver: [
      { agent: 'Alice', because: 'missed this call' },
      { agent: 'Carol', because: 'line down' },
    ],
  });
  ringsOut('Bob');
  expect(desk.rung('c1')).toEqual(['Alice']);
});

test('an agent whose calls ring out twice in a row is away, and is not rung a third time', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.page('Alice');
  desk.call('c1');
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l1', is: 'rang out' });
  expect(desk.rung('c1')).toEqual(['Alice']);
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l2', is: 'rang out' });
  expect(desk.rung('c1')).toEqual([]);
  expect(desk.desk.agents.get('Alice')?.chosen).toEqual({ choice: 'away', reason: 'no answer' });
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'available', reason: null }, after: 'now' });
  expect(desk.rung('c1')).toEqual(['Alice']);
});

test('callers are served in the order in which they came', () => {
  const desk = createTestDesk();
  for (const call of ['c3', 'c1', 'c2']) {
    desk.call(call);
    desk.wait(1);
  }
  desk.page('Alice');
  desk.page('Bob');
  expect(desk.rung('c3')).toEqual(['Alice']);
  expect(desk.rung('c1')).toEqual(['Bob']);
  expect(desk.rung('c2')).toEqual([]);
});

test('a caller who hangs up while it rings costs the agent neither a miss nor her place', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  const idle = desk.desk.agents.get('Alice')?.idleSince;
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
  const { effects } = desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(effects).toEqual([{ kind: 'hang up', leg: 'l1', regionUrl: null, of: id }]);
  expect(desk.offer('Alice')).toMatchObject({ state: 'rescinded', rescindedBy: 'caller' });
  expect(desk.desk.agents.get('Alice')).toMatchObject({ idleSince: idle, unanswered: 0 });
  expect(desk.of('c1')).toMatchObject({ exit: 'abandoned', stage: 'ended' });
});

test('a caller who is gone when she is to be moved leaves no wrap-up', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
  desk.tell({ kind: 'agent answered', reservation: id, leg: 'l1' });
  desk.tell({ kind: 'effect done', effect: { kind: 'transfer', call: 'c1' }, outcome: { is: 'gone' } });
  expect(desk.offer('Alice')).toMatchObject({ state: 'rescinded', rescindedBy: 'caller' });
  expect(desk.effects).toContainEqual({ kind: 'hang up', leg: 'l1', regionUrl: null, of: id });
  expect(desk.of('c1')).toMatchObject({ exit: 'abandoned', stage: 'ended' });
});

test('of two agents who answer at once, the first gets the caller and the other is told', () => {
  const desk = createTestDesk(deskRules({ addAgentSeconds: 5 }));
  desk.page('Alice');
  desk.page('Bob');
  desk.call('c1');
  desk.wait(5);
  expect(desk.rung('c1').sort()).toEqual(['Alice', 'Bob']);
  const [first, second] = [desk.offer('Alice').id, desk.offer('Bob').id];
  expect(desk.tell({ kind: 'agent answered', reservation: second, leg: 'l2' }).ncco).toEqual([
    { action: 'conversation', name: 'call-c1' },
  ]);
  expect(desk.tell({ kind: 'agent answered', reservation: first, leg: 'l1' }).ncco).toEqual([
    { action: 'talk', text: 'The caller is no longer waiting.', language: 'en-US' },
  ]);
  expect(desk.offer('Alice')).toMatchObject({ state: 'rescinded', rescindedBy: 'another agent' });
});

test('a page that is no longer heard from stops ringing, and the next agent is rung', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.page('Bob');
  desk.call('c1');
  desk.wait(10, { alive: ['Bob'] });
  expect(desk.offer('Alice')).toMatchObject({ state: 'rescinded', rescindedBy: 'line' });
  expect(desk.rung('c1')).toEqual(['Bob']);
});

test('a caller whose agent is lost waits for her, then for anybody, with the old age', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { enqueuedAt } = desk.of('c1');
  const { id } = desk.answer('Alice');
  desk.wait(60);
  desk.page('Bob');
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
  expect(desk.effects.at(-1)).toMatchObject({ kind: 'hang up' });
  const { ncco } = desk.tell({ kind: 'next asked', call: 'c1' });
  expect(ncco?.[0]).toMatchObject({ text: expect.stringContaining('One moment') });
  expect(desk.rung('c1')).toEqual([]);
  desk.wait(8, { alive: ['Bob'] });
  expect(desk.rung('c1')).toEqual([]);
  desk.page('Alice');
  expect(desk.rung('c1')).toEqual(['Alice']);
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'x', is: 'rejected' });
  desk.wait(8, { alive: ['Bob'] });
  expect(desk.rung('c1')).toEqual(['Bob']);
  expect(desk.of('c1').enqueuedAt).toBe(enqueuedAt);
});

test('positions are told after 20 seconds, then only when they are better', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: 'lunch' }, after: 'now' });
  desk.call('c1');
  desk.call('c2');
  expect(desk.turn('c2', 1).ncco?.[0]).toMatchObject({ text: 'To leave a message, press 2.' });
  desk.wait(25);
  expect(desk.turn('c2', 2).ncco?.[0]).toMatchObject({
    text: 'You are number 2 in line. To leave a message, press 2.',
  });
  desk.wait(45);
  expect(desk.turn('c2', 3).ncco?.[0]).toMatchObject({ text: 'To leave a message, press 2.' });
  desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(desk.turn('c2', 4).ncco?.[0]).toMatchObject({
    text: 'You are next in line. To leave a message, press 2.',
  });
});

test('a caller who has waited longest, or for whom nobody is there, leaves a message', () => {
  const desk = createTestDesk(deskRules({ longestWait: 60 }));
  desk.page('Alice');
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
  desk.call('c1');
  for (let turn = 1; turn < 4; turn += 1) {
    desk.wait(20);
    desk.turn('c1', turn);
  }
  expect(desk.of('c1')).toMatchObject({ exit: 'overflow', hears: 'voicemail', stage: 'leaving' });
  const nobody = createTestDesk();
  nobody.call('c1');
  nobody.wait(61);
  expect(actions(nobody.turn('c1', 1).ncco)).toEqual(['talk', 'record', 'talk']);
  expect(nobody.of('c1')).toMatchObject({ exit: 'overflow' });
});

test('a caller who goes to another queue has its whole time there, whether or not somebody is signed in', () => {
  const limits = { longestWait: 60, nobodyAfter: 60 };
  const rules = deskRules({ agents: ['Alice'], overflow: { queue: 'other' }, ...limits });
  const isThere = (desk: ReturnType<typeof createTestDesk>) => {
    desk.call('c1');
    desk.wait(61);
    desk.turn('c1', 1);
    desk.wait(30);
    desk.turn('c1', 2);
    expect(desk.of('c1')).toMatchObject({ stage: 'waiting', queue: 'other' });
    desk.wait(31);
    desk.turn('c1', 3);
    expect(desk.of('c1')).toMatchObject({ stage: 'leaving', exit: 'overflow' });
  };
  const other = queueRules({ name: 'other', agents: ['Bob'], ...limits });
  const queues = { ...rules.queues, other };
  isThere(createTestDesk({ ...rules, queues }));
  const withBob = createTestDesk({ ...rules, queues });
  withBob.page('Bob');
  withBob.tell({ kind: 'chose', agent: 'Bob', chosen: { choice: 'away', reason: null }, after: 'now' });
  isThere(withBob);
});

test('a caller who left a message at the end of a turn waits no longer, and no agent is rung', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.call('c1');
  desk.tell({ kind: 'message left', call: 'c1' });
  expect(desk.of('c1')).toMatchObject({ exit: 'voicemail', stage: 'leaving' });
  desk.page('Alice');
  expect(desk.effects).toEqual([]);
  desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(desk.of('c1')).toMatchObject({ exit: 'voicemail', stage: 'ended' });
});

test('a caller who asks to be called back keeps her place; the agent comes first, then she is called', () => {
  const desk = createTestDesk(deskRules({ callback: true, agents: ['Alice'] }));
  desk.call('c1');
  desk.wait(30);
  const { ncco } = desk.turn('c1', 1, '1');
  expect(ncco).toEqual([{ action: 'talk', text: expect.stringContaining('0 0 0'), language: 'en-US' }]);
  desk.tell({ kind: 'caller ended', call: 'c1' });
  desk.call('c2', '447700900001');
  desk.page('Alice');
  const { call } = desk.offer('Alice');
  expect(call).toMatch(/^cb/);
  desk.tell({ kind: 'agent answered', reservation: desk.offer('Alice').id, leg: 'l1' });
  expect(desk.effects.at(-1)).toEqual({ kind: 'call customer', call });
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'started' });
  const { ncco: joined } = desk.tell({ kind: 'next asked', call });
  expect(joined).toEqual([{ action: 'conversation', name: `call-${call}` }]);
  expect(desk.of(call)).toMatchObject({ stage: 'talking', leg: 'x1' });
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'ended' });
  expect(desk.of(call)).toMatchObject({ stage: 'ended', exit: 'completed' });
});

test('a customer who is not reached is called again after 5 and 15 minutes, then no more', () => {
  const desk = createTestDesk(deskRules({ callback: true, agents: ['Alice'], wrapUpSeconds: 0 }));
  desk.call('c1');
  desk.turn('c1', 1, '1');
  desk.page('Alice');
  const { call } = desk.offer('Alice');
  for (const minutes of [5, 15, null]) {
    const { id } = desk.offer('Alice');
    desk.tell({ kind: 'agent answered', reservation: id, leg: `l${minutes}` });
    desk.tell({ kind: 'customer leg', call, leg: `x${minutes}`, is: 'started' });
    desk.tell({ kind: 'customer leg', call, leg: `x${minutes}`, is: 'no answer' });
    expect(desk.rung(call)).toEqual([]);
    if (minutes === null) break;
    desk.wait(minutes * 60 - 1);
    expect(desk.rung(call)).toEqual([]);
    desk.wait(1);
    expect(desk.rung(call)).toEqual(['Alice']);
  }
  expect(desk.of(call)).toMatchObject({ stage: 'ended', exit: 'not reached' });
});

test('who was cut off and calls again within two minutes has the old place', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.call('c1', '447700900001');
  desk.wait(10);
  desk.call('c2', '447700900002');
  desk.wait(50);
  desk.tell({ kind: 'caller ended', call: 'c1' });
  desk.wait(60);
  desk.call('c3', '447700900001');
  desk.turn('c2', 1);
  desk.page('Alice');
  expect(desk.rung('c3')).toEqual(['Alice']);
});

test('the platform is asked about legs of which nothing is heard, and a call whose end was lost ends', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.answer('Alice');
  desk.wait(31);
  const looks = desk.effects.filter(({ kind }) => kind === 'look up');
  expect(looks).toEqual([
    { kind: 'look up', leg: 'c1', regionUrl: null, of: { call: 'c1' } },
    { kind: 'look up', leg: `leg of ${id}`, regionUrl: null, of: { reservation: id } },
  ]);
  for (const effect of looks) desk.tell({ kind: 'effect done', effect, outcome: { is: 'done', leg: null } });
  expect(desk.of('c1').stage).toBe('talking');
  desk.wait(31);
  const [again] = desk.effects.filter(({ kind }) => kind === 'look up').slice(2);
  if (again) desk.tell({ kind: 'effect done', effect: again, outcome: { is: 'gone' } });
  expect(desk.of('c1')).toMatchObject({ stage: 'ended', exit: 'completed' });
  expect(desk.offer('Alice').state).toBe('wrapping');
});

test('of two legs of one offer, the one that answers stays', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
  desk.tell({ kind: 'agent answered', reservation: id, leg: 'l2' });
  expect(desk.effects).toContainEqual({ kind: 'hang up', leg: 'l1', regionUrl: null, of: id });
  expect(desk.offer('Alice')).toMatchObject({ state: 'accepting', leg: 'l2' });
});

test('an agent whose leg was asked for is given time again when the server was down meanwhile', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.wait(8);
  desk.tell({ kind: 'server started', agents: [], until: desk.now + 15_000 });
  desk.wait(9);
  expect(desk.offer('Alice')).toMatchObject({ id, state: 'created' });
  const answered = desk.tell({ kind: 'agent answered', reservation: id, leg: 'leg' });
  expect(answered.ncco).toEqual([{ action: 'conversation', name: 'call-c1' }]);
});

test('an agent who hangs up on purpose ends the call that she names, and no later one', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  desk.answer('Alice');
  desk.tell({ kind: 'agent hung up', agent: 'Alice', call: 'an earlier call' });
  expect(desk.of('c1').stage).toBe('talking');
  desk.tell({ kind: 'agent hung up', agent: 'Alice', call: 'c1' });
  expect(desk.of('c1')).toMatchObject({ stage: 'leaving', exit: 'completed', endedBy: 'agent' });
});

test('a server that comes back asks for the legs whose end it may have missed, and moves a caller left alone', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.answer('Alice');
  desk.call('c2', '447700900001');
  const { effects } = desk.tell({ kind: 'server started', agents: [], until: desk.now + 15_000 });
  const [caller, agent, ...others] = effects;
  expect(caller).toMatchObject({ kind: 'look up', leg: 'c1', of: { call: 'c1' } });
  expect(agent).toMatchObject({ kind: 'look up', leg: `leg of ${id}`, of: { reservation: id } });
  // Whoever waits asks for the next turn herself.
  expect(others).toEqual([]);
  if (agent === undefined) throw new Error('nothing was asked');
  const { effects: then } = desk.tell({ kind: 'effect done', effect: agent, outcome: { is: 'gone' } });
  expect(then).toContainEqual({ kind: 'transfer', call: 'c1' });
  expect(desk.of('c1')).toMatchObject({ stage: 'waiting', hears: 'one moment' });
});

test.each([
  { when: 'a few seconds later', fact: null },
  { when: 'when a server starts', fact: 'server started' },
])('a caller who was taken from a lost agent and asks for nothing is moved again, $when', ({ fact }) => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const { id } = desk.answer('Alice');
  desk.wait(10);
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
  const moves = () => desk.effects.filter(({ kind }) => kind === 'transfer').length;
  const before = moves();
  if (fact === null) desk.wait(3);
  else desk.tell({ kind: 'server started', agents: [], until: desk.now + 15_000 });
  expect(moves()).toBe(before + 1);
  desk.tell({ kind: 'next asked', call: 'c1' });
  desk.wait(10);
  expect(moves()).toBe(before + 1);
});

test('nobody is called back while the queue is closed, but when it opens next', () => {
  const office = {
    zone: 'Europe/London',
    week: [[{ from: 540, to: 541 }]],
    exceptions: {},
    untilEmpty: true,
  };
  const desk = createTestDesk(deskRules({ callback: true, agents: ['Alice'], hours: office }));
  desk.call('c1');
  const { events } = desk.turn('c1', 1, '1');
  const call = events.flatMap((event) => (event.kind === 'callback booked' ? event.call : []))[0] ?? '';
  desk.wait(60);
  desk.page('Alice');
  desk.wait(5);
  expect(desk.rung(call)).toEqual([]);
  expect(desk.of(call)).toMatchObject({ stage: 'waiting', notBefore: Date.parse('2026-03-09T09:00:00Z') });
  expect(desk.events.filter(({ kind }) => kind === 'callback put off')).toHaveLength(1);
});

test('the end of a leg that reached nobody does not end the callback', () => {
  const desk = createTestDesk(deskRules({ callback: true, agents: ['Alice'], wrapUpSeconds: 0 }));
  desk.call('c1');
  const { events } = desk.turn('c1', 1, '1');
  const call = events.flatMap((event) => (event.kind === 'callback booked' ? event.call : []))[0] ?? '';
  desk.page('Alice');
  desk.tell({ kind: 'agent answered', reservation: desk.offer('Alice').id, leg: 'l1' });
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'started' });
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'no answer' });
  desk.tell({ kind: 'customer leg', call, leg: 'x1', is: 'ended' });
  expect(desk.of(call)).toMatchObject({ stage: 'waiting', failedTries: 1, exit: null });
});

test('where one more agent is to ring but nobody is left, time is not spent on looking', () => {
  const rules = deskRules({ agents: ['Alice'], addAgentSeconds: 5 });
  const desk = createTestDesk(rules);
  desk.page('Alice');
  desk.call('c1');
  expect(nextDue(desk.desk, rules, desk.now)).toBe(desk.now + 5000);
  desk.wait(6);
  expect(nextDue(desk.desk, rules, desk.now)).toBeGreaterThan(desk.now);
});

test('a server that starts asks at once about legs whose end it may have missed', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.call('c1');
  desk.call('c2');
  const turnBy = desk.of('c1').turnBy;
  desk.wait(50);
  desk.turn('c2', 1);
  const { effects } = desk.tell({ kind: 'server started', agents: [], until: desk.now + 15_000 });
  const look = { kind: 'look up', leg: 'c1', regionUrl: null, of: { call: 'c1' } } as const;
  expect(effects).toEqual([look]);
  // The tail asked her for a message, which may have been lost.
  const endedAt = turnBy + 40_000;
  desk.tell({ kind: 'effect done', effect: look, outcome: { is: 'gone', endedAt } });
  expect(desk.of('c1')).toMatchObject({ stage: 'ended', exit: 'overflow', voicemail: 'c1' });
});

test('a caller who hears the tail when a server starts is asked back at once, one who may speak by then is not', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.call('c1');
  const effect = { kind: 'look up', leg: 'c1', regionUrl: null, of: { call: 'c1' } } as const;
  const looked = () => desk.tell({ kind: 'effect done', effect, outcome: { is: 'done', leg: 'c1' } }).effects;
  const turnBy = desk.of('c1').turnBy;
  desk.wait(Math.ceil((turnBy - desk.now) / 1000) - 1);
  expect(looked()).toEqual([]);
  desk.wait(2);
  expect(looked()).toEqual([{ kind: 'transfer', call: 'c1' }]);
  desk.wait(25);
  expect(looked()).toEqual([]);
});

test('a caller who gave up before the tail asked for a message has abandoned the call', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.call('c1');
  const effect = { kind: 'look up', leg: 'c1', regionUrl: null, of: { call: 'c1' } } as const;
  const endedAt = desk.now + 5000;
  desk.wait(300);
  desk.tell({ kind: 'effect done', effect, outcome: { is: 'gone', endedAt } });
  expect(desk.of('c1')).toMatchObject({ stage: 'ended', exit: 'abandoned', voicemail: null });
});
