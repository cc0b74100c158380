import type { Exit, PageState } from './desk.ts';
import type { DeskEvent } from './events.ts';

/*
 * The figures of a desk, from what it did. Every inbound call counts in the interval in which it entered, and in
 * exactly one of answered, abandoned, overflowed, callback, lost and waiting.
 */

/** Seconds: a caller who gives up earlier is left out of rates. */
const SHORT_SECONDS = 5;
/** Seconds within which calls should be answered. */
export const TARGET_SECONDS = 20;
const INTERVAL_MS = 15 * 60_000;

/** The figures by which calls can be listed. */
export type CountName =
  | 'offered'
  | 'answered'
  | 'abandoned'
  | 'shortAbandoned'
  | 'overflowed'
  | 'callback'
  | 'lost'
  | 'waiting';

export type Counts = Record<CountName, number>;

/** `GET /api/figures?from&to` → 200. Times are milliseconds since 1970; rates from 0 to 1; null: nothing to divide by. */
export interface Figures extends Counts {
  from: number;
  to: number;
  /** Answered within 20 s ÷ (answered + abandoned − short + overflowed). */
  serviceLevel: number | null;
  /** Average speed of answer in seconds. */
  asa: number | null;
  /** (Abandoned − short) ÷ (offered − short). */
  abandonRate: number | null;
  /** Average handle time in seconds: talk, hold and wrap-up ÷ calls handled. */
  aht: number | null;
  /** Handle time ÷ (handle time + idle time). */
  occupancy: number | null;
  /** Offers that were not taken ÷ offers: all, and without those that the caller ended. */
  nonResponse: number | null;
  nonResponseWithoutCallers: number | null;
  /** Calls that agents dialled, and how many of them were answered. They count nowhere else but in the agents' times. */
  outbound: { dialed: number; answered: number };
  agents: readonly AgentFigures[];
  /** By quarter of an hour. */
  intervals: readonly (Counts & { at: number })[];
}

export interface AgentFigures {
  name: string;
  handled: number;
  talkSeconds: number;
  wrapUpSeconds: number;
  idleSeconds: number;
  offers: number;
  rejected: number;
  missed: number;
}

/** What is known of a call that entered. */
interface Entered {
  id: string;
  at: number;
  answeredAt: number | null;
  leftAt: number | null;
  exit: Exit | null;
}

/**
 * The figures from `from` to `to`.
 * @param now until when agents' times count, if `to` is yet to come
 * @param events of the desk, oldest first, from early enough to know every agent's state at `from`, to `to` or later.
 */
export function figuresOf(events: readonly DeskEvent[], from: number, to: number, now = to): Figures {
  const calls = enteredCalls(events, from, to);
  const counts = countsOf(calls);
  const waits = calls.flatMap(({ at, answeredAt }) =>
    answeredAt === null ? [] : [(answeredAt - at) / 1000],
  );
  const inTime = waits.filter((seconds) => seconds <= TARGET_SECONDS).length;
  const agents = agentFigures(events, from, Math.min(to, now));
  const sum = (pick: (agent: AgentFigures) => number) =>
    agents.reduce((total, agent) => total + pick(agent), 0);
  const handle = sum(({ talkSeconds, wrapUpSeconds }) => talkSeconds + wrapUpSeconds);
  const { offered, answered, abandoned, shortAbandoned, overflowed } = counts;
  const offers = offerFigures(events, from, to);
  return {
    from,
    to,
    ...counts,
    serviceLevel: ratio(inTime, answered + abandoned - shortAbandoned + overflowed),
    asa: ratio(
      waits.reduce((total, seconds) => total + seconds, 0),
      answered,
    ),
    abandonRate: ratio(abandoned - shortAbandoned, offered - shortAbandoned),
    aht: ratio(
      handle,
      sum(({ handled }) => handled),
    ),
    occupancy: ratio(handle, handle + sum(({ idleSeconds }) => idleSeconds)),
    nonResponse: ratio(offers.notTaken, offers.all),
    nonResponseWithoutCallers: ratio(
      offers.notTaken - offers.endedByCaller,
      offers.all - offers.endedByCaller,
    ),
    outbound: outboundFigures(events, from, to),
    agents,
    intervals: intervalsOf(calls, from, to),
  };
}

/** The calls that make up a figure, oldest first. */
export function callsOf(events: readonly DeskEvent[], from: number, to: number, figure: CountName): string[] {
  return enteredCalls(events, from, to)
    .filter((call) => namesOf(call).includes(figure))
    .map(({ id }) => id);
}

function enteredCalls(events: readonly DeskEvent[], from: number, to: number): Entered[] {
  const calls = new Map<string, Entered>();
  for (const event of events) {
    if (event.kind === 'entered' && event.at >= from && event.at < to) {
      calls.set(event.call, { id: event.call, at: event.at, answeredAt: null, leftAt: null, exit: null });
    }
    const call = 'call' in event ? calls.get(event.call) : undefined;
    if (call === undefined) continue;
    if (event.kind === 'connected') call.answeredAt ??= event.at;
    if (event.kind === 'left') {
      call.leftAt ??= event.at;
      call.exit ??= event.exit;
    }
  }
  return [...calls.values()];
}

/** The figures that a call counts in. */
function namesOf({ at, answeredAt, leftAt, exit }: Entered): CountName[] {
  if (answeredAt !== null) return ['offered', 'answered'];
  switch (exit) {
    case null:
      return ['offered', 'waiting'];
    case 'callback':
      return ['offered', 'callback'];
    case 'voicemail':
    case 'overflow':
    case 'closed':
      return ['offered', 'overflowed'];
    case 'lost':
      return ['offered', 'lost'];
    default: {
      const isShort = leftAt !== null && leftAt - at < SHORT_SECONDS * 1000;
      return isShort ? ['offered', 'abandoned', 'shortAbandoned'] : ['offered', 'abandoned'];
    }
  }
}

function countsOf(calls: readonly Entered[]): Counts {
  const counts: Counts = {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    overflowed: 0,
    callback: 0,
    lost: 0,
    waiting: 0,
  };
  for (const name of calls.flatMap(namesOf)) counts[name] += 1;
  return counts;
}

function intervalsOf(calls: readonly Entered[], from: number, to: number): (Counts & { at: number })[] {
  const byStart = Map.groupBy(calls, ({ at }) => Math.floor(at / INTERVAL_MS) * INTERVAL_MS);
  const intervals: (Counts & { at: number })[] = [];
  for (let at = Math.floor(from / INTERVAL_MS) * INTERVAL_MS; at < to; at += INTERVAL_MS) {
    const entered = byStart.get(at);
    if (entered !== undefined) intervals.push({ at, ...countsOf(entered) });
  }
  return intervals;
}

/** Reservations by which agents are consulted or supervise: they are no offers of calls. */
function otherRoles(events: readonly DeskEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) =>
      event.kind === 'offered' && event.role !== undefined && event.role !== 'agent' ? event.reservation : [],
    ),
  );
}

function offerFigures(events: readonly DeskEvent[], from: number, to: number) {
  const others = otherRoles(events);
  const within = events.filter(
    (event) =>
      event.at >= from && event.at < to && !('reservation' in event && others.has(event.reservation ?? '')),
  );
  const ended = within.filter(
    (event) => event.kind === 'offer ended' && event.first && event.by !== 'another agent',
  );
  return {
    all: within.filter(({ kind }) => kind === 'offered').length,
    notTaken: ended.length,
    endedByCaller: ended.filter((event) => event.kind === 'offer ended' && event.by === 'caller').length,
  };
}

function outboundFigures(events: readonly DeskEvent[], from: number, to: number): Figures['outbound'] {
  const dialed = new Set(
    events.flatMap((event) =>
      event.kind === 'agent dialed' && event.at >= from && event.at < to ? event.call : [],
    ),
  );
  const answered = new Set(
    events.flatMap((event) => (event.kind === 'connected' && dialed.has(event.call) ? event.call : [])),
  );
  return { dialed: dialed.size, answered: answered.size };
}

/** What an agent does, as far as figures need it. */
interface Watched {
  figures: AgentFigures;
  isAvailable: boolean;
  page: PageState | null;
  /** What an open reservation is in. */
  load: 'free' | 'reserved' | 'talking' | 'wrap-up';
  since: number;
}

function agentFigures(events: readonly DeskEvent[], from: number, to: number): AgentFigures[] {
  const agents = new Map<string, Watched>();

  function watch(name: string, at: number): Watched {
    let agent = agents.get(name);
    if (agent === undefined) {
      const none = {
        handled: 0,
        talkSeconds: 0,
        wrapUpSeconds: 0,
        idleSeconds: 0,
        offers: 0,
        rejected: 0,
        missed: 0,
      };
      agent = { figures: { name, ...none }, isAvailable: true, page: null, load: 'free', since: at };
      agents.set(name, agent);
    }
    return agent;
  }

  /** Counts the time since the last change, as far as it is within. */
  function pass(agent: Watched, at: number): void {
    const seconds = Math.max(0, Math.min(at, to) - Math.max(agent.since, from)) / 1000;
    agent.since = at;
    if (agent.load === 'talking') agent.figures.talkSeconds += seconds;
    else if (agent.load === 'wrap-up') agent.figures.wrapUpSeconds += seconds;
    else if (agent.load === 'free' && agent.isAvailable && agent.page?.line === 'up') {
      agent.figures.idleSeconds += seconds;
    }
  }

  const others = otherRoles(events);
  for (const event of events) {
    if (!('agent' in event) || event.agent === undefined) continue;
    const agent = watch(event.agent, event.at);
    pass(agent, event.at);
    const isOffer = event.kind === 'offered' || event.kind === 'offer ended';
    const isOther = isOffer && others.has(event.reservation);
    const counts = event.at >= from && event.at < to && !isOther ? 1 : 0;
    switch (event.kind) {
      case 'page':
        agent.page = event.page;
        break;
      case 'chose':
        agent.isAvailable = event.chosen.choice === 'available';
        break;
      case 'agent dialed':
        agent.load = 'reserved';
        break;
      case 'offered':
        agent.load = 'reserved';
        agent.figures.offers += counts;
        break;
      case 'offer ended':
        if (event.first) agent.load = 'free';
        if (event.as === 'rejected') agent.figures.rejected += counts;
        if (event.as === 'timeout') agent.figures.missed += counts;
        break;
      case 'connected':
      case 'taken over':
        agent.load = 'talking';
        agent.figures.handled += counts;
        break;
      case 'joined':
        agent.load = 'talking';
        break;
      case 'wrap-up':
        agent.load = 'wrap-up';
        break;
      case 'agent lost':
        agent.load = 'free';
        agent.page = null;
        break;
      case 'free again':
        agent.load = 'free';
        break;
      default:
    }
  }
  for (const agent of agents.values()) pass(agent, to);
  return [...agents.values()].map(({ figures }) => figures).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ratio(part: number, whole: number): number | null {
  return whole <= 0 ? null : part / whole;
}
