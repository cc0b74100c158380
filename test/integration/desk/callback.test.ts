import { expect, test } from 'vitest';
import type { CallDetail, CallPage } from '../../../domain/api/console-api.ts';
import { builtInQueue } from '../../../domain/desk/built-in.ts';
import { startTeam, type Team } from '../../support/team.ts';

async function ask<T>(team: Team, path: string, read: (text: string) => T): Promise<T> {
  const text = fetch(`${team.url}${path}`).then((response) => response.text());
  return read(await team.platform.clock.during(text));
}

test('a callback is shown in the call that asked for it', async () => {
  const main = { ...builtInQueue('main', ['Alice']), callback: true };
  await using team = await startTeam({
    agents: ['Alice'],
    rules: (rules) => ({ ...rules, queues: { main } }),
  });
  team.platform.agent('Alice', { does: 'answer', after: 1 });
  const caller = team.platform.call();
  const { uuid } = caller.leg;
  const asked = async () => (await team.events()).some(({ kind }) => kind === 'callback booked');
  await team.until('a callback is asked for', async () => {
    if (!(await asked())) caller.press('1');
    return asked();
  });
  await caller.over;
  team.platform.phone('447700900000', { does: 'answer', after: 2 });
  team.page('Alice');
  const rings = async () => (await team.view()).calls[0]?.state === 'ringing';
  await team.until('the phone of the customer rings', rings, 20);
  const talks = async () => (await team.view()).calls[0]?.state === 'talking';
  await team.until('Alice and the customer talk', talks, 20);

  const detail = await ask(team, `/api/calls/${uuid}`, (text): CallDetail => JSON.parse(text));
  const kinds = detail.desk?.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['entered', 'callback booked', 'offered', 'connected']));
  expect(detail.call.legs.map(({ to }) => to).sort()).toEqual(['442038297050', '447700900000', 'Alice']);
  const { calls } = await ask(team, '/api/calls', (text): CallPage => JSON.parse(text));
  expect(calls.map(({ id }) => id)).toEqual([detail.call.id]);
});
