import { expect, it } from 'vitest';
import { agent, answerEntry, callAfter, caller, question, ring } from '../../../domain/calls/testing.ts';
import type { LogEntry } from '../event-log.ts';
import { directRing } from './direct-ring.ts';

const asked = answerEntry(ring, question);
const rung = callAfter(caller('ringing', 0), agent('Alice', 'started', 1), agent('Alice', 'timeout', 20));
const leg = rung.legs.find(({ to }) => to === 'Alice')?.uuid ?? '';

const opened: LogEntry = { at: 0, text: 'line: open' };
const invited: LogEntry = {
  at: 1,
  text: 'invited',
  told: { type: 'invited', call: { id: leg, from: '', kind: 'phone' } },
};
const rang = (sound: 'on' | 'blocked'): LogEntry => ({
  at: 2,
  text: 'ring',
  told: { type: 'rang', callId: leg, sound },
});

const brokenIn = (log: readonly LogEntry[], call = rung, entries = [asked]) =>
  directRing({ call, entries }, 'Alice', log).broken;

it('finds no broken link in a call that rang and was not heard', () => {
  const chain = directRing({ call: rung, entries: [asked] }, 'Alice', [opened, invited, rang('on')]);
  expect(chain).toMatchObject({ broken: null, sound: 'played' });
  expect(chain.links.map(({ name }) => name)).toEqual(['webhook', 'answer', 'leg', 'invite', 'ring']);
});

it('names the first link that was not made', () => {
  expect(brokenIn([opened], rung, [])).toBe('webhook');
  expect(brokenIn([opened], rung, [{ ...asked, reply: { status: 500 } }])).toBe('answer');
  expect(brokenIn([opened], callAfter(caller('ringing', 0)))).toBe('leg');
  expect(brokenIn([opened])).toBe('invite');
  expect(brokenIn([opened, invited])).toBe('ring');
});

it('blames the ring where the browser let the page make no sound', () => {
  const chain = directRing({ call: rung, entries: [asked] }, 'Alice', [opened, invited, rang('blocked')]);
  expect(chain).toMatchObject({ broken: 'ring', sound: 'blocked' });
});

it('does not say what happened in the page before it was loaded', () => {
  const chain = directRing({ call: rung, entries: [asked] }, 'Alice', [{ ...opened, at: Number.MAX_VALUE }]);
  expect(chain.broken).toBe(null);
  expect(chain.links.map(({ name }) => name)).toEqual(['webhook', 'answer', 'leg']);
});
