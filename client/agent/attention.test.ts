// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { warnBeforeLeaving } from './attention.ts';

it('asks before the page is left, until it is stopped', () => {
  const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const stop = warnBeforeLeaving(window);
  expect(leave()).toBe(false);
  stop();
  expect(leave()).toBe(true);
});
