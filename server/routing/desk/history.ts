import type { DeskEvent } from '../../../domain/desk/events.ts';
import { callbackId } from '../../../domain/webhooks/identity.ts';
import { outboundId } from '../../../domain/webhooks/outbound-id.ts';
import type { Store } from '../../store/store.ts';
import { subjectsIn } from './delete.ts';
import type { SentExchange } from './effects.ts';

/** Milliseconds before a time from which every agent's state at that time is known: the longest call lasts a day. */
const LEAD_MS = 86_400_000;
/** Most events of a call that are shown: how it began, and the newest. */
const MOST = { first: 200, newest: 1_800 } as const;

/** Milliseconds by which an event may be older than the one before it: clocks of servers differ. */
const SKEW_MS = 3_600_000;

/** How far events were read, and what had been deleted by then. */
export interface EventsRead {
  last: { id: number; at: number } | null;
  erasures: number;
  deletedBefore: number;
}

/** The events from a day before `from` until `to`, and later ones of calls that entered before `to`. */
export async function eventsUntil(store: Store, to: number, from: number): Promise<readonly DeskEvent[]> {
  return (await eventsAfter(store, to, from, null)).events;
}

/** Those of the same events that are new since an earlier reading, or all of them, if some were deleted since then. */
export async function eventsAfter(
  store: Store,
  to: number,
  from: number,
  earlier: EventsRead | null,
): Promise<{ events: readonly DeskEvent[]; areAll: boolean; read: EventsRead }> {
  const since = from - LEAD_MS;
  return store.read(async (db) => {
    // Read before the events: what is deleted meanwhile is noticed by the next reading.
    const { desk_erasures: erasures, desk_deleted_before: deletedBefore } = await db
      .selectFrom('counters')
      .select(['desk_erasures', 'desk_deleted_before'])
      .executeTakeFirstOrThrow();
    const isWhole =
      erasures === earlier?.erasures && (deletedBefore === earlier.deletedBefore || deletedBefore <= since);
    const last = isWhole ? earlier.last : null;
    const rows = await db
      .selectFrom('desk_events')
      .select(['id', 'at', 'body'])
      // By time, because SQLite looks for a span of time in the index of times, whatever the id.
      .where('at', '>=', last === null ? since : Math.max(since, last.at - SKEW_MS))
      .where('at', '<', to + LEAD_MS)
      .where('id', '>', last?.id ?? 0)
      .orderBy('id')
      .execute();
    const newest = rows.at(-1);
    return {
      events: rows.map(({ body }): DeskEvent => JSON.parse(body)),
      areAll: last === null,
      read: {
        last: newest === undefined ? last : { id: newest.id, at: newest.at },
        erasures,
        deletedBefore,
      },
    };
  });
}

/** What the desk did with a call, oldest first. */
export interface DeskHistory {
  events: readonly DeskEvent[];
  /** Events that were left out, because there are too many, and how many come before them. */
  gap: { after: number; omitted: number } | null;
}

/** What the desk did with the call of these legs, with the callback that the caller asked for, or with what was dialled. */
export async function historyOf(store: Store, legs: readonly string[]): Promise<DeskHistory> {
  if (legs.length === 0) return { events: [], gap: null };
  const calls = [...legs, ...legs.map(callbackId), ...legs.map(outboundId)];
  return store.read(async (db) => {
    const rows = (order: 'asc' | 'desc', most: number) =>
      db
        .selectFrom('desk_events')
        .select(['id', 'body'])
        .where('call', 'in', calls)
        .orderBy('id', order)
        .limit(most)
        .execute();
    const parsed = (found: readonly { body: string }[]) =>
      found.map(({ body }): DeskEvent => JSON.parse(body));
    const newest = (await rows('desc', MOST.newest)).reverse();
    const [oldest] = newest;
    if (oldest === undefined || newest.length < MOST.newest) return { events: parsed(newest), gap: null };
    const first = (await rows('asc', MOST.first)).filter(({ id }) => id < oldest.id);
    const { all } = await db
      .selectFrom('desk_events')
      .select(({ fn }) => fn.countAll<number | string>().as('all'))
      .where('call', 'in', calls)
      .executeTakeFirstOrThrow();
    const omitted = Number(all) - first.length - newest.length;
    return {
      events: parsed([...first, ...newest]),
      gap: omitted > 0 ? { after: first.length, omitted } : null,
    };
  });
}

/** What the desk asked of the platform for a call, oldest first. */
export async function exchangesOf(store: Store, legs: readonly string[]): Promise<readonly SentExchange[]> {
  const { events } = await historyOf(store, legs);
  const [first] = events;
  if (first === undefined) return [];
  const subjects = new Set(legs);
  for (const event of events) for (const subject of subjectsIn(event)) subjects.add(subject);
  const rows = await store.read((db) =>
    db
      .selectFrom('desk_effects')
      .select('exchanges')
      // There is an index of attempts, and none of subjects.
      .where('attempted_at', '>=', first.at)
      .where('attempted_at', '<=', (events.at(-1)?.at ?? first.at) + LEAD_MS)
      .where('subject', 'in', [...subjects])
      .where('exchanges', 'is not', null)
      .execute(),
  );
  return rows
    .flatMap(({ exchanges }) => exchanges?.trim().split('\n') ?? [])
    .map((line): SentExchange => JSON.parse(line))
    .sort((a, b) => a.at - b.at);
}
