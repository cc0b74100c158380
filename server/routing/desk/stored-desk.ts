import type { Kysely } from 'kysely';
import {
  type Agent,
  type Desk,
  type DeskCall,
  handleTimeOf,
  isOpen,
  type Reservation,
} from '../../../domain/desk/desk.ts';
import type { DeskEvent, DeskFact, Effect } from '../../../domain/desk/events.ts';
import { readAgent, readCall, readReservation } from '../../../domain/desk/stored.ts';
import { outboundId } from '../../../domain/webhooks/outbound-id.ts';
import type { Columns, Spelling } from '../../store/engine.ts';
import { insertRows, upsertRows } from '../../store/rows.ts';
import type { Schema } from '../../store/schema.ts';
import type { StoreTransaction } from '../../store/store.ts';
import type { DeskAgentRow, DeskCallRow, DeskEffectRow, DeskEventRow, DeskReservationRow } from './tables.ts';

/**
 * The agents, the open calls and reservations, and those that the facts name.
 * @param recently from when ended calls count of callers who call again
 */
export function loadDesk(db: Kysely<Schema>, facts: readonly DeskFact[], recently = Infinity): Promise<Desk> {
  return load(db, facts, { recently });
}

/** Only the calls and reservations that the facts name, and the calls of these reservations. */
export function loadNamed(db: Kysely<Schema>, facts: readonly DeskFact[]): Promise<Desk> {
  return load(db, facts, undefined);
}

async function load(
  db: Kysely<Schema>,
  facts: readonly DeskFact[],
  whole: { recently: number } | undefined,
): Promise<Desk> {
  const named = namedIn(facts);
  const agents = whole ? await db.selectFrom('desk_agents').select(['name', 'state']).execute() : [];
  const reservations = await db
    .selectFrom('desk_reservations')
    .select(['id', 'call', 'state'])
    .where(({ or, eb, lit }) =>
      or([
        ...(whole !== undefined ? [eb('open', '=', lit(1))] : []),
        ...(named.reservations.length > 0 ? [eb('id', 'in', named.reservations)] : []),
      ]),
    )
    .execute();
  const callers = facts.flatMap((fact) => (fact.kind === 'call arrived' ? (fact.from ?? []) : []));
  // An agent wraps up a call that has ended.
  const wanted = [...new Set([...named.calls, ...reservations.map(({ call }) => call)])];
  const calls = await db
    .selectFrom('desk_calls')
    .select(['id', 'state'])
    .where(({ or, and, eb, lit }) =>
      or([
        ...(whole !== undefined ? [eb('open', '=', lit(1))] : []),
        ...(wanted.length > 0 ? [eb('id', 'in', wanted)] : []),
        ...(whole && callers.length > 0 && whole.recently < Infinity
          ? [and([eb('from_party', 'in', callers), eb('changed_at', '>=', whole.recently)])]
          : []),
      ]),
    )
    .execute();
  return {
    agents: new Map(agents.map(({ name, state }): [string, Agent] => [name, readAgent(state)])),
    calls: new Map(calls.map(({ id, state }): [string, DeskCall] => [id, readCall(state)])),
    reservations: new Map(
      reservations.map(({ id, state }): [string, Reservation] => [id, readReservation(state)]),
    ),
  };
}

function namedIn(facts: readonly DeskFact[]): { calls: string[]; reservations: string[] } {
  const calls = new Set<string>();
  const reservations = new Set<string>();
  for (const fact of facts) {
    if ('call' in fact) calls.add(fact.call);
    if (fact.kind === 'call arrived') calls.add(fact.leg);
    if (fact.kind === 'agent dials') calls.add(outboundId(fact.leg));
    if ('reservation' in fact) reservations.add(fact.reservation);
    if (fact.kind === 'effect done') {
      if ('reservation' in fact.effect) reservations.add(fact.effect.reservation);
      if (fact.effect.kind === 'hang up') reservations.add(fact.effect.of);
      if ('call' in fact.effect) calls.add(fact.effect.call);
      if (fact.effect.kind === 'look up') {
        const { of } = fact.effect;
        if ('call' in of) calls.add(of.call);
        else if ('reservation' in of) reservations.add(of.reservation);
        else calls.add(of.inCall);
      }
    }
  }
  return { calls: [...calls], reservations: [...reservations] };
}

/** Every database can index as much. */
const LONGEST_PARTY = 200;

const CALL_COLUMNS: Columns<DeskCallRow> = {
  id: 'text',
  open: 'integer',
  from_party: 'text',
  changed_at: 'integer',
  state: 'text',
};
const AGENT_COLUMNS: Columns<DeskAgentRow> = { name: 'text', state: 'text' };
const RESERVATION_COLUMNS: Columns<DeskReservationRow> = {
  id: 'text',
  call: 'text',
  agent: 'text',
  open: 'integer',
  accepted: 'integer',
  queue: 'text',
  handle_ms: 'integer',
  changed_at: 'integer',
  state: 'text',
};

/** Writes what changed. */
export async function saveDesk(
  spelling: Spelling,
  transaction: StoreTransaction,
  before: Desk,
  after: Desk,
): Promise<void> {
  const agents = changed(before.agents, after.agents).map(
    (agent): DeskAgentRow => ({ name: agent.name, state: JSON.stringify(agent) }),
  );
  const calls = changed(before.calls, after.calls).map(
    (call): DeskCallRow => ({
      id: call.id,
      open: call.stage === 'ended' ? 0 : 1,
      from_party: call.from?.slice(0, LONGEST_PARTY) ?? null,
      changed_at: call.since,
      state: JSON.stringify(call),
    }),
  );
  const reservations = changed(before.reservations, after.reservations).map(
    (each): DeskReservationRow => ({
      id: each.id,
      call: each.call,
      agent: each.agent,
      open: isOpen(each) ? 1 : 0,
      accepted: each.role === 'agent' && (each.state === 'accepting' || each.state === 'connected') ? 1 : 0,
      queue: after.calls.get(each.call)?.queue ?? null,
      // How long calls take that agents make says nothing about how long callers wait.
      handle_ms: after.calls.get(each.call)?.kind === 'outbound' ? null : handleTimeOf(each),
      changed_at: each.since,
      state: JSON.stringify(each),
    }),
  );
  // Those that end come first: an agent's next reservation may take the place of the one before. So do agents who
  // leave a call: another may take it over.
  const ended = reservations.filter(({ open }) => open === 0);
  const open = reservations.filter((each) => each.open === 1).sort((a, b) => a.accepted - b.accepted);
  await upsertRows(spelling, transaction, 'desk_agents', 'name', agents, AGENT_COLUMNS);
  await upsertRows(spelling, transaction, 'desk_calls', 'id', calls, CALL_COLUMNS);
  await upsertRows(spelling, transaction, 'desk_reservations', 'id', ended, RESERVATION_COLUMNS);
  await upsertRows(spelling, transaction, 'desk_reservations', 'id', open, RESERVATION_COLUMNS);
}

function changed<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): T[] {
  return [...after].filter(([key, value]) => before.get(key) !== value).map(([, value]) => value);
}

export async function addEvents(
  spelling: Spelling,
  transaction: StoreTransaction,
  events: readonly DeskEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const last = await highest(transaction, 'desk_events');
  const rows = events.map(
    (event, index): DeskEventRow => ({
      id: last + 1 + index,
      at: event.at,
      call: 'call' in event ? event.call : null,
      agent: 'agent' in event ? event.agent : null,
      kind: event.kind,
      body: JSON.stringify(event),
    }),
  );
  await insertRows(spelling, transaction, 'desk_events', rows, EVENT_COLUMNS);
}

const EVENT_COLUMNS: Columns<DeskEventRow> = {
  id: 'integer',
  at: 'integer',
  call: 'text',
  agent: 'text',
  kind: 'text',
  body: 'text',
};

/** An effect, and the id of the webhook that caused it; null: none did. */
export interface CausedEffect {
  effect: Effect;
  requestId: string | null;
}

/** Whether a call was moved again after a move that failed: where it is now is not touched. */
export async function isMovedSince(
  transaction: StoreTransaction,
  { call, move }: Extract<DeskFact, { kind: 'move failed' }>,
): Promise<boolean> {
  const later = await transaction
    .selectFrom('desk_effects')
    .select('id')
    .where('id', '>', move)
    .where('subject', '=', call)
    .where('kind', '=', 'transfer')
    .executeTakeFirst();
  return later !== undefined;
}

export async function addEffects(
  spelling: Spelling,
  transaction: StoreTransaction,
  effects: readonly CausedEffect[],
  now: number,
): Promise<void> {
  if (effects.length === 0) return;
  const last = await highest(transaction, 'desk_effects');
  const wanted = await withoutRepeatedLookUps(transaction, effects, now);
  const rows = wanted.map(
    ({ effect, requestId }, index): DeskEffectRow => ({
      id: last + 1 + index,
      kind: effect.kind,
      subject: subjectOf(effect),
      body: JSON.stringify(effect),
      queued_at: now,
      due_at: now,
      attempts: 0,
      attempted_at: null,
      leased_until: 0,
      outcome: null,
      exchanges: null,
      done_at: null,
      request_id: requestId,
    }),
  );
  await insertRows(spelling, transaction, 'desk_effects', rows, EFFECT_COLUMNS);
}

/**
 * The effects without those that look up a leg which waits to be looked up already. All legs are asked for when the
 * store comes back: a busy one that fails often would be kept busy by the requests alone.
 */
async function withoutRepeatedLookUps(
  transaction: StoreTransaction,
  effects: readonly CausedEffect[],
  now: number,
): Promise<readonly CausedEffect[]> {
  if (!effects.some(({ effect }) => effect.kind === 'look up')) return effects;
  const waiting = await transaction
    .selectFrom('desk_effects')
    .select('subject')
    .where('done_at', 'is', null)
    .where('kind', '=', 'look up')
    // What was asked a moment ago may be answered by how it was before.
    .where('leased_until', '<=', now)
    .execute();
  const legs = new Set(waiting.map(({ subject }) => subject));
  return effects.filter(({ effect }) => {
    if (effect.kind !== 'look up') return true;
    const isNew = !legs.has(effect.leg);
    legs.add(effect.leg);
    return isNew;
  });
}

const EFFECT_COLUMNS: Columns<DeskEffectRow> = {
  id: 'integer',
  kind: 'text',
  subject: 'text',
  body: 'text',
  queued_at: 'integer',
  due_at: 'integer',
  attempts: 'integer',
  attempted_at: 'integer',
  leased_until: 'integer',
  outcome: 'text',
  exchanges: 'text',
  done_at: 'integer',
  request_id: 'text',
};

/** What no two requests at a time may be about. */
function subjectOf(effect: Effect): string {
  switch (effect.kind) {
    case 'create leg':
      return effect.reservation;
    case 'transfer':
    case 'call customer':
    case 'say':
      return effect.call;
    case 'move leg':
      return effect.reservation;
    case 'call number':
    case 'move guest':
      return effect.guest;
    case 'hang up':
    case 'look up':
      return effect.leg;
  }
}

async function highest(
  transaction: StoreTransaction,
  table: 'desk_events' | 'desk_effects',
): Promise<number> {
  const row = await transaction
    .selectFrom(table)
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}
