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

/** The events from a day before `from` until `to`, and later ones of calls that entered before `to`. */
export async function eventsUntil(store: Store, to: number, from: number): Promise<readonly DeskEvent[]> {
  return (await eventsAfter(store, to, from, 0)).events;
}

/**
 * Those of the same events that follow the event `last`, which is the last of them, and how many of those until `last`
 * are still there: calls are deleted.
 */
export async function eventsAfter(
  store: Store,
  to: number,
  from: number,
  last: number,
): Promise<{ events: readonly DeskEvent[]; last: number; known: number }> {
  const { rows, known } = await store.read(async (db) => {
    const all = db
      .selectFrom('desk_events')
      .where('at', '>=', from - LEAD_MS)
      .where('at', '<', to + LEAD_MS);
    const rows = await all.select(['id', 'body']).where('id', '>', last).orderBy('id').execute();
    if (last === 0) return { rows, known: 0 };
    const { count } = await all
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('id', '<=', last)
      .executeTakeFirstOrThrow();
    return { rows, known: Number(count) };
  });
  const events = rows.map(({ body }): DeskEvent => JSON.parse(body));
  return { events, last: rows.at(-1)?.id ?? last, known };
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
