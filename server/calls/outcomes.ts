import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { MOST_COUNTED } from '../../domain/api/console-api.ts';
import { OUTCOMES, type Outcome } from '../../domain/calls/outcome.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { legBehind } from '../../domain/webhooks/identity.ts';
import { outboundId } from '../../domain/webhooks/outbound-id.ts';
import type { Spelling } from '../store/engine.ts';
import type { DeskOfCall, Schema } from '../store/schema.ts';
import type { StoreTransaction } from '../store/store.ts';

/** After the migrations of the desk: what it has done so far is noted, too. */
export function outcomeMigrations(name: Spelling['name']): Record<string, Migration> {
  return { '040-outcomes': { up: (db) => addOutcomes(db, name) } };
}

async function addOutcomes(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  for (const column of ['direction', 'queue', 'exit'])
    await db.schema.alterTable('calls').addColumn(column, 'text').execute();
  const field = (path: 'queue' | 'exit') =>
    name === 'postgres' ? sql`body::json ->> ${sql.lit(path)}` : sql`body ->> ${sql.lit(`$.${path}`)}`;
  const latest = (path: 'queue' | 'exit', kinds: readonly string[]) => sql`(select ${field(path)}
    from call_names inner join desk_events on desk_events.call = substr(name, 5)
    where call_number = calls.number and name like 'leg:%' and kind in (${sql.join(kinds.map((kind) => sql.lit(kind)))})
    order by desk_events.id desc limit 1)`;
  await sql`update calls set queue = ${latest('queue', ['entered', 'queue chosen'])}, exit = ${latest('exit', ['left'])}
    where exists (select 1 from desk_events)`.execute(db);
  // As `outcomeOf` has it. A database that computes it cannot forget it.
  await db.schema
    .alterTable('calls')
    .addColumn('result', 'text', (column) => {
      const generated = column.generatedAlwaysAs(sql`case coalesce(exit, outcome)
        when 'completed' then 'answered'
        when 'caller-gave-up' then 'missed'
        when 'nobody-answered' then 'missed'
        when 'busy' then 'missed'
        when 'overflow' then 'missed'
        when 'not reached' then 'missed'
        when 'rejected' then 'declined'
        when 'application-error' then 'failed'
        when 'lost' then 'failed'
        else coalesce(exit, outcome) end`);
      // SQLite adds no stored column to a table that exists; its index stores it anyway.
      return name === 'postgres' ? generated.stored() : generated;
    })
    .execute();
  await db.schema
    .createIndex('calls_by_result')
    .on('calls')
    .columns(['result', 'first_seen_at', 'number'])
    .where(sql.ref('result'), 'is not', null)
    .execute();
}

/** Notes in the calls what the desk did with them. */
export async function noteDesk(
  spelling: Spelling,
  transaction: StoreTransaction,
  events: readonly DeskEvent[],
): Promise<void> {
  const changes = new Map<string, DeskOfCall>();
  for (const event of events) {
    if (event.kind !== 'entered' && event.kind !== 'queue chosen' && event.kind !== 'left') continue;
    const leg = legOf(event.call);
    const { queue = null, exit = null } = changes.get(leg) ?? {};
    changes.set(leg, event.kind === 'left' ? { queue, exit: event.exit } : { queue: event.queue, exit });
  }
  const names = [...changes.keys()].map((call) => ({ name: `leg:${call}` }));
  if (names.length === 0) return;
  const found = await transaction
    .selectFrom(spelling.rowsOf(names, { name: 'text' }))
    .innerJoin('call_names', 'call_names.name', 'r.name')
    .select(['r.name', 'call_number'])
    .execute();
  for (const { name, call_number: number } of found) {
    const change = changes.get(name.slice('leg:'.length));
    if (change !== undefined) await setDesk(transaction, number, change);
  }
}

/**
 * The leg by which the log knows a call of the desk. A callback is not that of the leg that asked for it: the outcome of
 * that call is that it became a callback.
 */
function legOf(call: string): string {
  const leg = legBehind(call);
  return leg !== undefined && call === outboundId(leg) ? leg : call;
}

/** Keeps what the desk did with calls that are merged into others. */
export async function keepDeskOf(
  spelling: Spelling,
  transaction: StoreTransaction,
  merged: readonly { number: number; target: number }[],
): Promise<void> {
  const found = await transaction
    .selectFrom(spelling.rowsOf(merged, { number: 'integer', target: 'integer' }))
    .innerJoin('calls', 'calls.number', 'r.number')
    .select(['r.target', 'queue', 'exit'])
    .where('queue', 'is not', null)
    .execute();
  for (const { target, ...desk } of found) await setDesk(transaction, target, desk);
}

/** What is null stays as it is. */
async function setDesk(transaction: StoreTransaction, number: number, { queue, exit }: DeskOfCall) {
  const set = { ...(queue !== null && { queue }), ...(exit !== null && { exit }) };
  if (queue === null && exit === null) return;
  await transaction.updateTable('calls').set(set).where('number', '=', number).execute();
}

/** Number of calls by outcome, first seen in a time; no more than `MOST_COUNTED` of each are counted. */
export async function countOutcomes(
  db: Kysely<Schema>,
  { since, until }: { since?: number | undefined; until?: number | undefined },
): Promise<Record<Outcome, number>> {
  const counted = OUTCOMES.map((outcome) => {
    let calls = db.selectFrom('calls').select('number').where('result', '=', outcome);
    if (since !== undefined) calls = calls.where('first_seen_at', '>=', since);
    if (until !== undefined) calls = calls.where('first_seen_at', '<', until);
    return db
      .selectFrom(calls.limit(MOST_COUNTED).as('some'))
      .select(({ fn, val }) => [val(outcome).as('outcome'), fn.countAll<number | string>().as('count')]);
  });
  const counts: Record<Outcome, number> = {
    answered: 0,
    missed: 0,
    declined: 0,
    abandoned: 0,
    voicemail: 0,
    callback: 0,
    closed: 0,
    failed: 0,
    unknown: 0,
  };
  for (const query of counted) {
    const { outcome, count } = await query.executeTakeFirstOrThrow();
    counts[outcome] = Number(count);
  }
  return counts;
}
