import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { CallEnd } from '../../domain/calls/call.ts';
import { OUTCOMES, outcomeOf } from '../../domain/calls/outcome.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { callbackId } from '../../domain/webhooks/identity.ts';
import { outboundId } from '../../domain/webhooks/outbound-id.ts';
import { event, openLog, statusOf } from '../log/testing.ts';
import { describeStores } from '../store/testing.ts';
import { listCalls } from './list-calls.ts';
import { noteDesk } from './outcomes.ts';
import { rebuildCalls } from './rebuild.ts';

const ENDS: readonly (CallEnd | null)[] = [
  'caller-gave-up',
  'rejected',
  'nobody-answered',
  'busy',
  'failed',
  'application-error',
  'completed',
  'unknown',
  null,
];
const EXITS = [
  'completed',
  'abandoned',
  'voicemail',
  'overflow',
  'closed',
  'callback',
  'not reached',
  'lost',
  null,
] as const;

const caller = { from: '447700900000', to: '442038297050', regionUrl: null };

const entered = (call: string, queue: string): DeskEvent => ({
  kind: 'entered',
  ...{ at: 0, call, caller, queue, stage: 'waiting', enqueuedAt: 0 },
});

const left = (call: string, exit: NonNullable<(typeof EXITS)[number]>): DeskEvent => ({
  kind: 'left',
  ...{ at: 1, call, exit, by: 'caller', hears: 'nothing', voicemail: null },
});

describeStores('the outcome of a call', (stores) => {
  it('is the same for the database as for the pages', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    const all = ENDS.flatMap((end) => EXITS.map((exit) => ({ end, exit })));
    await Promise.all(
      all.map((_, index) => append(event(statusOf(`c${index}`, 'started', 0, `CON-${index}`)))),
    );
    await store.write(async (transaction) => {
      for (const [index, { end, exit }] of all.entries()) {
        const change = { outcome: end, exit, last_heard_at: Date.now() };
        await transaction.updateTable('calls').set(change).where('id', '=', `CON-${index}`).execute();
      }
    });
    for (const outcome of OUTCOMES) {
      const { calls } = await listCalls(store, { limit: 200, outcome });
      const expected = all.flatMap((call, index) => (outcomeOf(call) === outcome ? `CON-${index}` : []));
      expect(calls.map(({ id }) => id).sort(), outcome).toEqual(expected.sort());
    }
  });

  it('is noted when the desk says so, and kept by a merge and a rebuild', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    const listed = async () => {
      const { calls } = await listCalls(store, { limit: 9, queue: 'sales', outcome: 'voicemail' });
      return calls.map(({ queue, exit, direction }) => ({ queue, exit, direction }));
    };
    await append(event(statusOf('other', 'started', 0, 'CON-1')));
    await append(event(statusOf('caller', 'started', 1, 'CON-2')));
    await store.write((transaction) =>
      noteDesk(store.engine, transaction, [entered('caller', 'sales'), entered('unknown', 'sales')]),
    );
    expect(await listed()).toEqual([]);
    await store.write((transaction) => noteDesk(store.engine, transaction, [left('caller', 'voicemail')]));
    // What became of the callback is not what became of the call that asked for it.
    await store.write((transaction) =>
      noteDesk(store.engine, transaction, [left(callbackId('caller'), 'completed')]),
    );
    const expected = [{ queue: 'sales', exit: 'voicemail', direction: 'inbound' }];
    expect(await listed()).toEqual(expected);
    // The leg moves to the older conversation: the two calls are one.
    await append(
      event({
        ...statusOf('caller', 'transfer', 2, 'CON-2'),
        conversation_uuid_to: 'CON-1',
        conversation_uuid_from: 'CON-2',
      }),
    );
    expect((await listCalls(store, { limit: 9 })).calls).toHaveLength(1);
    expect(await listed()).toEqual(expected);
    await rebuildCalls(store, () => {});
    expect(await listed()).toEqual(expected);
  });

  it('is noted of a call that an agent dialled', async () => {
    const { store, append } = await openLog(stores, await stores.place());
    await append(event(statusOf('agent-leg', 'started', 0, 'CON-1')));
    const told = [left(outboundId('agent-leg'), 'not reached')];
    await store.write((transaction) => noteDesk(store.engine, transaction, told));
    const { calls } = await listCalls(store, { limit: 9, outcome: 'missed' });
    expect(calls.map(({ id }) => id)).toEqual(['CON-1']);
  });

  it('is known of calls of an older version, too', async () => {
    const here = await stores.place();
    const { store, append, close } = await openLog(stores, here);
    await append(event(statusOf('caller', 'completed', 1, 'CON-1')));
    await append(event(statusOf('direct', 'completed', 1, 'CON-2')));
    const told = [entered('caller', 'sales'), entered('caller', 'support'), left('caller', 'callback')];
    const rows = told.map((each, id) => ({
      ...{ id, at: each.at, call: 'caller', agent: null, kind: each.kind, body: JSON.stringify(each) },
    }));
    await close();
    await store.write(async (transaction) => {
      await transaction.insertInto('desk_events').values(rows).execute();
      for (const statement of [
        'drop index calls_by_result',
        ...['result', 'exit', 'queue', 'direction'].map((name) => `alter table calls drop column ${name}`),
        `delete from kysely_migration where name = '040-outcomes'`,
      ])
        await sql.raw(statement).execute(transaction);
    });
    const again = await stores.open(here);
    const { calls } = await listCalls(again, { limit: 9, direction: 'inbound' });
    expect(calls).toMatchObject([
      { id: 'CON-2', queue: null, exit: null },
      { id: 'CON-1', queue: 'support', exit: 'callback' },
    ]);
    const found = await listCalls(again, { limit: 9, outcome: 'callback' });
    expect(found.calls.map(({ id }) => id)).toEqual(['CON-1']);
  });

  // Postgres prefers the whole table while it is small.
  it.runIf(stores.engine === 'sqlite')('is found in an index, newest first', async () => {
    const { store } = await openLog(stores, await stores.place());
    const plan = await store.read((db) =>
      sql<{ detail: string }>`explain query plan select * from calls where result = 'missed'
        and first_seen_at >= 5 order by first_seen_at desc, number desc limit 9`.execute(db),
    );
    expect(plan.rows.map(({ detail }) => detail)).toEqual([
      'SEARCH calls USING INDEX calls_by_result (result=? AND first_seen_at>?)',
    ]);
  });
});
