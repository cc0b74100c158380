import { expect, test } from 'vitest';
import type { Erased } from '../../../domain/api/contacts-api.ts';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import type { CallbackView, HistoryPage } from '../../../domain/api/history-api.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** Status and body of a request. Time stands still until it is answered. */
async function ask<T>(
  team: Team,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: T }> {
  const headers = { 'content-type': 'application/json' };
  const answered = fetch(`${team.url}${path}`, { headers, ...init }).then(async (response) => {
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  });
  return team.platform.clock.during(answered);
}

async function historyOf(team: Team, agent: string, more = ''): Promise<HistoryPage> {
  return (await ask<HistoryPage>(team, `/api/history?agent=${agent}${more}`)).body;
}

async function open(team: Team, ...names: string[]): Promise<void> {
  for (const name of names) team.page(name);
  await team.until('pages are there', async () => {
    const { agents } = await team.view();
    return names.every((name) => agents.find((each) => each.name === name)?.line === 'up');
  });
}

const isOver = (team: Team) => async () => (await team.view()).calls.length === 0;

function queueOfAll(change: Partial<NonNullable<DeskRules['queues'][string]>>) {
  return (rules: DeskRules): DeskRules => ({
    ...rules,
    queues: Object.fromEntries(
      Object.entries(rules.queues).map(([name, queue]) => [name, { ...queue, ...change }]),
    ),
  });
}

test('a call that one agent misses and another answers is in the history of both, and of the team', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'] });
  team.platform.agent('Alice', { does: 'ring' });
  team.platform.agent('Bob', { does: 'answer', after: 2 });
  await open(team, 'Alice', 'Bob');
  const caller = team.platform.call();
  await team.until('Bob talks', async () => (await team.view()).calls[0]?.state === 'talking');
  await team.wait(10);
  caller.hangUp();
  await team.until('the call is over', isOver(team));

  const { items: missed, missed: count } = await historyOf(team, 'Alice');
  expect(missed).toMatchObject([
    { agent: 'Alice', call: caller.leg.uuid, outcome: 'missed', answeredBy: 'Bob', talked: null },
  ]);
  expect(count).toBe(1);
  expect(await historyOf(team, 'Bob')).toMatchObject({
    items: [{ agent: 'Bob', outcome: 'answered', answeredBy: 'Bob', hungUpBy: 'caller' }],
    missed: 0,
  });
  expect((await historyOf(team, 'all')).items).toMatchObject([
    { agent: null, number: '447700900000', outcome: 'answered', exit: 'completed' },
  ]);
  expect((await historyOf(team, 'all', '&outcome=voicemail')).items).toEqual([]);
  const detail = await ask(team, `/api/calls/${missed[0]?.call}`);
  expect(detail.status).toBe(200);

  const seen = await ask(team, '/api/history/seen', {
    method: 'POST',
    body: JSON.stringify({ agent: 'Alice' }),
  });
  expect(seen).toEqual({ status: 200, body: { missed: 0 } });
  expect((await historyOf(team, 'Alice')).missed).toBe(0);
});

test('a callback is listed with its tries, and canceled by name', async () => {
  await using team = await startTeam({ agents: ['Alice'], rules: queueOfAll({ callback: true }) });
  const caller = team.platform.call();
  await team.until('she waits', async () => (await team.view()).calls[0]?.state === 'waiting');
  const callbacks = async () => (await ask<CallbackView[]>(team, '/api/callbacks')).body;
  await team.until('a callback is booked', async () => {
    caller.press('1');
    return (await callbacks()).length === 1;
  });
  await ask(team, '/api/contacts/447700900000', {
    method: 'PUT',
    body: JSON.stringify({ name: 'Ada' }),
  });
  const [callback] = await callbacks();
  expect(callback).toMatchObject({
    number: '447700900000',
    contact: { name: 'Ada', company: null },
    queue: 'main',
    tries: 0,
    nextTry: null,
    state: 'waiting',
    agent: null,
  });
  expect((await ask(team, '/api/callbacks/cbnone', { method: 'DELETE' })).status).toBe(404);
  const cancel = await ask(team, `/api/callbacks/${callback?.id}`, { method: 'DELETE' });
  expect(cancel.status).toBe(204);
  expect(await callbacks()).toEqual([]);
  expect((await ask(team, `/api/callbacks/${callback?.id}`, { method: 'DELETE' })).status).toBe(404);
  expect(await team.events()).toContainEqual(
    expect.objectContaining({ kind: 'callback canceled', call: callback?.id, by: 'Alice' }),
  );
  const { items } = await historyOf(team, 'all', '&outcome=canceled');
  expect(items).toMatchObject([{ isCallback: true, outcome: 'canceled', contact: { name: 'Ada' } }]);
});

test('a voicemail has what a call back needs, and goes with everything else that is stored of a number', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'] });
  team.platform.agent('Bob', { does: 'answer' });
  const caller = team.platform.call();
  const { uuid } = caller.leg;
  await team.until(
    'the tone sounds',
    () => team.platform.heard(uuid).some(({ hears }) => hears === 'tone'),
    200,
  );
  await team.wait(0.5);
  caller.say('Please call me back about my order, number twelve.');
  await team.wait(8);
  caller.hangUp();
  await team.until('the call is over', isOver(team), 200);
  const messages = async () => (await ask<VoicemailView[]>(team, '/api/voicemails')).body;
  await team.until('the message is kept', async () => (await messages())[0]?.audio != null);
  const [message] = await messages();
  expect(message).toMatchObject({ call: uuid, from: '447700900000' });
  expect((await ask(team, `/api/calls/${message?.call}`)).status).toBe(200);
  expect((await historyOf(team, 'all', '&outcome=voicemail')).items).toMatchObject([
    { call: uuid, outcome: 'voicemail', exit: 'overflow', voicemail: message?.id },
  ]);

  // Another caller, who is there at the time, and one who missed the number.
  await open(team, 'Bob');
  const other = team.platform.call({ from: '447700900001' });
  await team.until('Bob talks', async () => (await team.view()).calls[0]?.state === 'talking');
  const live = await ask<Erased>(team, '/api/contacts/447700900001?everything=yes', { method: 'DELETE' });
  expect(live.body).toMatchObject({ deleted: { calls: 0 }, kept: { live: 1 } });

  await ask(team, '/api/contacts/447700900000/notes', {
    method: 'POST',
    body: JSON.stringify({ text: 'Left a message', call: uuid }),
  });
  const kept = await ask<Erased>(team, '/api/contacts/447700900000', { method: 'DELETE' });
  expect(kept.body).toEqual({
    deleted: { contact: true, notes: 1, calls: 0, voicemails: 0, live: 0 },
    kept: { calls: 1, voicemails: 1, live: 0 },
  });
  const erased = await ask<Erased>(team, '/api/contacts/447700900000?everything=yes', { method: 'DELETE' });
  expect(erased.body).toEqual({
    deleted: { contact: false, notes: 0, calls: 1, voicemails: 1, live: 0 },
    kept: { calls: 0, voicemails: 0, live: 0 },
  });
  expect(await team.stored('447700900000')).toEqual([]);
  expect(await team.stored(uuid)).toEqual([]);
  const audio = team.platform.clock.during(fetch(`${team.url}${message?.audio}`));
  expect((await audio).status).toBe(404);
  expect(team.recordings()).toEqual([]);

  expect(await team.stored('447700900001')).not.toEqual([]);
  other.hangUp();
  await team.until('the call is over', isOver(team));
  expect((await historyOf(team, 'Bob')).items).toMatchObject([
    { number: '447700900001', outcome: 'answered' },
  ]);
});

test('what an agent missed last is forgotten with its caller, by number and by age', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  team.platform.agent('Alice', { does: 'reject' });
  await open(team, 'Alice');
  const ways = [
    () => ask(team, '/api/contacts/447700900000?everything=yes', { method: 'DELETE' }),
    () => team.platform.clock.during(team.forgetsBefore(team.platform.clock.now() + 1)),
  ];
  for (const forget of ways) {
    const caller = team.platform.call();
    await team.until('she declined', async () => (await historyOf(team, 'Alice')).items.length === 1);
    caller.hangUp();
    await team.until('the call is over', isOver(team));
    expect(await team.stored('447700900000')).toContain('desk_agents');
    await forget();
    expect(await team.stored('447700900000')).toEqual([]);
    expect((await historyOf(team, 'Alice')).items).toEqual([]);
  }
});
