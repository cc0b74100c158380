import { expect, test } from 'vitest';
import type { Hours } from './hours.ts';
import type { QueueRules } from './rules.ts';
import { createTestDesk, deskRules, queueRules } from './testing.ts';

/** Ten past nine in London is closing time; the test desk begins at nine. */
function hours(untilEmpty: boolean): Hours {
  return {
    zone: 'Europe/London',
    week: Array.from({ length: 7 }, () => [{ from: 540, to: 550 }]),
    exceptions: {},
    untilEmpty,
  };
}

/** A desk with a caller for whom Alice is there but away. */
function waitingDesk(queue: Partial<QueueRules>, others: Record<string, QueueRules> = {}) {
  const rules = deskRules({ agents: ['Alice'], longestWait: 3600, nobodyAfter: 3600, ...queue });
  const desk = createTestDesk({ ...rules, queues: { ...rules.queues, ...others } });
  desk.page('Alice');
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
  desk.call('c1');
  return desk;
}

const actions = (ncco: readonly { action: string }[] | null) => ncco?.map(({ action }) => action);

test('a caller who waits at closing time is told, and leaves a message at the next turn', () => {
  const desk = waitingDesk({ hours: hours(false) });
  desk.wait(9 * 60);
  expect(actions(desk.turn('c1', 1).ncco)?.at(0)).toBe('talk');
  expect(desk.of('c1').stage).toBe('waiting');
  desk.wait(2 * 60);
  const { ncco } = desk.turn('c1', 2);
  expect(actions(ncco)).toEqual(['talk', 'record', 'talk']);
  expect(ncco?.[0]).toMatchObject({ text: expect.stringContaining('closed') });
  expect(desk.of('c1')).toMatchObject({ stage: 'leaving', exit: 'closed', hears: 'voicemail' });
});

test('a caller who waits at closing time is still served where the desk file says so', () => {
  const desk = waitingDesk({ hours: hours(true) });
  desk.wait(11 * 60);
  desk.turn('c1', 1);
  expect(desk.of('c1').stage).toBe('waiting');
  expect(actions(desk.call('c2', '447700900001').ncco)).toEqual(['talk', 'record', 'talk']);
});

test('callers of a queue that closes go to the other queue while that is open', () => {
  const other = queueRules({ name: 'other' });
  const desk = waitingDesk({ hours: hours(false), overflow: { queue: 'other' } }, { other });
  desk.wait(11 * 60);
  desk.turn('c1', 1);
  expect(desk.of('c1')).toMatchObject({ stage: 'waiting', queue: 'other' });
  const { ncco } = desk.call('c2', '447700900001');
  expect(ncco?.[0]).toMatchObject({ text: expect.stringContaining('Please wait') });
  expect(desk.of('c2')).toMatchObject({ stage: 'waiting', queue: 'other' });
});

test('an agent who is being rung at closing time, or was lost in the call, still gets the caller', () => {
  const desk = waitingDesk({ hours: hours(false) });
  desk.wait(10 * 60 - 1);
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'available', reason: null }, after: 'now' });
  desk.turn('c1', 1);
  expect(desk.rung('c1')).toEqual(['Alice']);
  desk.wait(5);
  desk.turn('c1', 2);
  expect(desk.rung('c1')).toEqual(['Alice']);
  const { id } = desk.answer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
  desk.turn('c1', 3);
  expect(desk.of('c1').stage).toBe('waiting');
});
