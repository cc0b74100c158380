import { expect, test } from 'vitest';
import { hears } from './support/ears.ts';
import { setPhoneScene, TONES } from './support/phone-scene.ts';
import type { SdkPage } from './support/sdk-page.ts';

const BEN = '+44 7700 900001';
/** dBFS of a microphone's steady tone, of which the SDK's noise suppression takes some 20 dB. */
const DAMPED = -60;
const scene = setPhoneScene([
  { action: 'connect', endpoint: [{ type: 'phone', number: BEN.replace(/\D/g, '') }] },
]);

const calls = ({ page }: SdkPage, context: Record<string, string>) =>
  page.evaluate((given) => window.client.serverCall(given), context);
const legStatuses = async (user: SdkPage) =>
  (await user.told('legStatusUpdate')).map(([, , status]) => status);

test('a page calls a phone: both hear each other, and the page is told how far the phone is', async () => {
  const ben = await scene.phone('ben');
  await ben.ownsNumber(BEN);
  const alice = await scene.user('Alice', 'anna');

  const call = await calls(alice, { to: '447700900001' });
  await ben.sees('Incoming call from Alice');
  await expect.poll(() => legStatuses(alice)).toEqual(['RINGING']);
  await ben.click('Answer');
  await ben.sees('In call with Alice');
  await expect.poll(() => legStatuses(alice)).toEqual(['RINGING', 'ANSWERED']);
  await Promise.all([hears(alice.page, [TONES.ben]), hears(ben.page, [TONES.anna], DAMPED)]);

  await ben.click('Hang up');
  expect(await alice.tells('callHangup')).toEqual([call, expect.anything(), 'REMOTE_HANGUP']);
  await expect.poll(() => legStatuses(alice)).toEqual(['RINGING', 'ANSWERED', 'COMPLETED']);
});

test('a page calls the page of another user: both hear each other, until the caller hangs up', async () => {
  scene.application.answer = () => ({
    body: [{ action: 'connect', endpoint: [{ type: 'app', user: 'Bob' }] }],
  });
  const [alice, bob] = await Promise.all([scene.user('Alice', 'anna'), scene.user('Bob', 'ben')]);
  const otherTab = await scene.user('Alice', 'anna');

  const call = await calls(alice, { to: 'Bob' });
  const [invited, from, kind] = await bob.tells('callInvite');
  expect([from, kind]).toEqual(['Alice', 'app']);
  await expect.poll(() => legStatuses(alice)).toEqual(['RINGING']);
  await bob.page.evaluate((id) => window.client.answer(id), String(invited));
  await expect.poll(() => legStatuses(alice)).toEqual(['RINGING', 'ANSWERED']);
  await Promise.all([hears(alice.page, [TONES.ben], DAMPED), hears(bob.page, [TONES.anna], DAMPED)]);

  await alice.page.evaluate((id) => window.client.hangup(id), call);
  expect(await alice.tells('callHangup')).toEqual([call, expect.anything(), 'LOCAL_HANGUP']);
  expect(await bob.tells('callHangup')).toEqual([invited, expect.anything(), 'REMOTE_HANGUP']);
  const toldElsewhere = (await otherTab.told()).map(([event]) => event);
  expect(toldElsewhere, 'what another page of the caller was told').not.toContain('callInvite');
  expect(toldElsewhere, 'what another page of the caller was told').not.toContain('callHangup');
});
