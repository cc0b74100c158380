import { sql } from 'kysely';
import type { Agent, EndedOffer } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';

/** Calls and rows deleted per transaction, so that webhooks are stored in between. */
const CALLS_AT_ONCE = 50;
const ROWS_AT_ONCE = 500;

/** Deletes what the desk did before a time, and all of its calls that have ended by then. */
export async function deleteDeskBefore(store: Store, time: number): Promise<void> {
  for (let more = true; more; ) more = await store.write((each) => deleteSomeCalls(each, time));
  for (const table of ['desk_events', 'history'] as const) {
    for (let more = true; more; ) more = await store.write((each) => deleteSomeRows(each, table, time));
  }
  await store.write(async (transaction) => {
    // A request is given up long before: what is left of it was for a desk that is switched off.
    await transaction.deleteFrom('desk_effects').where('queued_at', '<', time).execute();
    await forgetLastOffers(transaction, ({ at }) => at < time);
    // Once all of it is gone, so that figures of those days are read again once, not for each part.
    await transaction
      .updateTable('counters')
      .set({ desk_deleted_before: time })
      .where('desk_deleted_before', '<', time)
      .execute();
  });
}

/** Returns whether there may be more. */
async function deleteSomeCalls(transaction: StoreTransaction, time: number): Promise<boolean> {
  const ended = await transaction
    .selectFrom('desk_calls')
    .select('id')
    .where('open', '=', 0)
    .where('changed_at', '<', time)
    .limit(CALLS_AT_ONCE)
    .execute();
  if (ended.length === 0) return false;
  await deleteAllOf(
    transaction,
    ended.map(({ id }) => id),
  );
  return ended.length === CALLS_AT_ONCE;
}

/** Deletes what is of no call that is kept. Returns whether there may be more. */
async function deleteSomeRows(
  transaction: StoreTransaction,
  table: 'desk_events' | 'history',
  time: number,
): Promise<boolean> {
  const old = transaction
    .selectFrom(table)
    .select('id')
    .where('at', '<', time)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('desk_calls').select('desk_calls.id').whereRef('desk_calls.id', '=', `${table}.call`),
        ),
      ),
    )
    .orderBy('at')
    .limit(ROWS_AT_ONCE);
  const { numDeletedRows } = await transaction.deleteFrom(table).where('id', 'in', old).executeTakeFirst();
  return numDeletedRows >= BigInt(ROWS_AT_ONCE);
}

/**
 * Deletes calls of the desk, of whatever age, with all that it did, asked of the platform, listed, and has to tell of
 * them.
 */
export async function deleteDeskCalls(
  transaction: StoreTransaction,
  calls: readonly string[],
): Promise<void> {
  await deleteAllOf(transaction, calls);
  await transaction.updateTable('counters').set({ desk_erasures: sql`desk_erasures + 1` }).execute();
}

async function deleteAllOf(transaction: StoreTransaction, calls: readonly string[]): Promise<void> {
  const subjects = [...(await subjectsOf(transaction, calls))];
  for (const table of ['desk_events', 'desk_reservations', 'history'] as const) {
    await transaction.deleteFrom(table).where('call', 'in', calls).execute();
  }
  for (let at = 0; at < subjects.length; at += ROWS_AT_ONCE) {
    const part = subjects.slice(at, at + ROWS_AT_ONCE);
    await transaction.deleteFrom('desk_effects').where('subject', 'in', part).execute();
    await transaction.deleteFrom('hooks').where('subject', 'in', part).execute();
  }
  await transaction.deleteFrom('desk_calls').where('id', 'in', calls).execute();
}

/** Calls of the desk, and all that requests to the platform may be filed under: their legs, reservations and guests. */
export async function subjectsOf(
  transaction: StoreTransaction,
  calls: readonly string[],
): Promise<Set<string>> {
  const subjects = new Set(calls);
  const states = [
    ...(await transaction.selectFrom('desk_calls').select('state').where('id', 'in', calls).execute()),
    ...(await transaction
      .selectFrom('desk_reservations')
      .select('state')
      .where('call', 'in', calls)
      .execute()),
  ];
  for (const { state } of states) {
    const {
      id,
      leg,
      guest,
    }: { id?: string; leg?: string | null; guest?: { id: string; leg: string | null } | null } =
      JSON.parse(state);
    for (const subject of [id, leg, guest?.id, guest?.leg]) if (subject) subjects.add(subject);
  }
  const events = await transaction
    .selectFrom('desk_events')
    .select('body')
    .where('call', 'in', calls)
    // Of a long call, most events are turns of the waiting loop.
    .where('kind', '<>', 'turn')
    .execute();
  for (const { body } of events) for (const subject of subjectsIn(JSON.parse(body))) subjects.add(subject);
  return subjects;
}

/** What an event names that requests to the platform may be filed under. */
export function subjectsIn(event: DeskEvent): string[] {
  return [
    ...('call' in event ? [event.call] : []),
    ...('guest' in event ? [event.guest] : []),
    ...('reservation' in event && event.reservation !== null ? [event.reservation] : []),
    ...('leg' in event && event.leg !== null ? [event.leg] : []),
  ];
}

/** Agents keep the last offer that they did not take, with the caller's number. */
export async function forgetLastOffers(
  transaction: StoreTransaction,
  isForgotten: (offer: EndedOffer) => boolean,
): Promise<void> {
  const agents = await transaction.selectFrom('desk_agents').selectAll().execute();
  for (const { name, state } of agents) {
    const agent: Agent = JSON.parse(state);
    if (!agent.lastOffer || !isForgotten(agent.lastOffer)) continue;
    const forgetful: Agent = { ...agent, lastOffer: null };
    await transaction
      .updateTable('desk_agents')
      .set({ state: JSON.stringify(forgetful) })
      .where('name', '=', name)
      .execute();
  }
}
