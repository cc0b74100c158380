import { sql } from 'kysely';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { SUMMARY_COLUMNS, summaryOfRow } from '../calls/rows.ts';
import type { Store } from '../store/store.ts';
import { entryOfRow } from './entry.ts';

/** Characters of requests and replies read at once, unless a single entry has more. */
const MOST_TEXT = 2_000_000;

/**
 * Up to `limit` entries after an id, in order, each with the current state of its call. Returns fewer if they are
 * large, but at least one if there is one.
 */
export function entriesAfter(store: Store, id: number, limit: number): Promise<FeedMessage[]> {
  return store.read(async (db) => {
    const sizes = db
      .selectFrom('entries')
      .select(['id', sql<number>`length(body) + length(reply)`.as('size')])
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit);
    const page = db
      .selectFrom(sizes.as('sizes'))
      .select(['id', sql<number>`sum(size) over (order by id) - size`.as('text_before')]);
    const rows = await db
      .selectFrom(page.as('page'))
      .innerJoin('entries', 'entries.id', 'page.id')
      .innerJoin('calls', 'calls.number', 'call_number')
      .selectAll('entries')
      .select('calls.id as call_id')
      .select(SUMMARY_COLUMNS)
      .where('text_before', '<', MOST_TEXT)
      .orderBy('entries.id')
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
