import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { CallPage } from '../../domain/api/console-api.ts';
import { textSearch } from '../../domain/api/search.ts';
import type { CallStatus } from '../../domain/calls/call.ts';
import { asOf, LONGEST_SILENCE_MS } from '../../domain/calls/silence.ts';
import { newestEntryId } from '../log/read.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
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
  /** The agent whose calls alone may be seen; undefined: all calls. */
  visibleTo?: string | undefined;
  status?: CallStatus | undefined;
  /** First seen at this time or later, and before that one. */
  since?: number | undefined;
  until?: number | undefined;
  /** Occurs in a value of any entry, or of its reply; between quotation marks: is the whole value. */
  text?: string | undefined;
}

/** Clocks: milliseconds since 1970, and one that does not jump. */
export interface Clocks {
  now(): number;
  elapsed(): number;
}

const realClocks: Clocks = { now: Date.now, elapsed: () => performance.now() };

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
 */
export async function listCalls(
  store: Store,
  filter: CallFilter,
  clocks: Clocks = realClocks,
): Promise<CallPage> {
  const now = clocks.now();
  // First: what is stored while the list is read must not be thought to be in it.
  const newest = await newestEntryId(store);
  const { calls, next } = await store.read((db) => readPage(db, store, { ...filter, now }, clocks.elapsed));
  return {
    calls: calls.map((row) => asOf(summaryOfRow(row), now)),
    next: next && `${next.firstSeenAt}-${next.number}`,
    newestEntryId: newest,
  };
}

/** A filter, and the time that it is for. */
type Wanted = CallFilter & { now: number };

type ListedRow = Awaited<ReturnType<typeof readWindow>>[number];

async function readPage(
  db: Kysely<Schema>,
  { engine }: Store,
  filter: Wanted,
  elapsed: () => number,
): Promise<{ calls: ListedRow[]; next: Position | null }> {
  const { limit } = filter;
  const size = filter.text ? WINDOW.text : filter.number ? WINDOW.number : undefined;
  const end = elapsed() + PATIENCE_MS;
  const calls: ListedRow[] = [];
  let from = positionOf(filter.cursor);
  for (;;) {
    const to = size === undefined ? undefined : await endOfWindow(db, filter, from, size);
    calls.push(...(await readWindow(db, engine, filter, { from, to, limit: limit + 1 - calls.length })));
    const last = calls[limit - 1];
    if (calls.length > limit && last !== undefined) {
      return { calls: calls.slice(0, limit), next: { firstSeenAt: last.first_seen_at, number: last.number } };
    }
    if (to === undefined || elapsed() >= end) return { calls, next: to ?? null };
    from = to;
  }
}

/** The last call of the next so many, or undefined where there are fewer. */
async function endOfWindow(
  db: Kysely<Schema>,
  filter: Wanted,
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

interface Window {
  from: Position | undefined;
  to: Position | undefined;
}

async function readWindow(
  db: Kysely<Schema>,
  engine: Store['engine'],
  filter: Wanted,
  { limit, ...window }: Window & { limit: number },
) {
  let query = callsIn(db, filter, window);
  const { number, text } = filter;
  if (number) {
    const digits = askable(number);
    query = query.where(({ or, ref }) =>
      or([engine.contains(ref('from_party'), digits), engine.contains(ref('to_party'), digits)]),
    );
  }
  if (text) {
    const numbers = await callsThatSay(db, engine, filter, window, text);
    if (numbers.length === 0) return [];
    query = query.where('number', 'in', numbers);
  }
  return query
    .select(['calls.id', 'number'])
    .select(SUMMARY_COLUMNS)
    .orderBy('first_seen_at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
}

function callsIn(db: Kysely<Schema>, filter: Wanted, { from, to }: Window) {
  const query = candidates(db, filter, from);
  if (to === undefined) return query;
  return query.where(sql<boolean>`(first_seen_at, number) >= (${to.firstSeenAt}, ${to.number})`);
}

/** The calls of a window in which an entry has a text in a value: the names of fields do not count. */
async function callsThatSay(
  db: Kysely<Schema>,
  engine: Store['engine'],
  filter: Wanted,
  window: Window,
  text: string,
): Promise<number[]> {
  const { wanted, finds } = textSearch(text);
  // As it is in JSON.
  const spelled = askable(JSON.stringify(wanted).slice(1, -1));
  const rows = await callsIn(db, filter, window)
    .innerJoin('entries', 'call_number', 'number')
    .select(['number', 'body', 'reply'])
    .where(({ or, ref }) =>
      or([engine.contains(ref('body'), spelled), engine.contains(ref('reply'), spelled)]),
    )
    .execute();
  const found = rows.filter(({ body, reply }) => finds(JSON.parse(body), JSON.parse(reply)));
  return [...new Set(found.map(({ number }) => number))];
}

/** The calls after a place in the list that an index can choose. */
function candidates(
  db: Kysely<Schema>,
  { agent, visibleTo, status, since, until, now }: Wanted,
  from: Position | undefined,
): SelectQueryBuilder<Schema, 'calls', object> {
  let query = db.selectFrom('calls');
  if (from !== undefined) {
    query = query.where(sql<boolean>`(first_seen_at, number) < (${from.firstSeenAt}, ${from.number})`);
  }
  if (since !== undefined) query = query.where('first_seen_at', '>=', since);
  if (until !== undefined) query = query.where('first_seen_at', '<', until);
  if (agent !== undefined) query = query.where('agent', '=', askable(agent));
  if (visibleTo !== undefined) query = query.where('agent', '=', visibleTo);
  const silentSince = now - LONGEST_SILENCE_MS;
  if (status === 'ended') {
    query = query.where(({ or, eb }) =>
      or([eb('status', '=', status), eb('last_heard_at', '<', silentSince)]),
    );
  } else if (status !== undefined) {
    // Said in these words, it lets the database take the small index of the calls that live.
    query = query
      .where(sql<boolean>`status <> 'ended'`)
      .where('status', '=', status)
      .where('last_heard_at', '>=', silentSince);
  }
  return query;
}

function positionOf(cursor: string | undefined): Position | undefined {
  const [, firstSeenAt, number] = CURSOR.exec(cursor ?? '') ?? [];
  return firstSeenAt === undefined ? undefined : { firstSeenAt: Number(firstSeenAt), number: Number(number) };
}

/** How many calls live, by their status. Those that ended are not counted: that would take longer and longer. */
export async function callsByStatus(
  store: Store,
  now: () => number = Date.now,
): Promise<Readonly<Record<string, number>>> {
  const rows = await store.read((db) =>
    db
      .selectFrom('calls')
      .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
      .where(sql<boolean>`status <> 'ended'`)
      .where('last_heard_at', '>=', now() - LONGEST_SILENCE_MS)
      .groupBy('status')
      .execute(),
  );
  const none = { started: 0, ringing: 0, 'in-call': 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
}
