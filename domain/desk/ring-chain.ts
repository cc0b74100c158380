import type { PageState } from './desk.ts';
import type { DeskEvent } from './events.ts';

/** What has to happen, one after the other, until an agent hears that a call rings. */
export const RING_LINKS = ['webhook', 'answer', 'offer', 'request', 'leg', 'invite', 'ring'] as const;

/**
 * `webhook`: the platform told of the caller. `answer`: the caller was given something to hear. `offer`: the call was
 * reserved for the agent. `request`: the platform was asked for a leg to her page. `leg`: the platform began it.
 * `invite`: her page was told of it. `ring`: her page rang.
 */
export type RingLink = (typeof RING_LINKS)[number];

/** Why an offer that was not taken did not ring, as far as it is known. */
export interface RingChain {
  reservation: string;
  agent: string;
  /** How the offer ended, and when, in milliseconds since 1970. */
  as: EndedOfferEvent['as'];
  endedAt: number;
  /** When each link was made; null where nothing says that it was. */
  links: readonly { name: RingLink; at: number | null }[];
  /** The first link that was not made; null: the page rang, or there was no time for it. */
  broken: RingLink | null;
  /** Why the platform did not begin a leg, in its words. */
  reason: string | null;
  /** Whether the page could sound, and whether somebody saw it, when it rang. */
  sound: 'played' | 'blocked' | null;
  tab: 'visible' | 'hidden' | null;
  /** Whether a notification was shown; null: none was needed, or nothing says so. */
  notice: 'shown' | 'off' | null;
  /** What the page that takes the agent's calls had last reported; null: there was none. */
  presence: PageState | null;
}

type EndedOfferEvent = Extract<DeskEvent, { kind: 'offer ended' }>;

/** The chains of the offers of a call that were not taken, oldest first. @param events what the desk did with it */
export function ringChainsOf(events: readonly DeskEvent[]): readonly RingChain[] {
  const ended = events.filter((event) => event.kind === 'offer ended');
  return ended
    .filter(({ first }) => first)
    .map((end) => {
      const corrected = ended.findLast(({ reservation }) => reservation === end.reservation) ?? end;
      return chainOf(events, { ...end, as: corrected.as });
    });
}

function chainOf(events: readonly DeskEvent[], end: EndedOfferEvent): RingChain {
  const { reservation, agent, call, as, at: endedAt, presence = null } = end;
  const made = new Map<RingLink, number>();
  const note = (link: RingLink, at: number) => void made.set(link, made.get(link) ?? at);
  const chain: Pick<RingChain, 'reason' | 'sound' | 'tab' | 'notice'> = {
    reason: null,
    sound: null,
    tab: null,
    notice: null,
  };
  for (const event of events) {
    if (!('call' in event) || event.call !== call) continue;
    if (event.kind === 'entered' || event.kind === 'callback booked') note('webhook', event.at);
    if (event.kind === 'turn' || event.kind === 'callback booked') note('answer', event.at);
    if (!('reservation' in event) || event.reservation !== reservation) continue;
    if (event.kind === 'offered') note('offer', event.at);
    if (event.kind === 'leg requested') {
      if (event.result === 'created') note('request', event.at);
      else chain.reason = event.reason;
    }
    if (event.kind === 'dialed' && event.leg !== null) note('leg', event.at);
    if (event.kind === 'page reported') {
      note(event.fact === 'rang' ? 'ring' : 'invite', event.at);
      chain.sound = event.sound ?? chain.sound;
      chain.tab = event.tab ?? chain.tab;
      chain.notice = event.notice ?? chain.notice;
    }
  }
  // Who declines a call was told of it, whatever was lost on the way.
  if (as === 'rejected') note('invite', endedAt);
  const last = RING_LINKS.findLastIndex((name) => made.has(name));
  const missing = chain.sound === 'blocked' ? 'ring' : RING_LINKS[last + 1];
  const hadTime = as === 'timeout' || as === 'unreachable' || as === 'canceled' || end.by === 'line';
  return {
    reservation,
    agent,
    as,
    endedAt,
    links: RING_LINKS.map((name) => ({ name, at: made.get(name) ?? null })),
    broken: hadTime ? (missing ?? null) : null,
    ...chain,
    presence,
  };
}
