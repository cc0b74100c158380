import request from 'supertest';
import { expect, it } from 'vitest';
import { served, signedIn, tellEvent } from '../contacts/testing.ts';
import { seedAccounts } from '../people/accounts.ts';
import { deleteDeskBefore } from '../routing/desk/delete.ts';
import { realMode } from '../testing.ts';
import { rebuildHistory } from './project.ts';

/** Every test creates its own files, which takes time on a busy machine. */
const patient = { timeout: 30_000 };

/** A call to an agent who does not answer, with direct routing. */
async function missedCall(url: string, agent: string, id = '1'): Promise<void> {
  const leg = { uuid: `app-${id}`, to: agent, direction: 'outbound', conversation_uuid: `CON-${id}` };
  const caller = { uuid: `leg-${id}`, conversation_uuid: `CON-${id}` };
  await tellEvent(url, 'started', caller);
  await tellEvent(url, 'ringing', leg);
  await tellEvent(url, 'timeout', leg);
  await tellEvent(url, 'completed', leg);
  await tellEvent(url, 'completed', caller);
}

it('with direct routing, what an agent dialled is an outbound call of hers', patient, async () => {
  const { url, store } = await served({ AGENTS: 'Alice' });
  await store.write((transaction) => seedAccounts(transaction, ['Alice'], 0));
  for (const [id, isAnswered] of [
    ['1', true],
    ['2', false],
  ] as const) {
    const own = { uuid: `leg-${id}`, conversation_uuid: `CON-${id}` };
    const phone = { uuid: `phone-${id}`, conversation_uuid: `CON-${id}`, from: 'Alice', to: '441614960018' };
    await request(url)
      .get('/voice/answer')
      .query({ from_user: 'Alice', to: '441614960018', endpoint_type: 'app', ...own })
      .expect(200, [
        {
          action: 'connect',
          from: '442038297050',
          timeout: 45,
          endpoint: [{ type: 'phone', number: '441614960018' }],
        },
      ]);
    await tellEvent(url, 'started', { ...own, from: null, to: 'Alice' });
    await tellEvent(url, 'answered', { ...own, from: null, to: 'Alice' });
    await tellEvent(url, 'ringing', { ...phone, direction: 'outbound' });
    await tellEvent(url, isAnswered ? 'answered' : 'busy', { ...phone, direction: 'outbound' });
    await tellEvent(url, 'completed', { ...phone, direction: 'outbound' });
    await tellEvent(url, 'completed', { ...own, from: null, to: 'Alice' });
  }
  const { body } = await request(url).get('/api/history').expect(200);
  const shared = { agent: 'Alice', direction: 'outbound', number: '441614960018', waited: null };
  expect(body).toMatchObject({
    items: [
      { call: 'CON-2', outcome: 'not-reached', answeredBy: null, ...shared },
      { call: 'CON-1', outcome: 'answered', answeredBy: 'Alice', ...shared },
    ],
    missed: 0,
  });
});

it.each([
  ['an emergency number', { to: '112' }],
  ['a premium number', { to: '+44 9012 345678' }],
  ['a number of another country', { custom_data: '{"to": "+33 1 23 45 67 89"}' }],
  ['our own number', { to: '442038297050' }],
  ['nothing', {}],
])('with direct routing, an agent who dials %s hears that it is not called', patient, async (_, given) => {
  const { url } = await served({ AGENTS: 'Alice' });
  const { body } = await request(url)
    .get('/voice/answer')
    .query({ from_user: 'Alice', uuid: 'leg-1', conversation_uuid: 'CON-1', ...given })
    .expect(200);
  expect(body).toEqual([{ action: 'talk', text: 'Your call was not placed.' }]);
});

it('with direct routing, the history has the calls of the log', patient, async () => {
  const { url, store } = await served({ AGENTS: 'Alice' });
  await missedCall(url, 'Alice');
  const { body } = await request(url).get('/api/history').expect(200);
  expect(body).toMatchObject({
    items: [{ call: 'CON-1', agent: 'Alice', number: '447700900000', outcome: 'missed', exit: null }],
    next: null,
    missed: 1,
  });
  const team = await request(url).get('/api/history?agent=all').expect(200);
  expect(team.body).toMatchObject({ items: [{ call: 'CON-1', agent: null, outcome: 'missed' }], missed: 0 });

  await store.write((transaction) => transaction.deleteFrom('history').execute());
  await rebuildHistory(store);
  expect((await request(url).get('/api/history')).body).toEqual(body);
  await deleteDeskBefore(store, Date.now() + 1);
  expect((await request(url).get('/api/history')).body.items).toEqual([]);
});

it('two conversations that turn out to be one call are one line', patient, async () => {
  const { url } = await served({ AGENTS: 'Alice' });
  await missedCall(url, 'Alice', '1');
  await missedCall(url, 'Alice', '2');
  expect((await request(url).get('/api/history?agent=all')).body.items).toHaveLength(2);
  await tellEvent(url, 'completed', {
    uuid: 'leg-1',
    conversation_uuid: 'CON-2',
    timestamp: '2026-01-01T00:00:09Z',
  });
  expect((await request(url).get('/api/history?agent=all')).body.items).toHaveLength(1);
  expect((await request(url).get('/api/history')).body.items).toHaveLength(1);
});

it('a list with a wrong filter is refused', patient, async () => {
  const { url } = await served();
  for (const query of [
    'outcome=perhaps',
    'direction=up',
    'from=yesterday',
    'after=x',
    'search=a&search=b',
    `search=${'x'.repeat(201)}`,
  ]) {
    await request(url).get(`/api/history?${query}`).expect(400);
  }
});

it('agents see their own history, and supervisors all of it', patient, async () => {
  const { url } = await served(realMode);
  await missedCall(url, 'Bob');
  await request(url).get('/api/history').expect(401);
  await request(url).get('/api/callbacks').expect(401);
  await request(url).post('/api/history/seen').expect(401);
  const [alice, bob] = [
    await signedIn(url, 'Alice', 'open sesame'),
    await signedIn(url, 'Bob', 'correct horse'),
  ];
  const own = await request(url).get('/api/history').set('Cookie', bob).expect(200);
  expect(own.body).toMatchObject({ items: [{ agent: 'Bob' }], missed: 1 });
  await request(url).get('/api/history?agent=Bob').set('Cookie', bob).expect(200);
  await request(url).get('/api/history?agent=Alice').set('Cookie', bob).expect(403);
  await request(url).get('/api/history?agent=all').set('Cookie', bob).expect(403);
  const seenByAlice = await request(url).get('/api/history?agent=Bob').set('Cookie', alice).expect(200);
  expect(seenByAlice.body.items).toEqual(own.body.items);
  const all = await request(url).get('/api/history?agent=all').set('Cookie', alice).expect(200);
  expect(all.body.items).toHaveLength(1);

  await request(url).post('/api/history/seen').set('Cookie', alice).send({ agent: 'Bob' }).expect(403);
  const seen = await request(url).post('/api/history/seen').set('Cookie', bob).send({ until: 1e15 });
  expect(seen.body).toEqual({ missed: 0 });
  // A time to come counts as now.
  await missedCall(url, 'Bob', '2');
  expect((await request(url).get('/api/history').set('Cookie', bob)).body.missed).toBe(1);
  expect((await request(url).get('/api/callbacks').set('Cookie', bob).expect(200)).body).toEqual([]);
  await request(url).delete('/api/callbacks/cb1').set('Cookie', bob).expect(404);
});
