import type { Kysely } from 'kysely';
import type { LogEntry } from '../../domain/calls/log-entry.ts';
import { namesIn } from '../log/incoming.ts';
import type { Schema } from '../store/schema.ts';
import { entryOfRow } from './rows.ts';

/** An entry of the log of which it is not decided to which call it belongs. */
export interface Unplaced {
  id: number;
  /** The call that it names, or null where only the leg is named. */
  callId: string | null;
  legUuid: string | null;
  /** The entry in the call that was decided for it. */
  inCall(id: string): LogEntry;
}

/** Up to `limit` entries after one, in the order of their ids. */
export async function readUnplaced(db: Kysely<Schema>, after: number, limit: number): Promise<Unplaced[]> {
  const rows = await db
    .selectFrom('entries')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const entry = entryOfRow(row, '');
    const { callId, legUuid } = namesIn(entry);
    return { id: row.id, callId, legUuid, inCall: (id) => ({ ...entry, callId: id }) };
  });
}
