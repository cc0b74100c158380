import { describe, expect, test } from 'vitest';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** What an agent's line and load are now. */
async function agent(team: Team, name: string) {
  return (await team.view()).agents.find((each) => each.name === name);
}

async function call(team: Team, uuid: string) {
  return (await team.view()).calls.find((each) => each.id === uuid);
}

/** Opens the pages of agents and waits until calls can ring there. */
async function open(team: Team, ...names: string[]) {
  const pages = names.map((name) => team.page(name));
  await team.until(`${names.join(', ')} can be called`, async () => {
    const { agents } = await team.view();
    return names.every((name) => agents.find((each) => each.name === name)?.line === 'up');
  });
  return pages;
}

/** No caller hears nothing for longer than three seconds. */
function neverSilent(team: Team, ...callers: { leg: { uuid: string } }[]) {
  for (const { leg } of callers) expect(team.platform.silences(leg.uuid, 3)).toEqual([]);
}

const talks = (team: Team, uuid: string) => async () => (await call(team, uuid))?.state === 'talking';
const isOver = (team: Team) => async () => (await team.view()).calls.length === 0;

describe('offers', () => {
  test('one free agent answers after four seconds: they talk, she wraps up and is free again', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    team.platform.agent('Alice', { does: 'answer', after: 4 });
    await open(team, 'Alice');
    const caller = team.platform.call();
    await team.until('they talk', talks(team, caller.leg.uuid));
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
    neverSilent(team, caller);
  });

  test('an agent who answers before the platform has taken up the caller gets the caller', async () => {
    const faults: FaultInput[] = [{ fault: 'slow', webhook: 'answer', ms: 2000, times: 1 }];
    await using team = await startTeam({ agents: ['Alice'], platform: { faults } });
    team.platform.agent('Alice', { does: 'answer' });
    await open(team, 'Alice');
    const caller = team.platform.call();
    await team.until('they talk', talks(team, caller.leg.uuid), 5);
    await team.wait(1);
    expect(team.platform.heard(caller.leg.uuid).at(-1)).toMatchObject({ hears: 'voice', of: ['Alice'] });
    caller.hangUp();
    await team.until('the call is over', isOver(team));
  });

  test('a transfer that failed is tried again soon, whatever else is to be tried later', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    const { faults } = team.platform;
    team.platform.agent('Alice', { does: 'answer', after: 4 });
    team.platform.agent('Bob', { does: 'ring' });
    await open(team, 'Alice', 'Bob');
    const caller = team.platform.call();
    await team.until('it rings', async () => (await call(team, caller.leg.uuid))?.state === 'offered');
    await team.wait(1);
    faults.set([{ fault: 'rest-error', path: '/v1/calls/', method: 'PUT', times: 1, status: 503 }]);
    await team.until('the transfer fails', () => faults.struck()[0] === 1);
    faults.set([{ fault: 'rest-error', path: '/v1/calls', method: 'POST', times: 1, status: 503 }]);
    const second = team.platform.call({ from: '447700900001' });
    await team.until('the call to Bob fails', () => faults.struck()[0] === 1, 1);
    await team.until('they talk', talks(team, caller.leg.uuid), 1);
    caller.hangUp();
    second.hangUp();
    await team.until('the calls are over', isOver(team));
  });

  test('the next agent rings within a second after a reject, and the first is not rung again', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    team.platform.agent('Alice', { does: 'reject', after: 2 });
    team.platform.agent('Bob', { does: 'answer', after: 2 });
    await open(team, 'Alice', 'Bob');
    const caller = team.platform.call();
    const { uuid } = caller.leg;
    await team.until('Alice rings', async () => (await call(team, uuid))?.agent === 'Alice');
    await team.until('Bob rings', async () => (await call(team, uuid))?.agent === 'Bob', 4);
    await team.until('they talk', talks(team, uuid), 5);
    expect((await agent(team, 'Alice'))?.load).toBe('free');
    caller.hangUp();
    await team.until('the call is over', isOver(team));
    neverSilent(team, caller);
  });

  test('an agent who does not answer twice is away, and a third call passes her by', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    team.platform.agent('Alice', { does: 'ring' });
    await open(team, 'Alice');
    const caller = team.platform.call();
    await team.until('she is away', async () => (await agent(team, 'Alice'))?.choice === 'away');
    expect(await agent(team, 'Alice')).toMatchObject({ reason: 'no answer', load: 'free' });
    const third = team.platform.call({ from: '447700900001' });
    await team.wait(5);
    expect(await call(team, third.leg.uuid)).toMatchObject({ agent: null });
    caller.hangUp();
    third.hangUp();
    await team.until('the calls are over', isOver(team));
    neverSilent(team, caller, third);
  });

  test('a caller who hangs up while it rings stops the ringing within a second', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    team.platform.agent('Alice', { does: 'ring' });
    await open(team, 'Alice');
    const caller = team.platform.call();
    await team.until('it rings', async () => (await agent(team, 'Alice'))?.load === 'reserved');
    await team.wait(3);
    caller.hangUp();
    await team.until('it is over', isOver(team), 1);
    expect(await agent(team, 'Alice')).toMatchObject({ load: 'free', choice: 'available' });
  });

  test('a page that goes silent while it rings is passed over within ten seconds', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    team.platform.agent('Alice', { does: 'ring' });
    team.platform.agent('Bob', { does: 'answer' });
    const [alice] = await open(team, 'Alice', 'Bob');
    const caller = team.platform.call();
    const { uuid } = caller.leg;
    await team.until('Alice rings', async () => (await call(team, uuid))?.agent === 'Alice');
    alice?.close();
    await team.until('Bob talks', async () => (await call(team, uuid))?.agent === 'Bob', 10);
    expect(await agent(team, 'Alice')).toMatchObject({ line: 'down', choice: 'available' });
  });
});

describe('the queue', () => {
  test('six callers, three agents: first come, first served', async () => {
    await using team = await startTeam();
    for (const name of ['Alice', 'Bob', 'Carol']) {
      team.platform.agent(name, { does: 'answer', after: 1, hangUpAfter: 30 });
    }
    await open(team, 'Alice', 'Bob', 'Carol');
    const served: string[] = [];
    const callers: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const caller = team.platform.call({ from: `44770090000${index}` });
      callers.push(caller.leg.uuid);
      void caller.until('connected').then(() => served.push(caller.leg.uuid));
      await team.wait(2);
    }
    await team.until('all are served', async () => served.length === 6, 120);
    expect(served).toEqual(callers);
    await team.until('all calls are over', isOver(team));
  });
});

describe('announcements', () => {
  test('callers are told their place, and after three calls about how long they wait', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    team.platform.agent('Alice', { does: 'answer', after: 1, hangUpAfter: 100 });
    await open(team, 'Alice');
    const callers: ReturnType<typeof team.platform.call>[] = [];
    for (let index = 0; index < 5; index += 1) {
      callers.push(team.platform.call({ from: `44770090000${index}` }));
      await team.wait(1);
    }
    const last = callers.at(-1)?.leg.uuid ?? '';
    const told = () => team.platform.heard(last).flatMap(({ text }) => text ?? []);
    await team.until('the place is told', () => told().some((text) => text.includes('number 4 in line')), 90);
    await team.until('the wait is told', () => told().some((text) => /about 2 minutes/.test(text)), 600);
    expect(told().findIndex((text) => text.includes('You are next'))).toBeGreaterThan(0);
    for (const { hangUp } of callers) hangUp();
    await team.until('all is over', isOver(team));
    neverSilent(team, ...callers);
  });
});

describe('recovery', () => {
  test('a caller whose agent is lost is with her again when she comes back', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    team.platform.agent('Alice', { does: 'answer' });
    team.platform.agent('Bob', { does: 'answer' });
    const [alice] = await open(team, 'Alice');
    const caller = team.platform.call();
    const { uuid } = caller.leg;
    await team.until('they talk', talks(team, uuid));
    await open(team, 'Bob');
    alice?.close();
    await team.desk.tell({ kind: 'page closed', agent: 'Alice', until: 0 });
    await team.until(
      'the caller is kept company',
      async () => (await call(team, uuid))?.state === 'recovering',
      3,
    );
    await team.wait(8);
    expect(await call(team, uuid)).toMatchObject({
      callerHears: expect.stringMatching(/one moment|music/),
      agent: null,
    });
    await open(team, 'Alice');
    await team.until('they talk again', async () => (await call(team, uuid))?.agent === 'Alice', 3);
    await team.until('they talk again', talks(team, uuid), 5);
    caller.hangUp();
    await team.until('the call is over', isOver(team));
    neverSilent(team, caller);
  });

  test('a caller whose agent does not come back is the next of anybody', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    team.platform.agent('Alice', { does: 'answer' });
    team.platform.agent('Bob', { does: 'answer' });
    const [alice] = await open(team, 'Alice');
    const caller = team.platform.call();
    const { uuid } = caller.leg;
    await team.until('they talk', talks(team, uuid));
    alice?.close();
    await team.desk.tell({ kind: 'page closed', agent: 'Alice', until: 0 });
    await open(team, 'Bob');
    await team.until('Bob talks', async () => (await call(team, uuid))?.agent === 'Bob', 20);
    await team.until('Bob talks', talks(team, uuid), 5);
    neverSilent(team, caller);
  });
});

describe('voicemail', () => {
  test('callers for whom nobody is there leave a message, which can be listened to', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    const caller = team.platform.call();
    const { uuid } = caller.leg;
    await team.until(
      'a message is asked for',
      async () => (await call(team, uuid))?.state === 'overflow',
      120,
    );
    expect(await call(team, uuid)).toMatchObject({ callerHears: 'voicemail' });
    const lastHeard = () => team.platform.heard(uuid).map(({ hears }) => hears);
    await team.until('the tone sounds', () => lastHeard().includes('tone'));
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

    await fetch(`${team.url}/api/voicemails/${message?.id}/heard`, { method: 'PUT' });
    expect(await messages(team)).toMatchObject([{ heardBy: 'Alice' }]);
    await team.forgetsBefore(team.platform.clock.now() + 1);
    expect(await messages(team)).toEqual([]);
    expect(await team.events()).toEqual([]);
    expect((await fetch(`${team.url}${message?.audio}`)).status).toBe(404);
  });

  test('a message without a word is not kept', async () => {
    await using team = await startTeam({ agents: ['Alice'] });
    const caller = team.platform.call();
    await team.until('the call is over', async () => (await team.view()).calls.length === 1, 10);
    await team.until('the call is over', isOver(team), 300);
    await caller.over;
    await team.wait(5);
    expect(await messages(team)).toEqual([]);
  });
});

async function messages(team: Team): Promise<VoicemailView[]> {
  const text = fetch(`${team.url}/api/voicemails`).then((response) => response.text());
  return JSON.parse(await team.platform.clock.during(text));
}
