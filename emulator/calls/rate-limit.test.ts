import { expect, test } from 'vitest';
import { createRateLimits, NO_LIMITS } from './rate-limit.ts';

function clock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

test('an application can make three calls at once, and another after a third of a second', () => {
  const world = clock();
  const limits = createRateLimits(world);
  const calls = () => [1, 2, 3, 4].map(() => limits.take('one', 'call').ok);
  expect(calls()).toEqual([true, true, true, false]);
  expect(limits.take('one', 'call')).toEqual({ ok: false, retryAfter: 334 });
  world.pass(334);
  expect(limits.take('one', 'call')).toEqual({ ok: true });
  expect(limits.take('one', 'call')).toMatchObject({ ok: false });
});

test('other requests have their own limit, and so does each application', () => {
  const limits = createRateLimits(clock());
  for (let n = 0; n < 3; n += 1) limits.take('one', 'call');
  const requests = Array.from({ length: 16 }, () => limits.take('one', 'request').ok);
  expect(requests.filter(Boolean)).toHaveLength(15);
  expect(limits.take('other', 'call')).toEqual({ ok: true });
});

test('a long pause saves up no more than one second’s worth', () => {
  const world = clock();
  const limits = createRateLimits(world);
  world.pass(60_000);
  const calls = Array.from({ length: 10 }, () => limits.take('one', 'call').ok);
  expect(calls.filter(Boolean)).toHaveLength(3);
});

test('limits can be turned off', () => {
  expect(Array.from({ length: 100 }, () => NO_LIMITS.take('one', 'call').ok)).not.toContain(false);
});
