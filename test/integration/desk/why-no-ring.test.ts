import { expect, test } from 'vitest';
import type { CallDetail } from '../../../domain/api/console-api.ts';
import type { PageReport } from '../../../domain/api/desk-api.ts';
import { startTeam, type Team } from '../../support/team.ts';

async function offersOf(team: Team, leg: string): Promise<CallDetail['deskOffers']> {
  const text = fetch(`${team.url}/api/calls/${leg}`).then((response) => response.text());
  const detail: CallDetail = JSON.parse(await team.platform.clock.during(text));
  return detail.deskOffers;
}

async function report(team: Team, said: PageReport): Promise<void> {
  const told = fetch(`${team.url}/api/desk/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(said),
  });
  expect((await team.platform.clock.during(told)).status).toBe(204);
}

test('a call tells how far each offer that was not taken has come', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  team.platform.agent('Alice', { does: 'ring' });
  team.page('Alice');
  await team.until('Alice is here', async () => (await team.view()).agents[0]?.line === 'up');
  const caller = team.platform.call();
  const { uuid } = caller.leg;
  await team.until('it has rung out', async () => (await offersOf(team, uuid))?.length === 1);
  expect(await offersOf(team, uuid)).toMatchObject([
    { agent: 'Alice', as: 'timeout', broken: 'invite', presence: { line: 'up', sound: 'on' } },
  ]);
  await team.until('it rings again', async () => (await team.view()).calls[0]?.state === 'offered');
  await report(team, { agent: 'Alice', call: uuid, fact: 'invited' });
  await report(team, {
    agent: 'Alice',
    call: uuid,
    fact: 'rang',
    sound: 'blocked',
    tab: 'hidden',
    notice: 'off',
  });
  await team.until('it has rung out twice', async () => (await offersOf(team, uuid))?.length === 2);
  const [, second] = (await offersOf(team, uuid)) ?? [];
  expect(second).toMatchObject({ broken: 'ring', sound: 'blocked', tab: 'hidden', notice: 'off' });
  expect(second?.links.filter(({ at }) => at === null)).toEqual([]);
  // The agent's page asks for no more than this.
  const rings = fetch(`${team.url}/api/desk/calls/${uuid}/rings?agent=Alice`).then((response) =>
    response.json(),
  );
  expect(await team.platform.clock.during(rings)).toEqual(await offersOf(team, uuid));
  const unknown = fetch(`${team.url}/api/desk/calls/nobody/rings`).then((response) => response.json());
  expect(await team.platform.clock.during(unknown)).toEqual([]);
  caller.hangUp();
});
