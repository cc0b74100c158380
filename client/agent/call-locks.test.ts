import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCallLocks } from './call-locks.ts';

// Node has the browser's lock manager as well; each test has calls of its own.
let calls = 0;
let callId: string;

beforeEach(() => {
  calls += 1;
  callId = `leg-${calls}`;
});

afterEach(() => {
  vi.restoreAllMocks();
});

const tab = () => createCallLocks(navigator.locks);

it('a call that no tab is in is free', async () => {
  expect(await tab().isHeldElsewhere(callId)).toBe(false);
});

it('a call belongs to the tab that is in it, until that tab leaves it', async () => {
  const leave = tab().hold(callId);
  const other = tab();
  // No test waits for real time to pass.
  vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort());
  expect(await other.isHeldElsewhere(callId)).toBe(true);
  expect(await other.isHeldElsewhere('leg-other')).toBe(false);
  leave();
  expect(await other.isHeldElsewhere(callId)).toBe(false);
});

it('a call is free as soon as the page that was reloaded has gone', async () => {
  const leave = tab().hold(callId);
  const asked = tab().isHeldElsewhere(callId);
  leave();
  expect(await asked).toBe(false);
});

it('every call is free where there are no locks', async () => {
  const locks = createCallLocks(undefined);
  locks.hold(callId)();
  expect(await locks.isHeldElsewhere(callId)).toBe(false);
});
