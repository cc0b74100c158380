import { sql } from 'kysely';
import type { HistoryOutcome } from '../../domain/api/history-api.ts';
import type { CallEnd } from '../../domain/calls/call.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { type HistoryLine, historyLines } from '../../domain/history/history.ts';
import type { Spelling } from '../store/engine.ts';
import { upsertRows } from '../store/rows.ts';
import type { CallRow } from '../store/schema.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { HISTORY_COLUMNS, type HistoryRow } from './tables.ts';

/** What a row keeps as JSON: what is neither filtered nor sorted by. */
export type HistoryBody = Omit<
  HistoryLine,
  'agent' | 'at' | 'settledAt' | 'direction' | 'outcome' | 'became' | 'number'
>;

/** Brings the history of calls of the desk up to date, in the transaction that added their events. */
export async function projectDeskCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  calls: readonly string[],
): Promise<void> {
  const found = await linesOf(transaction, calls);
  const rows = found.flatMap(([call, lines]) => lines.map((line) => rowOf(call, line)));
  await upsertRows(spelling, transaction, 'history', 'id', rows, HISTORY_COLUMNS);
}

/** What calls of the desk that have left it became for the team. */
export async function teamLines(
  transaction: StoreTransaction,
  calls: readonly string[],
): Promise<HistoryLine[]> {
  const found = await linesOf(transaction, calls);
  return found.flatMap(([, lines]) => lines.filter(({ agent }) => agent === null));
}

/** The lines of calls of the desk, by call. */
async function linesOf(
  transaction: StoreTransaction,
  calls: readonly string[],
): Promise<[string, HistoryLine[]][]> {
  if (calls.length === 0) return [];
  const rows = await transaction
    .selectFrom('desk_events')
    .select(['call', 'body'])
    .where('call', 'in', calls)
    // The turns of the waiting loop settle nothing, and are most of a long call.
    .where('kind', '<>', 'turn')
    .orderBy('id')
    .execute();
  return [...Map.groupBy(rows, ({ call }) => call ?? '')].map(([call, events]) => [
    call,
    historyLines(events.map(({ body }): DeskEvent => JSON.parse(body))),
  ]);
}

/**
 * The same for calls that no desk routes: each is that of one agent.
 * @returns what the calls became for the team that were not known to have ended
 */
export async function projectDirectCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  calls: readonly CallRow[],
): Promise<HistoryLine[]> {
  const ended = calls.filter(({ status }) => status === 'ended');
  if (ended.length === 0) return [];
  const former = ended.flatMap(formerIds);
  const known = await transaction
    .selectFrom('history')
    .select('call')
    .where('call', 'in', [...ended.map(({ id }) => id), ...former])
    .execute();
  const knownIds = new Set(known.map(({ call }) => call));
  if (former.length > 0) await transaction.deleteFrom('history').where('call', 'in', former).execute();
  const agents = await agentsAmong(
    transaction,
    ended.flatMap(({ from_party }) => from_party ?? []),
  );
  const rows = ended.flatMap((call) => {
    const lines = agents.has(call.from_party ?? '') ? dialledLines(call) : directLines(call);
    return lines.map((line) => rowOf(call.id, line));
  });
  await upsertRows(spelling, transaction, 'history', 'id', rows, HISTORY_COLUMNS);
  const news = ended.filter((call) => ![call.id, ...formerIds(call)].some((id) => knownIds.has(id)));
  return news.flatMap((call) => directLines(call).filter(({ agent }) => agent === null));
}

function formerIds({ aliases }: CallRow): string[] {
  return aliases === null ? [] : JSON.parse(aliases);
}

const OUTCOMES: Readonly<Record<CallEnd, HistoryOutcome>> = {
  completed: 'answered',
  'caller-gave-up': 'caller-hung-up',
  rejected: 'declined',
  'nobody-answered': 'missed',
  busy: 'not-reached',
  failed: 'not-reached',
  'application-error': 'not-reached',
  unknown: 'not-reached',
};

/** The names that are those of accounts: whose calls these are, they dialled. */
async function agentsAmong(
  transaction: StoreTransaction,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const found = await transaction.selectFrom('accounts').select('name').where('name', 'in', names).execute();
  return new Set(found.map(({ name }) => name));
}

/** A call that an agent dialled: at the log, she is its caller. */
function dialledLines(call: CallRow): HistoryLine[] {
  const isAnswered = call.outcome === 'completed' && call.answered_at !== null;
  const outcome = isAnswered ? 'answered' : 'not-reached';
  const agent = call.from_party;
  return directLines({ ...call, agent }).map((line) => ({
    ...line,
    direction: 'outbound',
    number: call.to_party,
    to: null,
    outcome,
    became: outcome,
    answeredBy: isAnswered ? agent : null,
    waited: null,
  }));
}

function directLines(call: CallRow): HistoryLine[] {
  const { agent, first_seen_at, answered_at, ended_at, started_at, last_heard_at } = call;
  const outcome = OUTCOMES[call.outcome ?? 'unknown'];
  const isAnswered = outcome === 'answered' && answered_at !== null;
  const line: HistoryLine = {
    call: call.id,
    agent: null,
    at: first_seen_at,
    settledAt: last_heard_at,
    direction: 'inbound',
    isCallback: false,
    number: call.from_party,
    to: call.to_party,
    queue: null,
    outcome,
    became: outcome,
    exit: null,
    answeredBy: isAnswered ? agent : null,
    hungUpBy: call.hung_up_by,
    transferred: false,
    waited: isAnswered && started_at !== null ? seconds(answered_at - started_at) : null,
    talked: isAnswered && ended_at !== null ? seconds(ended_at - answered_at) : null,
    voicemail: null,
    wrapUp: null,
  };
  return agent === null ? [line] : [line, { ...line, agent }];
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

/** @param source the call by the id that it keeps */
function rowOf(source: string, line: HistoryLine): HistoryRow {
  const { agent, at, settledAt, direction, outcome, became, number, ...body } = line;
  return {
    id: `${source}/${agent ?? ''}`,
    call: source,
    agent: agent ?? '',
    at,
    settled_at: settledAt,
    direction,
    outcome,
    became,
    number: digitsOf(number),
    note: line.wrapUp?.note ?? null,
    body: JSON.stringify(body satisfies HistoryBody),
  };
}

/** Every database can index as much. */
const LONGEST = 200;

/** Numbers are compared with those of contacts: digits alone. */
function digitsOf(number: string | null): string | null {
  return number === null ? null : number.replace(/^\+/, '').slice(0, LONGEST).toWellFormed();
}

const AT_ONCE = 200;

/** Projects the history again, from all events of the desk and from all calls that it did not route. */
export async function rebuildHistory(store: Store): Promise<void> {
  for (let last: string | undefined = ''; last !== undefined; ) {
    const after: string = last;
    last = await store.write(async (transaction) => {
      const calls = await transaction
        .selectFrom('desk_events')
        .select('call')
        .distinct()
        .where('call', '>', after)
        .orderBy('call')
        .limit(AT_ONCE)
        .execute();
      const ids = calls.flatMap(({ call }) => call ?? []);
      await projectDeskCalls(store.engine, transaction, ids);
      return ids.at(-1);
    });
  }
  for (let last: number | undefined = 0; last !== undefined; ) {
    const after: number = last;
    last = await store.write(async (transaction) => {
      const calls = await transaction
        .selectFrom('calls')
        .selectAll()
        .where('number', '>', after)
        .orderBy('number')
        .limit(AT_ONCE)
        .execute();
      if (calls.length === 0) return undefined;
      const routed = await routedByDesk(
        transaction,
        calls.map(({ number }) => number),
      );
      await projectDirectCalls(
        store.engine,
        transaction,
        calls.filter(({ number }) => !routed.has(number)),
      );
      return calls.at(-1)?.number;
    });
  }
}

/** The calls, by number, that a desk knows by a leg, or to which it answered. */
async function routedByDesk(
  transaction: StoreTransaction,
  numbers: readonly number[],
): Promise<ReadonlySet<number>> {
  const known = await transaction
    .selectFrom('call_names')
    .select('call_number')
    .where('call_number', 'in', numbers)
    .where(({ exists, selectFrom }) =>
      // Names of legs begin with `leg:`.
      exists(
        selectFrom('desk_events')
          .select('id')
          .where('call', 'in', [
            sql<string>`substr(call_names.name, 5)`,
            sql<string>`'ob' || substr(call_names.name, 5)`,
          ]),
      ),
    )
    .execute();
  const answered = await transaction
    .selectFrom('entries')
    .select('call_number')
    .where('call_number', 'in', numbers)
    .where('route', 'like', '/voice/%/%')
    .where('route', 'not like', '/voice/voicemail/%')
    .execute();
  return new Set([...known, ...answered].map(({ call_number }) => call_number));
}
