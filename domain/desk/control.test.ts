import { describe, expect, test } from 'vitest';
import type { Control } from './controls.ts';
import { createTestDesk, deskRules } from './testing.ts';

type TestDesk = ReturnType<typeof createTestDesk>;

/** A desk on which Alice talks to the caller c1, and others are there. */
function talking(others: readonly string[] = [], rules = deskRules({ recording: true })): TestDesk {
  const desk = createTestDesk(rules);
  desk.page('Alice');
  desk.call('c1');
  desk.answer('Alice');
  desk.wait(10);
  for (const name of others) desk.page(name);
  desk.effects.length = 0;
  return desk;
}

function control(desk: TestDesk, by: string, wanted: Control, mayControl = false) {
  return desk.tell({ kind: 'control', call: 'c1', by, mayControl, control: wanted });
}

/** The caller's leg asks where it belongs. */
const next = (desk: TestDesk) => desk.tell({ kind: 'next asked', call: 'c1' }).ncco;

/** An agent answers the leg by which she was called into a call. */
function join(desk: TestDesk, name: string) {
  const { id } = desk.offer(name);
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'started' });
  return desk.tell({ kind: 'agent answered', reservation: id, leg: `leg of ${id}` }).ncco;
}

const failureOf = (desk: TestDesk, name: string) => desk.desk.agents.get(name)?.lastFailure?.words;

describe('hold', () => {
  test('takes effect for the caller when her leg has asked', () => {
    const desk = talking();
    const { effects, refusal } = control(desk, 'Alice', { action: 'hold' });
    expect(refusal).toBeNull();
    expect(effects).toEqual([{ kind: 'transfer', call: 'c1' }]);
    expect(desk.of('c1')).toMatchObject({ stage: 'held', hears: 'agent' });
    expect(
      next(desk)
        ?.map(({ action }) => action)
        .slice(0, 3),
    ).toEqual(['talk', 'stream', 'input']);
    expect(desk.of('c1')).toMatchObject({ stage: 'held', hears: 'hold', movingUntil: null });
    control(desk, 'Alice', { action: 'resume' });
    expect(desk.of('c1')).toMatchObject({ stage: 'talking', hears: 'hold' });
    expect(next(desk)).toEqual([{ action: 'conversation', name: 'call-c1' }]);
    expect(desk.of('c1')).toMatchObject({ stage: 'talking', hears: 'agent', held: null });
  });

  test('is undone where the caller was not moved in time', () => {
    const desk = talking();
    control(desk, 'Alice', { action: 'hold' });
    desk.wait(11);
    expect(desk.of('c1')).toMatchObject({ stage: 'talking', hears: 'agent' });
    expect(failureOf(desk, 'Alice')).toBe('The caller could not be put on hold.');
    control(desk, 'Alice', { action: 'hold' });
    next(desk);
    control(desk, 'Alice', { action: 'resume' });
    desk.tell({
      kind: 'effect done',
      effect: { kind: 'transfer', call: 'c1' },
      outcome: { is: 'failed', reason: 'too late' },
    });
    expect(desk.of('c1')).toMatchObject({ stage: 'held', hears: 'hold' });
    expect(failureOf(desk, 'Alice')).toBe('The caller could not be taken off hold.');
  });

  test('is asked about again, and answered the same, as often as the platform likes', () => {
    const desk = talking();
    control(desk, 'Alice', { action: 'hold' });
    const first = next(desk);
    expect(next(desk)?.map(({ action }) => action)).toEqual(first?.map(({ action }) => action));
    expect(desk.of('c1').stage).toBe('held');
  });

  test('does not count as waiting, and leaves a caller who waits again all of the longest wait', () => {
    const desk = talking([], deskRules({ longestWait: 60 }));
    control(desk, 'Alice', { action: 'hold' });
    next(desk);
    desk.wait(100);
    desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now });
    desk.page('Bob');
    desk.wait(16, { alive: ['Bob'] });
    const { ncco } = desk.turn('c1', 3);
    expect(ncco?.some(({ action }) => action === 'input')).toBe(true);
    expect(desk.of('c1').stage).toBe('waiting');
  });

  test('without an agent to come back to puts the caller into the queue with the old age', () => {
    const desk = talking();
    const { enqueuedAt } = desk.of('c1');
    control(desk, 'Alice', { action: 'hold' });
    next(desk);
    desk.wait(20, { alive: [] });
    expect(desk.of('c1').stage).toBe('held');
    const { ncco, effects } = desk.turn('c1', 1);
    expect(ncco?.[0]).toMatchObject({ text: expect.stringContaining('One moment') });
    expect(desk.of('c1')).toMatchObject({ stage: 'waiting', enqueuedAt, held: null });
    expect(effects.map(({ kind }) => kind)).toEqual(['hang up']);
  });
});

describe('a consultation', () => {
  test('ends with words where the other is unreachable, and leaves the caller on hold', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    const { id } = desk.offer('Bob');
    desk.tell({ kind: 'agent leg', reservation: id, leg: null, is: 'unreachable' });
    expect(desk.of('c1')).toMatchObject({ stage: 'held', guest: null });
    expect(failureOf(desk, 'Alice')).toBe('Bob could not be reached.');
  });

  test('that was cancelled leaves no leg behind, although its leg was not known yet', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    const { id } = desk.offer('Bob');
    control(desk, 'Alice', { action: 'cancel' });
    expect(desk.offer('Bob').state).toBe('rescinded');
    desk.effects.length = 0;
    desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
    expect(desk.effects).toEqual([{ kind: 'hang up', leg: 'l1', regionUrl: null, of: id }]);
    expect(desk.tell({ kind: 'agent answered', reservation: id, leg: 'l1' }).ncco?.[0]?.action).toBe('talk');
  });

  test('with a number that was given up hangs up the leg that starts late', () => {
    const desk = talking();
    control(desk, 'Alice', { action: 'consult', to: { number: '+44 161 496 0018' } });
    const guest = desk.of('c1').guest?.id ?? '';
    expect(desk.effects).toContainEqual({ kind: 'call number', call: 'c1', guest, number: '441614960018' });
    desk.wait(46);
    expect(desk.of('c1').guest).toBeNull();
    expect(failureOf(desk, 'Alice')).toBe('441614960018 did not answer.');
    desk.effects.length = 0;
    desk.tell({ kind: 'guest leg', call: 'c1', guest, leg: 'l1', is: 'started' });
    expect(desk.effects).toEqual([{ kind: 'hang up', leg: 'l1', regionUrl: null, of: 'c1' }]);
  });

  test('that ends as merge is pressed refuses it in words', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    join(desk, 'Bob');
    const { id } = desk.offer('Bob');
    desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the agent' });
    const { refusal } = control(desk, 'Alice', { action: 'merge' });
    expect(refusal).toEqual({
      status: 409,
      words: 'Bob hung up.',
      cause: { code: 'hung up', name: 'Bob' },
    });
    expect(desk.of('c1').stage).toBe('held');
    expect(desk.offer('Bob').state).toBe('completed');
  });

  test('goes on with the other agent where the first is lost', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    next(desk);
    join(desk, 'Bob');
    desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now });
    expect(desk.of('c1')).toMatchObject({ stage: 'talking', guest: null, reservation: desk.offer('Bob').id });
    expect(next(desk)).toEqual([{ action: 'conversation', name: 'call-c1' }]);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(desk.offer('Bob')).toMatchObject({ state: 'wrapping', role: 'agent' });
    expect(desk.offer('Alice').state).toBe('completed');
  });

  test('cannot be resumed from, because the caller would hear it', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    expect(control(desk, 'Alice', { action: 'resume' }).refusal?.words).toMatch(/would hear Bob/);
    expect(control(desk, 'Bob', { action: 'cancel' }).refusal).toMatchObject({ status: 403 });
  });

  test('ends for everybody with the caller; only who met the caller wraps up', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    next(desk);
    join(desk, 'Bob');
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(desk.offer('Alice')).toMatchObject({ state: 'wrapping', ended: 'caller left on hold' });
    expect(desk.offer('Bob').state).toBe('completed');
    const hungUp = desk.effects.flatMap((effect) => (effect.kind === 'hang up' ? effect.leg : []));
    expect(hungUp.sort()).toEqual(
      [`leg of ${desk.offer('Alice').id}`, `leg of ${desk.offer('Bob').id}`].sort(),
    );
  });

  test('on hold whose leg could not be moved is told as it is', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'consult', to: { agent: 'Bob' } });
    next(desk);
    join(desk, 'Bob');
    control(desk, 'Alice', { action: 'swap' });
    next(desk);
    const effect = { kind: 'move leg', reservation: desk.offer('Bob').id } as const;
    expect(desk.effects).toContainEqual(effect);
    desk.tell({ kind: 'effect done', effect, outcome: { is: 'failed', reason: 'too late' } });
    expect(desk.of('c1')).toMatchObject({ stage: 'talking', guest: { state: 'talking' } });
    expect(failureOf(desk, 'Alice')).toBe('Bob could not be put on hold.');
  });
});

describe('a blind transfer', () => {
  test('comes back to the agent, whose wrap-up ends, and then goes to the head of the queue', () => {
    const desk = talking(['Bob']);
    control(desk, 'Alice', { action: 'transfer', to: { agent: 'Bob' } });
    expect(desk.rung('c1')).toEqual(['Bob']);
    // Somebody who would otherwise be before her.
    desk.tell({
      kind: 'turn asked',
      call: 'c0',
      turn: 1,
      keys: '',
      enqueuedAt: desk.now - 60_000,
      caller: { from: null, to: null, regionUrl: null },
    });
    expect(desk.offer('Alice')).toMatchObject({ state: 'wrapping', ended: 'transferred' });
    next(desk);
    desk.tell({ kind: 'agent leg', reservation: desk.offer('Bob').id, leg: 'l1', is: 'rejected' });
    expect(desk.rung('c1')).toEqual(['Alice']);
    expect(failureOf(desk, 'Alice')).toBe('Bob declined the call.');
    desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
    expect(desk.of('c1')).toMatchObject({ transfer: null, stage: 'waiting' });
    desk.page('Carol');
    expect(desk.rung('c1')).toEqual(['Carol']);
  });

  test('to a queue keeps the age', () => {
    const rules = deskRules();
    const [main] = Object.values(rules.queues);
    if (main === undefined) throw new Error('There is no queue.');
    const support = { ...main, name: 'support', agents: ['Carol'] };
    const desk = talking(['Carol'], { ...rules, queues: { ...rules.queues, support } });
    const { enqueuedAt } = desk.of('c1');
    control(desk, 'Alice', { action: 'transfer', to: { queue: 'support' } });
    expect(desk.of('c1')).toMatchObject({ queue: 'support', enqueuedAt });
    expect(desk.rung('c1')).toEqual(['Carol']);
  });

  test('to a number whose creation is unknown comes back to the agent', () => {
    const desk = talking();
    control(desk, 'Alice', { action: 'transfer', to: { number: '441614960018' } });
    const guest = desk.of('c1').guest?.id ?? '';
    desk.tell({
      kind: 'effect done',
      effect: { kind: 'call number', call: 'c1', guest, number: '441614960018' },
      outcome: { is: 'failed', reason: 'it is not known whether the number was called' },
    });
    next(desk);
    expect(desk.rung('c1')).toEqual(['Alice']);
    expect(failureOf(desk, 'Alice')).toBe('441614960018 could not be called.');
  });
});

test('a caller who asked where she belongs just before the server died is moved again when one starts', () => {
  const desk = talking(['Bob']);
  control(desk, 'Alice', { action: 'transfer', to: { agent: 'Bob' } });
  next(desk);
  desk.wait(1);
  desk.effects.length = 0;
  const started = { kind: 'server started', agents: [], until: desk.now + 15_000 } as const;
  desk.tell(started);
  expect(desk.effects).toContainEqual({ kind: 'transfer', call: 'c1' });
  desk.wait(6);
  desk.effects.length = 0;
  desk.tell(started);
  expect(desk.effects.map(({ kind }) => kind)).not.toContain('transfer');
});

describe('a supervisor', () => {
  test('whispers to whoever has the call, and leaves with it', () => {
    const desk = talking(['Bob', 'Carol']);
    control(desk, 'Carol', { action: 'supervise', mode: 'whisper' }, true);
    const alice = `leg of ${desk.offer('Alice').id}`;
    expect(join(desk, 'Carol')).toEqual([{ action: 'conversation', name: 'call-c1', canSpeak: [alice] }]);
    control(desk, 'Alice', { action: 'transfer', to: { agent: 'Bob' } });
    next(desk);
    desk.effects.length = 0;
    desk.answer('Bob');
    const move = { kind: 'move leg', reservation: desk.offer('Carol').id } as const;
    expect(desk.effects.filter(({ kind }) => kind === 'move leg')).toEqual([move]);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(desk.offer('Carol').state).toBe('completed');
    expect(desk.effects).toContainEqual(
      expect.objectContaining({ kind: 'hang up', leg: `leg of ${desk.offer('Carol').id}` }),
    );
  });

  test('who is called into a call that ends stops ringing', () => {
    const desk = talking(['Carol']);
    control(desk, 'Carol', { action: 'supervise', mode: 'listen' }, true);
    desk.tell({ kind: 'caller ended', call: 'c1' });
    expect(desk.offer('Carol').state).toBe('rescinded');
    expect(join(desk, 'Carol')?.[0]?.action).toBe('talk');
  });

  test('needs the role', () => {
    const desk = talking(['Carol']);
    for (const wanted of [
      { action: 'supervise', mode: 'listen' },
      { action: 'end' },
      { action: 'move', to: 'front' },
    ] as const) {
      expect(control(desk, 'Carol', wanted).refusal).toMatchObject({ status: 403 });
    }
  });
});

test('a recording that is stopped during its announcement never begins', () => {
  const desk = talking();
  control(desk, 'Alice', { action: 'record', on: true });
  control(desk, 'Alice', { action: 'record', on: false });
  desk.wait(20);
  expect(desk.of('c1').recording).toEqual({ number: 0, state: 'off', until: null });
  expect(next(desk)).toEqual([{ action: 'conversation', name: 'call-c1' }]);
});

test('a note is kept in the call and in the wrap-up, which is extended once', () => {
  const desk = talking();
  const note = (does: 'note' | 'extend' | 'end', noted: { outcome?: string; note?: string }) =>
    desk.tell({ kind: 'wrap-up', agent: 'Alice', does, note: noted });
  note('note', { note: 'Wants a refund.' });
  desk.tell({ kind: 'caller ended', call: 'c1' });
  note('extend', { outcome: 'solved' });
  expect(desk.offer('Alice').note).toEqual({ outcome: 'solved', note: 'Wants a refund.' });
  const { until } = desk.offer('Alice');
  note('extend', {});
  expect(desk.offer('Alice').until).toBe(until);
  note('end', {});
  expect(desk.offer('Alice').state).toBe('completed');
});
