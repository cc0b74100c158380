import { expect, it } from 'vitest';
import type { Control } from '../../../domain/desk/controls.ts';
import { ringChainsOf } from '../../../domain/desk/ring-chain.ts';
import { createTestDesk, deskRules } from '../../../domain/desk/testing.ts';
import { consoleEn } from '../../strings/console-en.ts';
import { type DeskStep, deskStepsOf, hearsNow } from './desk-steps.ts';
import { consideredWords, deskWords, hearsWords, ringWords, whyWords } from './desk-words.ts';

type Desk = ReturnType<typeof createTestDesk>;

/** What the server sends of a call. */
const eventsOf = (desk: Desk, id = 'c1') =>
  desk.events.filter((event) => 'call' in event && event.call === id);
const stepsOf = (desk: Desk) => deskStepsOf(eventsOf(desk));
const wordsOf = (desk: Desk) => stepsOf(desk).map((step) => deskWords(step, consoleEn));
const hearsOf = (desk: Desk) => {
  const hears = hearsNow(eventsOf(desk));
  return hears && hearsWords(hears, consoleEn);
};
const offers = (desk: Desk) =>
  stepsOf(desk).filter((step): step is Extract<DeskStep, { kind: 'offered' }> => step.kind === 'offered');
const leg = (desk: Desk, agent: string, is: 'started' | 'ringing' | 'rejected' | 'ended by the platform') =>
  desk.tell({ kind: 'agent leg', reservation: desk.offer(agent).id, leg: `leg of ${agent}`, is });

/** A desk where these agents are ready, each idle for 5 s longer than the next. */
function deskWith(...agents: string[]): Desk {
  const desk = createTestDesk();
  for (const agent of agents) {
    desk.page(agent);
    desk.wait(5);
  }
  return desk;
}

it('calls a person whom an agent dialed a customer, not a caller, when they hang up', () => {
  const desk = deskWith('Alice');
  const [call, to] = ['obleg-a', '441614960018'];
  const customer = (is: 'started' | 'ended') =>
    desk.tell({ kind: 'customer leg', call, leg: 'leg-c', is, to });
  desk.tell({
    ...{ kind: 'agent dials', leg: 'leg-a', agent: 'Alice', to: `+${to}`, ours: '442038297050' },
    regionUrl: 'https://eu.example',
  });
  customer('started');
  desk.tell({ kind: 'next asked', call, leg: 'leg-c' });
  customer('ended');
  const words = deskStepsOf(eventsOf(desk, call)).map((step) => deskWords(step, consoleEn));
  expect(words).toContain('Completed · customer hung up');
});

it('tells a call that one agent declines and the next answers, from the queue to the end of the wrap-up', () => {
  const desk = deskWith('Alice', 'Bob');
  desk.call('c1');
  leg(desk, 'Alice', 'started');
  leg(desk, 'Alice', 'ringing');
  expect(hearsOf(desk)).toBe('The caller hears the greeting');
  leg(desk, 'Alice', 'rejected');
  desk.answer('Bob');
  expect(hearsOf(desk)).toBe('The caller hears the agent');
  desk.tell({ kind: 'agent hung up', agent: 'Bob', call: 'c1' });
  desk.tell({ kind: 'caller ended', call: 'c1' });
  desk.wait(10);
  expect(wordsOf(desk)).toEqual([
    'The caller enters the queue main',
    'The caller hears the greeting',
    'The call is offered to Alice',
    'Vonage calls Alice',
    'Alice’s page rings',
    'Alice declines the call',
    'The call is offered to Bob',
    'Vonage calls Bob',
    'Bob answers',
    'The caller and Bob are connected',
    'Completed · Bob hung up',
    'Bob starts wrap-up: 10\u00a0s',
    'The caller’s leg ended',
    'Bob finishes wrap-up',
  ]);
  expect(hearsOf(desk)).toBeNull();
});

it('says why an agent was rung: in short, and with everyone who was considered', () => {
  const desk = deskWith('Alice', 'Bob');
  desk.call('c1');
  leg(desk, 'Alice', 'rejected');
  const said = offers(desk).map((step) => [
    whyWords(step, consoleEn),
    ...consideredWords(step.why, consoleEn),
  ]);
  expect(said).toEqual([
    [
      'Idle longest: 10\u00a0s; Carol is not connected',
      'Alice: chosen, idle for 10\u00a0s',
      'Bob: also free, idle for 10\u00a0s',
      'Carol is not connected',
    ],
    [
      'Only Bob is free; Alice declined it; Carol is not connected',
      'Bob: chosen, idle for 10\u00a0s',
      'Alice declined it',
      'Carol is not connected',
    ],
  ]);
});

it('shows of the many turns of the waiting loop only those that change what the caller hears', () => {
  const desk = createTestDesk();
  desk.call('c0');
  desk.call('c1');
  for (let turn = 1; turn <= 8; turn += 1) {
    desk.wait(5);
    desk.turn('c1', turn);
  }
  expect(wordsOf(desk)).toEqual([
    'The caller enters the queue main',
    'The caller hears the greeting',
    'The caller hears the queue’s music',
    'The caller is told: position 2; then hears the queue’s music',
  ]);
  expect(hearsOf(desk)).toBe('The caller hears the queue’s music');
});

it('tells that an agent was lost, whom the call is kept for, and that it waits for anyone', () => {
  const desk = deskWith('Alice', 'Bob');
  desk.call('c1');
  desk.answer('Alice');
  leg(desk, 'Alice', 'started');
  desk.tell({
    kind: 'agent leg',
    reservation: desk.offer('Alice').id,
    leg: `leg of ${desk.offer('Alice').id}`,
    is: 'ended by the platform',
  });
  expect(hearsOf(desk)).toBe('The caller hears a request to wait a moment');
  desk.page('Alice');
  const last = offers(desk).at(-1);
  expect(last && whyWords(last, consoleEn)).toMatch(/^The call is kept for Alice/);
  leg(desk, 'Alice', 'rejected');
  expect(wordsOf(desk)).toEqual(
    expect.arrayContaining([
      'The connection to Alice is lost; for 15\u00a0s the call is kept for Alice',
      'The call is offered to Alice',
      'Alice declines the call',
      'The call is offered to Bob',
    ]),
  );
});

it('names the agent who did not come back', () => {
  const desk = deskWith('Alice');
  desk.call('c1');
  const { id } = desk.answer('Alice');
  desk.tell({ kind: 'agent leg', reservation: id, leg: `leg of ${id}`, is: 'ended by the platform' });
  desk.wait(16);
  expect(wordsOf(desk).at(-1)).toBe('Alice did not come back; now any agent can take the call');
});

it('tells how a caller left without an agent, and what the caller hears then', () => {
  const gone = deskWith('Alice');
  gone.call('c1');
  gone.tell({ kind: 'caller ended', call: 'c1' });
  expect(wordsOf(gone).slice(-3)).toEqual([
    'The offer to Alice is withdrawn: the caller stopped waiting',
    'Abandoned in the queue · caller hung up',
    'The caller’s leg ended',
  ]);
  const nobody = createTestDesk(deskRules({ overflow: 'apology' }));
  nobody.call('c1');
  nobody.wait(61);
  nobody.turn('c1', 1);
  expect(wordsOf(nobody).at(-1)).toBe(
    'Left the queue: no agent in time · by the desk; the caller hears an apology',
  );
});

it('says nothing of a wrap-up that takes no time', () => {
  const desk = createTestDesk(deskRules({ wrapUpSeconds: 0 }));
  desk.page('Alice');
  desk.call('c1');
  desk.answer('Alice');
  desk.tell({ kind: 'agent hung up', agent: 'Alice', call: 'c1' });
  expect(wordsOf(desk).at(-1)).toBe('Completed · Alice hung up');
});

it('does not mention that the platform was asked about silent legs', () => {
  const desk = deskWith('Alice');
  desk.call('c1');
  desk.answer('Alice');
  const before = wordsOf(desk);
  desk.wait(65);
  expect(eventsOf(desk).filter(({ kind }) => kind === 'asked').length).toBeGreaterThan(0);
  expect(wordsOf(desk)).toEqual(before);
});

it('corrects the reason of an offer that had ended, and repeats nothing else', () => {
  const base = { at: 1, call: 'c1', reservation: 'r1', agent: 'Alice', by: null } as const;
  const steps = deskStepsOf([
    { ...base, kind: 'offer ended', as: 'canceled', first: true },
    { ...base, kind: 'offer ended', as: 'rejected', first: false },
  ]);
  expect(steps.map((step) => deskWords(step, consoleEn))).toEqual([
    'The call to Alice fails',
    'Corrected reason: Alice declines the call',
  ]);
});

it('says why an offer did not ring, and whether the tab of one that rang was in sight', () => {
  const silent = deskWith('Alice');
  silent.call('c1');
  leg(silent, 'Alice', 'started');
  silent.wait(30);
  const rung = deskWith('Alice');
  rung.call('c1');
  leg(rung, 'Alice', 'started');
  const rang = { kind: 'page reported', agent: 'Alice', call: 'c1', fact: 'rang' } as const;
  rung.tell({ ...rang, sound: 'played', tab: 'hidden' });
  rung.wait(30);
  const said = (desk: Desk) => ringChainsOf(desk.events).map((chain) => ringWords(chain, consoleEn))[0];
  expect(said(silent)).toBe(
    'Why it did not ring: the call did not reach the page, or the page did not report it',
  );
  expect(said(rung)).toBe('The page rang: the tab was in the background');
});

it('tells what agents and supervisors do in a call', () => {
  const desk = deskWith('Alice', 'Bob', 'Carol');
  desk.call('c1');
  const { id } = desk.answer('Alice');
  const control = (by: string, wanted: Control) =>
    desk.tell({ kind: 'control', call: 'c1', by, mayControl: true, control: wanted });
  control('Alice', { action: 'hold' });
  desk.tell({ kind: 'next asked', call: 'c1' });
  control('Alice', { action: 'consult', to: { agent: 'Bob' } });
  desk.tell({ kind: 'agent answered', reservation: desk.offer('Bob').id, leg: 'l2' });
  control('Carol', { action: 'supervise', mode: 'whisper' });
  control('Alice', { action: 'merge' });
  control('Alice', { action: 'complete' });
  expect(id).toBe('r1');
  expect(wordsOf(desk)).toEqual(
    expect.arrayContaining([
      'Alice puts the caller on hold',
      'The caller hears music while on hold',
      'Alice calls Bob into the call',
      'Bob joins the call',
      'Carol whispers to the agent as a supervisor',
      'All three talk',
      'Bob has the call now',
    ]),
  );
  expect(offers(desk).map(({ agent }) => agent)).toEqual(['Alice']);
});
