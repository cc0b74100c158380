import type { Ring } from '../../domain/calls/ring.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';
import { knownCalls, project, writeProjected } from '../calls/project.ts';
import { columnNames, type Spelling, together, type Work } from '../store/engine.ts';
import type { CallRow, EntryRow } from '../store/schema.ts';
import type { StoreTransaction } from '../store/store.ts';
import { ENTRY_COLUMNS, entryOfRow, type IncomingEntry, type NewEntryRow, newEntryRow } from './entry.ts';

/** The result of storing an entry. */
export interface Outcome {
  id: number;
  stored: 'new' | 'repeated';
  /** The reply to send: a repeat gets the reply of the first delivery. */
  reply: Reply;
}

export interface Appended {
  /** In row order. */
  outcomes: Outcome[];
  newestEntryId: number;
  /** What the ringing of calls came to that was not decided before. */
  rings: readonly Ring[];
}

/** A webhook to append, and what the routing makes of it. */
export interface Told {
  row: NewEntryRow;
  /** A message to the routing that answers in the transaction; the log itself does not read it. */
  told: unknown;
}

/** Replies that are decided in the transaction, by index of the row; the others are as the row says. */
export type Answers = (fresh: readonly number[]) => Promise<ReadonlyMap<number, Reply>>;

/** The only way to add entries to the log. */
export const append: Work<readonly NewEntryRow[], Appended> = {
  module: import.meta.url,
  name: 'append',
  run: (spelling, transaction, rows) => appendEntries(spelling, transaction, rows),
};

/**
 * Adds deliveries to the log and projects them to calls in one transaction that holds the lock. So ids have
 * no gaps and become visible in order.
 * @param answers decides replies to webhooks that are not repeats.
 * @param onProjected gets the new and changed calls, still in the transaction.
 */
export async function appendEntries(
  spelling: Spelling,
  transaction: StoreTransaction,
  rows: readonly NewEntryRow[],
  answers?: Answers,
  onProjected?: (calls: readonly CallRow[]) => Promise<void>,
): Promise<Appended> {
  const received = rows.map((row) => ({ row, entry: entryOfRow({ ...row, id: 0, repeats: null }, '') }));
  const [{ newest_entry_id: before, newest_call_number }, first, known] = await together([
    transaction
      .selectFrom('counters')
      .select(['newest_entry_id', 'newest_call_number'])
      .executeTakeFirstOrThrow(),
    firstDeliveries(spelling, transaction, rows),
    knownCalls(
      spelling,
      transaction,
      received.map(({ entry }) => entry),
    ),
  ]);
  const decided = answers && (await answers(freshOf(rows, first)));
  const settled = received.map(({ row, entry }, index) => {
    const key = row.deduplication_key;
    const earlier = first.get(key);
    const id = before + 1 + index;
    const repeats = earlier?.id ?? null;
    const answer = earlier === undefined ? decided?.get(index) : undefined;
    const reply = earlier?.reply ?? (answer === undefined ? row.reply : JSON.stringify(answer));
    if (earlier === undefined) first.set(key, { id, reply });
    const sent: Reply = earlier === undefined && answer === undefined ? entry.reply : JSON.parse(reply);
    return {
      row: { ...row, id, repeats, reply, deduplication_key: earlier === undefined ? key : null },
      entry: { ...entry, id, repeats, reply: sent },
    };
  });
  const projected = await project(
    spelling,
    transaction,
    settled.map(({ entry }) => entry),
    known,
    newest_call_number,
  );
  const placed = settled.map(
    ({ row }, index): EntryRow => ({ ...row, call_number: projected.numbers[index] ?? 0 }),
  );
  const names = columnNames(ENTRY_COLUMNS);
  const newestEntryId = before + rows.length;
  await together([
    writeProjected(spelling, transaction, projected),
    transaction
      .insertInto('entries')
      .columns(names)
      .expression((given) => given.selectFrom(spelling.rowsOf(placed, ENTRY_COLUMNS)).select(names))
      .execute(),
    transaction
      .updateTable('counters')
      .set({ newest_entry_id: newestEntryId, newest_call_number: projected.newest })
      .execute(),
    spelling.announce(transaction, newestEntryId),
  ]);
  await onProjected?.(projected.calls);
  const outcomes = settled.map(({ entry: { id, repeats, reply } }): Outcome => {
    return { id, stored: repeats === null ? 'new' : 'repeated', reply };
  });
  return { outcomes, newestEntryId, rings: projected.rings };
}

/** The rows that repeat nothing, neither of the log nor of each other. */
function freshOf(rows: readonly NewEntryRow[], known: ReadonlyMap<string, unknown>): number[] {
  const seen = new Set(known.keys());
  const fresh: number[] = [];
  for (const [index, { deduplication_key: key }] of rows.entries()) {
    if (!seen.has(key)) fresh.push(index);
    seen.add(key);
  }
  return fresh;
}

/** Stores a webhook and deletes it again, to find out whether storing works. */
export async function rehearse(spelling: Spelling, transaction: StoreTransaction): Promise<void> {
  const counters = await transaction
    .selectFrom('counters')
    .select(['newest_entry_id', 'newest_call_number'])
    .executeTakeFirstOrThrow();
  const quietly = { ...spelling, announce: async () => {} };
  await appendEntries(quietly, transaction, [newEntryRow(REHEARSED)]);
  await transaction.deleteFrom('entries').where('id', '>', counters.newest_entry_id).execute();
  await transaction.deleteFrom('call_names').where('call_number', '>', counters.newest_call_number).execute();
  await transaction.deleteFrom('calls').where('number', '>', counters.newest_call_number).execute();
  await transaction.updateTable('counters').set(counters).execute();
}

const REHEARSED: IncomingEntry = {
  type: 'event',
  payload: { uuid: 'rehearsal', status: 'started' },
  method: 'POST',
  route: '/voice/event',
  reply: { status: 200 },
  requestId: 'rehearsal',
  receivedAt: 0,
  took: 0,
  replayed: true,
  jti: null,
};

/** Deliveries that are already in the log, by key. */
async function firstDeliveries(
  spelling: Spelling,
  transaction: StoreTransaction,
  rows: readonly NewEntryRow[],
): Promise<Map<string, { id: number; reply: string }>> {
  const wanted = spelling.rowsOf(
    rows.map(({ deduplication_key: key }) => ({ key })),
    { key: 'text' },
  );
  const found = await transaction
    .selectFrom(wanted)
    .innerJoin('entries', 'deduplication_key', 'r.key')
    .select(['entries.id', 'r.key', 'reply'])
    .execute();
  return new Map(found.map(({ id, key, reply }) => [key, { id, reply }]));
}
