import type { FeedMessage } from '../../domain/api/console-api.ts';
import { SUMMARY_COLUMNS, summaryOfRow } from '../calls/rows.ts';
import type { Store } from '../store/store.ts';
import { entryOfRow } from './entry.ts';

/** Up to `limit` entries after an id, in order, each with the current state of its call. */
export function entriesAfter(store: Store, id: number, limit: number): Promise<FeedMessage[]> {
  return store.read(async (db) => {
    const rows = await db
      .selectFrom('entries')
      .innerJoin('calls', 'calls.number', 'call_number')
      .selectAll('entries')
      .select('calls.id as call_id')
      .select(SUMMARY_COLUMNS)
      .where('entries.id', '>', id)
      .orderBy('entries.id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      entry: entryOfRow(row, row.call_id),
      call: summaryOfRow({ ...row, id: row.call_id }),
    }));
  });
}

/** The id of the newest entry; 0 if there is none. */
export function newestEntryId(store: Store): Promise<number> {
  return store.read(async (db) => {
    const { newest_entry_id } = await db
      .selectFrom('counters')
      .select('newest_entry_id')
      .executeTakeFirstOrThrow();
    return newest_entry_id;
  });
}
