import { describe, expect, test } from 'vitest';
import type { CallDetail, CallPage } from '../../../domain/api/console-api.ts';
import { builtInQueue } from '../../../domain/desk/built-in.ts';
import { startTeam, type Team, type TeamOptions } from '../../support/team.ts';

async function ask<T>(team: Team, path: string, read: (text: string) => T): Promise<T> {
  const text = fetch(`${team.url}${path}`).then((response) => response.text());
  return read(await team.platform.clock.during(text));
}

function start(options: Pick<TeamOptions, 'cutsPower'> = {}): Promise<Team> {
  const main = { ...builtInQueue('main', ['Alice']), callback: true };
  return startTeam({ agents: ['Alice'], rules: (rules) => ({ ...rules, queues: { main } }), ...options });
}

/** Somebody asks to be called back. */
async function book(team: Team) {
  const caller = team.platform.call();
  const asked = async () => (await team.events()).some(({ kind }) => kind === 'callback booked');
  await team.until('a callback is asked for', async () => {
    if (!(await asked())) caller.press('1');
    return asked();
  });
  await caller.over;
  return caller.leg;
}

test('a callback is shown in the call that asked for it', async () => {
  await using team = await start();
  team.platform.agent('Alice', { does: 'answer', after: 1 });
  const { uuid } = await book(team);
  team.platform.phone('447700900000', { does: 'answer', after: 2 });
  team.page('Alice');
  const rings = async () => (await team.view()).calls[0]?.state === 'ringing';
  await team.until('the phone of the customer rings', rings, 20);
  expect((await team.view()).calls[0]?.members).toMatchObject([
    { as: 'caller', state: 'ringing' },
    { as: 'agent', name: 'Alice', state: 'talking' },
  ]);
  const talks = async () => (await team.view()).calls[0]?.state === 'talking';
  await team.until('Alice and the customer talk', talks, 20);

  const detail = await ask(team, `/api/calls/${uuid}`, (text): CallDetail => JSON.parse(text));
  const kinds = detail.desk?.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['entered', 'callback booked', 'offered', 'connected']));
  expect(detail.call.legs.map(({ to }) => to).sort()).toEqual(['442038297050', '447700900000', 'Alice']);
  const { calls } = await ask(team, '/api/calls', (text): CallPage => JSON.parse(text));
  expect(calls.map(({ id }) => id)).toEqual([detail.call.id]);
});

describe.each(['before', 'after'])('a server that dies %s it asks for the call to the customer', (when) => {
  test('is followed by one that neither calls twice nor gives the callback up', async () => {
    let dies = true;
    await using team = await start({
      cutsPower(step) {
        const isNow = dies && step === `${when} the call of a phone`;
        if (isNow) dies = false;
        return isNow;
      },
    });
    team.platform.agent('Alice', { does: 'answer', after: 1 });
    await book(team);
    team.platform.phone('447700900000', { does: 'answer', after: 12 });
    team.page('Alice');
    const talks = async () => (await team.view()).calls[0]?.state === 'talking';
    await team.until('Alice and the customer talk', talks, 60);
    const calls = team.requests.filter(({ what, of }) => what === 'create' && of.includes('/voice/next/'));
    expect([dies, calls.length]).toEqual([false, 1]);
    expect((await team.events()).map(({ kind }) => kind)).not.toContain('customer not reached');
  });
});
