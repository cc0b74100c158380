import { sql } from 'kysely';
import type { CallDetail } from '../../domain/api/console-api.ts';
import { unpackState, viewCall } from '../../domain/calls/reduce.ts';
import { entryOfRow } from '../log/entry.ts';
import type { Store } from '../store/store.ts';
import { askable } from './rows.ts';

/** How much of a call is shown, newest first: entries, and characters. A real call has about ten entries. */
const MOST_ENTRIES = 2_000;
const MOST_TEXT = 8_000_000;

/**
 * A call and its entries, or undefined if there is no such call.
 * @param id any current or former id: of a conversation, a leg, or a recording.
 * @param visibleTo the only agent whose calls are visible; undefined: all calls are visible.
 */
export function readCall(store: Store, id: string, visibleTo?: string): Promise<CallDetail | undefined> {
  const name = askable(id);
  return store.read(async (db) => {
    const call = await db
      .selectFrom('call_names')
      .innerJoin('calls', 'calls.number', 'call_number')
      .select(['calls.number', 'calls.id', 'state', 'last_heard_at'])
      .where('name', 'in', [name, `leg:${name}`, `recording:${name}`])
      .$if(visibleTo !== undefined, (query) => query.where('agent', '=', visibleTo ?? ''))
      .orderBy('name')
      .executeTakeFirst();
    if (call === undefined) return undefined;
    const withNewer = db
      .selectFrom('entries')
      .selectAll()
      .select(sql<number>`sum(length(body) + length(reply)) over (order by id desc)`.as('text'))
      .where('call_number', '=', call.number)
      .orderBy('id', 'desc')
      .limit(MOST_ENTRIES);
    const rows = await db
      .selectFrom(withNewer.as('entry'))
      .selectAll()
      .where('text', '<', MOST_TEXT)
      .orderBy('id')
      .execute();
    const seen = { lastHeardAt: call.last_heard_at };
    return {
      call: { ...viewCall(unpackState(call.state)), ...seen },
      entries: rows.map((row) => entryOfRow(row, call.id)),
    };
  });
}
