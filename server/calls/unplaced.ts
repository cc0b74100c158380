import type { Kysely } from 'kysely';
import type { LogEntry } from '../../domain/log-entry.ts';
import type { NewEntryRow, Schema } from '../store/schema.ts';
import { namesIn, type Prepared } from './incoming.ts';
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

/**
 * Keeps the texts that were stored, and none of the objects that were read from them: many may wait, and whatever
 * lives longer than a moment costs the garbage collector more than to read it anew.
 */
export function unplaced({ callId, legUuid }: Prepared, row: NewEntryRow, id: number): Unplaced {
  return { id, callId, legUuid, inCall: (call) => entryOfRow({ ...row, id }, call) };
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
    return { id: row.id, ...namesIn(entry), inCall: (callId) => ({ ...entry, callId }) };
  });
}

export interface UnplacedQueue {
  /** `previousEntryId` is the newest entry before these. */
  add(previousEntryId: number, added: readonly Unplaced[]): void;
  /** Up to `limit` entries that follow one without a gap; none where others must be read first. */
  after(id: number, limit: number): Unplaced[];
  size(): number;
}

/** What this server added and has not placed, so that it need not be read. Of too many the older are let go. */
export function createUnplacedQueue(most: number): UnplacedQueue {
  let entries: Unplaced[] = [];
  return {
    add(previousEntryId, added) {
      const last = entries.at(-1);
      if (last !== undefined && last.id !== previousEntryId) entries = [];
      entries.push(...added);
      if (entries.length > most) entries = entries.slice(-most);
    },
    after(id, limit) {
      const first = entries[0];
      if (first !== undefined && first.id <= id) entries = entries.filter((entry) => entry.id > id);
      return entries[0]?.id === id + 1 ? entries.slice(0, limit) : [];
    },
    size: () => entries.length,
  };
}
