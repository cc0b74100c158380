import request from 'supertest';
import { expect, it } from 'vitest';
import { served, signedIn, tellEvent } from '../contacts/testing.ts';
import { deleteHistoryBefore } from '../routing/desk/history.ts';
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
  await deleteHistoryBefore(store, Date.now() + 1);
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
