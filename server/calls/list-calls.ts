import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { CallPage } from '../../domain/api/console-api.ts';
import { textSearch } from '../../domain/api/search.ts';
import type { CallStatus } from '../../domain/calls/call.ts';
import type { Outcome } from '../../domain/calls/outcome.ts';
import { asOf, LONGEST_SILENCE_MS } from '../../domain/calls/silence.ts';
import { newestEntryId } from '../log/read.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { countOutcomes } from './outcomes.ts';
import { askable, SUMMARY_COLUMNS, summaryOfRow } from './rows.ts';

/** Which calls are listed. Times are milliseconds since 1970. */
export interface CallFilter {
  /** `next` of the previous page. With any other value the list starts over. */
  cursor?: string | undefined;
  /** Maximum number of calls per page. */
  limit: number;
  /** Digits in the number of either party. */
  number?: string | undefined;
  agent?: string | undefined;
  /** The only agent whose calls are visible; undefined: all calls are visible. */
  visibleTo?: string | undefined;
  status?: CallStatus | undefined;
  outcome?: Outcome | undefined;
  /** The desk's queue in which the call is, or was last. */
  queue?: string | undefined;
  direction?: 'inbound' | 'outbound' | undefined;
  /** First seen at `since` or later, and before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  /** Text in a value of any entry or its reply. In quotation marks it must be the whole value. */
  text?: string | undefined;
}

/** Clocks: milliseconds since 1970, and one that does not jump. */
export interface Clocks {
  now(): number;
  elapsed(): number;
}

const realClocks: Clocks = { now: Date.now, elapsed: () => performance.now() };

/** Calls searched per step: numbers are in an index, queues in the calls, texts in the entries themselves. */
const WINDOW = { number: 20_000, call: 5_000, text: 500 };

/** Entries listed, and characters of requests and replies read, at once while searching for a text. */
const MOST_ENTRIES = 10_000;
const MOST_TEXT = 2_000_000;

/** Milliseconds after which a search returns its page, full or not. It continues at the cursor. */
const PATIENCE_MS = 250;

/** A position in the list, newest first. */
interface Position {
  firstSeenAt: number;
  number: number;
}

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

/** Whether a text is a valid cursor. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

/**
 * Lists calls, newest first. When searching for a number or a text takes too long, a page may have fewer
 * calls than requested, even none, and still have a next page.
 */
export async function listCalls(
  store: Store,
  filter: CallFilter,
  clocks: Clocks = realClocks,
): Promise<CallPage> {
  const now = clocks.now();
  // Read first, so that entries stored meanwhile do not count as part of the list.
  const newest = await newestEntryId(store);
  const { calls, next, outcomes } = await store.read(async (db) => ({
    ...(await readPage(db, store, { ...filter, now }, clocks.elapsed)),
    outcomes: isCounted(filter) ? await countOutcomes(db, filter) : undefined,
  }));
  return {
    calls: calls.map((row) => asOf(summaryOfRow(row), now)),
    next: next && `${next.firstSeenAt}-${next.number}`,
    newestEntryId: newest,
    ...(outcomes && { outcomes }),
  };
}

/** Counting is cheap where an index has the calls of an outcome in order, and nothing else is asked for. */
function isCounted({
  cursor,
  number,
  agent,
  visibleTo,
  status,
  queue,
  direction,
  text,
}: CallFilter): boolean {
  return [cursor, number, agent, visibleTo, status, queue, direction, text].every(
    (asked) => asked === undefined,
  );
}

/** A filter and the time at which it applies. */
type Wanted = CallFilter & { now: number };

type ListedRow = Awaited<ReturnType<typeof readWindow>>[number];

async function readPage(
  db: Kysely<Schema>,
  { engine }: Store,
  filter: Wanted,
  elapsed: () => number,
): Promise<{ calls: ListedRow[]; next: Position | null }> {
  const { limit } = filter;
  const size = sizeOfWindow(filter);
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

function sizeOfWindow({ text, queue, direction, number }: CallFilter): number | undefined {
  if (text) return WINDOW.text;
  if (queue !== undefined || direction !== undefined) return WINDOW.call;
  return number ? WINDOW.number : undefined;
}

/** The last call of the next step, or undefined if fewer calls are left. */
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
  const { number, text, queue, direction } = filter;
  if (queue !== undefined) query = query.where('queue', '=', askable(queue));
  if (direction === 'outbound') query = query.where('direction', '=', direction);
  if (direction === 'inbound')
    query = query.where(({ or, eb }) => or([eb('direction', 'is', null), eb('direction', '=', direction)]));
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

/** The calls of a step with an entry that has a text in a value. Field names are not searched. */
async function callsThatSay(
  db: Kysely<Schema>,
  engine: Store['engine'],
  filter: Wanted,
  window: Window,
  text: string,
): Promise<number[]> {
  const { wanted, finds } = textSearch(text);
  // As spelled in JSON.
  const spelled = askable(JSON.stringify(wanted).slice(1, -1));
  const found = new Set<number>();
  for (let after = 0; ; ) {
    const listed = await callsIn(db, filter, window)
      .innerJoin('entries', 'call_number', 'number')
      .select(['number', 'entries.id', sql<number>`length(body) + length(reply)`.as('size')])
      .where('entries.id', '>', after)
      .where(({ or, ref }) =>
        or([engine.contains(ref('body'), spelled), engine.contains(ref('reply'), spelled)]),
      )
      .$if(found.size > 0, (query) => query.where('number', 'not in', [...found]))
      .orderBy('entries.id')
      .limit(MOST_ENTRIES)
      .execute();
    for (const part of inParts(listed, MOST_TEXT)) {
      const ids = part.filter(({ number }) => !found.has(number)).map(({ id }) => id);
      if (ids.length === 0) continue;
      const rows = await db
        .selectFrom(
          engine.rowsOf(
            ids.map((id) => ({ id })),
            { id: 'integer' },
          ),
        )
        .innerJoin('entries', 'entries.id', 'r.id')
        .select(['call_number', 'body', 'reply'])
        .execute();
      for (const { call_number, body, reply } of rows) {
        if (finds(JSON.parse(body), JSON.parse(reply))) found.add(call_number);
      }
    }
    const last = listed[MOST_ENTRIES - 1];
    if (last === undefined) return [...found];
    after = last.id;
  }
}

/** Items in parts of at most `most` size together, in order. A larger item is a part by itself. */
function inParts<Item extends { size: number }>(items: readonly Item[], most: number): Item[][] {
  const parts: Item[][] = [];
  let part: Item[] = [];
  let size = 0;
  for (const item of items) {
    if (part.length === 0 || size + item.size > most) {
      part = [];
      size = 0;
      parts.push(part);
    }
    part.push(item);
    size += item.size;
  }
  return parts;
}

/** The calls after a position, as far as an index can select them. */
function candidates(
  db: Kysely<Schema>,
  { agent, visibleTo, status, outcome, since, until, now }: Wanted,
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
  if (outcome === 'unknown') {
    query = query.where(({ or, and, eb }) =>
      or([
        eb('result', '=', outcome),
        and([
          eb('result', 'is', null),
          sql<boolean>`status <> 'ended'`,
          eb('last_heard_at', '<', silentSince),
        ]),
      ]),
    );
  } else if (outcome !== undefined) {
    query = query.where('result', '=', outcome);
  }
  if (status === 'ended') {
    query = query.where(({ or, eb }) =>
      or([eb('status', '=', status), eb('last_heard_at', '<', silentSince)]),
    );
  } else if (status !== undefined) {
    // This exact condition lets the database use the small index of live calls.
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

/** Number of live calls by status. Counting ended calls would become ever slower. */
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
