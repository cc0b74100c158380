import { expect, test } from 'vitest';
import type { OutboundCheck } from '../../../domain/api/outbound-api.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import { startTeam, type Team } from '../../support/team.ts';

const CUSTOMER = '447700900123';

const dialling = (rules: DeskRules): DeskRules => ({
  ...rules,
  outbound: { countries: ['GB'], prefixes: ['447700900'], except: [] },
});

async function start(agents: readonly string[] = ['Alice']): Promise<Team> {
  const team = await startTeam({ agents, rules: dialling });
  for (const name of agents) team.page(name);
  await team.until('the lines are up', async () =>
    (await team.view()).agents.every(({ line }) => line === 'up'),
  );
  return team;
}

const call = async (team: Team) => (await team.view()).calls[0];
const agent = async (team: Team, name = 'Alice') =>
  (await team.view()).agents.find((each) => each.name === name);

async function ask(team: Team, path: string): Promise<{ status: number; text: string }> {
  const asking = async () => {
    const response = await fetch(`${team.url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return team.platform.clock.during(asking());
}

const is = (team: Team, state: string) =>
  team.until(`the call is ${state}`, async () => (await call(team))?.state === state);

async function lastDialFailure(team: Team) {
  return (await team.events()).findLast((event) => event.kind === 'dial failed');
}

test('an agent calls a customer: the phone rings with our number, both talk, she wraps up, and it counts apart', async () => {
  await using team = await start();
  const phone = team.platform.phone(CUSTOMER, { does: 'answer', after: 5 });
  const alice = team.platform.agent('Alice').dial({ to: `+${CUSTOMER}` });
  await is(team, 'ringing');
  expect(await agent(team)).toMatchObject({ load: 'talking' });
  expect(phone.call).toMatchObject({ from: '442038297050' });
  await is(team, 'talking');
  expect(await call(team)).toMatchObject({ kind: 'outbound', from: CUSTOMER, agent: 'Alice', queue: 'main' });
  await team.wait(3);
  phone.hangUp();
  await team.until('Alice wraps up', async () => (await agent(team))?.load === 'wrap-up');
  await alice.over;
  await team.until('Alice is free', async () => (await agent(team))?.load === 'free');
  const now = team.platform.clock.now();
  const figures = await team.platform.clock.during(team.desk.figures(now - 3_600_000, now + 1));
  expect(figures).toMatchObject({ offered: 0, answered: 0, outbound: { dialed: 1, answered: 1 } });
  expect(Math.round(figures.outbound.talkSeconds)).toBe(3);
  const { text } = await ask(team, '/api/history?agent=Alice');
  expect(JSON.parse(text).items).toMatchObject([
    { direction: 'outbound', isCallback: false, number: CUSTOMER, outcome: 'answered', waited: null },
  ]);
});

test.each([
  ['busy', { does: 'busy' }, 'busy'],
  ['declined', { does: 'reject', after: 1 }, 'declined'],
  ['no answer', { does: 'ring' }, 'no answer'],
] as const)(
  'a customer who is not reached (%s): the agent hears it, and is free without a wrap-up',
  async (_, rule, reason) => {
    await using team = await start();
    team.platform.phone(CUSTOMER, rule);
    const alice = team.platform.agent('Alice').dial({ to: CUSTOMER });
    await alice.over;
    expect(await lastDialFailure(team)).toMatchObject({ reason, agent: 'Alice' });
    expect(alice.heard().map(({ hears }) => hears)).toContain('text');
    await team.until('Alice is free', async () => (await agent(team))?.load === 'free');
    const kinds = (await team.events()).map(({ kind }) => kind);
    expect(kinds).not.toContain('wrap-up');
    const { text } = await ask(team, '/api/history?agent=Alice');
    expect(JSON.parse(text).items).toMatchObject([{ direction: 'outbound', outcome: 'not-reached' }]);
  },
);

test('an agent who hangs up while it rings stops the phone', async () => {
  await using team = await start();
  const phone = team.platform.phone(CUSTOMER, { does: 'ring' });
  const alice = team.platform.agent('Alice').dial({ to: CUSTOMER });
  await is(team, 'ringing');
  alice.hangUp();
  await team.until('the phone is still', () => phone.call === undefined, 3);
  expect(await agent(team)).toMatchObject({ load: 'free' });
});

test('an agent who hangs up before the phone rings lets nothing ring on', async () => {
  await using team = await start();
  const phone = team.platform.phone(CUSTOMER, { does: 'ring' });
  const alice = team.platform.agent('Alice').dial({ to: CUSTOMER });
  await alice.until('answered');
  alice.hangUp();
  await team.until('Alice is free', async () => (await agent(team))?.load === 'free');
  await team.wait(5);
  expect(phone.call).toBeUndefined();
});

test('a customer whose agent’s page dies hears one moment and music, then another agent', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'], rules: dialling });
  const page = team.page('Alice', () => {});
  team.page('Bob');
  await team.until('the lines are up', async () =>
    (await team.view()).agents.every(({ line }) => line === 'up'),
  );
  team.treats('Bob', () => ({ does: 'answer', after: 1 }));
  team.platform.phone(CUSTOMER, { does: 'answer', after: 1 });
  team.platform.agent('Alice').dial({ to: CUSTOMER });
  await is(team, 'talking');
  page.close();
  await is(team, 'recovering');
  await team.until('Bob talks', async () => {
    const now = await call(team);
    return now?.state === 'talking' && now.agent === 'Bob';
  });
});

test('of two tabs that dial in the same moment one calls, and the other hears that it does not', async () => {
  await using team = await start();
  team.platform.phone(CUSTOMER, { does: 'ring' });
  const alice = team.platform.agent('Alice');
  const tabs = [alice.dial({ to: CUSTOMER }), alice.dial({ to: CUSTOMER })];
  await Promise.race(tabs.map(({ over }) => over));
  expect(await lastDialFailure(team)).toMatchObject({ reason: 'busy here' });
  expect((await team.view()).calls).toHaveLength(1);
  const calls = team.requests.filter(({ what }) => what === 'create');
  expect(calls).toHaveLength(1);
});

test.each([
  ['an emergency number', '112', 'short'],
  ['a premium number', '+44 9012 345678', 'premium'],
  ['a number of another country', '+33 1 23 45 67 89', 'not allowed'],
  ['our own number', '442038297050', 'own'],
  ['a text of 2,000 digits', '9'.repeat(2_000), 'not a number'],
])('%s is not called: the agent hears it, and the platform is asked for nothing', async (_, to, reason) => {
  await using team = await start();
  const alice = team.platform.agent('Alice').dial({ to });
  await alice.over;
  expect(await lastDialFailure(team)).toMatchObject({ reason });
  expect(team.requests.filter(({ what }) => what === 'create')).toEqual([]);
});

test('pages ask what may be dialled', async () => {
  await using team = await start();
  const check = async (number: string): Promise<OutboundCheck> =>
    JSON.parse((await ask(team, `/api/outbound?${new URLSearchParams({ number })}`)).text);
  expect(await check('0161 496 0018')).toEqual({
    allowed: true,
    number: '441614960018',
    formatted: '+44 161 496 0018',
    country: 'GB',
    reason: null,
    words: null,
  });
  expect(await check('+33 1 23 45 67 89')).toEqual({
    allowed: false,
    number: null,
    formatted: '+33 1 23 45 67 89',
    country: 'FR',
    reason: 'not allowed',
    words: 'The desk file does not allow calls to this number.',
  });
  expect(await check('999')).toMatchObject({ allowed: false, reason: 'short', formatted: null });
  expect((await ask(team, '/api/outbound')).status).toBe(400);
  expect((await ask(team, `/api/outbound?number=${'1'.repeat(5_000)}`)).status).toBe(400);
});
