import { expect, test } from 'vitest';
import type { Caller } from '../../../emulator/headless/people.ts';
import { call, figuresSoFar, heard, isOver, messages, scenario } from '../../support/scenario.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** Resolves when callers for whom nobody is there hear the tone. */
async function tone(team: Team, caller: Caller): Promise<void> {
  await team.until('the tone sounds', () => heard(team, caller).includes('tone'), 150);
}

scenario(
  'callers for whom nobody is there leave a message, which can be listened to',
  { agents: ['Alice', 'Bob'] },
  async (team) => {
    const caller = team.call();
    const asked = async () => (await call(team, caller))?.state === 'overflow';
    await team.until('a message is asked for', asked, 120);
    expect(await call(team, caller)).toMatchObject({ callerHears: 'voicemail' });
    await tone(team, caller);
    await team.wait(0.5);
    caller.say('Please call me back about my order, number twelve.');
    await team.wait(8);
    caller.hangUp();
    await team.until('the call is over', isOver(team), 200);
    await team.until('the message is kept', async () => (await messages(team))[0]?.audio != null);
    const [message] = await messages(team);
    expect(message).toMatchObject({ from: '447700900000', queue: 'main', isMissing: false, heardBy: null });
    const part = await fetch(`${team.url}${message?.audio}`, { headers: { range: 'bytes=0-99' } });
    expect([part.status, part.headers.get('content-type')]).toEqual([206, 'audio/wav']);
    expect((await part.arrayBuffer()).byteLength).toBe(100);

    const heardBy = async (agent: string) => {
      const query = new URLSearchParams({ agent });
      return (await fetch(`${team.url}/api/voicemails/${message?.id}/heard?${query}`, { method: 'PUT' }))
        .status;
    };
    expect([await heardBy('Nobody'), await heardBy('Bob'), await heardBy('Alice')]).toEqual([404, 204, 204]);
    expect(await messages(team)).toMatchObject([{ heardBy: 'Bob' }]);
  },
);

test('a message that is forgotten is gone, with all that the desk did', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const caller = team.call();
  await tone(team, caller);
  await team.wait(0.5);
  caller.say('Please call me back.');
  await team.wait(4);
  caller.hangUp();
  await team.until('the message is kept', async () => (await messages(team))[0]?.audio != null);
  const [message] = await messages(team);
  await team.forgetsBefore(team.platform.clock.now() + 1);
  expect(await messages(team)).toEqual([]);
  expect(await team.events()).toEqual([]);
  expect((await fetch(`${team.url}${message?.audio}`)).status).toBe(404);
  expect(await team.stored('447700900000')).toEqual([]);
  expect(await team.stored(caller.leg.uuid)).toEqual([]);
  expect(team.recordings()).toEqual([]);
});

scenario(
  'callers who have waited too long leave messages: full, silent, cut short, told twice or never',
  {
    agents: ['Alice'],
    platform: {
      faults: [
        { fault: 'drop', webhook: 'record', times: 1 },
        { fault: 'duplicate', webhook: 'record' },
      ],
    },
  },
  async (team) => {
    const told: string[] = [];
    team.platform.onWebhook(({ kind, target }) => {
      if (kind === 'record') told.push(target.address);
    });
    const lost = team.call({ from: '447700900000' });
    await tone(team, lost);
    expect(heard(team, lost)).toContainEqual(
      expect.stringMatching(/^We are sorry, nobody can take your call/),
    );
    await team.wait(0.5);
    lost.say('This message never arrives.');
    await lost.over;
    expect(told).toEqual([]);

    const full = team.call({ from: '447700900001' });
    const silent = team.call({ from: '447700900002' });
    const short = team.call({ from: '447700900003' });
    void tone(team, short)
      .then(() => team.wait(0.5))
      .then(short.hangUp);
    await tone(team, full);
    await team.wait(0.5);
    full.say('Please call me back about my order, number twelve.');
    await Promise.all([full.over, silent.over, short.over]);
    for (const caller of [lost, full, silent]) {
      expect(heard(team, caller)).toContain('tone');
      expect(heard(team, caller).at(-1)).toMatch(/^Thank you. We will call you back/);
    }
    await team.until('the calls are over', isOver(team), 10);
    await team.until('the recording is there', async () => (await messages(team))[0]?.audio != null);
    expect(told).toHaveLength(6);
    expect(new Set(told).size).toBe(3);
    await team.wait(300);
    expect(await messages(team)).toMatchObject([
      { from: '447700900001', isMissing: false, audio: expect.any(String) },
      { from: '447700900000', isMissing: true, audio: null },
    ]);
    expect(figuresSoFar(await team.events())).toMatchObject({ overflowed: 4, abandoned: 0 });
  },
);
