import { type CallState, emptyState, reduce, unpackState } from '../../domain/calls/reduce.ts';
import type { CallRow, Counters, LegRow, PlaceRow } from '../store/schema.ts';
import type { CallMemory, KnownCall } from './call-memory.ts';
import { type Move, placeEntries } from './placement.ts';
import { callRow, type Seen } from './rows.ts';
import type { Unplaced } from './unplaced.ts';

/** Calls of which the state is held at once. */
const MOST_CALLS = 2_000;

/** What is to be written for the entries of a batch. */
export interface BatchResult {
  /** Every call that has a new entry, after all of them. */
  rows: CallRow[];
  calls: Map<string, KnownCall>;
  places: PlaceRow[];
  legs: LegRow[];
  moves: Move[];
  newestCallNumber: number;
}

interface BatchCall extends Seen {
  state: CallState;
}

/** Of a call that is new, until all of them are known. */
const NO_NUMBER = 0;

/** Calls as they are after some more entries, of which nothing is written yet. */
export interface CallBatch {
  /** Entries that were added. */
  readonly size: number;
  /** Whether it holds so many calls that it should be written. */
  readonly isFull: boolean;
  /** Adds entries in the order of their ids, and takes nothing from them but what they say. */
  add(entries: readonly Unplaced[]): Promise<void>;
  finish(): BatchResult;
}

/** @param before how far the calls are in the store. */
export function createCallBatch(memory: CallMemory, before: Counters): CallBatch {
  const calls = new Map<string, BatchCall>();
  const legs = new Map<string, string | null>();
  const placed: { id: number; call: BatchCall }[] = [];
  let moves: Move[] = [];

  /** What the store says of legs, and this batch knows better. */
  async function legsOf(entries: readonly Unplaced[]): Promise<Map<string, string | null>> {
    const uuids = entries.flatMap(({ legUuid }) => legUuid ?? []);
    const known = await memory.legs(uuids.filter((uuid) => !legs.has(uuid)));
    for (const uuid of uuids) {
      const callId = legs.get(uuid);
      if (callId !== undefined) known.set(uuid, callId);
    }
    return known;
  }

  async function meet(callIds: readonly string[]): Promise<void> {
    const missing = new Set(callIds.filter((id) => !calls.has(id)));
    const known = await memory.calls([...missing]);
    for (const id of missing) {
      const call = known.get(id);
      calls.set(id, {
        number: call?.number ?? NO_NUMBER,
        firstSeenAt: call?.firstSeenAt ?? Infinity,
        lastEntryId: call?.lastEntryId ?? 0,
        state: call ? unpackState(call.state) : emptyState(id),
      });
    }
  }

  function move(more: readonly Move[]): void {
    for (const { legUuid, to } of more) {
      moves = moves.map((each) => (each.legUuid === legUuid ? { ...each, to } : each));
    }
    moves = [...moves, ...more].filter(({ from, to }) => from !== to);
  }

  return {
    get size() {
      return placed.length;
    },
    get isFull() {
      return calls.size >= MOST_CALLS;
    },
    async add(entries) {
      const placement = placeEntries(entries, await legsOf(entries));
      for (const { uuid, call_id } of placement.legs) legs.set(uuid, call_id);
      if (placement.moves.length > 0) move(placement.moves);
      await meet(placement.callIds);
      for (const [index, { id, inCall }] of entries.entries()) {
        const callId = placement.callIds[index] ?? '';
        const call = calls.get(callId);
        if (call === undefined) continue;
        const entry = inCall(callId);
        call.firstSeenAt = Math.min(call.firstSeenAt, entry.receivedAt);
        call.lastEntryId = Math.max(call.lastEntryId, id);
        call.state = reduce(call.state, entry);
        placed.push({ id, call });
      }
    },
    finish() {
      const rows: CallRow[] = [];
      const known = new Map<string, KnownCall>();
      let newestCallNumber = before.newest_call_number;
      for (const call of byId(calls.values(), ({ state }) => state.id)) {
        if (call.number === NO_NUMBER) {
          newestCallNumber += 1;
          call.number = newestCallNumber;
        }
        const { state, number, firstSeenAt, lastEntryId } = call;
        const row = callRow(state, call);
        rows.push(row);
        known.set(state.id, { number, firstSeenAt, lastEntryId, state: row.state });
      }
      return {
        rows,
        calls: known,
        places: placed.map(({ id, call }) => ({ entry_id: id, call_number: call.number })),
        legs: byId(legs, ([uuid]) => uuid).map(([uuid, call_id]) => ({ uuid, call_id })),
        moves,
        newestCallNumber,
      };
    },
  };
}

/**
 * In the order of ids, which are random: so those that are written together lie together in the index of ids, and
 * share its pages.
 */
function byId<T>(values: Iterable<T>, idOf: (value: T) => string): T[] {
  return [...values].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}
