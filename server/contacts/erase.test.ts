import { expect, it } from 'vitest';
import { EXAMPLES } from '../../domain/hooks/examples.ts';
import { createAudit } from '../audit/audit.ts';
import { queueHooks } from '../hooks/queue.ts';
import { answer, event, openLog, statusOf } from '../log/testing.ts';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { createContacts } from './contacts.ts';
import { eraseNumber } from './erase.ts';

const BY = { who: 'Sue', from: '203.0.113.7' };

/** There are no recordings here. */
const removeFiles = async () => {};

const how = { removeFiles, by: BY, now: () => 9 };

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

    const plain = await eraseNumber(store, '447700900000', { ...how, everything: false });
    expect(plain).toMatchObject({ deleted: { contact: true, calls: 0 }, kept: { calls: 3 } });
    const all = await eraseNumber(store, '447700900000', { ...how, everything: true });
    expect(all).toEqual({
      deleted: { contact: false, notes: 0, calls: 3, voicemails: 0, live: 0 },
      kept: { calls: 0, voicemails: 0, live: 0 },
    });
    const recorded = await createAudit(store, () => 9).list({ limit: 10 });
    expect(recorded.entries).toMatchObject([
      { ...BY, at: 9, what: 'number deleted', of: null, details: '3 calls, 0 voicemails' },
      { ...BY, at: 9, what: 'contact deleted', of: null, details: null },
    ]);
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
    await eraseNumber(store, '447700900000', { ...how, everything: true });
    const left = await store.read((db) => db.selectFrom('hooks').select('subject').execute());
    expect(left).toEqual([{ subject: 'CON-2' }]);
  });

  it('deletes what the desk asked of the platform for its calls, also for telephones called into them', async () => {
    const { store } = await openLog(stores, await stores.place());
    const effect = {
      kind: 'call number',
      body: '{}',
      queued_at: 0,
      due_at: 0,
      attempts: 0,
      attempted_at: null,
    };
    const undone = { ...effect, leased_until: 0, outcome: null, exchanges: null, done_at: null };
    await store.write(async (transaction) => {
      const call = { open: 0 as const, changed_at: 0, state: '{"id":"leg-1","leg":null,"guest":null}' };
      await transaction
        .insertInto('desk_calls')
        .values({ ...call, id: 'leg-1', from_party: '447700900000' })
        .execute();
      const event = {
        kind: 'guest called',
        at: 0,
        call: 'leg-1',
        agent: 'Alice',
        by: 'Alice',
        guest: 'out1',
      };
      await transaction
        .insertInto('desk_events')
        .values({
          id: 1,
          at: 0,
          call: 'leg-1',
          agent: 'Alice',
          kind: event.kind,
          body: JSON.stringify(event),
        })
        .execute();
      await transaction
        .insertInto('desk_effects')
        .values(['leg-1', 'out1', 'out2'].map((subject, id) => ({ ...undone, id, subject })))
        .execute();
    });
    await eraseNumber(store, '447700900000', { ...how, everything: true });
    const left = await store.read((db) => db.selectFrom('desk_effects').select('subject').execute());
    expect(left).toEqual([{ subject: 'out2' }]);
  });

  it('keeps messages if their recordings cannot be deleted', async () => {
    const { store } = await openLog(stores, await stores.place());
    await addVoicemail(store);
    const removed: (readonly string[])[] = [];
    const fails = async (ids: readonly string[]) => {
      removed.push(ids);
      throw new Error('The disk is gone.');
    };
    const erased = eraseNumber(store, '447700900000', { ...how, everything: true, removeFiles: fails });
    await expect(erased).rejects.toThrow('The disk is gone.');
    expect(removed).toEqual([['abc']]);
    expect(await store.read((db) => db.selectFrom('voicemails').select('id').execute())).toEqual([
      { id: 'abc' },
    ]);
  });

  it('of which nothing is stored deletes nothing', async () => {
    const store = await stores.open(await stores.place());
    const nothing = { calls: 0, voicemails: 0, live: 0 };
    expect(await eraseNumber(store, '447700900000', { ...how, everything: true })).toEqual({
      deleted: { contact: false, notes: 0, ...nothing },
      kept: nothing,
    });
  });
});

/** A message of the number, with a recording. */
async function addVoicemail(store: Store): Promise<void> {
  const told = { transcript: null, transcript_url: null, transcript_told_at: null, transcript_due_at: null };
  const times = { offered_at: 1, received_at: 2, seconds: 3, heard_by: null, heard_at: null };
  const row = {
    id: 'abc',
    call: null,
    queue: null,
    from_party: '447700900000',
    url: null,
    ...told,
    ...times,
  };
  await store.write((transaction) =>
    transaction
      .insertInto('voicemails')
      .values({ ...row, state: 'kept', attempts: 0, due_at: 0 })
      .execute(),
  );
}
