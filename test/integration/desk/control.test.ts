import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../domain/api/audit-api.ts';
import type { ControlReply } from '../../../domain/api/desk-api.ts';
import type { Cause } from '../../../domain/desk/causes.ts';
import type { Control, SupervisionMode } from '../../../domain/desk/controls.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** Seeds of chance: each scenario must hold in every one. */
const SEEDS = Array.from({ length: rounds({ usual: 1, soak: 20 }) }, (_, index) => index + 1);

type Caller = ReturnType<Team['platform']['call']>;

/** A desk whose agents may dial, record and speak a phrase. */
function permissive(rules: DeskRules): DeskRules {
  const queues = Object.fromEntries(
    Object.entries(rules.queues).map(([name, queue]) => [name, { ...queue, recording: true }]),
  );
  return {
    ...rules,
    queues,
    phrases: { hours: 'We are open from nine to five.' },
    outbound: { countries: [], prefixes: ['4477'], except: [] },
  };
}

/** In the soak, every other seed is for two servers on Postgres. */
let postgres: TestPostgres | undefined;
beforeAll(async () => {
  if (rounds({ usual: 0, soak: 1 }) > 0) postgres = await startPostgres();
}, 90_000);
afterAll(() => postgres?.stop(), 60_000);

async function start(seed: number, agents: readonly string[] = ['Alice', 'Bob', 'Carol']): Promise<Team> {
  const usual = { agents, seed, rules: permissive, isUnsteady: true };
  if (postgres === undefined || seed % 2 === 1) return startTeam(usual);
  return startTeam({ ...usual, shared: { servers: 2, databaseUrl: await postgres.createDatabase() } });
}

interface Answer {
  status: number;
  /** Of an error. */
  words: string;
  cause: Cause | undefined;
  call: ControlReply['call'] | undefined;
}

/** Asks the API to do something in a call. */
function control(team: Team, agent: string, call: string, wanted: Control | object): Promise<Answer> {
  return ask(team, 'POST', `/api/desk/calls/${call}/control`, { agent, ...wanted });
}

function ask(team: Team, method: string, path: string, body: object): Promise<Answer> {
  const asking = async () => {
    const response = await fetch(`${team.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { error = '', cause, call } = JSON.parse(await response.text());
    return { status: response.status, words: error, cause, call };
  };
  return team.platform.clock.during(asking());
}

/** What supervisors did in calls, as the audit trail has it, oldest first. */
async function audited(team: Team) {
  const asking = async (): Promise<AuditPage> =>
    JSON.parse(await (await fetch(`${team.url}/api/audit`)).text());
  const { entries } = await team.platform.clock.during(asking());
  return entries
    .filter(({ what }) => /^(listened in|left the call|call ended|caller moved)$/.test(what))
    .map(({ who, what, of, details }) => [who, what, of, details])
    .toReversed();
}

async function agent(team: Team, name: string) {
  return (await team.view()).agents.find((each) => each.name === name);
}

async function call(team: Team, { leg }: Caller) {
  return (await team.view()).calls.find((each) => each.id === leg.uuid);
}

async function open(team: Team, ...names: string[]) {
  const pages = names.map((name) => team.page(name));
  await team.until(`${names.join(', ')} can be called`, async () => {
    const { agents } = await team.view();
    return names.every((name) => agents.find((each) => each.name === name)?.line === 'up');
  });
  return pages;
}

/** A caller who talks to an agent. */
async function talk(team: Team, name = 'Alice'): Promise<Caller> {
  const caller = team.platform.call();
  await team.until(`${name} and the caller talk`, async () => {
    const now = await call(team, caller);
    return now?.state === 'talking' && now.agent === name && now.callerHears === 'agent';
  });
  await team.wait(2);
  return caller;
}

const hears = (team: Team, caller: Caller, what: string) =>
  team.until(`the caller hears ${what}`, async () => (await call(team, caller))?.callerHears === what, 5);

/** What a leg heard, part by part: words, `music`, `silence`, or whose voices. */
function timeline(team: Team, uuid: string): string[] {
  return team.platform
    .heard(uuid)
    .filter(({ from, to }) => to - from > 500)
    .map(({ hears: what, text, of = [] }) => text ?? (what === 'voice' ? of.join(' + ') : what));
}

const voicesOf = (team: Team, uuid: string) =>
  team.platform.heard(uuid).flatMap(({ hears: what, of = [] }) => (what === 'voice' ? of : []));

function eventsOf<Kind extends DeskEvent['kind']>(events: readonly DeskEvent[], kind: Kind) {
  return events.filter((event): event is Extract<DeskEvent, { kind: Kind }> => event.kind === kind);
}

/** The leg of an agent who was consulted, or who supervises. */
async function legOf(team: Team, name: string): Promise<string> {
  const events = await team.events();
  const leg = events.findLast(
    (event) => (event.kind === 'joined' || event.kind === 'accepted') && event.agent === name,
  );
  return leg !== undefined && 'leg' in leg ? String(leg.leg) : '';
}

/** The call is over for everybody: nobody hears silence, no leg and no agent is left, all figures add up. */
async function endsWell(team: Team, ...callers: Caller[]) {
  for (const { hangUp, leg } of callers) if (leg.end === undefined) hangUp();
  await team.until('all calls are over', async () => (await team.view()).calls.length === 0, 5);
  await team.until(
    'all agents are free',
    async () => (await team.view()).agents.every(({ load }) => load === 'free'),
    30,
  );
  for (const { leg } of callers) expect(team.platform.silences(leg.uuid, 3)).toEqual([]);
  const now = team.platform.clock.now();
  const figures = await team.platform.clock.during(team.desk.figures(now - 3_600_000, now + 1));
  const { offered, answered, abandoned, overflowed, callback, lost, waiting } = figures;
  expect(offered).toBe(answered + abandoned + overflowed + callback + lost + waiting);
  expect(team.printed()).not.toContain('could not decide');
}

describe.each(SEEDS)('with seed %i', { timeout: 120_000 }, (seed) => {
  test('a caller who is forgotten on hold hears music; the agent is warned; a dead page gives her back', async () => {
    await using team = await start(seed);
    for (const name of ['Alice', 'Bob']) team.platform.agent(name, { does: 'answer' });
    const [alice] = await open(team, 'Alice');
    const caller = await talk(team);
    const held = await control(team, 'Alice', caller.leg.uuid, { action: 'hold' });
    expect(held).toMatchObject({ status: 200, call: { state: 'held', holdWarning: null } });
    await hears(team, caller, 'hold');
    const later = team.platform.call({ from: '447700900009' });
    await team.wait(115);
    expect(await call(team, caller)).toMatchObject({ holdWarning: null });
    await team.until('she is alerted', async () => (await call(team, caller))?.holdWarning === 'alert', 10);
    await team.wait(50);
    expect(await call(team, caller)).toMatchObject({ holdWarning: 'alert' });
    await team.until('she is alarmed', async () => (await call(team, caller))?.holdWarning === 'alarm', 15);
    expect(await agent(team, 'Alice')).toMatchObject({ load: 'holding' });
    expect(timeline(team, caller.leg.uuid).join()).toContain('Thank you for holding');

    alice?.close();
    await team.until('she waits again', async () => (await call(team, caller))?.state === 'recovering', 45);
    // So long she is kept for Alice.
    await team.until(
      'she waits for anybody',
      async () => (await call(team, caller))?.state === 'waiting',
      20,
    );
    await open(team, 'Bob');
    await team.until('Bob has her', async () => (await call(team, caller))?.state === 'talking', 40);
    expect(await call(team, caller)).toMatchObject({ agent: 'Bob', heldSince: null });
    expect(await call(team, later)).toMatchObject({ agent: null });
    await team.wait(2);
    expect(timeline(team, caller.leg.uuid).at(-1)).toBe('Bob');
    later.hangUp();
    await endsWell(team, caller, later);
  });

  test('a caller who hangs up on hold as resume is pressed leaves no error behind', async () => {
    await using team = await start(seed, ['Alice']);
    team.platform.agent('Alice', { does: 'answer' });
    await open(team, 'Alice');
    const caller = await talk(team);
    await control(team, 'Alice', caller.leg.uuid, { action: 'hold' });
    await hears(team, caller, 'hold');
    await team.wait(seed);
    const resumed = control(team, 'Alice', caller.leg.uuid, { action: 'resume' });
    caller.hangUp();
    const { status, words } = await resumed;
    if (status !== 200)
      expect({ status, words }).toMatchObject({ status: 409, words: /hung up while on hold/ });
    await team.until('she wraps up', async () => (await agent(team, 'Alice'))?.load === 'wrap-up', 5);
    const events = await team.events();
    expect(eventsOf(events, 'wrap-up')).toMatchObject([{ ended: 'caller left on hold' }]);
    expect(eventsOf(events, 'control failed')).toEqual([]);
    const late = await control(team, 'Alice', caller.leg.uuid, { action: 'resume' });
    expect(late).toMatchObject({ status: 409, words: 'The caller hung up while on hold.' });
    await endsWell(team, caller);
  });

  test('a call that is transferred to an agent who goes offline comes back, then to the head of the queue', async () => {
    await using team = await start(seed);
    team.platform.agent('Alice', { does: 'answer' });
    team.platform.agent('Bob', { does: 'ring' });
    team.platform.agent('Carol', { does: 'answer' });
    const [alice] = await open(team, 'Alice');
    const caller = await talk(team);
    await open(team, 'Bob');
    const answer = await control(team, 'Alice', caller.leg.uuid, {
      action: 'transfer',
      to: { agent: 'Bob' },
    });
    expect(answer).toMatchObject({ status: 200, call: { transfer: { to: { agent: 'Bob' }, by: 'Alice' } } });
    await team.wait(seed / 2);
    await ask(team, 'PUT', '/api/choice', { agent: 'Bob', choice: 'offline' });
    await team.until('Alice has the caller', async () => (await call(team, caller))?.state === 'talking', 10);
    expect(await call(team, caller)).toMatchObject({
      agent: 'Alice',
      failure: { action: 'transfer', words: 'Bob is no longer available.' },
    });

    // The second time, she is not there either.
    await ask(team, 'PUT', '/api/choice', { agent: 'Bob', choice: 'available' });
    await team.wait(1);
    const first = team.platform.call({ from: '447700900009' });
    await team.until('the other caller rings Bob', async () => (await call(team, first))?.agent === 'Bob', 5);
    await ask(team, 'PUT', '/api/choice', { agent: 'Bob', choice: 'away' });
    await ask(team, 'PUT', '/api/choice', { agent: 'Bob', choice: 'offline' });
    const refused = await control(team, 'Alice', caller.leg.uuid, {
      action: 'transfer',
      to: { agent: 'Bob' },
    });
    expect(refused).toMatchObject({ status: 409, words: 'Bob is offline.' });
    expect(await call(team, caller)).toMatchObject({ state: 'talking', agent: 'Alice' });
    await ask(team, 'PUT', '/api/choice', { agent: 'Alice', choice: 'away', next: true });
    await control(team, 'Alice', caller.leg.uuid, { action: 'transfer', to: { queue: 'main' } });
    alice?.close();
    await open(team, 'Carol');
    await team.until('Carol has the caller', async () => (await call(team, caller))?.agent === 'Carol', 30);
    expect(await call(team, first)).toMatchObject({ agent: null });
    await endsWell(team, caller, first);
  });

  test('a consulted agent declines, another accepts, all three talk, and the first leaves', async () => {
    await using team = await start(seed);
    team.platform.agent('Alice', { does: 'answer' });
    team.platform.agent('Bob', { does: 'reject', after: 2 });
    team.platform.agent('Carol', { does: 'answer', after: 2 });
    await open(team, 'Alice');
    const caller = await talk(team);
    await open(team, 'Bob', 'Carol');
    const { uuid } = caller.leg;
    const asked = await control(team, 'Alice', uuid, { action: 'consult', to: { agent: 'Bob' } });
    expect(asked).toMatchObject({
      status: 200,
      call: { state: 'held', consult: { with: { agent: 'Bob' }, state: 'calling' } },
    });
    await team.until('Bob declines', async () => (await call(team, caller))?.consult === null, 5);
    expect(await call(team, caller)).toMatchObject({
      state: 'held',
      agent: 'Alice',
      failure: { action: 'consult', words: 'Bob declined the call.' },
    });
    const early = await control(team, 'Alice', uuid, { action: 'merge' });
    expect(early).toMatchObject({
      status: 409,
      words: 'Bob declined the call.',
      cause: { code: 'declined', name: 'Bob' },
    });

    await control(team, 'Alice', uuid, { action: 'consult', to: { agent: 'Carol' } });
    expect(await control(team, 'Alice', uuid, { action: 'merge' })).toMatchObject({
      status: 409,
      words: 'Carol has not answered yet.',
    });
    await team.until('Carol talks', async () => (await call(team, caller))?.consult?.state === 'talking', 6);
    expect(await agent(team, 'Alice')).toMatchObject({ load: 'consulting' });
    await team.wait(5);
    const carol = await legOf(team, 'Carol');
    expect(timeline(team, carol)).toEqual(['Alice']);
    expect(voicesOf(team, uuid)).not.toContain('Carol');

    expect(await control(team, 'Alice', uuid, { action: 'merge' })).toMatchObject({ status: 200 });
    await hears(team, caller, 'agent');
    await team.wait(3);
    expect(timeline(team, uuid).at(-1)).toBe('Alice + Carol');
    expect(await control(team, 'Alice', uuid, { action: 'complete' })).toMatchObject({ status: 200 });
    await team.until('Alice wraps up', async () => (await agent(team, 'Alice'))?.load === 'wrap-up', 3);
    await team.wait(3);
    expect(timeline(team, uuid).at(-1)).toBe('Carol');
    expect(await call(team, caller)).toMatchObject({ state: 'talking', agent: 'Carol', consult: null });
    caller.hangUp();
    await team.until('Carol wraps up', async () => (await agent(team, 'Carol'))?.load === 'wrap-up', 3);
    const wrapUps = eventsOf(await team.events(), 'wrap-up').map(({ agent: name }) => name);
    expect(wrapUps).toEqual(['Alice', 'Carol']);
    await endsWell(team, caller);
  });

  test('a supervisor listens, whispers and barges, also after the call got another agent', async () => {
    await using team = await start(seed);
    for (const name of ['Alice', 'Bob', 'Carol']) team.platform.agent(name, { does: 'answer' });
    await open(team, 'Alice');
    const caller = await talk(team);
    await open(team, 'Bob', 'Carol');
    await ask(team, 'PUT', '/api/choice', { agent: 'Carol', choice: 'away' });
    const { uuid } = caller.leg;
    const alice = await legOf(team, 'Alice');
    const join = await control(team, 'Carol', uuid, { action: 'supervise', mode: 'listen', private: true });
    expect(join.status).toBe(200);
    await team.until('Carol listens', async () => (await agent(team, 'Carol'))?.load === 'supervising', 5);
    await team.wait(3);
    const carol = await legOf(team, 'Carol');
    expect(voicesOf(team, carol)).toEqual(expect.arrayContaining(['447700900000', 'Alice']));
    expect([voicesOf(team, uuid), voicesOf(team, alice)].flat()).not.toContain('Carol');

    await control(team, 'Carol', uuid, { action: 'supervise', mode: 'whisper' });
    await team.until('Alice hears Carol', () => voicesOf(team, alice).includes('Carol'), 3);
    expect(voicesOf(team, uuid)).not.toContain('Carol');

    await control(team, 'Alice', uuid, { action: 'transfer', to: { agent: 'Bob' } });
    await team.until(
      'Bob has the caller',
      async () => {
        const now = await call(team, caller);
        return now?.agent === 'Bob' && now.state === 'talking';
      },
      10,
    );
    await team.until('Bob hears Carol', async () => {
      const bob = await legOf(team, 'Bob');
      return voicesOf(team, bob).includes('Carol');
    });
    expect(voicesOf(team, uuid)).not.toContain('Carol');

    await control(team, 'Carol', uuid, { action: 'supervise', mode: 'barge' });
    await team.until('the caller hears Carol', () => voicesOf(team, uuid).includes('Carol'), 3);
    await control(team, 'Carol', uuid, { action: 'leave' });
    await team.until('Carol is free', async () => (await agent(team, 'Carol'))?.load === 'free', 3);
    await team.wait(2);
    expect(timeline(team, uuid).at(-1)).toBe('Bob');
    await control(team, 'Carol', uuid, { action: 'supervise', mode: 'whisper' });
    await team.until('Carol is back', async () => (await agent(team, 'Carol'))?.load === 'supervising', 5);
    expect((await control(team, 'Bob', uuid, { action: 'supervise', mode: 'listen' })).status).toBe(409);
    // What was refused is not recorded.
    expect(await audited(team)).toEqual([
      ['Carol', 'listened in', uuid, 'listen, in private, agent Alice'],
      ['Carol', 'listened in', uuid, 'whisper, agent Alice'],
      ['Carol', 'listened in', uuid, 'barge, agent Bob'],
      ['Carol', 'left the call', uuid, 'agent Bob'],
      ['Carol', 'listened in', uuid, 'whisper, agent Bob'],
    ]);
    caller.hangUp();
    await endsWell(team, caller);
  });
});

describe('a transfer to a number', () => {
  test('connects the caller to the telephone, and ends with it', async () => {
    await using team = await start(1);
    team.platform.agent('Alice', { does: 'answer' });
    const phone = team.platform.phone('447700900222', { does: 'answer', after: 5 });
    await open(team, 'Alice');
    const caller = await talk(team);
    const { uuid } = caller.leg;
    // As people of our own country write it.
    const to = { number: '07700 900 222' };
    expect(await control(team, 'Alice', uuid, { action: 'transfer', to })).toMatchObject({ status: 200 });
    await team.until('Alice wraps up', async () => (await agent(team, 'Alice'))?.load === 'wrap-up', 3);
    await team.until('she is moved', async () => (await call(team, caller))?.callerHears === 'hold', 3);
    await team.until('they talk', async () => (await call(team, caller))?.callerHears === 'agent', 15);
    await team.wait(3);
    expect(timeline(team, uuid).at(-1)).toBe('447700900222');
    expect(await call(team, caller)).toMatchObject({
      state: 'talking',
      agent: null,
      members: [{ as: 'caller' }, { as: 'guest', name: '447700900222', state: 'talking' }],
    });
    phone.hangUp();
    await caller.over;
    await endsWell(team, caller);
  });

  test.each(['busy', 'reject', 'ring'] as const)(
    'comes back to the agent where the telephone does: %s',
    async (does) => {
      await using team = await start(2);
      team.platform.agent('Alice', { does: 'answer' });
      team.platform.phone('447700900222', { does });
      await open(team, 'Alice');
      const caller = await talk(team);
      const to = { number: '447700900222' };
      await control(team, 'Alice', caller.leg.uuid, { action: 'transfer', to });
      await team.until('Alice is told', async () => (await call(team, caller))?.failure !== null, 50);
      await team.until(
        'Alice has the caller',
        async () => (await call(team, caller))?.state === 'talking',
        20,
      );
      expect(await call(team, caller)).toMatchObject({ agent: 'Alice', failure: { action: 'transfer' } });
      await endsWell(team, caller);
    },
  );

  test('is refused for numbers that the desk file does not allow', async () => {
    await using team = await start(1, ['Alice']);
    team.platform.agent('Alice', { does: 'answer' });
    await open(team, 'Alice');
    const caller = await talk(team);
    for (const number of ['33123456789', '+44 909 879 0000', '112', 'sip:bob@example.com']) {
      const answer = await control(team, 'Alice', caller.leg.uuid, { action: 'transfer', to: { number } });
      expect(answer.status).toBe(403);
    }
    expect(await call(team, caller)).toMatchObject({ state: 'talking', agent: 'Alice' });
    await endsWell(team, caller);
  });
});

test('a consulted telephone is swapped, merged and left with the caller', async () => {
  await using team = await start(3);
  team.platform.agent('Alice', { does: 'answer' });
  team.platform.phone('447700900222', { does: 'answer', after: 3 });
  await open(team, 'Alice');
  const caller = await talk(team);
  const { uuid } = caller.leg;
  await control(team, 'Alice', uuid, { action: 'consult', to: { number: '447700900222' } });
  await team.until('they talk', async () => (await call(team, caller))?.consult?.state === 'talking', 10);
  await team.wait(2);
  const swapped = await control(team, 'Alice', uuid, { action: 'swap' });
  expect(swapped).toMatchObject({ status: 200, call: { state: 'talking', consult: { state: 'held' } } });
  await hears(team, caller, 'agent');
  await team.wait(3);
  expect(timeline(team, uuid).at(-1)).toBe('Alice');
  await control(team, 'Alice', uuid, { action: 'swap' });
  await hears(team, caller, 'hold');
  await control(team, 'Alice', uuid, { action: 'merge' });
  await hears(team, caller, 'agent');
  await team.wait(2);
  expect(timeline(team, uuid).at(-1)).toBe('Alice + 447700900222');
  await control(team, 'Alice', uuid, { action: 'complete' });
  await team.wait(3);
  expect(timeline(team, uuid).at(-1)).toBe('447700900222');
  await endsWell(team, caller);
});

test('an agent who hangs up in a consultation leaves the caller with the other agent', async () => {
  await using team = await start(1);
  team.treats('Alice', () => ({ does: 'answer', hangUpAfter: 20 }));
  team.platform.agent('Bob', { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  await open(team, 'Bob');
  await control(team, 'Alice', caller.leg.uuid, { action: 'consult', to: { agent: 'Bob' } });
  await team.until('Bob has the caller', async () => (await call(team, caller))?.agent === 'Bob', 30);
  await hears(team, caller, 'agent');
  await team.wait(2);
  expect(timeline(team, caller.leg.uuid).at(-1)).toBe('Bob');
  await endsWell(team, caller);
});

test('of two controls in one instant, one is carried out and the other refused in words', async () => {
  await using team = await start(1, ['Alice']);
  team.platform.agent('Alice', { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  const { uuid } = caller.leg;
  const answers = await Promise.all([
    control(team, 'Alice', uuid, { action: 'hold' }),
    control(team, 'Alice', uuid, { action: 'hold' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers.map(({ words }) => words)).toContain('The caller is already on hold.');
  await control(team, 'Alice', uuid, { action: 'resume' });
  await control(team, 'Alice', uuid, { action: 'hold' });
  await hears(team, caller, 'hold');
  await endsWell(team, caller);
});

describe('at the same moment', () => {
  test('of a hold and a transfer, whichever comes first is carried out, and the page shows which', async () => {
    await using team = await start(1);
    for (const name of ['Alice', 'Bob']) team.platform.agent(name, { does: 'answer', after: 1 });
    await open(team, 'Alice');
    const caller = await talk(team);
    await open(team, 'Bob');
    const { uuid } = caller.leg;
    const [transferred, held] = await Promise.all([
      control(team, 'Alice', uuid, { action: 'transfer', to: { agent: 'Bob' } }),
      control(team, 'Alice', uuid, { action: 'hold' }),
    ]);
    expect(transferred.status).toBe(200);
    // A hold that came first was carried out; one that came second is no longer hers to ask for.
    if (held.status !== 200) expect(held.cause).toEqual({ code: 'no longer in call', name: null });
    expect((await team.seenBy('Alice')).wrapUp).toMatchObject({ call: uuid, ended: 'transferred' });
    await team.until('Bob has her', async () => (await team.seenBy('Bob')).call?.state === 'talking', 10);
    expect((await team.seenBy('Bob')).call).toMatchObject({ heldSince: null, callerHears: 'agent' });
    await endsWell(team, caller);
  });

  test('a caller who is transferred to an agent whose page has just died comes back', async () => {
    await using team = await start(1);
    for (const name of ['Alice', 'Bob']) team.platform.agent(name, { does: 'answer', after: 1 });
    await open(team, 'Alice');
    const caller = await talk(team);
    // Without a page nothing rings there, as with a browser that was killed.
    team.platform.agent('Bob', { does: 'ring' });
    const [bob] = await open(team, 'Bob');
    bob?.close();
    const answer = await control(team, 'Alice', caller.leg.uuid, {
      action: 'transfer',
      to: { agent: 'Bob' },
    });
    expect(answer.status).toBe(200);
    await team.until('she is back', async () => (await team.seenBy('Alice')).call?.state === 'talking', 15);
    expect(await team.seenBy('Alice')).toMatchObject({
      call: { from: '447700900000', agent: 'Alice', transfer: null },
      lastFailure: { action: 'transfer', cause: { code: 'unavailable', name: 'Bob' } },
      wrapUp: null,
    });
    expect((await team.seenBy('Bob')).me).toMatchObject({ line: 'down', load: 'free' });
    await endsWell(team, caller);
  });

  test.each([-0.2, 0, 0.4])(
    'an agent who merges with one who hangs up is with the caller, or told why not (%d s later)',
    async (seconds) => {
      await using team = await start(1);
      team.platform.agent('Alice', { does: 'answer', after: 1 });
      team.treats('Bob', () => ({ does: 'answer', after: 1, hangUpAfter: 5 }));
      await open(team, 'Alice');
      const caller = await talk(team);
      await open(team, 'Bob');
      const { uuid } = caller.leg;
      await control(team, 'Alice', uuid, { action: 'consult', to: { agent: 'Bob' } });
      await team.until('they talk', async () => (await call(team, caller))?.consult?.state === 'talking', 10);
      const joined = eventsOf(await team.events(), 'joined')[0]?.at ?? 0;
      await team.wait(5 + seconds - (team.platform.clock.now() - joined) / 1000);
      const merged = await control(team, 'Alice', uuid, { action: 'merge' });
      await team.wait(3);
      const seen = await team.seenBy('Alice');
      if (merged.status === 200) {
        expect(seen.call).toMatchObject({ state: 'talking', callerHears: 'agent', consult: null });
        expect(timeline(team, uuid).at(-1)).toBe('Alice');
      } else {
        expect(merged).toMatchObject({ status: 409, cause: { code: 'hung up', name: 'Bob' } });
        expect(seen.call).toMatchObject({ state: 'held', callerHears: 'hold', consult: null });
      }
      expect((await team.seenBy('Bob')).call).toBeNull();
      await endsWell(team, caller);
    },
  );

  test('a supervisor who whispers into a call that ends is free, and told that it is over', async () => {
    await using team = await start(1);
    for (const name of ['Alice', 'Bob']) team.platform.agent(name, { does: 'answer' });
    await open(team, 'Alice');
    const caller = await talk(team);
    await open(team, 'Bob');
    const { uuid } = caller.leg;
    const supervise = (mode: SupervisionMode) => control(team, 'Bob', uuid, { action: 'supervise', mode });
    await supervise('listen');
    await team.until('Bob listens', async () => (await agent(team, 'Bob'))?.load === 'supervising', 5);
    const whispers = supervise('whisper');
    caller.hangUp();
    const answer = await whispers;
    if (answer.status !== 200) expect(answer.cause).toEqual({ code: 'caller left', name: null });
    await team.until('Bob is free', async () => (await team.seenBy('Bob')).me.load === 'free', 3);
    expect(await team.seenBy('Bob')).toMatchObject({ call: null, wrapUp: null, lastFailure: null });
    expect(await team.seenBy('Alice')).toMatchObject({ call: null, wrapUp: { ended: 'caller left' } });
    expect(await supervise('barge')).toMatchObject({ status: 409, cause: { code: 'caller left' } });
    await endsWell(team, caller);
  });
});

test('a hold and a resume that the platform does not carry out are undone, and told', async () => {
  await using team = await start(1, ['Alice']);
  team.platform.agent('Alice', { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  const { uuid } = caller.leg;
  const { faults } = team.platform;
  const broken = { fault: 'rest-error', path: '/v1/calls/', method: 'PUT', status: 503 } as const;

  faults.set([broken]);
  expect(await control(team, 'Alice', uuid, { action: 'hold' })).toMatchObject({ status: 200 });
  await team.until('she is told', async () => (await call(team, caller))?.failure?.action === 'hold', 15);
  expect(await call(team, caller)).toMatchObject({ state: 'talking', callerHears: 'agent', heldSince: null });
  faults.set([]);
  await control(team, 'Alice', uuid, { action: 'hold' });
  await hears(team, caller, 'hold');
  faults.set([broken]);
  await control(team, 'Alice', uuid, { action: 'resume' });
  await team.until('she is told', async () => (await call(team, caller))?.failure?.action === 'resume', 15);
  expect(await call(team, caller)).toMatchObject({ state: 'held', callerHears: 'hold' });
  faults.set([]);
  await endsWell(team, caller);
});

test('a phrase and a recording are spoken to the caller before anything is recorded', async () => {
  await using team = await start(1, ['Alice']);
  team.platform.agent('Alice', { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  const { uuid } = caller.leg;
  await control(team, 'Alice', uuid, { action: 'say', phrase: 'hours' });
  await team.until('she hears it', () => timeline(team, uuid).includes('We are open from nine to five.'), 5);
  const none = await control(team, 'Alice', uuid, { action: 'say', phrase: 'toString' });
  expect(none).toMatchObject({ status: 404, words: 'There is no such phrase.' });

  const answer = await control(team, 'Alice', uuid, { action: 'record', on: true });
  expect(answer).toMatchObject({ status: 200, call: { recording: 'announced' } });
  await team.until('it is recorded', async () => (await call(team, caller))?.recording === 'on', 10);
  await team.wait(10);
  expect(timeline(team, uuid)).toContain('From now on, this call is recorded.');
  expect(timeline(team, uuid).at(-1)).toBe('Alice');
  const recorded = new Promise<Record<string, unknown>>((told) => {
    team.platform.onWebhook(({ payload }) => {
      if ('recording_url' in payload) told(payload);
    });
  });
  await control(team, 'Alice', uuid, { action: 'record', on: false });
  await team.until('they are back', async () => (await call(team, caller))?.recording === null, 5);
  const { start_time: from, end_time: to } = await recorded;
  const seconds = (Date.parse(String(to)) - Date.parse(String(from))) / 1000;
  expect(seconds).toBeGreaterThan(9);
  expect(seconds).toBeLessThan(13);
  await team.wait(2);
  expect(timeline(team, uuid).at(-1)).toBe('Alice');
  await endsWell(team, caller);
});

test('a supervisor moves a caller up and to another queue, and ends a call', async () => {
  await using team = await startTeam({
    agents: ['Alice', 'Bob'],
    rules: (rules) => {
      const [main] = Object.values(rules.queues);
      if (main === undefined) throw new Error('There is no queue.');
      const other = { ...main, name: 'other', agents: ['Bob'] };
      return { ...rules, queues: { main: { ...main, agents: ['Alice'] }, other } };
    },
  });
  for (const name of ['Alice', 'Bob']) team.platform.agent(name, { does: 'answer' });
  await open(team, 'Alice');
  const talking = await talk(team);
  const first = team.platform.call({ from: '447700900001' });
  await team.wait(5);
  const second = team.platform.call({ from: '447700900002' });
  await team.wait(5);
  await control(team, 'Bob', second.leg.uuid, { action: 'move', to: 'front' });
  expect(await control(team, 'Bob', talking.leg.uuid, { action: 'end' })).toMatchObject({ status: 200 });
  await talking.over;
  await team.until('the second is served', async () => (await call(team, second))?.agent === 'Alice', 15);
  expect(await call(team, first)).toMatchObject({ agent: null });
  await open(team, 'Bob');
  await control(team, 'Bob', first.leg.uuid, { action: 'move', to: { queue: 'other' } });
  await team.until('Bob has the first', async () => (await call(team, first))?.agent === 'Bob', 5);
  await endsWell(team, talking, first, second);
});

test('bad requests are refused in words, and change nothing', async () => {
  await using team = await start(1);
  for (const name of ['Alice', 'Bob', 'Carol']) team.platform.agent(name, { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  await open(team, 'Bob');
  const { uuid } = caller.leg;
  const before = await call(team, caller);
  const bad: [string, string, object, number, RegExp][] = [
    ['Alice', uuid, { action: 'fly' }, 400, /action/],
    ['Alice', uuid, {}, 400, /action/],
    ['Alice', uuid, { action: 'hold', now: true }, 400, /now/],
    ['Alice', uuid, { action: 'transfer' }, 400, /to/],
    ['Alice', uuid, { action: 'transfer', to: { agent: 'Bob', queue: 'main' } }, 400, /to/],
    ['Alice', uuid, { action: 'consult', to: { queue: 'main' } }, 400, /to/],
    ['Alice', uuid, { action: 'record', on: 'yes' }, 400, /on/],
    ['Nobody', uuid, { action: 'hold' }, 404, /No agent/],
    ['Alice', 'no-such-call', { action: 'hold' }, 404, /no such call/],
    ['Alice', '__proto__', { action: 'hold' }, 404, /no such call/],
    ['Bob', uuid, { action: 'hold' }, 403, /another agent/],
    ['Alice', uuid, { action: 'resume' }, 409, /not on hold/],
    ['Alice', uuid, { action: 'swap' }, 409, /Nobody else/],
    ['Alice', uuid, { action: 'cancel' }, 409, /Nobody else/],
    ['Alice', uuid, { action: 'transfer', to: { agent: 'Alice' } }, 409, /you/],
    ['Alice', uuid, { action: 'transfer', to: { agent: 'Dora' } }, 404, /No agent/],
    ['Alice', uuid, { action: 'transfer', to: { agent: 'Carol' } }, 409, /Carol cannot take calls/],
    ['Alice', uuid, { action: 'transfer', to: { queue: 'none' } }, 404, /queue/],
    ['Alice', uuid, { action: 'record', on: false }, 409, /not recorded/],
    ['Alice', uuid, { action: 'supervise', mode: 'listen' }, 409, /yourself/],
    ['Bob', uuid, { action: 'leave' }, 409, /do not supervise/],
    ['Bob', uuid, { action: 'move', to: 'front' }, 409, /does not wait/],
  ];
  for (const [by, id, wanted, status, words] of bad) {
    const answer = await control(team, by, id, wanted);
    expect({ wanted, ...answer }).toMatchObject({ status, words: expect.stringMatching(words) });
  }
  expect(await call(team, caller)).toEqual(before);
  await endsWell(team, caller);
  const late = await control(team, 'Bob', uuid, { action: 'supervise', mode: 'whisper' });
  expect(late).toMatchObject({ status: 409, words: 'The caller hung up.' });
});

test('a supervisor in private is shown to supervisors only, and an agent is told who else listens', async () => {
  await using team = await start(1);
  for (const name of ['Alice', 'Bob', 'Carol']) team.platform.agent(name, { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  await open(team, 'Bob', 'Carol');
  for (const name of ['Bob', 'Carol']) {
    await ask(team, 'POST', `/api/desk/agents/${name}/control`, { action: 'choose', choice: 'away' });
  }
  const { uuid } = caller.leg;
  await control(team, 'Bob', uuid, { action: 'supervise', mode: 'listen' });
  await control(team, 'Carol', uuid, { action: 'supervise', mode: 'whisper', private: true });
  await team.until('both are there', async () => {
    const { agents } = await team.view();
    return agents.filter(({ load }) => load === 'supervising').length === 2;
  });
  const seenBy = async (seesAll: boolean) => {
    const { calls } = await team.platform.clock.during(team.desk.view(seesAll));
    return calls[0]?.members.flatMap(({ as, name }) => (as === 'supervisor' ? name : []));
  };
  expect(await seenBy(true)).toEqual(['Bob', 'Carol']);
  expect(await seenBy(false)).toEqual(['Bob']);
  // Both leave by hanging up with the call.
  await endsWell(team, caller);
});

test('a supervisor sets an agent’s status, ends a wrap-up, and signs her out', async () => {
  await using team = await start(1, ['Alice', 'Bob']);
  team.platform.agent('Alice', { does: 'answer' });
  await open(team, 'Alice');
  const caller = await talk(team);
  const about = (wanted: object) =>
    ask(team, 'POST', '/api/desk/agents/Alice/control', { agent: 'Bob', ...wanted });
  expect(await about({ action: 'choose', choice: 'away', reason: 'training', next: true })).toMatchObject({
    status: 200,
  });
  expect(await agent(team, 'Alice')).toMatchObject({ choice: 'available', next: { choice: 'away' } });
  caller.hangUp();
  await team.until('she wraps up', async () => (await agent(team, 'Alice'))?.load === 'wrap-up', 5);
  await ask(team, 'POST', '/api/wrap-up', { agent: 'Alice', does: 'note', note: 'Wants a refund.' });
  await about({ action: 'end wrap-up' });
  expect(await agent(team, 'Alice')).toMatchObject({ load: 'free', choice: 'away', reason: 'training' });
  await about({ action: 'sign out' });
  expect(await agent(team, 'Alice')).toMatchObject({ choice: 'offline' });
  const events = await team.events();
  expect(eventsOf(events, 'noted')).toMatchObject([{ agent: 'Alice', note: { note: 'Wants a refund.' } }]);
  for (const [wanted, status] of [
    [{ action: 'choose' }, 400],
    [{ action: 'fire' }, 400],
  ] as const) {
    expect(await about(wanted)).toMatchObject({ status });
  }
  const nobody = await ask(team, 'POST', '/api/desk/agents/Dora/control', { action: 'end wrap-up' });
  expect(nobody.status).toBe(404);
  await endsWell(team, caller);
});
