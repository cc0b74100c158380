import type { Transaction } from 'kysely';
import { isUnchanged, writesOfProgress } from '../store/counters.ts';
import type { Engine } from '../store/engine.ts';
import { type RowTarget, rowWrites } from '../store/row-writes.ts';
import type { Counters, LegRow, PlaceRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createCallBatch } from './call-batch.ts';
import type { CallMemory } from './call-memory.ts';
import type { Move } from './placement.ts';
import { CALLS, projectAnew } from './projection.ts';
import { readUnplaced } from './unplaced.ts';

/** Entries that are read at once. */
const PAGE = 500;

const LEGS: RowTarget<LegRow> = {
  table: 'legs',
  key: 'uuid',
  create: true,
  columns: { uuid: 'text', call_id: 'text' },
};

const PLACES: RowTarget<PlaceRow> = {
  table: 'places',
  key: 'entry_id',
  create: true,
  columns: { entry_id: 'integer', call_number: 'integer' },
};

/**
 * Makes the calls tell of more entries. What is to be written is found out before the transaction begins, from what
 * is remembered; where somebody else has changed calls meanwhile nothing is written, and all must be found out anew.
 * @param before how far the calls are.
 * @param most entries, of which there may be fewer.
 * @returns up to which entry the calls tell now; undefined where nothing was written.
 */
export async function projectNext(
  store: Store,
  memory: CallMemory,
  before: Counters,
  most: number,
): Promise<number | undefined> {
  const batch = createCallBatch(memory, before);
  let last = before.projected_entry_id;
  let isMore = true;
  while (isMore && batch.size < most && !batch.isFull) {
    const limit = Math.min(PAGE, most - batch.size);
    const entries = await store.read((db) => readUnplaced(db, last, limit));
    await batch.add(entries);
    last = entries.at(-1)?.id ?? last;
    isMore = entries.length === limit;
  }
  // Somebody took out what was there: it is passed by.
  if (batch.size === 0) last = before.newest_entry_id;
  const { rows, calls, places, legs, moves, newestCallNumber } = batch.finish();
  const after = {
    ...before,
    projected_entry_id: last,
    newest_call_number: newestCallNumber,
    calls_version: before.calls_version + 1,
  };
  const writes = [rowWrites(LEGS, legs), rowWrites(CALLS, rows), rowWrites(PLACES, places)];
  if (moves.length === 0) {
    if (!(await store.writeProjection(before, after, writes))) return undefined;
    memory.learn(after, calls, legs);
    return last;
  }
  const isWritten = await store.write(async (transaction, counters) => {
    if (!isUnchanged(counters, before, last)) return false;
    for (const each of [...writes, writesOfProgress(after)]) await store.engine.write(transaction, each);
    await store.engine.announce(transaction, last);
    await moveEntries(store.engine, transaction, moves);
    return true;
  });
  memory.forget();
  return isWritten ? last : undefined;
}

/** A leg was heard of before its call, or is in several. */
async function moveEntries(
  engine: Engine,
  transaction: Transaction<Schema>,
  moves: readonly Move[],
): Promise<void> {
  const ids = [...new Set(moves.flatMap(({ from, to }) => [from, to]))].map((id) => ({ id }));
  const calls = await transaction
    .selectFrom(engine.rowsOf(ids, { id: 'text' }))
    .innerJoin('calls', 'calls.id', 'r.id')
    .select(['calls.id', 'calls.number'])
    .execute();
  const numbers = new Map(calls.map(({ id, number }) => [id, number]));
  const ways = moves.flatMap(({ legUuid, from, to }) => {
    const [source, target] = [numbers.get(from), numbers.get(to)];
    return source === undefined || target === undefined ? [] : [{ leg: legUuid, source, target }];
  });
  await transaction
    .updateTable('places')
    .from(engine.rowsOf(ways, { leg: 'text', source: 'integer', target: 'integer' }))
    .set(({ ref }) => ({ call_number: ref('r.target') }))
    .whereRef('places.call_number', '=', 'r.source')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('entries')
          .select('entries.id')
          .whereRef('entries.id', '=', 'places.entry_id')
          .whereRef('entries.leg_uuid', '=', 'r.leg')
          .where('entries.by_leg', '=', 1),
      ),
    )
    .execute();
  await projectAnew(engine, transaction, [
    ...new Set(ways.flatMap(({ source, target }) => [source, target])),
  ]);
}
