import { expect, it } from 'vitest';
import { createTestCalls } from './testing.ts';

it.each<[string, object, number]>([
  ['as long as it says', { timeout: '0.5' }, 500],
  ['10 s when it does not say', {}, 10_000],
  ['0.1 s at least', { timeout: 0 }, 100],
  ['7200 s at most', { timeout: 9000 }, 7_200_000],
])('waits %s', async (_what, action, ms) => {
  const calls = createTestCalls();
  const { leg } = calls.call([{ action: 'wait', ...action }]);
  leg.port.detach();
  await calls.skip(ms - 20);
  expect(leg.end).toBeUndefined();
  await calls.skip(40);
  expect(leg.end).toEqual({ cause: 'hung-up-there' });
});
