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
