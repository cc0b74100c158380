import type { CallPage, FeedMessage } from '../../domain/api/console-api.ts';
import type { CallSummary } from '../../domain/calls/call.ts';
import { fits, mentions, type Query } from './filter.ts';
import { formerIdsOf } from './former-ids.ts';

/** The calls that are loaded, newest first. */
export interface CallList {
  rows: readonly CallSummary[];
  /** Where to go on for older calls; null where there are none. */
  rest: Rest | null;
}

/** The server's mark of the next page or, where rows were let go and none fits, the time of the last row. */
type Rest = { cursor: string } | { before: number };

/** Most rows that are kept. A page that is open for weeks must not grow for weeks. */
export const MOST_ROWS = 50_000;
const ROWS_KEPT = 40_000;

/** A list that begins with the first page. */
export function firstPage(page: CallPage): CallList {
  return nextPage({ rows: [], rest: null }, page);
}

/** A list with one page more. */
export function nextPage({ rows }: CallList, { calls, next }: CallPage): CallList {
  const changes = calls.map((call) => [call.id, { call, stays: true, comes: true }] as const);
  return { rows: merged(rows, new Map(changes)), rest: next === null ? null : { cursor: next } };
}

/**
 * A list after what the feed told. Any order of messages, and any message twice, gives the same list: of a
 * call the newest state counts.
 */
export function applyMessages(list: CallList, messages: readonly FeedMessage[], query: Query): CallList {
  const changes = new Map<string, Change & { isMeant: boolean }>();
  for (const { call, entry } of messages) {
    const known = changes.get(call.id);
    const newest = known && known.call.lastEntryId > call.lastEntryId ? known.call : call;
    const stays = fits(query, newest);
    const isMeant = known?.isMeant || mentions(query, entry);
    changes.set(call.id, { call: newest, stays, isMeant, comes: stays && isMeant });
  }
  return trimmed({ ...list, rows: merged(list.rows, withoutFormer(list.rows, messages, changes)) });
}

/** Changes by which calls also take the places that they had under their former ids. */
function withoutFormer(
  rows: readonly CallSummary[],
  messages: readonly FeedMessage[],
  changes: ReadonlyMap<string, Change>,
): ReadonlyMap<string, Change> {
  const all = new Map(changes);
  const listed = new Set(rows.map(({ id }) => id));
  for (const message of messages) {
    for (const former of formerIdsOf(message)) {
      const change = all.get(message.call.id);
      if (change && (listed.has(former) || all.has(former))) {
        const comes = change.stays && (change.comes || listed.has(former) || all.get(former)?.comes === true);
        all.set(message.call.id, { ...change, comes });
        all.set(former, { ...change, stays: false, comes: false });
      }
    }
  }
  return all;
}

/** A list without one call. */
export function without(list: CallList, id: string): CallList {
  return { ...list, rows: list.rows.filter((row) => row.id !== id) };
}

interface Change {
  call: CallSummary;
  /** Whether it remains where it is listed. */
  stays: boolean;
  /** Whether it is to be listed where it is not yet. */
  comes: boolean;
}

function merged(rows: readonly CallSummary[], changes: ReadonlyMap<string, Change>): readonly CallSummary[] {
  const kept: CallSummary[] = [];
  const moved: CallSummary[] = [];
  const waiting = new Map(changes);
  for (const row of rows) {
    const change = waiting.get(row.id);
    waiting.delete(row.id);
    if (!change || change.call.lastEntryId < row.lastEntryId) {
      kept.push(row);
    } else if (change.stays) {
      (change.call.firstSeenAt === row.firstSeenAt ? kept : moved).push(change.call);
    }
  }
  for (const { call, comes } of waiting.values()) {
    if (comes) {
      moved.push(call);
    }
  }
  return moved.length === 0 ? kept : zipped(kept, moved.sort(newestFirst));
}

/** Two sorted lists as one. */
function zipped(rows: readonly CallSummary[], others: readonly CallSummary[]): CallSummary[] {
  const all: CallSummary[] = [];
  let next = 0;
  for (const row of rows) {
    for (let other = others[next]; other && newestFirst(other, row) < 0; other = others[next]) {
      all.push(other);
      next += 1;
    }
    all.push(row);
  }
  return all.concat(others.slice(next));
}

function newestFirst(a: CallSummary, b: CallSummary): number {
  return b.firstSeenAt - a.firstSeenAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function trimmed(list: CallList): CallList {
  const last = list.rows[ROWS_KEPT - 1];
  if (list.rows.length <= MOST_ROWS || !last) {
    return list;
  }
  return {
    rows: list.rows.slice(0, ROWS_KEPT),
    rest: { before: last.firstSeenAt },
  };
}
