import { expect, test } from 'vitest';
import { startTeam, type Team } from '../../support/team.ts';

/** What an agent's line and load are now. */
async function agent(team: Team, name: string) {
  return (await team.view()).agents.find((each) => each.name === name);
}

async function call(team: Team, uuid: string) {
  return (await team.view()).calls.find((each) => each.id === uuid);
}

test('one free agent answers after four seconds: they talk, she wraps up and is free again', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  team.platform.agent('Alice', { does: 'answer', after: 4 });
  team.page('Alice');
  await team.until('Alice is there', async () => (await agent(team, 'Alice'))?.line === 'up');
  const caller = team.platform.call();
  await team.until('they talk', async () => (await call(team, caller.leg.uuid))?.state === 'talking');
  expect(await call(team, caller.leg.uuid)).toMatchObject({
    agent: 'Alice',
    callerHears: 'agent',
    queue: 'main',
  });
  await team.wait(10);
  caller.hangUp();
  await team.until('she wraps up', async () => (await agent(team, 'Alice'))?.load === 'wrap-up', 5);
  await team.until('she is free', async () => (await agent(team, 'Alice'))?.load === 'free', 15);
  expect((await team.view()).calls).toEqual([]);
});
