import { expect, test } from 'vitest';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { accessOfEmulator } from '../../../server/vonage/platform-access.ts';
import { createVonageApi } from '../../../server/vonage/vonage.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** Opens the page of Alice and waits until calls can ring there. */
async function openPage(team: Team): Promise<void> {
  team.page('Alice');
  await team.until('Alice can be called', async () => (await team.view()).agents[0]?.line === 'up');
}

const calls = { path: '/v1/calls', method: 'POST' } as const;

test('a leg of which nothing was heard stops ringing when its caller has hung up', async () => {
  const faults: FaultInput[] = [
    { fault: 'rest-lost', ...calls, times: 1 },
    { fault: 'drop', webhook: 'started', number: 'Alice', times: 1 },
  ];
  await using team = await startTeam({ agents: ['Alice'], platform: { faults } });
  let ringing = 0;
  team.platform.agent('Alice', ({ over }) => {
    ringing += 1;
    void over.then(() => {
      ringing -= 1;
    });
    return { does: 'ring' };
  });
  await openPage(team);
  const caller = team.platform.call();
  await team.until('Alice rings', () => ringing === 1, 5);
  caller.hangUp();
  await team.until('the ringing stops', () => ringing === 0, 6);
  expect(team.platform.faults.struck()).toEqual([1, 1]);

  const next = team.platform.call();
  await team.until('the next call rings', () => ringing === 1, 5);
  next.hangUp();
  await team.until('it stops at once', () => ringing === 0, 1);
});

test('a leg that rang before the offer is not taken for the leg of the offer', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const legs: string[] = [];
  team.platform.agent('Alice', () => {
    legs.push('rings');
    return legs.length === 1 ? { does: 'ring' } : { does: 'answer', after: 1 };
  });
  await openPage(team);
  const vonage = createVonageApi(accessOfEmulator(team.platform));
  const other = await team.platform.clock.during(
    vonage.createCall({
      to: { type: 'app', user: 'Alice' },
      from: null,
      answerUrl: `${team.url}/voice/agent/none`,
      eventUrl: `${team.url}/voice/event/none`,
      ringSeconds: 60,
    }),
  );
  expect(other.is).toBe('done');
  await team.wait(5);
  team.platform.faults.set([{ fault: 'rate-limit', ...calls, times: 1 }]);
  const caller = team.platform.call();
  await team.until('they talk', async () => (await team.view()).calls[0]?.state === 'talking', 15);
  expect(legs).toHaveLength(2);
  caller.hangUp();
});

test('a caller whose answers get lost when she is put through is moved again until she hears the agent', async () => {
  let lost = 0;
  await using team = await startTeam({
    agents: ['Alice'],
    losesReply(path) {
      if (!path.startsWith('/voice/next/') || lost >= 4) return false;
      lost += 1;
      return true;
    },
  });
  team.platform.agent('Alice', () => ({ does: 'answer', after: 1 }));
  await openPage(team);
  const caller = team.platform.call();
  const hearsAlice = () => team.platform.heard(caller.leg.uuid).some(({ of }) => of?.includes('Alice'));
  // The platform asks twice each time.
  await team.until('her second move has failed', () => lost === 4, 10);
  await team.until('she hears Alice', hearsAlice, 3);
  // What is told late of a move that another one has followed changes nothing.
  const moves = () => team.requests.filter(({ of }) => of === caller.leg.uuid).length;
  const before = moves();
  const told = {
    reason: `Answer URL ${team.url}/voice/next/${caller.leg.uuid}/1 timed out`,
    conversation_uuid: 'CON-1',
    timestamp: '2026-03-02T09:00:00.000Z',
  };
  const answer = await team.platform.clock.during(
    fetch(`${team.url}/voice/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(told),
    }),
  );
  expect(answer.status).toBe(200);
  await team.wait(3);
  expect([before > 1, moves()]).toEqual([true, before]);
  caller.hangUp();
});
