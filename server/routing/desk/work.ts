import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Refusal } from '../../../domain/desk/controls.ts';
import { decide, nextDue } from '../../../domain/desk/decide.ts';
import {
  type Agent,
  type Desk,
  type DeskCall,
  handleTimeOf,
  isOffer,
  isOpen,
  type Reservation,
} from '../../../domain/desk/desk.ts';
import type { DeskEvent, DeskFact, Effect } from '../../../domain/desk/events.ts';
import { isOpenAt, nextOpening } from '../../../domain/desk/hours.ts';
import { type DeskRules, queueOf } from '../../../domain/desk/rules.ts';
import type { Stagecraft } from '../../../domain/desk/script.ts';
import { readAgent, readCall, readReservation } from '../../../domain/desk/stored.ts';
import { SETTLING } from '../../../domain/history/history.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { outboundId } from '../../../domain/webhooks/outbound-id.ts';
import type { AuditFact } from '../../audit/audit.ts';
import { noteDesk } from '../../calls/outcomes.ts';
import { projectDeskCalls } from '../../history/project.ts';
import { queueHooks } from '../../hooks/queue.ts';
import type { Columns, Spelling, Work } from '../../store/engine.ts';
import { insertRows, upsertRows } from '../../store/rows.ts';
import type { Schema } from '../../store/schema.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { noteVoicemails, type VoicemailFact } from '../../voicemail/note.ts';
import { agentIn, noteControl } from './audited.ts';
import { deskHooks } from './hooks.ts';
import type { DeskAgentRow, DeskCallRow, DeskEffectRow, DeskEventRow, DeskReservationRow } from './tables.ts';

/** What decisions need besides the store. Plain data: it goes to the thread of the database. */
export interface Setting {
  rules: DeskRules;
  craft: Stagecraft;
  /** Milliseconds since 1970. */
  now: number;
  /** For whom hooks are queued; absent: for nobody. */
  hooks?: readonly string[] | undefined;
}

/** Something that the desk did, for those who watch it. */
export interface DeskNews {
  event: DeskEvent;
  /** The caller's number; null: withheld, or of no call. */
  from: string | null;
  /** How long an offer was open that is decided now, or a caller waited who hears an agent for the first time. */
  seconds: number | null;
  /** Id of the webhook that caused it; null: none did. */
  requestId: string | null;
}

/** What a transaction of the desk changed, as far as this server must act on it. */
export interface Moved {
  /** The answer to each fact, in order. */
  nccos: readonly (Ncco | null)[];
  /** Why each fact is refused, in order; null: it is not. */
  refusals: readonly (Refusal | null)[];
  /** Whether requests to the platform were queued. */
  hasEffects: boolean;
  /** Whether hooks were queued. */
  hasHooks: boolean;
  /** When something happens by itself; null: never. */
  due: number | null;
  /** When the transaction was asked for. */
  at: number;
  /** What the desk did. */
  news: readonly DeskNews[];
  /** Why the desk could not decide; null if it could. */
  fault: string | null;
}

interface Move {
  facts: readonly DeskFact[];
  setting: Setting;
  /** Recorded in the audit trail, unless the desk refuses a fact. */
  noted?: AuditFact | undefined;
}

/** Lets the desk decide what facts mean that no webhook brought. */
export const moveDesk: Work<Move, Moved> = {
  module: import.meta.url,
  name: 'moveDesk',
  async run(spelling, transaction, { facts, setting, noted }) {
    // Before the desk moves: whoever ends a call ends the agent's part in it.
    const agent = noted?.of == null ? undefined : await agentIn(transaction, noted.of);
    const moved = await moveAndNote(spelling, transaction, facts, setting);
    if (noted !== undefined && moved.refusals.every((refusal) => refusal === null))
      await noteControl(transaction, noted, agent, setting.now);
    return moved;
  },
};

/** Lets the desk decide what facts mean that no webhook brought, and notes it in the calls. */
export async function moveAndNote(
  spelling: Spelling,
  transaction: StoreTransaction,
  facts: readonly DeskFact[],
  setting: Setting,
  causes?: Causes,
): Promise<Moved> {
  const moved = await moveFacts(spelling, transaction, facts, setting, causes);
  const events = moved.news.map(({ event }) => event);
  await noteDesk(spelling, transaction, events);
  return moved;
}

/** For each fact the id of the webhook that brought it, or to which it is due; null: none. */
type Causes = readonly (string | null)[];

/** Lets the desk decide what facts mean, in a transaction that holds the lock. */
export async function moveFacts(
  spelling: Spelling,
  transaction: StoreTransaction,
  facts: readonly DeskFact[],
  { rules, craft, now, hooks = [] }: Setting,
  causes: Causes = [],
): Promise<Moved> {
  const before = await loadDesk(transaction, facts, now - rules.placeKeptSeconds * 1000);
  const handled = await handleTimes(transaction, before, facts, rules);
  const nccos: (Ncco | null)[] = [];
  const refusals: (Refusal | null)[] = [];
  const events: DeskEvent[] = [];
  const effects: CausedEffect[] = [];
  const news: DeskNews[] = [];
  let desk = before;
  for (const [index, fact] of facts.entries()) {
    if (fact.kind === 'move failed' && (await isMovedSince(transaction, fact))) {
      nccos.push(null);
      refusals.push(null);
      continue;
    }
    const requestId = causes[index] ?? null;
    const decision = decide(desk, fact, {
      rules,
      craft,
      now,
      newId: () => randomBytes(16).toString('hex'),
      handleTimes: (queue) => handled.get(queue) ?? [],
      isOpen: ({ hours }) => hours === null || isOpenAt(hours, now),
      opensAt: ({ hours }) => (hours === null ? now : nextOpening(hours, now)),
    });
    for (const event of decision.events) news.push({ ...newsOf(event, desk, decision.desk), requestId });
    desk = decision.desk;
    nccos.push(decision.ncco);
    refusals.push(decision.refusal);
    events.push(...decision.events);
    effects.push(...decision.effects.map((effect) => ({ effect, requestId })));
  }
  await saveDesk(spelling, transaction, before, desk);
  await addEvents(spelling, transaction, events);
  await noteVoicemails(transaction, voicemailsIn(events, desk), now);
  await projectDeskCalls(spelling, transaction, settledCalls(events));
  await addEffects(spelling, transaction, effects, now);
  const told = hooks.length === 0 ? [] : await deskHooks(transaction, before, desk, events, now);
  const hasHooks = await queueHooks(spelling, transaction, hooks, told, now);
  // A hint for other servers: pages of this desk may be theirs.
  if (events.length > 0) await spelling.announce(transaction, 0);
  return {
    nccos,
    refusals,
    hasEffects: effects.length > 0,
    hasHooks,
    due: nextDue(desk, rules, now),
    at: now,
    news,
    fault: null,
  };
}

/** @param before the desk before the event */
function newsOf(event: DeskEvent, before: Desk, after: Desk): Omit<DeskNews, 'requestId'> {
  const call = 'call' in event ? after.calls.get(event.call) : undefined;
  return { event, from: call?.from ?? null, seconds: secondsOf(event, before, call) };
}

function secondsOf(event: DeskEvent, before: Desk, call: DeskCall | undefined): number | null {
  switch (event.kind) {
    case 'accepted':
    case 'offer ended': {
      const reservation = before.reservations.get(event.reservation);
      return reservation && isOffer(reservation) ? (event.at - reservation.createdAt) / 1000 : null;
    }
    case 'connected':
      return call?.kind === 'inbound' && call.answeredAt === event.at
        ? (event.at - call.enteredAt) / 1000
        : null;
    default:
      return null;
  }
}

/** The calls of which the history may be another one now. */
function settledCalls(events: readonly DeskEvent[]): string[] {
  const calls = events.flatMap((event) => (SETTLING.has(event.kind) && 'call' in event ? event.call : []));
  return [...new Set(calls)];
}

/** Recent calls from which a wait is estimated. */
const SAMPLES = 20;

/** Seconds that the latest calls of a queue took, for the queues whose callers may be told of their wait now. */
async function handleTimes(
  transaction: StoreTransaction,
  desk: Desk,
  facts: readonly DeskFact[],
  rules: DeskRules,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  const asked = facts.flatMap((fact) =>
    fact.kind === 'turn asked' ? (desk.calls.get(fact.call)?.queue ?? []) : [],
  );
  for (const queue of new Set(asked)) {
    if (queueOf(rules, queue)?.announce.wait !== true) continue;
    const rows = await transaction
      .selectFrom('desk_reservations')
      .select('handle_ms')
      .where('queue', '=', queue)
      .where('handle_ms', 'is not', null)
      .orderBy('changed_at', 'desc')
      .limit(SAMPLES)
      .execute();
    times.set(
      queue,
      rows.map(({ handle_ms }) => (handle_ms ?? 0) / 1000),
    );
  }
  return times;
}

/** The messages that callers were asked for. */
function voicemailsIn(events: readonly DeskEvent[], desk: Desk): VoicemailFact[] {
  return events.flatMap((event): VoicemailFact[] => {
    if (event.kind !== 'left' || event.voicemail === null) return [];
    const { queue = null, from = null } = desk.calls.get(event.call) ?? {};
    return [{ kind: 'offered', id: event.voicemail, call: event.call, queue, from }];
  });
}

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
async function saveDesk(
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

async function addEvents(
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

interface CausedEffect {
  effect: Effect;
  requestId: string | null;
}

/** Whether a call was moved again after a move that failed: where it is now is not touched. */
async function isMovedSince(
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

async function addEffects(
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
