import { OUTSIDE_RING_SECONDS } from '../../../domain/desk/control.ts';
import type { Effect, EffectOutcome } from '../../../domain/desk/events.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/store.ts';
import type { CallControl, NoteExchange, VonageApi } from '../../vonage/vonage.ts';
import { createWorker, type Worker } from '../../worker.ts';
import {
  type Claimed,
  claimEffects,
  type Pace,
  type SentExchange,
  type Settled,
  STOPPED_RINGING_MS,
  settleEffect,
} from './effects.ts';
import type { Moved, Setting } from './work.ts';

interface DispatcherOptions {
  store: Store;
  vonage: VonageApi;
  clock: Clock;
  setting: () => Setting;
  pace: Pace;
  /** This server's address as the platform reaches it. */
  base: string;
  /** Told of what a transaction changed. */
  onMoved: (moved: Moved) => void;
  /** Told of each attempt. */
  onAttempt: (attempt: EffectAttempt) => void;
  log: (line: string) => void;
}

/** An attempt to have the platform do something, for metrics and the log. */
export interface EffectAttempt {
  kind: Effect['kind'];
  /** `again`: it will be tried again. */
  result: EffectOutcome['is'] | 'again';
  /** Which attempt it was, from 1. */
  attempt: number;
  /** Id of the webhook that caused it; null: none did. */
  requestId: string | null;
  /** What was sent, in order. `status` is null if no answer came, `took` is in milliseconds. */
  requests: readonly { method: string; url: string; status: number | null; took: number }[];
}

/** Milliseconds between two looks for requests that another server queued, or left undone. */
const LOOK_MS = 1_000;
/** Milliseconds after which a request is tried again that failed, by attempt. */
const RETRY_MS = [200, 500, 1_000, 2_000] as const;
/** Milliseconds that a leg whose creation was not confirmed has to be heard of. */
const UNKNOWN_MS = 2_000;
/** Milliseconds after which a transfer is tried again that the platform refused, although the leg is alive. */
const NOT_YET_MS = 300;
/** Milliseconds after which a request is given up. */
const GIVE_UP_MS = 8_000;
/** Milliseconds by which the platform's clock may be behind. */
const CLOCKS_DIFFER_MS = 1_000;

/** Seconds that a customer is rung whom the desk calls. */
const CUSTOMER_RING_SECONDS = 40;

/** Statuses of a leg that has ended. */
const OVER: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'rejected',
  'busy',
  'timeout',
  'cancelled',
  'unanswered',
]);

/** Sends the desk's requests to the platform, and notes what became of them. */
export function createDispatcher(options: DispatcherOptions): Worker {
  const { store, vonage, clock, setting, pace, base, onMoved, onAttempt, log } = options;
  const worker = createWorker<Claimed>({
    clock,
    lookMs: LOOK_MS,
    isShared: store.engine.name === 'postgres',
    claim: () => store.perform(claimEffects, { setting: setting(), pace }),
    async carryOut(claimed) {
      try {
        await carryOut(claimed);
      } catch (error) {
        log(`A request of the desk failed: ${String(error)}.`);
        throw error;
      }
    },
  });

  async function carryOut(claimed: Claimed): Promise<void> {
    const exchanges: SentExchange[] = [];
    const began = clock.now();
    const control = await send(claimed, (exchange) =>
      exchanges.push({ ...exchange, at: Math.max(began, clock.now() - exchange.took) }),
    );
    const settled = settledBy(claimed, control);
    const { effect, attempt, requestId } = claimed;
    const result = 'again' in settled ? 'again' : settled.end.is;
    onAttempt({ kind: effect.kind, result, attempt, requestId, requests: exchanges.map(inShort) });
    const moved = await store.perform(settleEffect, { settled, exchanges, requestId, setting: setting() });
    onMoved(moved);
    if ('again' in settled) worker.wakeAt(settled.again);
    else worker.wake();
  }

  function send(claimed: Claimed, note: NoteExchange): Promise<CallControl> {
    const { id, effect, reservation, theirs, leg, regionUrl, attempt } = claimed;
    switch (effect.kind) {
      case 'create leg':
        return reservation === null
          ? Promise.resolve({ is: 'refused', reason: 'the reservation is gone' })
          : createLeg(reservation, claimed, note);
      case 'transfer':
        return leg === null
          ? gone()
          : transfer(leg, `next/${encodeURIComponent(effect.call)}/${id}`, regionUrl ?? undefined, note);
      case 'move leg':
        return leg === null
          ? gone()
          : transfer(leg, `agent/${effect.reservation}/${id}`, regionUrl ?? undefined, note);
      case 'move guest':
        return leg === null ? gone() : transfer(leg, `${guestPath(effect)}/${id}`, undefined, note);
      case 'call number':
        return callPhone(
          claimed,
          effect.number,
          {
            answerUrl: `${base}/voice/${guestPath(effect)}`,
            eventUrl: `${base}/voice/event/${encodeURIComponent(effect.call)}/${effect.guest}`,
            ringSeconds: OUTSIDE_RING_SECONDS,
          },
          note,
        );
      case 'say':
        if (leg === null) return gone();
        return attempt > 1
          ? Promise.resolve({ is: 'refused', reason: 'it is not known whether the phrase was spoken' })
          : vonage.talk(leg, effect.text, setting().craft.language, regionUrl ?? undefined, note);
      case 'call customer':
        return theirs === null
          ? Promise.resolve({ is: 'refused', reason: 'the number of the customer is not known' })
          : callPhone(
              claimed,
              theirs.replace(/^\+/, ''),
              {
                answerUrl: `${base}/voice/next/${encodeURIComponent(effect.call)}`,
                eventUrl: `${base}/voice/event/${encodeURIComponent(effect.call)}`,
                ringSeconds: CUSTOMER_RING_SECONDS,
              },
              note,
            );
      case 'look up':
        return isAlive(effect.leg, regionUrl ?? undefined);
      case 'hang up':
        return vonage.hangUpCall(effect.leg, regionUrl ?? undefined, note);
    }
  }

  /** The platform refuses, too, to transfer a leg that it has not answered yet: a quick agent comes before. */
  async function transfer(
    leg: string,
    path: string,
    regionUrl: string | undefined,
    note: NoteExchange,
  ): Promise<CallControl> {
    const control = await vonage.transferCall(leg, `${base}/voice/${path}`, regionUrl, note);
    if (control.is !== 'gone') return control;
    const found = await isAlive(leg, regionUrl);
    return found.is === 'gone' ? found : { is: 'busy', retryMs: NOT_YET_MS };
  }

  async function createLeg(
    { id, agent, call }: { id: string; agent: string; call: string },
    { ours, ringSeconds, attempt, queuedAt, isWanted }: Claimed,
    note: NoteExchange,
  ): Promise<CallControl> {
    try {
      // The leg may exist although its creation was not confirmed.
      const known = attempt > 1 ? await legTo('user', agent, queuedAt, ['started', 'ringing']) : undefined;
      if (known !== undefined || !isWanted) return { is: 'done', leg: known ?? null };
      await vonage.ensureUser(agent);
    } catch {
      return { is: 'unknown' };
    }
    return vonage.createCall(
      {
        to: { type: 'app', user: agent },
        from: ours,
        answerUrl: `${base}/voice/agent/${id}`,
        // It names the call, too: in the log, an offer belongs to it whether or not the agent answers.
        eventUrl: `${base}/voice/offer/${id}/${encodeURIComponent(call)}`,
        ringSeconds,
      },
      note,
    );
  }

  /** Calls a telephone, unless an earlier attempt did although nobody said so. */
  async function callPhone(
    { ours, leg, attempt, queuedAt }: Claimed,
    number: string,
    call: Pick<Parameters<VonageApi['createCall']>[0], 'answerUrl' | 'eventUrl' | 'ringSeconds'>,
    note: NoteExchange,
  ): Promise<CallControl> {
    if (attempt > 1) {
      if (leg !== null) return { is: 'done', leg };
      try {
        const known = await legTo('number', number, queuedAt, ['started', 'ringing', 'answered']);
        if (known !== undefined) return { is: 'done', leg: known };
      } catch {
        return { is: 'unknown' };
      }
    }
    return vonage.createCall({ to: { type: 'phone', number }, from: ours, ...call }, note);
  }

  async function isAlive(leg: string, regionUrl: string | undefined): Promise<CallControl> {
    try {
      const state = await vonage.callState(leg, regionUrl);
      if (state === undefined) return { is: 'gone' };
      if (!OVER.has(String(state.status))) return { is: 'done', leg };
      const endedAt = Date.parse(String(state.end_time));
      return Number.isNaN(endedAt) ? { is: 'gone' } : { is: 'gone', endedAt };
    } catch {
      // It is asked again later.
      return { is: 'done', leg };
    }
  }

  /** The leg to an agent or a number that was created since a time. Earlier ones belong to others. */
  async function legTo(
    kind: 'user' | 'number',
    name: string,
    since: number,
    statuses: readonly string[],
  ): Promise<string | undefined> {
    const date_start = new Date(since - CLOCKS_DIFFER_MS).toISOString();
    for (const status of statuses) {
      const calls = await vonage.findCalls({ status, date_start, order: 'desc', page_size: '100' });
      const found = calls.find(({ to }) => isTo(to, kind, name));
      if (typeof found?.uuid === 'string') return found.uuid;
    }
    return undefined;
  }

  function settledBy({ id, effect, attempt, queuedAt }: Claimed, control: CallControl): Settled {
    const now = clock.now();
    // Until then, a leg that may exist is looked for; the desk itself gives up the offer earlier.
    const isLookedFor = effect.kind === 'create leg' && control.is === 'unknown';
    const isLate = now - queuedAt >= (isLookedFor ? STOPPED_RINGING_MS : GIVE_UP_MS);
    const again = (ms: number, reason: string, attempts = attempt): Settled => {
      if (!isLate) return { id, effect, again: now + ms, reason, attempts };
      log(`The platform did not carry out a request of the desk in time: ${effect.kind}.`);
      return { id, effect, end: { is: 'failed', reason: 'the platform did not carry it out in time' } };
    };
    const end = (outcome: EffectOutcome): Settled => ({ id, effect, end: outcome });
    const retryMs = RETRY_MS[Math.min(attempt, RETRY_MS.length) - 1] ?? 1_000;
    switch (control.is) {
      case 'done':
        return end({ is: 'done', leg: control.leg });
      case 'gone':
        return end(control);
      case 'busy':
        return again(control.retryMs, 'the platform takes no more requests for now', attempt - 1);
      case 'unknown':
        return again(
          isCreation(effect) ? UNKNOWN_MS : retryMs,
          'it is not known whether the platform carried out the request',
        );
      case 'refused':
        log(`The platform refused a request of the desk (${effect.kind}): ${control.reason}.`);
        return end({ is: 'failed', reason: control.reason });
    }
  }

  return worker;
}

function isCreation({ kind }: Effect): boolean {
  return kind === 'create leg' || kind === 'call customer' || kind === 'call number';
}

/** Without bodies, which have numbers and texts. */
function inShort({ method, url, answer, took }: SentExchange): EffectAttempt['requests'][number] {
  return { method, url, status: answer?.status ?? null, took: Math.round(took) };
}

function gone(): Promise<CallControl> {
  return Promise.resolve({ is: 'gone' });
}

function guestPath({ call, guest }: { call: string; guest: string }): string {
  return `guest/${encodeURIComponent(call)}/${guest}`;
}

function isTo(to: unknown, kind: 'user' | 'number', name: string): boolean {
  if (typeof to !== 'object' || to === null) return false;
  return kind === 'user' ? 'user' in to && to.user === name : 'number' in to && to.number === name;
}
