import { sql } from 'kysely';
import { isStillWanted } from '../../../domain/desk/decide.ts';
import type { Desk, DeskCall, Reservation } from '../../../domain/desk/desk.ts';
import type { DeskFact, Effect, EffectOutcome } from '../../../domain/desk/events.ts';
import { queueOf } from '../../../domain/desk/rules.ts';
import type { Work } from '../../store/engine.ts';
import type { Exchange } from '../../vonage/vonage.ts';
import { loadNamed } from './stored-desk.ts';
import { type Moved, moveAndNote, type Setting } from './work.ts';

/** A request to the platform that this server is to send now. */
export interface Claimed {
  id: number;
  effect: Effect;
  /** Id of the webhook that caused it; null: none did. */
  requestId: string | null;
  /** From 1. */
  attempt: number;
  queuedAt: number;
  /** Of a request that creates or moves an agent's leg. */
  reservation: Reservation | null;
  /** False: the leg is no longer wanted, but an earlier attempt may have created it. */
  isWanted: boolean;
  /** The number that the caller dialled, the caller's own, and the caller's leg and its region. */
  ours: string | null;
  theirs: string | null;
  leg: string | null;
  regionUrl: string | null;
  ringSeconds: number;
}

export interface Claims {
  claimed: readonly Claimed[];
  /** When more may be claimed; null: when something new is queued. */
  again: number | null;
}

/** How many requests a second the platform takes from an application: new calls, and others. */
export interface Pace {
  calls: number;
  others: number;
}

/** Milliseconds that a server has for a request, its timeout included. */
const LEASE_MS = 4_000;
/** Milliseconds after which a leg is looked at again that waits for the end of another. */
const AFTER_HANG_UP_MS = 100;
/** Milliseconds after which a leg that may have been created, but is not heard of, has stopped ringing. */
export const STOPPED_RINGING_MS = 30_000;
/** Requests that a server has under way at a time. */
const AT_ONCE = 20;

/** Takes the requests that are due, no two about the same leg, as many as the platform's limits allow. */
export const claimEffects: Work<{ setting: Setting; pace: Pace }, Claims> = {
  module: import.meta.url,
  name: 'claimEffects',
  async run(_spelling, transaction, { setting: { now, rules }, pace }) {
    const due = await transaction
      .selectFrom('desk_effects')
      .select([
        'id',
        'kind',
        'subject',
        'body',
        'attempts',
        'queued_at',
        'due_at',
        'leased_until',
        'request_id',
      ])
      .where('done_at', 'is', null)
      // Legs that wait to be looked up can be many, and must not hide what callers wait for.
      .orderBy((eb) => eb('kind', '=', 'look up'))
      .orderBy('id')
      .limit(500)
      .execute();
    if (due.length === 0) return { claimed: [], again: null };
    const recent = await transaction
      .selectFrom('desk_effects')
      .select(['kind', 'attempted_at'])
      .where('attempted_at', '>', now - 1000)
      .execute();
    const left = {
      calls: pace.calls - recent.filter(createsCall).length,
      others: pace.others - recent.filter((each) => !createsCall(each)).length,
    };
    const effects = due.map((row) => ({ ...row, effect: parseEffect(row.body) }));
    const desk = await loadNamed(
      transaction,
      effects.map(({ effect }) => ({ kind: 'effect done', effect, outcome: { is: 'gone' } })),
    );
    const busy = new Set(effects.filter((each) => each.leased_until > now).map(({ subject }) => subject));
    const ordered = [...effects].sort((a, b) => rankOf(a.effect) - rankOf(b.effect) || a.id - b.id);
    // An agent's next leg begins when the one before has been hung up: her page shows one call at a time.
    const ending = new Set(
      effects.flatMap(({ effect, ...row }) => {
        if (effect.kind === 'hang up') return desk.reservations.get(effect.of)?.agent ?? [];
        return isLost(desk, effect, row, now) ? (desk.reservations.get(effect.reservation)?.agent ?? []) : [];
      }),
    );
    const claimed: Claimed[] = [];
    const unwanted: number[] = [];
    let again = Infinity;
    for (const { effect, ...row } of ordered) {
      const { id, subject, due_at, leased_until, attempts, queued_at } = row;
      const isWanted = isStillWanted(desk, effect);
      if (!isWanted && !isLost(desk, effect, row, now)) {
        unwanted.push(id);
        continue;
      }
      if (due_at > now || leased_until > now) {
        again = Math.min(again, Math.max(due_at, leased_until));
        continue;
      }
      const agent =
        isWanted && effect.kind === 'create leg'
          ? desk.reservations.get(effect.reservation)?.agent
          : undefined;
      if (agent !== undefined && ending.has(agent)) {
        again = Math.min(again, now + AFTER_HANG_UP_MS);
        continue;
      }
      const budget = isWanted && createsCall(effect) ? 'calls' : 'others';
      if (busy.has(subject) || left[budget] <= 0 || claimed.length >= AT_ONCE) {
        again = Math.min(again, now + 1000 / pace[budget]);
        continue;
      }
      busy.add(subject);
      left[budget] -= 1;
      claimed.push({
        id,
        effect,
        requestId: row.request_id,
        attempt: attempts + 1,
        queuedAt: queued_at,
        isWanted,
        ...detailsOf(desk, effect, rules),
      });
    }
    if (unwanted.length > 0) {
      await transaction
        .updateTable('desk_effects')
        .set({ done_at: now, outcome: 'no longer wanted' })
        .where('id', 'in', unwanted)
        .execute();
    }
    for (const { id, attempt } of claimed) {
      await transaction
        .updateTable('desk_effects')
        .set({ attempts: attempt, attempted_at: now, leased_until: now + LEASE_MS })
        .where('id', '=', id)
        .execute();
    }
    return { claimed, again: again === Infinity ? null : again };
  },
};

/** Whether an agent may be rung by a leg that is no longer wanted, and of which nothing was heard. */
function isLost(
  desk: Desk,
  effect: Effect,
  { attempts, queued_at }: { attempts: number; queued_at: number },
  now: number,
): effect is Extract<Effect, { kind: 'create leg' }> {
  if (effect.kind !== 'create leg' || attempts === 0 || isStillWanted(desk, effect)) return false;
  return desk.reservations.get(effect.reservation)?.leg === null && now - queued_at < STOPPED_RINGING_MS;
}

function createsCall({ kind }: { kind: string }): boolean {
  return kind === 'create leg' || kind === 'call customer' || kind === 'call number';
}

/** Somebody hears silence until a transfer or a hang-up; a look is in no hurry. */
function rankOf(effect: Effect): number {
  if (effect.kind === 'look up') return 2;
  return createsCall(effect) ? 1 : 0;
}

function detailsOf(
  desk: Desk,
  effect: Effect,
  rules: Setting['rules'],
): Pick<Claimed, 'reservation' | 'ours' | 'theirs' | 'leg' | 'regionUrl' | 'ringSeconds'> {
  const reservation = 'reservation' in effect ? (desk.reservations.get(effect.reservation) ?? null) : null;
  const callId = 'call' in effect ? effect.call : reservation?.call;
  const call = callId === undefined ? undefined : desk.calls.get(callId);
  return {
    reservation,
    ours: call?.to ?? null,
    theirs: call?.from ?? null,
    leg: legOf(effect, reservation, call),
    regionUrl: regionOf(effect, reservation, call),
    ringSeconds: (call && queueOf(rules, call.queue)?.ringSeconds) ?? 20,
  };
}

function legOf(effect: Effect, reservation: Reservation | null, call: DeskCall | undefined): string | null {
  if ('leg' in effect) return effect.leg;
  if (effect.kind === 'move leg') return reservation?.leg ?? null;
  const isOfGuest = effect.kind === 'move guest' || effect.kind === 'call number';
  return isOfGuest ? (call?.guest?.leg ?? null) : (call?.leg ?? null);
}

function regionOf(
  effect: Effect,
  reservation: Reservation | null,
  call: DeskCall | undefined,
): string | null {
  if ('regionUrl' in effect) return effect.regionUrl;
  if (effect.kind === 'move leg') return reservation?.legRegionUrl ?? null;
  return effect.kind === 'transfer' || effect.kind === 'say' ? (call?.regionUrl ?? null) : null;
}

/** The end of an attempt: done for good, or to be tried again at a time. */
export type Settled =
  | { id: number; effect: Effect; end: EffectOutcome }
  | {
      id: number;
      effect: Effect;
      again: number;
      reason: string;
      /** Attempts so far, without those that the platform certainly did not carry out. */
      attempts: number;
    };

/** What went over the wire for a request of the desk; `at`: milliseconds since 1970. */
export type SentExchange = Exchange & { at: number };

interface SettleInput {
  settled: Settled;
  /** What was sent in this attempt. */
  exchanges: readonly SentExchange[];
  /** Id of the webhook that caused the request, and so what follows from it. */
  requestId: string | null;
  setting: Setting;
}

/** Notes what became of a request, and lets the desk decide what follows. */
export const settleEffect: Work<SettleInput, Moved> = {
  module: import.meta.url,
  name: 'settleEffect',
  async run(spelling, transaction, { settled, exchanges, requestId, setting }) {
    const lines = exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join('');
    const ended = 'end' in settled;
    await transaction
      .updateTable('desk_effects')
      .$if(lines !== '', (update) => update.set({ exchanges: sql`coalesce(exchanges, '') || ${lines}` }))
      .set(
        ended
          ? { done_at: setting.now, outcome: inWords(settled.end), leased_until: 0 }
          : { due_at: settled.again, leased_until: 0, attempts: settled.attempts },
      )
      .where('id', '=', settled.id)
      .execute();
    return moveAndNote(spelling, transaction, factsOf(settled), setting, [requestId]);
  },
};

function factsOf(settled: Settled): DeskFact[] {
  const { effect } = settled;
  if ('end' in settled) return [{ kind: 'effect done', effect, outcome: settled.end }];
  if (effect.kind !== 'create leg') return [];
  return [{ kind: 'leg delayed', reservation: effect.reservation, reason: settled.reason }];
}

function inWords(outcome: EffectOutcome): string {
  return outcome.is === 'failed' ? `failed: ${outcome.reason}` : outcome.is;
}

function parseEffect(body: string): Effect {
  return JSON.parse(body);
}
