import type { CountName, Figures } from '../../domain/desk/figures.ts';
import type { Heard } from '../../emulator/calls/hearing.ts';
import type { Caller } from '../../emulator/headless/people.ts';
import type { Team } from './team.ts';

/*
 * Counts what happens at a desk from the outside: what callers hear, what agents and their pages do, and what the
 * platform has told the desk. It reads nothing that the desk wrote.
 */

/** Seconds of the rules that a desk in a simulation works by. */
export interface WitnessedRules {
  wrapUpSeconds: number;
  comeBackSeconds: number;
}

export interface Witness {
  /** Watches a caller from now on. */
  calls(caller: Caller): void;
  /** An agent's page beats from now on. Returns what to call when it is closed. */
  opensPage(agent: string): () => void;
  /** An agent's page shows an offer. */
  isOffered(agent: string, offer: { id: string; call: string; at: number }): void;
  /** A leg of an agent rings. `over` resolves with whether she hung up. */
  rings(agent: string, over: Promise<{ hungUp: boolean }>): void;
  /** Agents whose legs are all over for longer than so many seconds. */
  restsFor(agent: string, seconds: number): boolean;
  /** The most legs that an agent had at a time. */
  mostLegs(): number;
  /** What was seen up to a time. */
  count(until: number): Seen;
}

type CountedName = Exclude<keyof Figures, 'from' | 'to' | 'outbound' | 'agents' | 'intervals'>;

export interface Seen {
  figures: Record<CountedName, number | null>;
  /** Offers of a caller while another one waited who had come earlier. */
  unfair: UnfairOffer[];
}

export interface UnfairOffer {
  agent: string;
  call: string;
  /** Who had come earlier. */
  before: string;
  at: number;
}

/** A time at which an agent and a caller heard each other. */
interface Talk {
  agent: string;
  caller: string;
  from: number;
  /** When the desk learned that it was over. */
  to: number;
  /** Whether it ended on purpose, rather than with a lost connection. */
  onPurpose: boolean;
}

interface Offer {
  id: string;
  agent: string;
  call: string;
  at: number;
}

export function createWitness({ platform, requests, store }: Team, rules: WitnessedRules): Witness {
  const { world } = platform;
  const callers = new Map<string, Caller>();
  /** What callers heard whose calls are over. */
  const hearings = new Map<string, readonly Heard[]>();
  /** When callers asked for an answer, and when the desk was told that legs are over, or rejected. */
  const entered = new Map<string, number>();
  const ended = new Map<string, { at: number; byUser: boolean }>();
  const rejected = new Map<string, number>();
  /** When callers asked for a turn, and whether the desk could note it. */
  const turns = new Map<string, { at: number; noted: boolean }[]>();
  /** The leg that answered an offer. */
  const legs = new Map<string, string>();
  const offers: Offer[] = [];
  const hungUp: { agent: string; at: number }[] = [];
  const closed: { agent: string; at: number }[] = [];
  const opened: { agent: string; at: number }[] = [];
  const ringing = new Map<string, { now: number; since: number }>();
  let most = 0;

  const setFirst = <T>(map: Map<string, T>, key: string, value: T) => {
    if (!map.has(key)) map.set(key, value);
  };

  platform.onWebhook(({ kind, target, payload, outcome }) => {
    const at = world.now();
    const [, , route = '', id = ''] = new URL(target.address).pathname.split('/');
    const leg = String(payload.uuid);
    if (route === 'answer' || route === 'wait') {
      turns.set(leg, [...(turns.get(leg) ?? []), { at, noted: store.works }]);
    }
    void outcome.then(({ ok }) => {
      if (!ok) return;
      if (route === 'answer') setFirst(entered, leg, at);
      if (route === 'agent') setFirst(legs, id, leg);
      if (kind === 'rejected') setFirst(rejected, id, at);
      if (kind === 'completed') setFirst(ended, leg, { at, byUser: payload.disconnected_by === 'user' });
    });
  });

  /** When the platform's answers said that legs are gone. */
  let gone = new Map<string, number>();

  /** When the desk could know that a leg is over. */
  function endOf(leg: string | undefined): { at: number; byUser: boolean } {
    if (leg === undefined) return { at: Infinity, byUser: false };
    const told = ended.get(leg) ?? { at: Infinity, byUser: false };
    const found = gone.get(leg) ?? Infinity;
    return found < told.at ? { at: found, byUser: false } : told;
  }

  const firstAfter = (times: readonly { agent: string; at: number }[], agent: string, from: number) =>
    Math.min(...times.filter((each) => each.agent === agent && each.at >= from).map(({ at }) => at));

  const heardBy = (leg: string) => hearings.get(leg) ?? platform.heard(leg);
  const offersTo = (call: string) => byCall.get(call) ?? [];
  let byCall = new Map<string, Offer[]>();
  let talksOfCall = new Map<string, Talk[]>();

  /** The talks of a caller, by what she heard. */
  function talksOf(caller: Caller): Talk[] {
    const { uuid } = caller.leg;
    const talks: Talk[] = [];
    let current: string | undefined;
    for (const { hears, of, from } of heardBy(uuid)) {
      const agent = hears === 'voice' ? of?.[0] : undefined;
      if (agent !== undefined && agent !== current)
        talks.push({ agent, caller: uuid, from, ...endOfTalk(uuid, agent, from) });
      // A moment of silence is part of a talk; music is not.
      if (agent !== undefined || hears !== 'silence') current = agent;
    }
    return talks;
  }

  function endOfTalk(caller: string, agent: string, from: number): { to: number; onPurpose: boolean } {
    const taken = offersTo(caller).findLast((each) => each.agent === agent && each.at <= from);
    const own = endOf(taken && legs.get(taken.id));
    const ends = [
      { to: endOf(caller).at, onPurpose: true },
      { to: firstAfter(hungUp, agent, from), onPurpose: true },
      { to: own.at, onPurpose: own.byUser },
      { to: firstAfter(closed, agent, from) + FEED_MS, onPurpose: false },
    ];
    return ends.reduce((first, each) => (each.to < first.to ? each : first));
  }

  function outcomeOf(caller: Caller, talks: readonly Talk[]): CountName {
    if (talks.length > 0) return 'answered';
    if (leftMessageAt(caller) < Infinity) return 'overflowed';
    if (caller.leg.end === undefined) return 'waiting';
    return caller.leg.end.cause === 'hung-up-here' ? 'abandoned' : 'lost';
  }

  /** When a caller heard the beep before a message. */
  function leftMessageAt({ leg }: Caller): number {
    return heardBy(leg.uuid).find(({ hears }) => hears === 'tone')?.from ?? Infinity;
  }

  function countTalks(talks: readonly Talk[]) {
    const talk = sum(talks.map(({ from, to }) => to - from));
    const wrapUp = talks.filter(({ onPurpose }) => onPurpose).length * rules.wrapUpSeconds * 1000;
    return { handle: (talk + wrapUp) / 1000, handled: talks.length };
  }

  /** When an offer no longer kept its agent busy. */
  function busyUntil(offer: Offer): number {
    const talk = talkOf(offer);
    if (talk !== undefined) return talk.to + (talk.onPurpose ? rules.wrapUpSeconds * 1000 : 0);
    const next = offersTo(offer.call).find(({ at }) => at > offer.at);
    return Math.min(rejected.get(offer.id) ?? Infinity, endOf(offer.call).at, next?.at ?? Infinity);
  }

  const talkOf = (offer: Offer) => {
    const next = offersTo(offer.call).find(({ at }) => at > offer.at);
    return talksOfCall
      .get(offer.call)
      ?.find(({ agent, from }) => agent === offer.agent && from >= offer.at && from < (next?.at ?? Infinity));
  };

  /** Seconds in which an agent could have been rung. */
  function idleOf(agent: string, talks: readonly Talk[], until: number): number {
    const changes: { at: number; by: number; what: 'page' | 'busy' }[] = [];
    for (const { at } of opened.filter((each) => each.agent === agent))
      changes.push({ at, by: 1, what: 'page' });
    for (const { at } of closed.filter((each) => each.agent === agent)) {
      const cutOff = talks.some((each) => each.agent === agent && each.to === at + FEED_MS);
      changes.push({ at: at + FEED_MS + (cutOff ? 0 : LEASE_MS), by: -1, what: 'page' });
    }
    for (const offer of offers.filter((each) => each.agent === agent)) {
      changes.push({ at: offer.at, by: 1, what: 'busy' });
      changes.push({ at: busyUntil(offer), by: -1, what: 'busy' });
    }
    changes.sort((a, b) => a.at - b.at);
    const state = { page: 0, busy: 0 };
    let idle = 0;
    let since = 0;
    for (const { at, by, what } of [...changes, { at: until, by: 0, what: 'page' as const }]) {
      if (state.page > 0 && state.busy === 0) idle += Math.min(at, until) - Math.min(since, until);
      since = at;
      state[what] += by;
    }
    return idle / 1000;
  }

  /**
   * First come, first served: but for who is being rung for, refused by this agent, kept for another one, or whose
   * latest turn the desk could not note.
   */
  function unfairOffers(): UnfairOffer[] {
    const keptFor = (call: string, at: number) =>
      (talksOfCall.get(call) ?? []).find(
        ({ onPurpose, to }) => !onPurpose && to <= at && at < to + rules.comeBackSeconds * 1000,
      )?.agent;
    return offers.flatMap((offer) => {
      const { agent, call, at } = offer;
      if (keptFor(call, at) === agent) return [];
      const since = entered.get(call) ?? Infinity;
      return [...callers.values()].flatMap((other) => {
        const { uuid } = other.leg;
        if (uuid === call || (entered.get(uuid) ?? Infinity) >= since) return [];
        // Who has hung up is not served, whether or not the desk was told.
        if ((other.leg.facts().endedAt ?? Infinity) <= at || leftMessageAt(other) <= at) return [];
        if (turns.get(uuid)?.findLast((turn) => turn.at <= at)?.noted === false) return [];
        const kept = keptFor(uuid, at);
        if (kept !== undefined && kept !== agent) return [];
        const own = offersTo(uuid).filter((each) => each.at <= at);
        if (own.some((each) => isServedBy(each, at))) return [];
        if (own.some((each) => each.agent === agent && (rejected.get(each.id) ?? Infinity) <= at)) return [];
        return [{ agent, call, before: uuid, at }];
      });
    });
  }

  function isServedBy(offer: Offer, at: number): boolean {
    const talk = talkOf(offer);
    if (talk === undefined) return busyUntil(offer) > at;
    return talk.onPurpose || talk.to > at;
  }

  return {
    calls(caller) {
      const { uuid } = caller.leg;
      callers.set(uuid, caller);
      void caller.over.then(() => hearings.set(uuid, platform.heard(uuid)));
    },
    opensPage(agent) {
      opened.push({ agent, at: world.now() });
      return () => void closed.push({ agent, at: world.now() });
    },
    isOffered(agent, { id, call, at }) {
      if (!offers.some((each) => each.id === id)) offers.push({ id, agent, call, at });
      offers.sort((a, b) => a.at - b.at);
    },
    rings(agent, over) {
      const own = ringing.get(agent) ?? { now: 0, since: 0 };
      ringing.set(agent, own);
      own.now += 1;
      most = Math.max(most, own.now);
      void over.then((end) => {
        own.now -= 1;
        own.since = world.now();
        if (end.hungUp) hungUp.push({ agent, at: world.now() });
      });
    },
    restsFor(agent, seconds) {
      const own = ringing.get(agent);
      return own?.now === 0 && own.since <= world.now() - seconds * 1000;
    },
    mostLegs: () => most,
    count(until) {
      gone = new Map();
      for (const { of, isGone, answeredAt } of requests) if (isGone) setFirst(gone, of, answeredAt);
      byCall = Map.groupBy(offers, ({ call }) => call);
      const all = [...callers.values()].filter(({ leg }) => entered.has(leg.uuid));
      const talks = all.flatMap(talksOf);
      talksOfCall = Map.groupBy(talks, ({ caller }) => caller);
      const outcomes = all.map((caller) => ({
        outcome: outcomeOf(caller, talksOfCall.get(caller.leg.uuid) ?? []),
        caller: caller.leg.uuid,
      }));
      const of = (name: CountName) => outcomes.filter(({ outcome }) => outcome === name);
      const short = of('abandoned').filter(
        ({ caller }) => endOf(caller).at - (entered.get(caller) ?? 0) < SHORT_SECONDS * 1000,
      ).length;
      const waits = of('answered').map(({ caller }) => {
        const [first] = talksOfCall.get(caller) ?? [];
        return ((first?.from ?? Infinity) - (entered.get(caller) ?? 0)) / 1000;
      });
      const [answered, abandoned, overflowed] = [
        of('answered').length,
        of('abandoned').length,
        of('overflowed').length,
      ];
      const { handle, handled } = countTalks(talks);
      const agents = new Set(opened.map(({ agent }) => agent));
      const idle = sum([...agents].map((agent) => idleOf(agent, talks, until)));
      const missed = offers.filter((offer) => talkOf(offer) === undefined);
      const byCaller = missed.filter(
        ({ id, call, at }) => !rejected.has(id) && !offersTo(call).some((other) => other.at > at),
      ).length;
      return {
        unfair: unfairOffers(),
        figures: {
          offered: all.length,
          answered,
          abandoned,
          shortAbandoned: short,
          overflowed,
          callback: 0,
          lost: of('lost').length,
          waiting: of('waiting').length,
          serviceLevel: ratio(
            waits.filter((seconds) => seconds <= TARGET_SECONDS).length,
            answered + abandoned - short + overflowed,
          ),
          asa: ratio(sum(waits), answered),
          abandonRate: ratio(abandoned - short, all.length - short),
          aht: ratio(handle, handled),
          occupancy: ratio(handle, handle + idle),
          nonResponse: ratio(missed.length, offers.length),
          nonResponseWithoutCallers: ratio(missed.length - byCaller, offers.length - byCaller),
        },
      };
    },
  };
}

/** Milliseconds after which the desk takes the page of an agent in a call for gone, and how much later any other. */
const FEED_MS = 1_000;
const LEASE_MS = 4_000;
const SHORT_SECONDS = 5;
const TARGET_SECONDS = 20;

/** How each figure was counted, in words. */
const HOW_COUNTED: Record<CountedName, string> = {
  offered: 'callers whose call reached the desk',
  answered: 'callers who heard an agent',
  abandoned: 'callers who hung up before they heard one',
  shortAbandoned: 'of these, within 5 s',
  overflowed: 'callers who heard the beep before a message',
  callback: 'callers who pressed 1 for a callback: nobody was offered it',
  lost: 'callers who were cut off',
  waiting: 'callers who are still there, without an agent',
  serviceLevel: 'heard an agent within 20 s ÷ (answered + abandoned − short + overflowed)',
  asa: 'seconds from the call to the first word of an agent, on average',
  abandonRate: '(abandoned − short) ÷ (offered − short)',
  aht: 'seconds until the desk could know of the end of a talk, and wrap-up, ÷ talks',
  occupancy: 'that time ÷ (that time + time with an open page and nothing to do)',
  nonResponse: 'offers shown on pages that led to no talk ÷ offers shown',
  nonResponseWithoutCallers: 'the same without those whose caller hung up',
};

export const COUNTED = namesIn(HOW_COUNTED);

function namesIn<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in record) names.push(name);
  return names;
}

/** The figures of the desk beside what was seen, a line each. */
export function tableOf(figures: Figures, seen: Seen['figures']): string {
  const names = COUNTED;
  return names
    .map((name) =>
      [
        name.padEnd(26),
        inWords(figures[name]).padStart(9),
        inWords(seen[name]).padStart(9),
        `  ${HOW_COUNTED[name]}`,
      ].join(''),
    )
    .join('\n');
}

function inWords(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 1000) / 1000);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function ratio(part: number, whole: number): number | null {
  return whole <= 0 ? null : part / whole;
}
