import { expect, test } from 'vitest';
import { createTestDesk, deskRules, queueRules } from './testing.ts';

test('callers whose queue is gone after a change of the rules keep their place, and are served by the default queue', () => {
  const sales = queueRules({ name: 'sales', agents: ['Alice'] });
  const two = deskRules({}, { queues: { main: queueRules({ agents: ['Bob'] }), sales } });
  const numbers = { '442038297050': { greeting: '', menu: null, queue: 'sales' } };
  const desk = createTestDesk({ ...two, numbers });
  desk.page('Bob');
  desk.call('c1');
  desk.wait(30);
  expect(desk.rung('c1')).toEqual([]);
  desk.change(deskRules({ agents: ['Bob'] }));
  expect(desk.turn('c1', 1).ncco).toContainEqual(expect.objectContaining({ action: 'stream' }));
  expect(desk.rung('c1')).toEqual(['Bob']);
  expect(desk.of('c1').enqueuedAt).toBe(desk.now - 30_000);
});

test('a queue that is closed takes no callers, and keeps those who came before', () => {
  const office = {
    zone: 'Europe/London',
    week: [[{ from: 540, to: 541 }]],
    exceptions: {},
    untilEmpty: false,
  };
  const desk = createTestDesk(deskRules({ hours: office, overflow: 'apology' }));
  const last = desk.call('c1').ncco;
  desk.wait(60);
  expect(last).toContainEqual(expect.objectContaining({ action: 'stream' }));
  expect(desk.call('c2').ncco).toEqual([
    { action: 'talk', text: 'We are closed at the moment.', language: 'en-US' },
  ]);
  expect(desk.of('c2')).toMatchObject({ stage: 'leaving', exit: 'closed' });
  expect(desk.of('c1')).toMatchObject({ stage: 'waiting' });
});
