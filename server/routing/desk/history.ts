import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { Store } from '../../store/store.ts';

/** Milliseconds before a time from which every agent's state at that time is known: the longest call lasts a day. */
const LEAD_MS = 86_400_000;
/** Most events of a call that are shown. */
const MOST = 2_000;

/** The events from a day before `from` until `to`, and later ones of calls that entered before `to`. */
export async function eventsUntil(store: Store, to: number, from: number): Promise<readonly DeskEvent[]> {
  const rows = await store.read((db) =>
    db
      .selectFrom('desk_events')
      .select('body')
      .where('at', '>=', from - LEAD_MS)
      .where('at', '<', to + LEAD_MS)
      .orderBy('id')
      .execute(),
  );
  return rows.map(({ body }): DeskEvent => JSON.parse(body));
}

/** What the desk did with the call of these legs. */
export async function historyOf(store: Store, legs: readonly string[]): Promise<readonly DeskEvent[]> {
  if (legs.length === 0) return [];
  const rows = await store.read((db) =>
    db.selectFrom('desk_events').select('body').where('call', 'in', legs).orderBy('id').limit(MOST).execute(),
  );
  return rows.map(({ body }): DeskEvent => JSON.parse(body));
}

/** Events deleted per transaction, so that webhooks are stored in between. */
const AT_ONCE = 500;

/** Deletes what the desk did before a time, and its calls that have ended by then. */
export async function deleteHistoryBefore(store: Store, time: number): Promise<void> {
  for (let more = true; more; ) {
    more = await store.write(async (transaction) => {
      const old = transaction
        .selectFrom('desk_events')
        .select('id')
        .where('at', '<', time)
        .orderBy('at')
        .limit(AT_ONCE);
      const { numDeletedRows } = await transaction
        .deleteFrom('desk_events')
        .where('id', 'in', old)
        .executeTakeFirst();
      return numDeletedRows >= BigInt(AT_ONCE);
    });
  }
  await store.write(async (transaction) => {
    await transaction.deleteFrom('desk_effects').where('done_at', '<', time).execute();
    const ended = transaction
      .selectFrom('desk_calls')
      .select('id')
      .where('open', '=', 0)
      .where('changed_at', '<', time);
    await transaction
      .deleteFrom('desk_reservations')
      .where('open', '=', 0)
      .where('call', 'in', ended)
      .execute();
    await transaction.deleteFrom('desk_calls').where('open', '=', 0).where('changed_at', '<', time).execute();
  });
}
