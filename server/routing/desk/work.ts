import { randomBytes } from 'node:crypto';
import type { Refusal } from '../../../domain/desk/controls.ts';
import { decide, nextDue } from '../../../domain/desk/decide.ts';
import { type Desk, type DeskCall, isOffer } from '../../../domain/desk/desk.ts';
import type { DeskEvent, DeskFact } from '../../../domain/desk/events.ts';
import { isOpenAt, nextOpening } from '../../../domain/desk/hours.ts';
import { type DeskRules, queueOf } from '../../../domain/desk/rules.ts';
import type { Stagecraft } from '../../../domain/desk/script.ts';
import { SETTLING } from '../../../domain/history/history.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { AuditFact } from '../../audit/audit.ts';
import { noteDesk } from '../../calls/outcomes.ts';
import { projectDeskCalls } from '../../history/project.ts';
import { queueHooks } from '../../hooks/queue.ts';
import type { Spelling, Work } from '../../store/engine.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { noteVoicemails, type VoicemailFact } from '../../voicemail/note.ts';
import { agentIn, noteControl } from './audited.ts';
import { deskHooks } from './hooks.ts';
import { addEffects, addEvents, type CausedEffect, isMovedSince, loadDesk, saveDesk } from './stored-desk.ts';

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
