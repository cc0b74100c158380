import { expect, test } from 'vitest';
import type { DeskEvent } from './events.ts';
import {
  type CountName,
  callsOf,
  figureCalls,
  figuresOf,
  RATE_NAMES,
  type RateName,
  ratesOf,
  sumOf,
} from './figures.ts';
import { createTestDesk, deskRules } from './testing.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;

/** A morning: two calls answered, after 4 and 25 seconds; one given up at once, one after 30 s; one overflows. */
function morning(): readonly DeskEvent[] {
  const desk = createTestDesk(deskRules({ agents: ['Alice'], longestWait: 40 }));
  desk.page('Alice');
  desk.call('a');
  desk.wait(4);
  desk.answer('Alice');
  desk.call('b');
  desk.call('short');
  desk.wait(3);
  desk.tell({ kind: 'caller ended', call: 'short' });
  desk.wait(12);
  desk.tell({ kind: 'caller ended', call: 'a' });
  desk.wait(10);
  desk.answer('Alice');
  desk.call('c');
  desk.call('d');
  desk.wait(30);
  desk.tell({ kind: 'caller ended', call: 'c' });
  desk.wait(12);
  desk.turn('d', 1);
  desk.tell({ kind: 'caller ended', call: 'b' });
  desk.wait(10);
  return desk.events;
}

test('each call counts once, and the figures follow from the counts', () => {
  const figures = figuresOf(morning(), START, START + HOUR);
  expect(figures).toMatchObject({
    offered: 5,
    answered: 2,
    abandoned: 2,
    shortAbandoned: 1,
    overflowed: 1,
    callback: 0,
    waiting: 0,
    lost: 0,
    // Within 20 s: one of 2 answered + 1 abandoned + 1 overflowed.
    serviceLevel: 1 / 4,
    asa: (4 + 25) / 2,
    abandonRate: 1 / 4,
  });
});

test('handle time is talk and wrap-up; idle time is neither ringing nor away', () => {
  const figures = figuresOf(morning(), START, START + HOUR);
  expect(figures.agents).toEqual([
    expect.objectContaining({
      name: 'Alice',
      handled: 2,
      talkSeconds: 15 + 42,
      wrapUpSeconds: 20,
      offers: 2,
    }),
  ]);
  expect(figures.aht).toBe((15 + 42 + 20) / 2);
});

test('each figure lists the calls that make it up', () => {
  const events = morning();
  expect(callsOf(events, START, START + HOUR, 'answered')).toEqual(['a', 'b']);
  expect(callsOf(events, START, START + HOUR, 'abandoned')).toEqual(['short', 'c']);
  expect(callsOf(events, START, START + HOUR, 'shortAbandoned')).toEqual(['short']);
  expect(callsOf(events, START, START + HOUR, 'overflowed')).toEqual(['d']);
});

test('without calls there is nothing to divide by', () => {
  expect(figuresOf([], START, START + HOUR)).toMatchObject({
    offered: 0,
    serviceLevel: null,
    asa: null,
    aht: null,
  });
});

test('times count until now, if the end is yet to come', () => {
  const events = morning();
  const now = (events.at(-1)?.at ?? 0) + 1_000;
  const [alice] = figuresOf(events, START, START + 24 * HOUR, now).agents;
  expect((alice?.idleSeconds ?? 0) + (alice?.talkSeconds ?? 0) + (alice?.wrapUpSeconds ?? 0)).toBeLessThan(
    (now - START) / 1000,
  );
});

test('an agent whose connection is lost is not idle until her page is back', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.page('Alice');
  desk.call('a');
  desk.answer('Alice');
  desk.wait(5);
  desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now + 4_000 });
  desk.tell({ kind: 'caller ended', call: 'a' });
  desk.wait(60);
  desk.page('Alice');
  desk.wait(7);
  const [alice] = figuresOf(desk.events, START, START + HOUR, desk.now).agents;
  expect(alice).toMatchObject({ talkSeconds: 5, idleSeconds: 7 });
});

test('the intervals add up to the whole, and time is split between them', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.page('Alice');
  desk.wait(14 * 60);
  desk.call('a');
  desk.answer('Alice');
  desk.wait(3 * 60);
  const figures = figuresOf(desk.events, START, START + HOUR, desk.now);
  expect(figures.intervals).toEqual([
    expect.objectContaining({ at: START, offered: 1, handled: 1, handleSeconds: 60, idleSeconds: 14 * 60 }),
    expect.objectContaining({ at: START + HOUR / 4, offered: 0, handled: 0, handleSeconds: 120 }),
  ]);
  expect(ratesOf(sumOf(figures.intervals))).toEqual(
    Object.fromEntries(RATE_NAMES.map((name) => [name, figures[name]])),
  );
});

test('a rate lists the calls that it is made of, with what is known of each', () => {
  const listed = (figure: CountName | RateName) => figureCalls(morning(), START, START + HOUR, figure);
  expect(listed('serviceLevel').map(({ id, isInTime }) => [id, isInTime])).toEqual([
    ['a', true],
    ['b', false],
    ['c', false],
    ['d', false],
  ]);
  expect(listed('abandonRate').map(({ id }) => id)).toEqual(['c']);
  expect(listed('asa').map(({ id, agent, waitedSeconds }) => [id, agent, waitedSeconds])).toEqual([
    ['a', 'Alice', 4],
    ['b', 'Alice', 25],
  ]);
  const [first] = listed('aht');
  expect(first).toMatchObject({ id: 'a', from: '447700900000', queue: 'main', handleSeconds: 15 + 10 });
});

test('an offer that was not taken lists its call, also when another agent answered', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  desk.page('Alice');
  desk.page('Bob');
  desk.call('a');
  const { id, agent } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'leg', is: 'rejected' });
  desk.answer('Bob');
  const [call] = figureCalls(desk.events, START, START + HOUR, 'nonResponse');
  expect(call).toMatchObject({ id: 'a', agent: 'Bob', outcome: 'answered' });
  expect(call?.notTaken).toEqual([{ agent, as: 'rejected', by: null }]);
});
