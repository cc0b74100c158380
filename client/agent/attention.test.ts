// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { warnBeforeLeaving } from './attention.ts';

it('asks for confirmation before leaving the page, until it is stopped', () => {
  const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const stop = warnBeforeLeaving(window);
  expect(leave()).toBe(false);
  stop();
  expect(leave()).toBe(true);
});
