import type { CallState } from '../../domain/calls/reduce.ts';
import { reduce } from '../../domain/calls/reduce.ts';
import { entryOfRow } from '../log/entry.ts';
import type { Spelling } from '../store/engine.ts';
import type { CallRow } from '../store/schema.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { knownCalls, project, writeCalls, writeProjected } from './project.ts';
import { callRow } from './rows.ts';

/** Calls and entries per transaction. Events are stored between two transactions. */
const CALLS_AT_ONCE = 50;
const ENTRIES_AT_ONCE = 500;

/**
 * Rebuilds all calls from their entries while servers run: first it groups the entries, then it computes each
 * call. Keeps few entries in memory.
 * @param onProgress gets the number of calls done.
 * @returns the number of calls. Rejects with StoreUnavailable if the store fails; calls done until then are
 * kept.
 */
export async function rebuildCalls(store: Store, onProgress: (done: number) => void): Promise<number> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after;
    after = await store.write((transaction) => projectAgain(store.engine, transaction, from));
  }
  let done = 0;
  for (let last: number | undefined = 0; last !== undefined; ) {
    const after: number = last;
    last = await store.write(async (transaction) => {
      const calls = await transaction
        .selectFrom('calls')
        .select('number')
        .where('number', '>', after)
        .orderBy('number')
        .limit(CALLS_AT_ONCE)
        .execute();
      for (const { number } of calls) done += await rebuildCall(store.engine, transaction, number);
      return calls.at(-1)?.number;
    });
    onProgress(done);
  }
  return done;
}

/** Assigns a call to entries that an older version stored without one. */
export async function assignLeftOver(spelling: Spelling, transaction: StoreTransaction): Promise<void> {
  for (;;) {
    const rows = await transaction
      .selectFrom('entries')
      .selectAll()
      .where('call_number', 'is', null)
      .orderBy('id')
      .limit(ENTRIES_AT_ONCE)
      .execute();
    if (rows.length === 0) return;
    await assign(spelling, transaction, rows);
  }
}

async function projectAgain(
  spelling: Spelling,
  transaction: StoreTransaction,
  after: number,
): Promise<number | undefined> {
  const rows = await transaction
    .selectFrom('entries')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(ENTRIES_AT_ONCE)
    .execute();
  if (rows.length > 0) await assign(spelling, transaction, rows);
  return rows.at(-1)?.id;
}

async function assign(
  spelling: Spelling,
  transaction: StoreTransaction,
  rows: readonly Parameters<typeof entryOfRow>[0][],
): Promise<void> {
  const { newest_call_number: before } = await transaction
    .selectFrom('counters')
    .select('newest_call_number')
    .executeTakeFirstOrThrow();
  const entries = rows.map((row) => entryOfRow(row, ''));
  const known = await knownCalls(spelling, transaction, entries);
  const projected = await project(spelling, transaction, entries, known, before);
  await writeProjected(spelling, transaction, projected);
  const { numbers, newest } = projected;
  await transaction.updateTable('counters').set({ newest_call_number: newest }).execute();
  const assigned = rows.map(({ id }, index) => ({ id, number: numbers[index] ?? 0 }));
  await transaction
    .updateTable('entries')
    .from(spelling.rowsOf(assigned, { id: 'integer', number: 'integer' }))
    .set(({ ref }) => ({ call_number: ref('r.number') }))
    .whereRef('entries.id', '=', 'r.id')
    .execute();
}

/** @returns 1, or 0 if the call had no entries left and was deleted. */
async function rebuildCall(
  spelling: Spelling,
  transaction: StoreTransaction,
  number: number,
): Promise<0 | 1> {
  let state: CallState | undefined;
  let firstSeenAt = Infinity;
  let lastHeardAt = 0;
  let last = 0;
  for (;;) {
    const rows = await transaction
      .selectFrom('entries')
      .selectAll()
      .where('call_number', '=', number)
      .where('id', '>', last)
      .orderBy('id')
      .limit(ENTRIES_AT_ONCE)
      .execute();
    for (const row of rows) {
      state = reduce(state, entryOfRow(row, ''));
      firstSeenAt = Math.min(firstSeenAt, row.received_at);
      if (row.replayed === 0) lastHeardAt = Math.max(lastHeardAt, row.received_at);
      last = row.id;
    }
    if (rows.length < ENTRIES_AT_ONCE) break;
  }
  if (state === undefined) {
    await transaction.deleteFrom('call_names').where('call_number', '=', number).execute();
    await transaction.deleteFrom('calls').where('number', '=', number).execute();
    return 0;
  }
  const row: CallRow = callRow(state, { number, firstSeenAt, lastHeardAt, lastEntryId: last });
  await writeCalls(spelling, transaction, [row]);
  return 1;
}
