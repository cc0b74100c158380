import { expect, it } from 'vitest';
import { EXAMPLES } from '../../domain/hooks/examples.ts';
import { queueHooks } from '../hooks/queue.ts';
import { answer, event, openLog, statusOf } from '../log/testing.ts';
import { describeStores } from '../store/testing.ts';
import { createContacts } from './contacts.ts';
import { eraseNumber } from './erase.ts';

describeStores('deleting everything about a number', (stores) => {
  it('deletes its calls with their entries and names, and no other', async () => {
    const { store, append, calls } = await openLog(stores, await stores.place());
    const contacts = createContacts(store, () => 0);
    await contacts.save('447700900000', { name: 'Ada', company: null, link: null }, 'Alice');
    await append(answer({ from: '447700900000', uuid: 'leg-1', conversation_uuid: 'CON-1' }));
    await append(event(statusOf('leg-1', 'started')));
    await append(event({ ...statusOf('leg-2', 'started', 0, 'CON-2'), from: '+447700900000' }));
    // Another caller, who was transferred to the number.
    await append(event({ ...statusOf('leg-3', 'started', 0, 'CON-3'), from: '447700900001' }));
    await append(
      event({ ...statusOf('leg-4', 'started', 0, 'CON-3'), to: '447700900000', direction: 'outbound' }),
    );
    await store.write((transaction) =>
      transaction
        .insertInto('desk_calls')
        .values(
          ['leg-3', 'leg-5'].map((id) => ({
            id,
            open: 0 as const,
            from_party: '447700900001',
            changed_at: 0,
            state: JSON.stringify({ leg: id }),
          })),
        )
        .execute(),
    );
    // A longer number, and one that only looks like it.
    await append(event({ ...statusOf('leg-5', 'started', 0, 'CON-5'), from: '4477009000001' }));

    const plain = await eraseNumber(store, '447700900000', { everything: false });
    expect(plain).toMatchObject({ deleted: { contact: true, calls: 0 }, kept: { calls: 3 } });
    const all = await eraseNumber(store, '447700900000', { everything: true });
    expect(all).toEqual({
      deleted: { contact: false, notes: 0, calls: 3, voicemails: 0, live: 0 },
      kept: { calls: 0, voicemails: 0, live: 0 },
      recordings: [],
    });
    const left = (await calls.list({ limit: 10 })).calls.map(({ id }) => id);
    expect(left).toEqual(['CON-5']);
    const rows = await store.read(async (db) => ({
      entries: await db.selectFrom('entries').select('body').execute(),
      desk: await db.selectFrom('desk_calls').select('id').execute(),
      names: await db.selectFrom('call_names').select('name').orderBy('name').execute(),
    }));
    expect(rows.entries.map(({ body }) => JSON.parse(body).uuid)).toEqual(['leg-5']);
    expect(rows.desk).toEqual([{ id: 'leg-5' }]);
    expect(rows.names.map(({ name }) => name)).toEqual(['CON-5', 'leg:leg-5']);
    // What comes late of a deleted call begins a new one.
    await append(event(statusOf('leg-1', 'completed', 9)));
    expect((await calls.list({ limit: 10 })).calls).toHaveLength(2);
  });

  it('deletes the hooks about its calls that are not sent yet, and no other', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    await append(answer({ from: '447700900000', uuid: 'leg-1', conversation_uuid: 'CON-1' }));
    const hook = EXAMPLES.find(({ type }) => type === 'call.missed');
    if (hook?.type !== 'call.missed') throw new Error('There is an example.');
    const hooks = ['CON-1', 'CON-2'].map((call) => ({ ...hook, data: { ...hook.data, call } }));
    await store.write((transaction) => queueHooks(store.engine, transaction, ['receiver'], hooks, 0));
    await eraseNumber(store, '447700900000', { everything: true });
    const left = await store.read((db) => db.selectFrom('hooks').select('subject').execute());
    expect(left).toEqual([{ subject: 'CON-2' }]);
  });

  it('of which nothing is stored deletes nothing', async () => {
    const store = await stores.open(await stores.place());
    const nothing = { calls: 0, voicemails: 0, live: 0 };
    expect(await eraseNumber(store, '447700900000', { everything: true })).toEqual({
      deleted: { contact: false, notes: 0, ...nothing },
      kept: nothing,
      recordings: [],
    });
  });
});
