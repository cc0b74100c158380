import { expect, test } from 'vitest';
import { readAgent, readCall, readReservation } from './stored.ts';
import { createTestDesk } from './testing.ts';

/** The state without some of its fields, as an older version stored it. */
function without(state: object, fields: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(state).filter(([name]) => !fields.includes(name))));
}

test('what an older version stored of an agent, a call and an offer gets the fields that came later', () => {
  const desk = createTestDesk();
  desk.page('Alice');
  desk.call('c1');
  const [agent, call, offer] = [desk.desk.agents.get('Alice'), desk.of('c1'), desk.offer('Alice')];
  expect(agent && readAgent(without(agent, ['lastFailure']))).toEqual(agent);
  expect(
    readCall(without(call, ['rings', 'held', 'guest', 'transfer', 'recording', 'waitingSince'])),
  ).toEqual(call);
  expect(readReservation(without(offer, ['role', 'supervision', 'note', 'ended']))).toEqual(offer);
});
