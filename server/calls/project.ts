import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { FeedMessage } from '../../domain/console-api.ts';
import { emptyState, reduce, unpackState } from '../../domain/reduce.ts';
import { isUnchanged, writesOfProgress } from '../store/counters.ts';
import type { Engine } from '../store/engine.ts';
import { type RowTarget, rowWrites } from '../store/row-writes.ts';
import type { CallRow, Counters, LegRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { CallMemory, KnownCall } from './call-memory.ts';
import { type Move, placeEntries } from './placement.ts';
import { CALLS, projectAnew } from './projection.ts';
import { callRow, summaryOfRow } from './rows.ts';
import type { Unplaced } from './unplaced.ts';

/** Entries that are thought about in one turn of the event loop: a few milliseconds. */
const IN_ONE_TURN = 50;

const LEGS: RowTarget<LegRow> = {
  table: 'legs',
  key: 'uuid',
  create: true,
  columns: { uuid: 'text', call_id: 'text' },
};

const PLACES: RowTarget<{ id: number; call_number: number }> = {
  table: 'entries',
  key: 'id',
  create: false,
  columns: { id: 'integer', call_number: 'integer' },
};

/**
 * Makes the calls tell of entries, which follow the ones of which they tell already. What is to be written is
 * found out before the transaction begins, from what is remembered; where somebody else has changed calls
 * meanwhile nothing is written, and all must be found out anew.
 * @returns tells, for whoever wants to know, the entries, each with its call after all of them; undefined where
 *   nothing was written.
 */
export async function projectEntries(
  store: Store,
  memory: CallMemory,
  entries: readonly Unplaced[],
): Promise<(() => FeedMessage[]) | undefined> {
  const before = await memory.counters();
  const knownLegs = await memory.legs(entries.flatMap(({ legUuid }) => legUuid ?? []));
  const { callIds, legs, moves } = placeEntries(entries, knownLegs);
  const knownCalls = await memory.calls(callIds);
  const plan = await planOf(entries, callIds, knownCalls, before);

  const last = entries.at(-1)?.id ?? 0;
  const after = {
    ...before,
    projected_entry_id: last,
    newest_call_number: plan.newestCallNumber,
    calls_version: before.calls_version + 1,
  };
  const writes = [rowWrites(LEGS, legs), rowWrites(CALLS, plan.rows), rowWrites(PLACES, plan.places)];
  let rows = plan.rows;
  if (moves.length === 0) {
    if (!(await store.writeProjection(before, after, writes))) return undefined;
    memory.learn(after, plan.calls, legs);
  } else {
    const moved = await store.write(async (transaction, counters) => {
      if (!isUnchanged(counters, before, last)) return undefined;
      for (const each of [...writes, writesOfProgress(after)]) await store.engine.write(transaction, each);
      await store.engine.announce(transaction, last);
      return moveEntries(store.engine, transaction, moves);
    });
    if (moved === undefined) return undefined;
    memory.forget();
    rows = [...rows, ...moved];
  }
  return () => {
    const summaries = new Map(rows.map((row) => [row.id, summaryOfRow(row)]));
    return entries.flatMap(({ inCall }, index) => {
      const callId = callIds[index] ?? '';
      const call = summaries.get(callId);
      return call ? [{ entry: inCall(callId), call }] : [];
    });
  };
}

interface Plan {
  /** Every call that has a new entry, after all of them. */
  calls: Map<string, KnownCall>;
  rows: CallRow[];
  places: { id: number; call_number: number }[];
  newestCallNumber: number;
}

/** Call by call, so that what is read of an entry is let go of at once. */
async function planOf(
  entries: readonly Unplaced[],
  callIds: readonly string[],
  known: ReadonlyMap<string, KnownCall>,
  counters: Counters,
): Promise<Plan> {
  let newestCallNumber = counters.newest_call_number;
  let steps = 0;
  const calls = new Map<string, KnownCall>();
  const rows: CallRow[] = [];
  const places: Plan['places'] = [];
  for (const [callId, its] of Map.groupBy(entries, (_, index) => callIds[index] ?? '')) {
    const before = known.get(callId);
    if (before === undefined) newestCallNumber += 1;
    const seen = {
      number: before?.number ?? newestCallNumber,
      firstSeenAt: before?.firstSeenAt ?? Infinity,
      lastEntryId: its.at(-1)?.id ?? 0,
    };
    let state = before ? unpackState(before.state) : emptyState(callId);
    for (const { id, inCall } of its) {
      steps += 1;
      if (steps % IN_ONE_TURN === 0) await nextTurn();
      const entry = inCall(callId);
      seen.firstSeenAt = Math.min(seen.firstSeenAt, entry.receivedAt);
      state = reduce(state, entry);
      places.push({ id, call_number: seen.number });
    }
    const row = callRow(state, seen);
    calls.set(callId, { ...seen, state: row.state });
    rows.push(row);
  }
  return { calls, rows, places, newestCallNumber };
}

/** A leg was heard of before its call, or is in several. */
async function moveEntries(
  engine: Engine,
  transaction: Transaction<Schema>,
  moves: readonly Move[],
): Promise<CallRow[]> {
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
    .updateTable('entries')
    .from(engine.rowsOf(ways, { leg: 'text', source: 'integer', target: 'integer' }))
    .set(({ ref }) => ({ call_number: ref('r.target') }))
    .whereRef('entries.call_number', '=', 'r.source')
    .whereRef('entries.leg_uuid', '=', 'r.leg')
    .where('entries.by_leg', '=', 1)
    .execute();
  return projectAnew(engine, transaction, [
    ...new Set(ways.flatMap(({ source, target }) => [source, target])),
  ]);
}
