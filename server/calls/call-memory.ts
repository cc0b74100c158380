import { COUNTER_COLUMNS } from '../store/counters.ts';
import type { Counters, LegRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Seen } from './rows.ts';

/**
 * A call as it is stored. Its state stays the text that was stored: thousands are remembered, and as objects they
 * cost the garbage collector more than it costs to read one anew.
 */
export interface KnownCall extends Seen {
  state: string;
}

/** Calls and legs that are remembered: several times those that live at once. */
const MOST = { calls: 2_000, legs: 5_000 };

/** What the store says of calls and legs, of which those that were met last need not be read again. */
export interface CallMemory {
  /** Asks the store whether what is remembered is still right, and forgets what is not. */
  look(): Promise<Counters>;
  calls(ids: readonly string[]): Promise<Map<string, KnownCall>>;
  /** The calls of legs, as far as they are known; null where a leg has none yet. */
  legs(uuids: readonly string[]): Promise<Map<string, string | null>>;
  /** Something was written that changed the counters to these, and nothing but these calls and legs. */
  learn(counters: Counters, calls: ReadonlyMap<string, KnownCall>, legs: readonly LegRow[]): void;
  /** All that is remembered may be wrong. */
  forget(): void;
}

export function createCallMemory(store: Store): CallMemory {
  const calls = new Map<string, KnownCall>();
  const legs = new Map<string, string | null>();
  let known: Counters | undefined;

  function forget(): void {
    known = undefined;
    calls.clear();
    legs.clear();
  }

  async function look(): Promise<Counters> {
    const counters = await store.read((db) =>
      db.selectFrom('counters').select(COUNTER_COLUMNS).executeTakeFirstOrThrow(),
    );
    if (counters.calls_version !== known?.calls_version) forget();
    known = counters;
    return counters;
  }

  return {
    look,
    calls: (ids) => recall(calls, ids, (missing) => readCalls(store, missing)),
    legs: (uuids) => recall(legs, uuids, (missing) => readLegs(store, missing)),
    learn(counters, changedCalls, changedLegs) {
      known = counters;
      for (const [id, call] of changedCalls) keep(calls, id, call, MOST.calls);
      for (const { uuid, call_id } of changedLegs) keep(legs, uuid, call_id, MOST.legs);
    },
    forget,
  };
}

async function recall<T>(
  memory: ReadonlyMap<string, T>,
  keys: readonly string[],
  read: (missing: readonly string[]) => Promise<readonly (readonly [string, T])[]>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const missing = new Set<string>();
  for (const key of keys) {
    const value = memory.get(key);
    if (value === undefined) missing.add(key);
    else found.set(key, value);
  }
  if (missing.size > 0) {
    // In the order of their index, of which each page is read once then.
    for (const [key, value] of await read([...missing].sort())) found.set(key, value);
  }
  return found;
}

/** Of too many, the one that was kept first is let go. */
function keep<T>(memory: Map<string, T>, key: string, value: T, most: number): void {
  memory.delete(key);
  memory.set(key, value);
  const [first] = memory.keys();
  if (memory.size > most && first !== undefined) memory.delete(first);
}

function readLegs({ engine, read }: Store, uuids: readonly string[]): Promise<[string, string | null][]> {
  return read(async (db) => {
    const rows = await db
      .selectFrom(
        engine.rowsOf(
          uuids.map((uuid) => ({ uuid })),
          { uuid: 'text' },
        ),
      )
      .innerJoin('legs', 'legs.uuid', 'r.uuid')
      .select(['legs.uuid', 'legs.call_id'])
      .execute();
    return rows.map(({ uuid, call_id }) => [uuid, call_id]);
  });
}

function readCalls({ engine, read }: Store, ids: readonly string[]): Promise<[string, KnownCall][]> {
  return read(async (db) => {
    const rows = await db
      .selectFrom(
        engine.rowsOf(
          ids.map((id) => ({ id })),
          { id: 'text' },
        ),
      )
      .innerJoin('calls', 'calls.id', 'r.id')
      .select(['calls.id', 'calls.number', 'calls.state', 'calls.first_seen_at', 'calls.last_entry_id'])
      .execute();
    return rows.map(({ id, number, state, first_seen_at, last_entry_id }) => [
      id,
      { number, state, firstSeenAt: first_seen_at, lastEntryId: last_entry_id },
    ]);
  });
}
