import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { AgentDesk, OfferView } from '../../domain/api/desk-api.ts';
import type { EndedFor, EndedOffer } from '../../domain/desk/desk.ts';
import type { CallController } from './call-controller.ts';
import { REJOIN_SECONDS } from './call-memory.ts';
import {
  type Call,
  type CallState,
  currentCall,
  type EndReason,
  type Interruption,
  isLive,
  type OfferEnd,
} from './call-state.ts';

/** What the desk says about a call that reached this page. */
interface Told {
  /** The reservation. */
  id: string;
  /** The desk's name of the call: the caller's leg. */
  call: string;
  from: string | null;
  /** Null where the call was told of only after it was answered. */
  offer: OfferView | null;
}

interface OffersOptions {
  /** What the desk said last; null where nothing is known. */
  view: ReadonlySignal<AgentDesk | null>;
  calls: Pick<CallController, 'state' | 'phase' | 'dispatch'>;
}

/**
 * Brings together what the desk offers and what the platform lets ring. The platform names neither the offer
 * nor the caller; but an agent has at most one open offer, so the two are those that are there at one time.
 */
export interface Offers {
  /** The offer behind a call, as it was when it rang; null where none is known. */
  of(callId: string): OfferView | null;
  /** The desk's name of a call. */
  deskCallOf(callId: string): string | undefined;
  /** The platform lets a call ring. */
  invited(call: Call): void;
  close(): void;
}

/** Calls whose offers are kept, for an end that is explained late. */
const MOST_KEPT = 20;

/** How long the platform may take to end a call that the desk no longer knows of (milliseconds). */
const GONE_PATIENCE_MS = 3_000;

export function createOffers({ view, calls }: OffersOptions): Offers {
  const told = signal<ReadonlyMap<string, Told>>(new Map());
  /** A conversation that broke off without anyone here ending it. */
  let brokenOff: Interruption | null = null;
  let hasTriedToRejoin = false;

  function keep(callId: string, what: Told): void {
    told.value = new Map([...told.peek(), [callId, what] as const].slice(-MOST_KEPT));
  }

  /** What the desk tells of a call that is not matched with another one yet. */
  function unmatched(desk: AgentDesk | null): Told | null {
    const isKnown = (id: string) => [...told.peek().values()].some((each) => each.id === id);
    const offer = desk?.offer;
    return offer && !isKnown(offer.id) ? { id: offer.id, call: offer.call, from: offer.from, offer } : null;
  }

  function invited(call: Call): void {
    const found = unmatched(view.peek());
    // On such a leg the platform shows our own number.
    const named = { ...call, from: found?.from ?? '' };
    if (found) {
      keep(call.id, found);
    }
    const interruption = found && interruptionOf(found.call);
    calls.dispatch(
      interruption
        ? { type: 'came-back', call: named, interruption, at: Date.now() }
        : { type: 'invited', call: named, at: Date.now() },
    );
  }

  /** What the agent was in with this caller less than 20 s ago; null where she was in nothing, or ended it. */
  function interruptionOf(deskCall: string): Interruption | null {
    const phase = calls.phase.peek();
    const last = phase.name === 'returning' ? phase.interruption : brokenOff;
    return last !== null && last.deskCall === deskCall && Date.now() < last.until ? last : null;
  }

  /** The offer came after the call that it explains. */
  function matchLate(desk: AgentDesk, { phase, waiting }: CallState): void {
    const ringing = [...waiting].reverse().concat(phase.name === 'ringing' ? phase.call : []);
    const call = ringing.find(({ id }) => !told.peek().has(id));
    const found = unmatched(desk);
    if (call && found) {
      keep(call.id, found);
      const named = { ...call, from: found.from ?? '' };
      const interruption = interruptionOf(found.call);
      calls.dispatch(
        interruption
          ? { type: 'came-back', call: named, interruption, at: Date.now() }
          : { type: 'caller-known', callId: call.id, from: named.from },
      );
      return;
    }
    const answered = isLive(phase) ? currentCall(phase) : null;
    const { call: talk } = desk;
    if (answered && talk && !told.peek().has(answered.id)) {
      keep(answered.id, { id: talk.reservation, call: talk.id, from: talk.from, offer: null });
      calls.dispatch({ type: 'caller-known', callId: answered.id, from: talk.from ?? '' });
    }
  }

  const stopMatching = effect(() => {
    const desk = view.value;
    const state = calls.state.value;
    if (desk) {
      untracked(() => matchLate(desk, state));
    }
  });

  let lastEnd = '';
  const stopExplaining = effect(() => {
    const ended = view.value?.lastOffer;
    // The reason is put right where the platform tells of it late.
    const key = ended ? `${ended.reservation} ${ended.as} ${ended.by}` : '';
    if (!ended || key === lastEnd) {
      return;
    }
    lastEnd = key;
    untracked(() => explain(ended));
  });

  function explain(ended: EndedOffer): void {
    for (const [callId, { id }] of told.peek()) {
      const end = id === ended.reservation ? endOf(ended, isLiveCall(callId)) : null;
      if (end) {
        calls.dispatch({ type: 'offer-over', callId, end, at: Date.now() });
      }
    }
  }

  function isLiveCall(callId: string): boolean {
    const phase = calls.phase.peek();
    return isLive(phase) && currentCall(phase)?.id === callId;
  }

  let talk: { call: Call; since: number } | null = null;
  const stopWatching = effect(() => {
    const phase = calls.phase.value;
    if (phase.name === 'in-call') {
      talk = { call: phase.call, since: phase.since };
      brokenOff = null;
      return;
    }
    if (talk !== null && phase.name === 'ended' && phase.ended.call.id === talk.call.id) {
      const { reason, at } = phase.ended;
      const deskCall = told.peek().get(talk.call.id)?.call;
      const isOurs = reason !== 'you-hung-up' && deskCall !== undefined;
      brokenOff = isOurs
        ? { since: talk.since, cut: at, until: at + REJOIN_SECONDS * 1_000, deskCall }
        : null;
    }
    talk = null;
  });

  // A page that was reloaded so fast that the desk noticed nothing is still expected in the conversation.
  const stopRejoining = effect(() => {
    const phase = calls.phase.value;
    const expected = view.value?.call?.id;
    if (phase.name !== 'returning') {
      return;
    }
    if (expected !== undefined && expected === phase.interruption.deskCall && !hasTriedToRejoin) {
      hasTriedToRejoin = true;
      untracked(() => calls.dispatch({ type: 'rejoin' }));
    }
  });

  // To the platform, an agent who passes a call on looks like one whose caller hung up.
  const stopNaming = effect(() => {
    const phase = calls.phase.value;
    const wrapUp = view.value?.wrapUp;
    if (phase.name !== 'ended' || !wrapUp) {
      return;
    }
    const { call, reason } = phase.ended;
    const isSaidWrong = reason === 'caller-hung-up' || reason === 'over';
    const end = WRAP_UP_ENDS[wrapUp.ended];
    if (isSaidWrong && end && end !== reason && told.value.get(call.id)?.call === wrapUp.call) {
      const at = Date.now();
      untracked(() =>
        calls.dispatch({ type: 'offer-over', callId: call.id, end: { reason: end, answeredBy: null }, at }),
      );
    }
  });

  /** The conversation that the desk said the agent is in: only that one can be missing later. */
  const confirmed = signal<string | null>(null);
  const missing = computed(() => {
    const phase = calls.phase.value;
    const desk = view.value;
    const isIn = phase.name === 'in-call' && phase.call.id === confirmed.value;
    return isIn && desk !== null && desk.call === null ? confirmed.value : null;
  });
  const stopConfirming = effect(() => {
    const phase = calls.phase.value;
    const talkedIn = view.value?.call?.reservation;
    if (
      phase.name === 'in-call' &&
      talkedIn !== undefined &&
      told.value.get(phase.call.id)?.id === talkedIn
    ) {
      confirmed.value = phase.call.id;
    }
  });
  const stopMissing = effect(() => {
    const callId = missing.value;
    if (callId !== null) {
      const timer = setTimeout(
        () => calls.dispatch({ type: 'gone', callId, at: Date.now() }),
        GONE_PATIENCE_MS,
      );
      return () => clearTimeout(timer);
    }
  });

  return {
    of(callId) {
      const kept = told.value.get(callId);
      const now = view.value?.offer;
      // It becomes known only later when it stops ringing.
      return (now && now.id === kept?.id ? now : kept?.offer) ?? null;
    },
    deskCallOf: (callId) => told.peek().get(callId)?.call,
    invited,
    close() {
      stopMatching();
      stopExplaining();
      stopWatching();
      stopRejoining();
      stopConfirming();
      stopMissing();
      stopNaming();
    },
  };
}

/** How calls ended that the platform ends as if the caller had hung up. */
const WRAP_UP_ENDS: Partial<Record<EndedFor, EndReason>> = {
  transferred: 'transferred',
  'ended by the desk': 'over',
};

/** What an offer's end means to the agent; null where the platform says it better. */
function endOf({ as, by, answeredBy }: EndedOffer, hasAnswered: boolean): OfferEnd | null {
  const end = (reason: OfferEnd['reason']) => ({ reason, answeredBy: null });
  switch (as) {
    case 'rejected':
      return end('rejected-elsewhere');
    case 'timeout':
      return end('nobody-answered');
    case 'unreachable':
      return end('connection-lost');
    case 'canceled':
      return hasAnswered ? end('connection-lost') : null;
    case 'rescinded':
      break;
  }
  switch (by) {
    case 'another agent':
      return { reason: 'answered-elsewhere', answeredBy };
    case 'line':
      return end('connection-lost');
    case 'choice':
      return end('status-changed');
    default:
      return end('caller-gave-up');
  }
}
