import type { Transaction } from 'kysely';
import type { FeedMessage } from '../../domain/console-api.ts';
import type { Engine } from '../store/engine.ts';
import type { CallRow, EntryRow, LegRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Prepared } from './incoming.ts';
import { type KnownCall, merge, type Outcome, type StoredKey } from './merge.ts';
import { type Move, placeEntries } from './placement.ts';
import { namesOf, projectAnew, writeCalls } from './projection.ts';
import { ENTRY_COLUMNS, summaryOfRow } from './rows.ts';

/** Entries that were stored together. */
export interface Commit {
  /** What became of each entry, in their order. */
  outcomes: Outcome[];
  /** The new ones, each with its call after all of them. */
  stored: FeedMessage[];
  /** The newest entry before these, whoever stored it. */
  previousEntryId: number;
}

/**
 * Stores entries and what they make of their calls: all or none, on the disk when this resolves. However
 * many there are, it takes the same few queries. Rejects with StoreUnavailable, or with the fault of an entry.
 */
export function commitEntries(store: Store, entries: readonly Prepared[]): Promise<Commit> {
  const { engine } = store;
  return store.write(async (transaction, counters) => {
    const { callIds, legs, moves } = placeEntries(entries, await knownLegs(engine, transaction, entries));
    const placed = entries.map((entry, index) => ({ entry, callId: callIds[index] ?? '' }));
    const calls = await knownCalls(engine, transaction, callIds);
    const keys = await knownKeys(engine, transaction, placed, calls);
    const merged = merge(placed, { calls, keys, counters });

    await writeLegs(engine, transaction, legs);
    await writeCalls(engine, transaction, merged.callRows);
    await writeEntries(engine, transaction, merged.entryRows);
    const moved = await moveEntries(engine, transaction, moves);
    if (merged.entries.length > 0) {
      await transaction.updateTable('counters').set(merged.counters).execute();
      await engine.announce(transaction, merged.counters.newest_entry_id);
    }
    const rows = [...merged.callRows, ...moved];
    const summaries = new Map(rows.map((row) => [row.id, summaryOfRow(row)]));
    return {
      outcomes: merged.outcomes,
      stored: merged.entries.flatMap((entry) => {
        const call = summaries.get(entry.callId);
        return call ? [{ entry, call }] : [];
      }),
      previousEntryId: counters.newest_entry_id,
    };
  });
}

async function knownLegs(
  engine: Engine,
  transaction: Transaction<Schema>,
  entries: readonly Prepared[],
): Promise<ReadonlyMap<string, string | null>> {
  const uuids = new Set(entries.flatMap(({ legUuid }) => legUuid ?? []));
  if (uuids.size === 0) return new Map();
  const wanted = [...uuids].map((uuid) => ({ uuid }));
  const legs = await transaction
    .selectFrom(engine.rowsOf(wanted, { uuid: 'text' }))
    .innerJoin('legs', 'legs.uuid', 'r.uuid')
    .select(['legs.uuid', 'legs.call_id'])
    .execute();
  return new Map(legs.map(({ uuid, call_id }) => [uuid, call_id]));
}

async function knownCalls(
  engine: Engine,
  transaction: Transaction<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownCall>> {
  const wanted = [...new Set(ids)].map((id) => ({ id }));
  const rows = await transaction
    .selectFrom(engine.rowsOf(wanted, { id: 'text' }))
    .innerJoin('calls', 'calls.id', 'r.id')
    .select(['calls.id', 'calls.number', 'calls.state', 'calls.first_seen_at', 'calls.last_entry_id'])
    .execute();
  return new Map(
    rows.map(({ id, number, state, first_seen_at, last_entry_id }) => [
      id,
      { number, state: JSON.parse(state), firstSeenAt: first_seen_at, lastEntryId: last_entry_id },
    ]),
  );
}

/** Which of these entries are stored already: by what they say, or by the token that they came with. */
async function knownKeys(
  engine: Engine,
  transaction: Transaction<Schema>,
  placed: readonly { entry: Prepared; callId: string }[],
  calls: ReadonlyMap<string, KnownCall>,
): Promise<StoredKey[]> {
  const wanted = placed.flatMap(({ entry, callId }) => {
    const number = calls.get(callId)?.number;
    return number === undefined ? [] : [{ number, key: entry.deduplicationKey, jti: entry.jti }];
  });
  if (wanted.length === 0) return [];
  const columns = { number: 'integer', key: 'text', jti: 'text' } as const;
  const entriesBy = (column: 'deduplication_key' | 'jti', given: 'r.key' | 'r.jti') =>
    transaction
      .selectFrom(engine.rowsOf(wanted, columns))
      .innerJoin('entries', (join) =>
        join.onRef('call_number', '=', 'r.number').onRef(`entries.${column}`, '=', given),
      )
      .select(['entries.id', 'call_number', 'deduplication_key', 'entries.jti'])
      .execute();
  const byKey = await entriesBy('deduplication_key', 'r.key');
  return wanted.some(({ jti }) => jti !== null) ? [...byKey, ...(await entriesBy('jti', 'r.jti'))] : byKey;
}

async function writeLegs(
  engine: Engine,
  transaction: Transaction<Schema>,
  legs: readonly LegRow[],
): Promise<void> {
  if (legs.length === 0) return;
  const columns = { uuid: 'text', call_id: 'text' } as const;
  await transaction
    .insertInto('legs')
    .columns(namesOf(columns))
    .expression((given) =>
      given.selectFrom(engine.rowsOf(legs, columns)).select(namesOf(columns)).where(given.lit(true)),
    )
    .onConflict((conflict) =>
      conflict.column('uuid').doUpdateSet((given) => ({ call_id: given.ref('excluded.call_id') })),
    )
    .execute();
}

async function writeEntries(
  engine: Engine,
  transaction: Transaction<Schema>,
  rows: readonly EntryRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto('entries')
    .columns(namesOf(ENTRY_COLUMNS))
    .expression((given) =>
      given.selectFrom(engine.rowsOf(rows, ENTRY_COLUMNS)).select(namesOf(ENTRY_COLUMNS)),
    )
    .execute();
}

/** A leg was heard of before its call, or is in several. */
async function moveEntries(
  engine: Engine,
  transaction: Transaction<Schema>,
  moves: readonly Move[],
): Promise<CallRow[]> {
  if (moves.length === 0) return [];
  const calls = await knownCalls(
    engine,
    transaction,
    moves.flatMap(({ from, to }) => [from, to]),
  );
  const ways = moves.flatMap(({ legUuid, from, to }) => {
    const [source, target] = [calls.get(from)?.number, calls.get(to)?.number];
    return source === undefined || target === undefined ? [] : [{ leg: legUuid, source, target }];
  });
  const given = engine.rowsOf(ways, { leg: 'text', source: 'integer', target: 'integer' });
  // The same event may be there already, told with the name of its call.
  await transaction
    .deleteFrom('entries')
    .where('id', 'in', (there) =>
      there
        .selectFrom(given)
        .innerJoin('entries as moving', (join) =>
          join
            .onRef('moving.call_number', '=', 'r.source')
            .onRef('moving.leg_uuid', '=', 'r.leg')
            .on('moving.by_leg', '=', 1),
        )
        .innerJoin('entries as same', (join) =>
          join
            .onRef('same.call_number', '=', 'r.target')
            .on(({ or, eb, ref }) =>
              or([
                eb('same.deduplication_key', '=', ref('moving.deduplication_key')),
                eb('same.jti', '=', ref('moving.jti')),
              ]),
            ),
        )
        .select('moving.id'),
    )
    .execute();
  await transaction
    .updateTable('entries')
    .from(given)
    .set(({ ref }) => ({ call_number: ref('r.target') }))
    .whereRef('entries.call_number', '=', 'r.source')
    .whereRef('entries.leg_uuid', '=', 'r.leg')
    .where('entries.by_leg', '=', 1)
    .execute();
  return projectAnew(engine, transaction, [
    ...new Set(ways.flatMap(({ source, target }) => [source, target])),
  ]);
}
