import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { type Hook, hookBody } from '../../../domain/hooks/hook.ts';
import { HOOK_SECRET, type HookReceiver, startReceiver } from '../../../server/hooks/testing.ts';
import { startTeam } from '../../support/team.ts';

/** What a receiver got, each with a valid signature. The virtual clock is far from the verifier's. */
function hooksAt({ received }: HookReceiver): Hook[] {
  return received.map(({ headers, body }) => {
    const id = String(headers['webhook-id']);
    const timestamp = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(headers['webhook-signature']).toBe(new Webhook(HOOK_SECRET).sign(id, timestamp, body));
    return hookBody.parse(JSON.parse(body));
  });
}

async function startTeamWithHooks() {
  const receiver = await startReceiver();
  const hooks = { urls: [receiver.url], secrets: [HOOK_SECRET] };
  const team = await startTeam({ agents: ['Alice'], hooks });
  const got = <T extends Hook['type']>(type: T) =>
    hooksAt(receiver).filter((hook): hook is Extract<Hook, { type: T }> => hook.type === type);
  return { team, receiver, got };
}

test('other systems are told of an answered call and of the agent', async () => {
  const { team, got } = await startTeamWithHooks();
  await using _ = team;
  team.treats('Alice', () => ({ does: 'answer', after: 2, hangUpAfter: 10 }));
  team.page('Alice');
  const caller = team.call();
  await team.until('the call is told of', () => got('call.ended').length > 0);
  await team.until('Alice is free again', () => got('agent.changed').at(-1)?.data.load === 'free', 120);
  expect(got('call.ended')).toMatchObject([
    {
      data: {
        call: caller.leg.uuid,
        direction: 'inbound',
        customerNumber: '+447700900000',
        ourNumber: '+442038297050',
        outcome: 'answered',
        answeredBy: 'Alice',
        hungUpBy: 'agent',
        talkedSeconds: expect.closeTo(10, -0.5),
      },
    },
  ]);
  expect(got('call.missed')).toEqual([]);
  expect(got('agent.changed').map(({ data: { line, load } }) => `${line} ${load}`)).toEqual([
    'up free',
    'up reserved',
    'up talking',
    'up wrap-up',
    'up free',
  ]);
});

test('other systems are told of a caller who gives up, and that a page was closed', async () => {
  const { team, got } = await startTeamWithHooks();
  await using _ = team;
  const page = team.page('Alice');
  team.treats('Alice', () => ({ does: 'ring' }));
  const caller = team.call({ from: '447700900123' });
  await team.wait(8);
  caller.hangUp();
  await team.until('it is told of', () => got('call.missed').length > 0);
  const told = {
    customerNumber: '+447700900123',
    outcome: 'caller-hung-up',
    answeredBy: null,
    hungUpBy: 'caller',
  };
  expect(got('call.missed')).toMatchObject([{ data: told }]);
  expect(got('call.ended')).toMatchObject([{ data: told }]);
  page.close();
  await team.until('it is told of', () => got('agent.changed').at(-1)?.data.line === 'down');
});

test('other systems are told of a message once it can be listened to', async () => {
  const { team, got } = await startTeamWithHooks();
  await using _ = team;
  const caller = team.call();
  await team.until('the beep', () => caller.heard().some(({ hears }) => hears === 'tone'), 120);
  await team.wait(0.5);
  caller.say('Please call me back about my order, number twelve.');
  await team.until('a message was left', () => got('voicemail.received').length > 0, 200);
  await team.until('the call is over', () => got('call.missed').length > 0);
  expect(got('call.missed')).toMatchObject([{ data: { outcome: 'voicemail' } }]);
  const [missed] = got('call.missed');
  expect(got('voicemail.received')).toMatchObject([
    { data: { voicemail: missed?.data.voicemail, call: caller.leg.uuid, customerNumber: '+447700900000' } },
  ]);
});

test('a receiver that answers nobody slows no call', async () => {
  const { team, receiver } = await startTeamWithHooks();
  await using _ = team;
  receiver.answers = 503;
  team.treats('Alice', () => ({ does: 'answer', after: 2, hangUpAfter: 10 }));
  team.page('Alice');
  const caller = team.call();
  await caller.over;
  expect(team.silences()).toEqual([]);
  expect((await team.events()).filter(({ kind }) => kind === 'connected')).toHaveLength(1);
});
