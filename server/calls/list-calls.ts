import type { Kysely, SelectQueryBuilder } from 'kysely';
import { sql } from 'kysely';
import type { CallPage } from '../../domain/api/console-api.ts';
import type { CallStatus } from '../../domain/calls/call.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { newestEntryId } from './queries.ts';
import { askable, SUMMARY_COLUMNS, summaryOfRow } from './rows.ts';

/** Which calls are listed. Times are milliseconds since 1970. */
export interface CallFilter {
  /** `next` of the page before; where it is none, the list begins anew. */
  cursor?: string | undefined;
  /** Most calls on a page. */
  limit: number;
  /** Digits that occur in the number of either party. */
  number?: string | undefined;
  agent?: string | undefined;
  status?: CallStatus | undefined;
  /** First seen at this time or later, and before that one. */
  since?: number | undefined;
  until?: number | undefined;
  /** Occurs in the JSON of any entry. */
  text?: string | undefined;
}

/** Calls that are looked through at once: a number is found in an index, a text in the entries themselves. */
const WINDOW = { number: 20_000, text: 500 };

/** Milliseconds after which a search ends its page, full or not; it goes on at its cursor. */
const PATIENCE_MS = 250;

/** A place in the list, newest first: what comes after it is older. */
interface Position {
  firstSeenAt: number;
  number: number;
}

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

/** Whether a text may be a cursor. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

/**
 * Calls from the newest to the oldest. A page of a search for a number or a text may have fewer calls than
 * asked for, even none, and still have a next one: it took so long to look through so many.
 * @param now a clock that does not jump, in milliseconds.
 */
export async function listCalls(
  store: Store,
  filter: CallFilter,
  now: () => number = () => performance.now(),
): Promise<CallPage> {
  // First: what is stored while the list is read must not be thought to be in it.
  const newest = await newestEntryId(store);
  const { calls, next } = await store.read((db) => readPage(db, store, filter, now));
  return {
    calls: calls.map(summaryOfRow),
    next: next && `${next.firstSeenAt}-${next.number}`,
    newestEntryId: newest,
  };
}

type ListedRow = Awaited<ReturnType<typeof readWindow>>[number];

async function readPage(
  db: Kysely<Schema>,
  { engine }: Store,
  filter: CallFilter,
  now: () => number,
): Promise<{ calls: ListedRow[]; next: Position | null }> {
  const { limit } = filter;
  const size = filter.text ? WINDOW.text : filter.number ? WINDOW.number : undefined;
  const end = now() + PATIENCE_MS;
  const calls: ListedRow[] = [];
  let from = positionOf(filter.cursor);
  for (;;) {
    const to = size === undefined ? undefined : await endOfWindow(db, filter, from, size);
    calls.push(...(await readWindow(db, engine, filter, { from, to, limit: limit + 1 - calls.length })));
    const last = calls[limit - 1];
    if (calls.length > limit && last !== undefined) {
      return { calls: calls.slice(0, limit), next: { firstSeenAt: last.first_seen_at, number: last.number } };
    }
    if (to === undefined || now() >= end) return { calls, next: to ?? null };
    from = to;
  }
}

/** The last call of the next so many, or undefined where there are fewer. */
async function endOfWindow(
  db: Kysely<Schema>,
  filter: CallFilter,
  from: Position | undefined,
  size: number,
): Promise<Position | undefined> {
  const row = await candidates(db, filter, from)
    .select(['first_seen_at', 'number'])
    .orderBy('first_seen_at', 'desc')
    .orderBy('number', 'desc')
    .offset(size - 1)
    .limit(1)
    .executeTakeFirst();
  return row && { firstSeenAt: row.first_seen_at, number: row.number };
}

function readWindow(
  db: Kysely<Schema>,
  engine: Store['engine'],
  filter: CallFilter,
  window: { from: Position | undefined; to: Position | undefined; limit: number },
) {
  let query = candidates(db, filter, window.from);
  const { to } = window;
  if (to !== undefined) {
    query = query.where(sql<boolean>`(first_seen_at, number) >= (${to.firstSeenAt}, ${to.number})`);
  }
  const { number, text } = filter;
  if (number) {
    const digits = askable(number);
    query = query.where(({ or, ref }) =>
      or([engine.contains(ref('from_party'), digits), engine.contains(ref('to_party'), digits)]),
    );
  }
  if (text) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('places')
          .innerJoin('entries', 'entries.id', 'entry_id')
          .select('entry_id')
          .whereRef('call_number', '=', 'calls.number')
          .where(({ or, ref }) => or(spellingsOf(text).map((each) => engine.contains(ref('body'), each)))),
      ),
    );
  }
  return query
    .select(['calls.id', 'number'])
    .select(SUMMARY_COLUMNS)
    .orderBy('first_seen_at', 'desc')
    .orderBy('number', 'desc')
    .limit(window.limit)
    .execute();
}

/** A text as it is in JSON: within a value, where a quotation mark is escaped, or with the JSON around it. */
function spellingsOf(text: string): string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])].map(askable);
}

/** The calls after a place in the list that an index can choose. */
function candidates(
  db: Kysely<Schema>,
  { agent, status, since, until }: CallFilter,
  from: Position | undefined,
): SelectQueryBuilder<Schema, 'calls', object> {
  let query = db.selectFrom('calls');
  if (from !== undefined) {
    query = query.where(sql<boolean>`(first_seen_at, number) < (${from.firstSeenAt}, ${from.number})`);
  }
  if (since !== undefined) query = query.where('first_seen_at', '>=', since);
  if (until !== undefined) query = query.where('first_seen_at', '<', until);
  if (agent !== undefined) query = query.where('agent', '=', askable(agent));
  if (status !== undefined) query = query.where('status', '=', status);
  // Said in so many words, this lets the database take the small index of the calls that live.
  if (status !== undefined && status !== 'ended') query = query.where(sql<boolean>`status <> 'ended'`);
  return query;
}

function positionOf(cursor: string | undefined): Position | undefined {
  const [, firstSeenAt, number] = CURSOR.exec(cursor ?? '') ?? [];
  return firstSeenAt === undefined ? undefined : { firstSeenAt: Number(firstSeenAt), number: Number(number) };
}

/** How many calls live, by their status. Those that ended are not counted: that would take ever longer. */
export async function callsByStatus(store: Store): Promise<Readonly<Record<string, number>>> {
  const rows = await store.read((db) =>
    db
      .selectFrom('calls')
      .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
      .where(sql<boolean>`status <> 'ended'`)
      .groupBy('status')
      .execute(),
  );
  const none = { started: 0, ringing: 0, 'in-call': 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
}
