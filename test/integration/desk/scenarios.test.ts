import { describe, expect, test } from 'vitest';
import type { DeskRules, QueueRules } from '../../../domain/desk/rules.ts';
import type { FaultInput } from '../../../emulator/faults/faults.ts';
import {
  agent,
  call,
  eventsOf,
  figuresSoFar,
  heard,
  isOver,
  legsOf,
  open,
  scenario,
  talks,
} from '../../support/scenario.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** Changes the rules of the only queue. */
const withQueue =
  (change: Partial<QueueRules>) =>
  (rules: DeskRules): DeskRules => ({
    ...rules,
    queues: Object.fromEntries(
      Object.entries(rules.queues).map(([name, queue]) => [name, { ...queue, ...change }]),
    ),
  });

/** The greeting is over when agents answer: no keys are offered. */
const SHORT_GREETING = withQueue({ voicemail: false });

const GREETING = /^Please wait while we connect you to an agent/;

describe('offers', () => {
  scenario(
    'one free agent answers after a few seconds: they talk, she wraps up and is free again',
    { agents: ['Alice'], rules: SHORT_GREETING },
    async (team) => {
      team.platform.agent('Alice', { does: 'answer', after: [3.5, 5] });
      await open(team, 'Alice');
      const caller = team.call();
      const { uuid } = caller.leg;
      await team.until('it rings', async () => (await team.seenBy('Alice')).offer !== null);
      const [entered] = await eventsOf(team, 'entered');
      expect((await team.seenBy('Alice')).offer).toMatchObject({
        call: uuid,
        from: '447700900000',
        queue: 'main',
        waitingSince: entered?.at,
        why: { candidates: [{ agent: 'Alice' }], passedOver: [] },
      });
      await team.until('they talk', talks(team, caller));
      expect(await call(team, caller)).toMatchObject({
        agent: 'Alice',
        callerHears: 'agent',
        queue: 'main',
      });
      await team.wait(10);
      caller.hangUp();
      await team.until('she wraps up', async () => (await team.seenBy('Alice')).wrapUp?.call === uuid, 5);
      await team.until('she is free', async () => (await agent(team, 'Alice'))?.load === 'free', 15);
      expect((await team.view()).calls).toEqual([]);
      expect(heard(team, caller)).toEqual([expect.stringMatching(GREETING), 'music', 'voice of Alice']);
      // The answer to a request may come before or after the first event of its leg.
      const ofCall = (await team.events()).filter(
        (event) => 'call' in event && event.kind !== 'leg requested',
      );
      const kinds = ofCall.map(({ kind }) => kind);
      expect(kinds).toEqual([
        'entered',
        'turn',
        'offered',
        'dialed',
        'accepted',
        'connected',
        'left',
        'wrap-up',
        'ended',
        'free again',
      ]);
    },
  );

  const slowAnswer: FaultInput[] = [{ fault: 'slow', webhook: 'answer', ms: 2000, times: 1 }];
  scenario(
    'an agent who answers before the platform has taken up the caller gets the caller',
    { agents: ['Alice'], platform: { faults: slowAnswer } },
    async (team) => {
      team.platform.agent('Alice', { does: 'answer' });
      await open(team, 'Alice');
      const caller = team.call();
      await team.until('they talk', talks(team, caller), 5);
      await team.wait(1);
      expect(heard(team, caller).at(-1)).toBe('voice of Alice');
      caller.hangUp();
      await team.until('the call is over', isOver(team));
    },
  );

  test('a transfer that failed is tried again soon, whatever else is to be tried later', async () => {
    await using team = await startTeam({ agents: ['Alice', 'Bob'] });
    const { faults } = team.platform;
    team.platform.agent('Alice', { does: 'answer', after: 4 });
    team.platform.agent('Bob', { does: 'ring' });
    await open(team, 'Alice', 'Bob');
    const caller = team.call();
    await team.until('it rings', async () => (await call(team, caller))?.state === 'offered');
    await team.wait(1);
    faults.set([{ fault: 'rest-error', path: '/v1/calls/', method: 'PUT', times: 1, status: 503 }]);
    await team.until('the transfer fails', () => faults.struck()[0] === 1);
    faults.set([{ fault: 'rest-error', path: '/v1/calls', method: 'POST', times: 1, status: 503 }]);
    const second = team.call({ from: '447700900001' });
    await team.until('the call to Bob fails', () => faults.struck()[0] === 1, 1);
    await team.until('they talk', talks(team, caller), 1);
    caller.hangUp();
    second.hangUp();
    await team.until('the calls are over', isOver(team));
  });

  scenario(
    'the next agent rings within a second after a reject, and the first is not rung again',
    { agents: ['Alice', 'Bob'], rules: SHORT_GREETING },
    async (team) => {
      team.platform.agent('Alice', { does: 'reject', after: [2, 4] });
      team.platform.agent('Bob', { does: 'answer', after: [2, 4] });
      await open(team, 'Alice', 'Bob');
      const caller = team.call();
      await team.until('they talk', talks(team, caller, 'Bob'), 10);
      const [rejected] = await eventsOf(team, 'offer ended');
      const dialed = await eventsOf(team, 'dialed');
      expect(rejected).toMatchObject({ agent: 'Alice', as: 'rejected' });
      expect(dialed.map((each) => each.agent)).toEqual(['Alice', 'Bob']);
      expect((dialed[1]?.at ?? 0) - (rejected?.at ?? 0)).toBeLessThanOrEqual(1000);
      expect(await team.seenBy('Alice')).toMatchObject({
        me: { load: 'free', choice: 'available' },
        lastOffer: { as: 'rejected' },
      });
      expect(heard(team, caller)).toEqual([expect.stringMatching(GREETING), 'music', 'voice of Bob']);
      caller.hangUp();
      await team.until('the call is over', isOver(team));
    },
  );

  scenario(
    'an agent who does not answer twice is away, and a third call passes her by',
    { agents: ['Alice'] },
    async (team) => {
      team.platform.agent('Alice', { does: 'ring' });
      await open(team, 'Alice');
      const caller = team.call();
      await team.until('she is away', async () => (await agent(team, 'Alice'))?.choice === 'away');
      // Her page asks whether she is back.
      expect(await team.seenBy('Alice')).toMatchObject({
        me: { reason: 'no answer', load: 'free' },
        lastOffer: { as: 'timeout' },
      });
      const third = team.call({ from: '447700900001' });
      await team.wait(5);
      expect(await call(team, third)).toMatchObject({ agent: null });
      caller.hangUp();
      third.hangUp();
      await team.until('the calls are over', isOver(team));
      const [figures] = figuresSoFar(await team.events()).agents;
      expect(figures).toMatchObject({ name: 'Alice', offers: 2, missed: 2, rejected: 0 });
      expect(heard(team, caller).filter((sound) => sound.startsWith('voice'))).toEqual([]);
    },
  );

  scenario(
    'two agents who answer at the same moment: one gets the caller, the other is told who did',
    { rules: withQueue({ addAgentSeconds: 1 }) },
    async (team) => {
      const answersAt = team.platform.clock.now() + 10_000;
      const over = new Map<string, number>();
      const names = ['Alice', 'Bob', 'Carol'] as const;
      const legs = names.map((name) =>
        legsOf(team, name, (given) => {
          void given.over.then(() => over.set(name, team.platform.clock.now()));
          if (name === 'Carol') return { does: 'ring' };
          return { does: 'answer', after: (answersAt - team.platform.clock.now()) / 1000 };
        }),
      );
      await open(team, ...names);
      const caller = team.call();
      await team.until('all ring', async () => legs.every(({ now }) => now === 1), 5);
      await team.until('they talk', talks(team, caller), 10);
      const accepted = await eventsOf(team, 'accepted');
      expect(accepted).toHaveLength(1);
      const [{ agent: winner, at: decidedAt } = { agent: '', at: 0 }] = accepted;
      const loser = winner === 'Alice' ? 'Bob' : 'Alice';
      const told = { as: 'rescinded', by: 'another agent', answeredBy: winner };
      await team.until(
        'the loser is told',
        async () => (await team.seenBy(loser)).lastOffer?.answeredBy === winner,
        (decidedAt + 2000 - team.platform.clock.now()) / 1000,
      );
      expect((await team.seenBy(loser)).lastOffer).toMatchObject(told);
      expect((await team.seenBy('Carol')).lastOffer).toMatchObject(told);
      await team.until('one leg is left', () => legs.reduce((sum, { now }) => sum + now, 0) === 1, 2);
      expect((over.get('Carol') ?? Infinity) - decidedAt).toBeLessThanOrEqual(1000);
      expect(over.has(winner)).toBe(false);
      await team.until('they hear each other', () => heard(team, caller).at(-1) === `voice of ${winner}`, 1);
      expect(legs.map(({ all }) => all)).toEqual([1, 1, 1]);
      caller.hangUp();
      await team.until('the call is over', isOver(team));
    },
  );

  scenario(
    'a caller who hangs up while it rings stops the ringing within a second, and is nobody’s miss',
    { agents: ['Alice', 'Bob'] },
    async (team) => {
      const legs = legsOf(team, 'Alice', () => ({ does: 'ring' }));
      await open(team, 'Alice', 'Bob');
      const caller = team.call();
      await team.until('it rings', () => legs.now === 1);
      await team.wait(6);
      caller.hangUp();
      await team.until('the ringing stops', () => legs.now === 0, 1);
      await team.until('the call is over', isOver(team), 1);
      expect(await team.seenBy('Alice')).toMatchObject({
        me: { load: 'free', choice: 'available' },
        lastOffer: { call: caller.leg.uuid, as: 'rescinded', by: 'caller' },
      });
      const { abandoned, shortAbandoned, agents } = figuresSoFar(await team.events());
      expect([abandoned, shortAbandoned, agents[0]?.missed]).toEqual([1, 0, 0]);
      // She has been idle as long as Bob, to whom nothing happened, and comes before him still.
      const second = team.call({ from: '447700900001' });
      await team.until('it rings again', async () => (await team.seenBy('Alice')).offer !== null);
      const [one, other] = (await team.seenBy('Alice')).offer?.why.candidates ?? [];
      expect([one?.agent, other?.agent]).toEqual(['Alice', 'Bob']);
      expect(one?.idleSeconds).toBe(other?.idleSeconds);
      second.hangUp();
      await team.until('all is over', isOver(team));
    },
  );

  // The platform refuses the first transfer, so that the caller has time to hang up.
  const refusal: FaultInput = { fault: 'rate-limit', path: '/v1/calls', method: 'PUT', times: 1 };
  const lateEnd: FaultInput = { fault: 'delay', webhook: 'completed', ms: 1500, times: 1 };
  for (const [how, faults] of [
    ['', [refusal]],
    [', also where the transfer is the first to fail', [refusal, lateEnd]],
  ] as const) {
    scenario(
      `a caller who hangs up before she is connected to the agent who answered costs the agent nothing${how}`,
      { agents: ['Alice', 'Bob'], platform: { faults: [...faults] } },
      async (team) => {
        const legs = legsOf(team, 'Alice', () => ({ does: 'answer', after: [3, 5] }));
        await open(team, 'Alice', 'Bob');
        const caller = team.call();
        await team.until('Alice has answered', async () => (await eventsOf(team, 'accepted')).length === 1);
        caller.hangUp();
        await team.until('no leg is left', () => legs.now === 0, 2);
        await team.until('the call is over', isOver(team), 2);
        expect(await team.seenBy('Alice')).toMatchObject({
          me: { load: 'free', choice: 'available' },
          lastOffer: { call: caller.leg.uuid, as: 'rescinded', by: 'caller' },
        });
        expect(await eventsOf(team, 'connected')).toEqual([]);
        expect(await eventsOf(team, 'wrap-up')).toEqual([]);
        const second = team.call({ from: '447700900001' });
        await team.until('Alice is the first again', talks(team, second, 'Alice'), 10);
        second.hangUp();
        await team.until('all is over', isOver(team));
        expect(figuresSoFar(await team.events())).toMatchObject({ abandoned: 1, answered: 1 });
      },
    );
  }

  scenario(
    'a page that goes silent while it rings is passed over within ten seconds',
    { agents: ['Alice', 'Bob'] },
    async (team) => {
      const legs = legsOf(team, 'Alice', () => ({ does: 'ring' }));
      team.platform.agent('Bob', { does: 'answer', after: [0, 1] });
      const [alice] = await open(team, 'Alice', 'Bob');
      const caller = team.call();
      await team.until('Alice rings', () => legs.now === 1);
      alice?.close();
      await team.until('Alice is out', async () => (await call(team, caller))?.agent === 'Bob', 10);
      await team.until('it stops ringing at Alice', () => legs.now === 0, 1);
      await team.until('Bob talks', talks(team, caller, 'Bob'), 5);
      expect(await agent(team, 'Alice')).toMatchObject({ line: 'down', choice: 'available' });
      const offers = await eventsOf(team, 'offered');
      expect(offers.map((each) => each.agent)).toEqual(['Alice', 'Bob']);
      expect(offers[1]?.why.passedOver).toEqual([{ agent: 'Alice', because: 'line down' }]);
      await open(team, 'Alice');
      expect((await team.seenBy('Alice')).lastOffer).toMatchObject({
        call: caller.leg.uuid,
        as: 'rescinded',
        by: 'line',
      });
      expect(heard(team, caller)).toEqual([expect.stringMatching(GREETING), 'music', 'voice of Bob']);
      caller.hangUp();
      await team.until('the call is over', isOver(team));
    },
  );
});

describe('the queue', () => {
  scenario('six callers, three agents: first come, first served', { isLong: true }, async (team) => {
    const names = ['Alice', 'Bob', 'Carol'];
    for (const name of names) {
      team.treats(name, () => ({ does: 'answer', after: [0, 0.2], hangUpAfter: [40, 60] }));
    }
    await open(team, ...names);
    const served: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const caller = team.call({ from: `44770090000${index}` });
      void caller.until('connected').then(() => served.push(caller.leg.uuid));
      await team.wait(2);
    }
    await team.until('all are served', () => served.length === 6, 180);
    expect(served).toEqual(team.callers.map(({ leg }) => leg.uuid));
    await team.until('all calls are over', isOver(team), 120);

    const events = await team.events();
    const places = new Map<string, number[]>();
    for (const event of events) {
      if (event.kind !== 'turn' || event.told?.position == null) continue;
      places.set(event.call, [...(places.get(event.call) ?? []), event.told.position]);
    }
    expect(places.size).toBe(3);
    for (const told of places.values()) expect(told).toEqual(told.toSorted((a, b) => b - a));
    // Who wraps up while others wait is with the next of them a second later.
    const gaps = events.flatMap((free) => {
      if (free.kind !== 'free again') return [];
      const next = events.find(
        (each) => each.kind === 'connected' && each.agent === free.agent && each.at > free.at,
      );
      return next === undefined ? [] : next.at - free.at;
    });
    expect(gaps).toHaveLength(3);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
  });
});

describe('announcements', () => {
  scenario(
    'callers are told their place, and after three calls about how long they wait',
    { agents: ['Alice'], isLong: true },
    async (team) => {
      team.platform.agent('Alice', { does: 'answer', after: 1, hangUpAfter: 100 });
      await open(team, 'Alice');
      for (let index = 0; index < 5; index += 1) {
        team.call({ from: `44770090000${index}` });
        await team.wait(1);
      }
      const last = team.callers.at(-1);
      const told = () => (last === undefined ? [] : heard(team, last));
      await team.until(
        'the place is told',
        () => told().some((text) => text.includes('number 4 in line')),
        90,
      );
      await team.until('the wait is told', () => told().some((text) => /about 2 minutes/.test(text)), 600);
      expect(told().findIndex((text) => text.includes('You are next'))).toBeGreaterThan(0);
      for (const { hangUp } of team.callers) hangUp();
      await team.until('all is over', isOver(team));
    },
  );
});

describe('recovery', () => {
  /** Alice talks to the first of two callers when her browser is gone, at a time that is returned. */
  async function loseAlice(team: Team) {
    team.platform.agent('Alice', { does: 'answer', after: [0, 2] });
    team.platform.agent('Bob', { does: 'answer', after: [0, 2] });
    const [alice] = await open(team, 'Alice');
    const caller = team.call();
    await team.until('they talk', talks(team, caller));
    const second = team.call({ from: '447700900001' });
    await team.wait(5);
    alice?.close();
    // As long as a feed has to come back.
    await team.wait(1);
    await team.desk.tell({ kind: 'page closed', agent: 'Alice', until: 0 });
    const isKept = async () => (await call(team, caller))?.state === 'recovering';
    await team.until('the wall shows it', isKept, 1);
    await team.until('she is told', () => /^One moment/.test(heard(team, caller).at(-1) ?? ''), 2);
    return { caller, second };
  }

  scenario(
    'a caller whose agent is lost is with her again when she comes back',
    { agents: ['Alice', 'Bob'] },
    async (team) => {
      const { caller, second } = await loseAlice(team);
      await team.wait(8);
      expect(await call(team, caller)).toMatchObject({
        callerHears: expect.stringMatching(/one moment|music/),
        agent: null,
      });
      await open(team, 'Alice');
      const [entered] = await eventsOf(team, 'entered');
      await team.until(
        'she is asked to come back',
        async () => (await team.seenBy('Alice')).offer !== null,
        3,
      );
      expect((await team.seenBy('Alice')).offer).toMatchObject({
        call: caller.leg.uuid,
        waitingSince: entered?.at,
      });
      await team.until('they talk again', talks(team, caller, 'Alice'), 5);
      await team.wait(1);
      const sounds = heard(team, caller);
      expect(sounds.slice(sounds.indexOf('voice of Alice'))).toEqual([
        'voice of Alice',
        expect.stringMatching(/^One moment/),
        'music',
        'voice of Alice',
      ]);
      caller.hangUp();
      second.hangUp();
      await team.until('the calls are over', isOver(team));
    },
  );

  scenario(
    'a caller whose agent does not come back is the next of anybody',
    { agents: ['Alice', 'Bob'] },
    async (team) => {
      const { caller, second } = await loseAlice(team);
      await team.wait(14);
      team.treats('Bob', () => ({ does: 'answer', after: [0, 2] }));
      // The one that waits is for anybody, the first one is for Alice until her time is over.
      await team.until('her time is over', async () => (await call(team, caller))?.state === 'waiting', 5);
      await open(team, 'Bob');
      await team.until('Bob talks', talks(team, caller, 'Bob'), 5);
      expect(await call(team, second)).toMatchObject({ agent: null });
      caller.hangUp();
      second.hangUp();
      await team.until('the calls are over', isOver(team));
    },
  );
});
