import { expect, test } from 'vitest';
import type { CallPage } from '../../../domain/api/console-api.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** The calls as the console lists them, newest first. */
async function calls(team: Team, query = ''): Promise<CallPage['calls']> {
  const asking = fetch(`${team.url}/api/calls?limit=20${query}`).then((answer) => answer.text());
  const { calls: listed }: CallPage = JSON.parse(await team.platform.clock.during(asking));
  return listed;
}

const CUSTOMER = '447700900777';

test('a call is one row with all its offers, and waits until somebody rings again', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'] });
  team.treats('Alice', () => ({ does: 'reject', after: 2 }));
  team.page('Alice');
  await team.wait(1);
  const call = team.call();
  await team.until('Alice is rung', async () => (await calls(team))[0]?.status === 'ringing');
  await team.until('she has declined', async () => (await calls(team))[0]?.status === 'started');
  expect(await calls(team)).toMatchObject([{ queue: 'main', end: null, exit: null }]);
  team.treats('Bob', () => ({ does: 'answer', after: 2 }));
  team.page('Bob');
  await team.until('Bob has the caller', async () => (await calls(team))[0]?.status === 'in-call');
  await team.wait(5);
  call.hangUp();
  await team.until('the call is over', async () => (await calls(team))[0]?.exit === 'completed');
  expect(await calls(team)).toMatchObject([
    { from: '447700900000', agent: 'Bob', end: 'completed', hungUpBy: 'caller', direction: 'inbound' },
  ]);
});

test('a call that an agent dials is outbound, hers, and found as such', async () => {
  await using team = await startTeam({
    agents: ['Bob'],
    rules: (rules) => ({
      ...rules,
      outbound: { countries: ['GB'], prefixes: ['447700900'], except: [] },
    }),
  });
  const phone = team.platform.phone(CUSTOMER, { does: 'answer', after: 2 });
  team.page('Bob');
  await team.wait(1);
  const bob = team.platform.agent('Bob').dial({ to: `+${CUSTOMER}` });
  await team.until('they talk', async () => (await calls(team))[0]?.status === 'in-call');
  await team.wait(3);
  phone.hangUp();
  await bob.over;
  await team.until('it is over', async () => (await calls(team))[0]?.status === 'ended');
  const expected = [{ agent: 'Bob', direction: 'outbound', hungUpBy: 'caller', exit: 'completed' }];
  expect(await calls(team, '&direction=outbound')).toMatchObject(expected);
  expect(await calls(team, '&agent=Bob')).toMatchObject(expected);
  expect(await calls(team, '&direction=inbound')).toEqual([]);
});

test('a callback that nobody answers is part of the call that asked for it, and no answered call', async () => {
  await using team = await startTeam({
    agents: ['Alice'],
    rules: (rules) => ({
      ...rules,
      queues: Object.fromEntries(
        Object.entries(rules.queues).map(([name, queue]) => [name, { ...queue, callback: true }]),
      ),
    }),
  });
  team.platform.phone('447700900123', { does: 'busy' });
  const call = team.call({ from: '447700900123' });
  await team.until('the music plays', async () => (await team.view()).calls[0]?.callerHears === 'music', 60);
  await team.wait(5);
  call.press('1');
  await call.over;
  team.treats('Alice', () => ({ does: 'answer', after: 2 }));
  team.page('Alice');
  const isTried = async () => (await team.events()).some(({ kind }) => kind === 'customer not reached');
  await team.until('the customer was called', isTried, 60);
  await team.wait(20);
  expect(await calls(team)).toMatchObject([{ exit: 'callback', status: 'ended' }]);
  expect(await calls(team, '&outcome=answered')).toEqual([]);
});
