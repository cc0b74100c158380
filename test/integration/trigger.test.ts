import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ladderFrom } from '../../client/console/ladder/testing.ts';
import { callAfter, eventEntry } from '../../domain/calls/testing.ts';
import { trigger } from '../../emulator/commands/trigger.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';

let application: Application;
beforeEach(async () => {
  application = await startApplication([]);
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await application[Symbol.asyncDispose]();
});

/** Sends an event. @returns what the application received */
async function triggered(...args: string[]) {
  const environment = { VONAGE_SIGNATURE_SECRET: 'secret' };
  expect(await trigger([...args, '--event-url', application.eventUrl], environment)).toBe(0);
  return application.events;
}

test('a completed call of 42 seconds is shown as answered for 42 seconds', async () => {
  const events = await triggered('completed', '--set', 'duration=42');
  const call = callAfter(...events);
  expect(call).toMatchObject({
    status: 'ended',
    end: 'completed',
    from: '447700900000',
    to: '442038297050',
    agent: 'Alice',
    talking: 42_000,
  });
  expect(call.legs).toMatchObject([
    { outcome: 'answered', duration: 42 },
    { outcome: 'answered', duration: 42 },
  ]);
  expect(events.at(-1)).toMatchObject({ direction: 'inbound', duration: '42' });
});

test('a completed call without a duration is shown as unanswered', async () => {
  const events = await triggered('completed', '--set', 'duration=0');
  expect(events).toMatchObject([{ start_time: null, duration: '0' }]);
  expect(callAfter(...events)).toMatchObject({ status: 'ended', end: 'caller-gave-up' });
});

test.each(['42', '0'])('the console finds no issue in a completed call of %s seconds', async (duration) => {
  const events = await triggered('completed', '--set', `duration=${duration}`);
  const steps = ladderFrom(events.map((event) => eventEntry(event)));
  expect(steps.flatMap((step) => (step.type === 'step' ? step.flags : []))).toEqual([]);
});

test('one event is sent for a leg that the application called', async () => {
  const settings = ['direction=outbound', 'to=Alice'].flatMap((setting) => ['--set', setting]);
  const events = await triggered('completed', ...settings);
  expect(events).toMatchObject([{ to: 'Alice', direction: 'outbound', duration: '12' }]);
  expect(callAfter(...events)).toMatchObject({ status: 'ended', end: 'completed' });
});
