import { afterAll, beforeAll, expect } from 'vitest';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import {
  agent,
  call,
  eventsOf,
  figuresSoFar,
  heard,
  isOver,
  legsOf,
  messages,
  open,
  scenario,
  talks,
} from '../../support/scenario.ts';
import type { Team } from '../../support/team.ts';

/*
 * Servers that are down, doubled, or kept in the dark, on one virtual clock. What real processes do that are really
 * killed is in survival.test.ts.
 */

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres.stop());

scenario(
  'two callers who arrive at two servers in the same millisecond get one agent once',
  {
    agents: ['Alice'],
    shared: async () => ({ databaseUrl: await postgres.createDatabase(), servers: 2, together: true }),
  },
  async (team) => {
    const legs = legsOf(team, 'Alice', () => ({ does: 'answer', after: [3, 5] }));
    await open(team, 'Alice');
    team.call({ from: '447700900001' });
    team.call({ from: '447700900002' });
    await team.until('both are there', async () => (await team.view()).calls.length === 2);
    await team.until('Alice talks', async () => (await agent(team, 'Alice'))?.load === 'talking', 10);
    expect(await eventsOf(team, 'offered')).toHaveLength(1);
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    const winner = team.callers.find((caller) => heard(team, caller).includes('voice of Alice'));
    const other = team.callers.find((caller) => caller !== winner);
    if (winner === undefined || other === undefined) throw new Error('Nobody talks to Alice.');
    await team.until(
      'the other is told that she is next',
      () => heard(team, other).includes('You are next in line. To leave a message, press 2.'),
      60,
    );
    winner.hangUp();
    await team.until('the other talks', talks(team, other, 'Alice'), 20);
    expect(legs).toEqual({ all: 2, now: 1, most: 1 });
    other.hangUp();
    await team.until('the calls are over', isOver(team), 10);
  },
);

/** Opens the feed of Alice's first page at a server. */
async function openFeed(team: Team, server: string | undefined): Promise<{ cut(): void }> {
  const connection = new AbortController();
  const { signal } = connection;
  await team.platform.clock.during(fetch(`${server}/api/desk/feed?agent=Alice&tab=tab-1`, { signal }));
  return { cut: () => connection.abort() };
}

scenario(
  'a page whose feed was cut, and is open again at another server, keeps its call; one whose feed stays away does not',
  {
    agents: ['Alice'],
    shared: async () => ({ databaseUrl: await postgres.createDatabase(), servers: 2 }),
  },
  async (team) => {
    legsOf(team, 'Alice', () => ({ does: 'answer', after: [1, 2] }));
    const [page] = await open(team, 'Alice');
    const [first, second] = team.urls;
    const feed = await openFeed(team, first);
    const caller = team.call();
    await team.until('they talk', talks(team, caller, 'Alice'), 20);
    feed.cut();
    await team.wait(0.05);
    const other = await openFeed(team, second);
    await team.wait(4);
    expect(await call(team, caller)).toMatchObject({ state: 'talking', agent: 'Alice' });
    page?.close();
    other.cut();
    await team.until('she is lost', async () => (await call(team, caller))?.state === 'recovering', 3);
    caller.hangUp();
    await team.until('the call is over', isOver(team), 10);
  },
);

const calls = { path: '/v1/calls', method: 'POST' } as const;
const lostReply: FaultInput[] = [
  { fault: 'rate-limit', ...calls, times: 3 },
  { fault: 'rest-lost', ...calls, times: 1 },
  // Otherwise the server would learn of the leg at once.
  { fault: 'drop', webhook: 'started', number: 'Alice', times: 1 },
];

scenario(
  'a leg that was refused three times, then made without a word, rings once',
  { agents: ['Alice'], platform: { faults: lostReply } },
  async (team) => {
    const legs = legsOf(team, 'Alice', () => ({ does: 'answer', after: [4, 6] }));
    await open(team, 'Alice');
    const caller = team.call();
    await team.until('they talk', talks(team, caller, 'Alice'), 30);
    expect(team.platform.faults.struck().slice(0, 3)).toEqual([3, 1, 1]);
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    expect(await eventsOf(team, 'offered')).toHaveLength(1);
    caller.hangUp();
    await team.until('no leg is left', () => legs.now === 0, 3);
    await team.until('the call is over', isOver(team));
  },
);

scenario(
  'a leg whose server was killed before it knew of it takes the caller',
  { agents: ['Alice'] },
  async (team) => {
    let isDead = false;
    const legs = legsOf(team, 'Alice', () => {
      if (!isDead) team.crash();
      isDead = true;
      return { does: 'answer', after: [10, 14] };
    });
    await open(team, 'Alice');
    const caller = team.call();
    await team.until('the server is dead', () => isDead);
    await team.wait(5);
    await team.comeBack();
    expect((await team.seenBy('Alice')).offer).toMatchObject({ call: caller.leg.uuid });
    await team.until('they talk', talks(team, caller, 'Alice'), 12);
    expect(legs).toEqual({ all: 1, now: 1, most: 1 });
    expect(await eventsOf(team, 'offered')).toHaveLength(1);
    expect(heard(team, caller).filter((sound) => /sorry|One moment/.test(sound))).toEqual([]);
    caller.hangUp();
    await team.until('no leg is left', () => legs.now === 0, 2);
    await team.until('the call is over', isOver(team));
  },
);

/** Alice talks to the first of six callers; five wait. */
async function fiveWait(team: Team) {
  const legs = legsOf(team, 'Alice', () => ({ does: 'answer', after: [0, 1] }));
  await open(team, 'Alice');
  const first = team.call();
  await team.until('they talk', talks(team, first, 'Alice'));
  const waiting = [];
  for (let index = 1; index <= 5; index += 1) {
    waiting.push(team.call({ from: `44770090000${index}` }));
    await team.wait(team.platform.world.random() * 4);
  }
  await team.until('all are there', async () => (await team.view()).calls.length === 6);
  const gone = new Set<string>();
  for (const { over, leg } of team.callers) void over.then(() => gone.add(leg.uuid));
  return { legs, first, waiting, gone };
}

/** The callers in the order in which they entered, and who has them. */
async function board(team: Team) {
  return (await team.view()).calls.map(({ id, agent: with_, queue }) => ({ id, agent: with_, queue }));
}

scenario(
  'callers keep their places while the server is down for 40 seconds',
  { agents: ['Alice'], isLong: true },
  async (team) => {
    const { legs, first, waiting, gone } = await fiveWait(team);
    const before = await board(team);
    team.crash();
    await team.wait(40);
    await team.comeBack();
    await team.wait(2);
    expect(await board(team)).toEqual(before);
    expect(gone).toEqual(new Set());
    expect(await call(team, first)).toMatchObject({ state: 'talking', agent: 'Alice' });
    // They are served in the order in which they came.
    let talking = first;
    for (const next of waiting) {
      talking.hangUp();
      await team.until('the next one talks', talks(team, next, 'Alice'), 60);
      talking = next;
    }
    expect(legs).toMatchObject({ now: 1, most: 1 });
    talking.hangUp();
    await team.until('the calls are over', isOver(team));
    expect(figuresSoFar(await team.events())).toMatchObject({ answered: 6 });
  },
);

scenario(
  'callers leave a message while the server is down for five minutes, and are listed to be called back',
  { agents: ['Alice'], isLong: true },
  async (team) => {
    const { first, waiting, gone } = await fiveWait(team);
    const [speaker] = waiting;
    team.crash();
    await team.until(
      'the tone sounds',
      () => speaker !== undefined && heard(team, speaker).includes('tone'),
      150,
    );
    await team.wait(0.5);
    speaker?.say('Please call me back.');
    await team.until('they have left', () => gone.size === 5, 150);
    for (const caller of waiting) {
      const sounds = heard(team, caller);
      expect(sounds.findIndex((sound) => sound.startsWith('We are sorry'))).toBeGreaterThan(0);
      expect(sounds).toContain('tone');
      expect(sounds.at(-1)).toMatch(/^Thank you. We will call you back/);
    }
    const passed = team.platform.clock.now() - (first.leg.answeredAt ?? 0);
    await team.wait(Math.max(0, 300 - passed / 1000));
    await team.comeBack();
    await team.wait(2);
    expect(await board(team)).toEqual([{ id: first.leg.uuid, agent: 'Alice', queue: 'main' }]);
    expect(await call(team, first)).toMatchObject({ state: 'talking' });
    first.hangUp();
    await team.until('the call is over', isOver(team));
    expect(figuresSoFar(await team.events())).toMatchObject({ answered: 1, overflowed: 5, abandoned: 0 });
    await team.wait(300);
    const listed = await messages(team);
    expect(listed.map(({ from }) => from).sort()).toEqual(waiting.map(({ leg }) => leg.from).sort());
    expect(listed.every(({ isMissing }) => isMissing)).toBe(true);
  },
);
