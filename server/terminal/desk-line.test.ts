import { expect, test } from 'vitest';
import type { Control } from '../../domain/desk/controls.ts';
import { createTestDesk, deskRules } from '../../domain/desk/testing.ts';
import { deskLine } from './desk-line.ts';

type Desk = ReturnType<typeof createTestDesk>;

function linesOf({ events }: Desk): string[] {
  return events.flatMap((event) => deskLine(event, '447700900000') ?? []).map((line) => line.slice(30));
}

test('a call is told from the queue to its end, one line each: who is rung and why, and what the caller hears', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob', 'Carol'] }));
  desk.page('Alice');
  desk.wait(5);
  desk.page('Bob');
  desk.call('c1');
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Alice').id, leg: 'l1', is: 'rejected' });
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Bob').id, leg: 'l2', is: 'started' });
  desk.wait(22);
  desk.turn('c1', 1);
  desk.wait(1);
  desk.turn('c1', 2);
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Bob').id, leg: 'l2', is: 'rang out' });
  desk.answer('Bob');
  desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(linesOf(desk)).toEqual([
    'waits in main',
    'hears greeting',
    'offered to Alice (idle longest, 5 s; Carol: line down)',
    'rejected by Alice',
    'offered to Bob (nobody else is free; Alice: refused this call; Carol: line down)',
    'is told that its position is 1',
    'not answered by Bob',
    'offered to Bob (nobody else is free; Alice: refused this call; Carol: line down)',
    'taken by Bob',
    'hears agent',
    'left the queue: completed, hears nothing',
    'is over',
  ]);
});

test('what agents do in a call is told: hold, consultation, who takes over', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  desk.page('Alice');
  desk.call('c1');
  desk.answer('Alice');
  desk.page('Bob');
  const control = (control: Control) =>
    desk.tell({ kind: 'control', call: 'c1', by: 'Alice', mayControl: false, control });
  const next = () => desk.tell({ kind: 'next asked', call: 'c1' });
  control({ action: 'hold' });
  next();
  control({ action: 'consult', to: { agent: 'Bob' } });
  const { id } = desk.offer('Bob');
  desk.tell({ kind: 'agent leg', reservation: id, leg: 'l2', is: 'started' });
  desk.tell({ kind: 'agent answered', reservation: id, leg: 'l2' });
  control({ action: 'merge' });
  next();
  control({ action: 'complete' });
  const lines = linesOf(desk);
  expect(lines.slice(lines.indexOf('put on hold by Alice'))).toEqual([
    'put on hold by Alice',
    'hears hold',
    'Alice consults Bob',
    'joined to the second person by Alice',
    'left by Alice to Bob',
  ]);
});

test('a transfer names who is rung, and why it failed', () => {
  const desk = createTestDesk(deskRules({ agents: ['Alice', 'Bob'] }));
  desk.page('Alice');
  desk.call('c1');
  desk.answer('Alice');
  desk.page('Bob');
  const to = { agent: 'Bob' };
  desk.tell({
    kind: 'control',
    call: 'c1',
    by: 'Alice',
    mayControl: false,
    control: { action: 'transfer', to },
  });
  desk.tell({ kind: 'next asked', call: 'c1' });
  desk.tell({ kind: 'agent leg', reservation: desk.offer('Bob').id, leg: 'l2', is: 'rejected' });
  const lines = linesOf(desk);
  expect(lines).toContain('transferred by Alice to Bob');
  expect(lines).toContainEqual(expect.stringMatching(/^not transferred to Bob: /));
});

test('names the caller, or says that the number is withheld', () => {
  const event = { kind: 'ended', call: 'c1', at: 0 } as const;
  expect(deskLine(event, '447700900000')).toBe('DESK: call from 447700900000: is over');
  expect(deskLine(event, null)).toBe('DESK: call from a withheld number: is over');
});

test('says who canceled a callback', () => {
  const event = { kind: 'callback canceled', call: 'cb1', by: 'Bob', at: 0 } as const;
  expect(deskLine(event, '447700900000')).toBe('DESK: call from 447700900000: callback canceled by Bob');
});

test('says nothing of pages and choices', () => {
  expect(deskLine({ kind: 'agent added', agent: 'Alice', at: 0 }, null)).toBeNull();
});
