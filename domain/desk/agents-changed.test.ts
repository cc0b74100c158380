import { expect, test } from 'vitest';
import { createTestDesk, deskRules } from './testing.ts';

/** A desk of Alice and Bob, from which Alice can be removed. */
function deskOfTwo() {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  desk.page('Alice');
  desk.wait(1);
  desk.page('Bob');
  return {
    desk,
    removeAlice() {
      desk.change(deskRules({ agents: ['Bob'] }));
      return desk.tell({ kind: 'agents changed', agents: ['Bob'] });
    },
  };
}

test('the open offer of a removed agent is rescinded, and the next agent is rung at once', () => {
  const { desk, removeAlice } = deskOfTwo();
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
  const { effects } = removeAlice();
  expect(desk.offer('Alice').state).toBe('rescinded');
  expect(effects).toContainEqual({ kind: 'hang up', leg: 'l1', regionUrl: null, of: id });
  expect(desk.rung('c1')).toEqual(['Bob']);
});

test('the caller of a removed agent waits with the old age, and another agent is rung at once', () => {
  const { desk, removeAlice } = deskOfTwo();
  desk.call('c1');
  const { enqueuedAt } = desk.of('c1');
  const { id } = desk.answer('Alice');
  desk.wait(5);
  const { effects } = removeAlice();
  expect(effects).toContainEqual({ kind: 'transfer', call: 'c1' });
  expect(effects).toContainEqual({ kind: 'hang up', leg: `leg of ${id}`, regionUrl: null, of: id });
  expect(desk.of('c1')).toMatchObject({ stage: 'waiting', enqueuedAt });
  desk.turn('c1', 1);
  expect(desk.rung('c1')).toEqual(['Bob']);
});

test('an agent who is removed between answering and meeting the caller does not keep the caller', () => {
  const { desk, removeAlice } = deskOfTwo();
  desk.call('c1');
  const { id } = desk.offer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l1', is: 'started' });
  desk.tell({ kind: 'agent answered', reservation: id, leg: 'l1' });
  removeAlice();
  desk.turn('c1', 1);
  expect(desk.rung('c1')).toEqual(['Bob']);
});

test('the wrap-up of a removed agent ends', () => {
  const { desk, removeAlice } = deskOfTwo();
  desk.call('c1');
  desk.answer('Alice');
  desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(desk.offer('Alice').state).toBe('wrapping');
  removeAlice();
  expect(desk.offer('Alice').state).toBe('completed');
});

test('an added agent can be rung as soon as her page is there', () => {
  const { desk } = deskOfTwo();
  desk.change(deskRules({ agents: ['Alice', 'Bob', 'Dave'] }));
  desk.tell({ kind: 'agents changed', agents: ['Alice', 'Bob', 'Dave'] });
  desk.page('Dave');
  desk.call('c1');
  desk.call('c2');
  desk.call('c3');
  expect(desk.rung('c3')).toEqual(['Dave']);
});

test('telling it again changes nothing', () => {
  const { removeAlice } = deskOfTwo();
  removeAlice();
  expect(removeAlice().events).toEqual([]);
});

test('a page is taken for gone only by the server that has its feed, and only if its tab takes the calls', () => {
  const { desk } = deskOfTwo();
  const tab = desk.desk.agents.get('Alice')?.page?.tab ?? '';
  desk.call('c1');
  desk.answer('Alice');
  const closed = (from: { tab: string; server: string }) =>
    desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now, from });
  desk.tell({ kind: 'feed opened', agent: 'Alice', tab, server: 'one' });
  desk.tell({ kind: 'feed opened', agent: 'Alice', tab, server: 'two' });
  closed({ tab, server: 'one' });
  closed({ tab: 'another', server: 'two' });
  expect(desk.of('c1').stage).toBe('talking');
  closed({ tab, server: 'two' });
  expect(desk.of('c1').stage).toBe('waiting');
});
