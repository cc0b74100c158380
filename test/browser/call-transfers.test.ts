import { expect, test } from 'vitest';
import { signToken } from '../integration/support/sdk-page.ts';
import { setPhoneScene } from './support/phone-scene.ts';

const PHONE = '447700900123';
const MEETING = { action: 'conversation', name: 'meeting' };
const scene = setPhoneScene([]);

/** The conversation of the meeting, which somebody has begun. */
async function meeting(): Promise<string> {
  scene.application.answer = () => ({ body: [MEETING] });
  const { leg, until } = scene.platform.call();
  await until('answered');
  await expect.poll(() => leg.conversation.name).toBe(MEETING.name);
  return leg.conversation.id;
}

async function transferByRest(leg: string, ncco: object[]): Promise<void> {
  const answer = await fetch(`${scene.platform.url}/v1/calls/${leg}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await signToken(scene.platform)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ action: 'transfer', destination: { type: 'ncco', ncco } }),
  });
  expect(answer.status).toBe(204);
}

test.each<[string, (conversation: string) => object[], ((leg: string) => Promise<void>)?]>([
  ['the action "conversation"', () => [MEETING]],
  ['the action "transfer"', (conversationId) => [{ action: 'transfer', conversationId }]],
  [
    'REST',
    () => [{ action: 'connect', endpoint: [{ type: 'phone', number: PHONE }] }],
    (leg) => transferByRest(leg, [MEETING]),
  ],
])('a page whose leg %s moves is told so; its keys, mute and hang-up go on', async (_how, ncco, move) => {
  const there = await meeting();
  scene.platform.phone(PHONE);
  scene.application.answer = () => ({ body: ncco(there) });
  const alice = await scene.user('Alice', 'anna');
  const leg = await alice.page.evaluate(() => window.client.serverCall({}));
  const eventsOf = () => scene.application.events.filter(({ uuid }) => uuid === leg);
  await expect.poll(() => eventsOf().map(({ status }) => status)).toContain('answered');
  await move?.(leg);

  await expect.poll(async () => (await alice.told('callTransfer')).at(-1)).toEqual([leg, there]);
  expect(
    await alice.page.evaluate((id) => window.client.getLeg(id).then((one) => one.conversationId), leg),
  ).toBe(there);
  await alice.page.evaluate((id) => window.client.mute(id), leg);
  expect(await alice.tells('mute')).toEqual([leg, leg, true]);
  await alice.page.evaluate((id) => window.client.sendDTMF(id, '42#'), leg);
  expect(await alice.tells('dtmf')).toEqual([leg, leg, '42#']);
  await alice.page.evaluate((id) => window.client.enableEarmuff(id), leg);
  expect(await alice.tells('earmuff')).toEqual([leg, leg, true]);
  await alice.page.evaluate((id) => window.client.hangup(id), leg);
  expect(await alice.tells('callHangup')).toEqual([leg, expect.anything(), 'LOCAL_HANGUP']);
  await expect.poll(() => eventsOf().at(-1)).toMatchObject({ status: 'completed', conversation_uuid: there });
});
