import { sql } from 'kysely';
import type { CallDetail, FeedMessage } from '../../domain/api/console-api.ts';
import { unpackState, viewCall } from '../../domain/calls/reduce.ts';
import type { Store } from '../store/store.ts';
import { askable, entryOfRow, SUMMARY_COLUMNS, summaryOfRow } from './rows.ts';

/** Most of a call that is shown, the newest: entries, and characters in them. A real call has about ten. */
const MOST_ENTRIES = 2_000;
const MOST_TEXT = 8_000_000;

/** Up to `limit` entries after one of which the calls tell, in the order of their ids, each with its call as it is now. */
export function entriesAfter(store: Store, id: number, limit: number): Promise<FeedMessage[]> {
  return store.read(async (db) => {
    const rows = await db
      .selectFrom('entries')
      .innerJoin('places', 'entry_id', 'entries.id')
      .innerJoin('calls', 'calls.number', 'call_number')
      .selectAll('entries')
      .select('calls.id as call_id')
      .select(SUMMARY_COLUMNS)
      .where('entries.id', '>', id)
      .where('entries.id', '<=', (given) => given.selectFrom('counters').select('projected_entry_id'))
      .orderBy('entries.id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      entry: entryOfRow(row, row.call_id),
      call: summaryOfRow({ ...row, id: row.call_id }),
    }));
  });
}

/** The id of the newest entry of which the calls tell; 0 where there is none. */
export function newestEntryId(store: Store): Promise<number> {
  return store.read(async (db) => {
    const { projected_entry_id } = await db
      .selectFrom('counters')
      .select('projected_entry_id')
      .executeTakeFirstOrThrow();
    return projected_entry_id;
  });
}

/** A call and its entries, or undefined where there is no such call. */
export function callDetail(store: Store, id: string): Promise<CallDetail | undefined> {
  return store.read(async (db) => {
    const call = await db
      .selectFrom('calls')
      .select(['number', 'state'])
      .where('id', '=', askable(id))
      .executeTakeFirst();
    if (call === undefined) return undefined;
    const withNewer = db
      .selectFrom('places')
      .innerJoin('entries', 'entries.id', 'entry_id')
      .selectAll('entries')
      .select(sql<number>`sum(length(body)) over (order by entry_id desc)`.as('text'))
      .where('call_number', '=', call.number)
      .orderBy('entry_id', 'desc')
      .limit(MOST_ENTRIES);
    const rows = await db
      .selectFrom(withNewer.as('entry'))
      .selectAll()
      .where('text', '<', MOST_TEXT)
      .orderBy('id')
      .execute();
    return { call: viewCall(unpackState(call.state)), entries: rows.map((row) => entryOfRow(row, id)) };
  });
}
