import type { EndedOffer, Exit, PageState, Rescinder } from './desk.ts';
import type { DeskEvent } from './events.ts';

/*
 * The figures of a desk, from what it did. Every inbound call counts in the interval in which it entered, and in
 * exactly one of answered, abandoned, overflowed, callback, lost and waiting. What agents do counts when they do it.
 */

/** Seconds: a caller who gives up earlier is left out of rates. */
const SHORT_SECONDS = 5;
/** Seconds within which calls should be answered. */
export const TARGET_SECONDS = 20;
const INTERVAL_MS = 15 * 60_000;

/** The figures by which calls can be listed. */
export const COUNT_NAMES = [
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'overflowed',
  'callback',
  'lost',
  'waiting',
] as const;

export type CountName = (typeof COUNT_NAMES)[number];

export type Counts = Record<CountName, number>;

/** What the rates are made of. */
export interface Sums {
  /** Calls answered within the target. */
  answeredInTime: number;
  /** Seconds that the answered calls waited. */
  waitSeconds: number;
  /** Calls that agents took. */
  handled: number;
  /** Talk, hold and wrap-up. */
  handleSeconds: number;
  idleSeconds: number;
  offers: number;
  notTaken: number;
  /** Offers that were not taken because the caller hung up. */
  endedByCaller: number;
}

/** Figures that are one number divided by another: from 0 to 1, or in seconds. null: nothing to divide by. */
export const RATE_NAMES = [
  'serviceLevel',
  'asa',
  'abandonRate',
  'aht',
  'occupancy',
  'nonResponse',
  'nonResponseWithoutCallers',
] as const;

export type RateName = (typeof RATE_NAMES)[number];

export type Rates = Record<RateName, number | null>;

export interface IntervalFigures extends Counts, Sums {
  at: number;
}

/** `GET /api/figures?from&to` → 200. Times are milliseconds since 1970. */
export interface Figures extends Counts, Rates {
  from: number;
  to: number;
  /**
   * Calls that agents dialled, how many of them were answered, and how long those lasted. They count nowhere else but
   * in the agents' times.
   */
  outbound: { dialed: number; answered: number; talkSeconds: number };
  agents: readonly AgentFigures[];
  /** By quarter of an hour; those in which nothing happened are left out. */
  intervals: readonly IntervalFigures[];
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

/** A call that makes up a figure. */
export interface FigureCall {
  id: string;
  /** When it entered, milliseconds since 1970. */
  at: number;
  from: string | null;
  queue: string;
  /** Who talked to the caller last. */
  agent: string | null;
  /** Until the caller was answered or left; null: waits still. */
  waitedSeconds: number | null;
  /** Talk, hold and wrap-up of all agents; null: nobody talked. */
  handleSeconds: number | null;
  outcome: Exclude<CountName, 'offered' | 'shortAbandoned'>;
  isShort: boolean;
  isInTime: boolean;
  /** The offers that were not taken. */
  notTaken: readonly { agent: string; as: EndedOffer['as']; by: Rescinder | null }[];
}

/** What is known of a call that entered. */
interface Entered {
  id: string;
  at: number;
  from: string | null;
  queue: string;
  agent: string | null;
  answeredAt: number | null;
  leftAt: number | null;
  exit: Exit | null;
  handleSeconds: number;
  notTaken: Map<string, FigureCall['notTaken'][number]>;
}

/** The rates that follow from what was counted. docs/supervisor.md has the same formulas. */
export function ratesOf(sums: Counts & Sums): Rates {
  const { offered, answered, abandoned, shortAbandoned, offers, notTaken, endedByCaller } = sums;
  return {
    serviceLevel: ratio(sums.answeredInTime, serviceLevelCallers(sums)),
    asa: ratio(sums.waitSeconds, answered),
    abandonRate: ratio(abandoned - shortAbandoned, offered - shortAbandoned),
    aht: ratio(sums.handleSeconds, sums.handled),
    occupancy: ratio(sums.handleSeconds, sums.handleSeconds + sums.idleSeconds),
    nonResponse: ratio(notTaken, offers),
    nonResponseWithoutCallers: ratio(notTaken - endedByCaller, offers - endedByCaller),
  };
}

/** How many callers count in the service level. */
export function serviceLevelCallers({ answered, abandoned, shortAbandoned, overflowed }: Counts): number {
  return answered + abandoned - shortAbandoned + overflowed;
}

/** What was counted in several intervals. */
export function sumOf(intervals: readonly (Counts & Sums)[]): Counts & Sums {
  const total = nothing();
  for (const interval of intervals) {
    for (const name of SUMMED) total[name] += interval[name];
  }
  return total;
}

/** The figures of a span of time, to which later events can be added. */
interface FiguresOfSpan {
  /** The next events, oldest first. */
  add(events: readonly DeskEvent[]): void;
  /** @param now until when agents' times count, if the end of the span is yet to come */
  figures(now: number): Figures;
  /** The calls that make up a figure, with what is known of each, oldest first. */
  calls(figure: CountName | RateName): FigureCall[];
}

/**
 * The figures from `from` to `to`, without any event yet. Events are needed from early enough to know every agent's
 * state at `from`, to `to` or later.
 */
export function figuresOfSpan(from: number, to: number): FiguresOfSpan {
  const others = new Set<string>();
  const entered = createEnteredCalls(from, to, others);
  const offers = createTally();
  const agents = createAgentFigures(from, to, others, offers);
  const outbound = createOutboundFigures(from, to);
  return {
    add(events) {
      for (const event of events) {
        noteOtherRole(event, others);
        entered.add(event);
        countOffer(event, from, to, others, offers);
        agents.add(event);
        outbound.add(event);
      }
    },
    figures(now) {
      const tally = offers.copy();
      for (const call of entered.calls.values()) {
        const interval = tally.at(call.at);
        for (const name of namesOf(call)) interval[name] += 1;
        if (call.answeredAt === null) continue;
        const waited = (call.answeredAt - call.at) / 1000;
        interval.waitSeconds += waited;
        if (waited <= TARGET_SECONDS) interval.answeredInTime += 1;
      }
      const agentsNow = agents.until(Math.min(to, now), tally);
      const intervals = tally.intervals();
      const sums = sumOf(intervals);
      const counts = Object.fromEntries(COUNT_NAMES.map((name) => [name, sums[name]]));
      return {
        from,
        to,
        ...emptyCounts(),
        ...counts,
        ...ratesOf(sums),
        outbound: outbound.until(Math.min(to, now)),
        agents: agentsNow,
        intervals,
      };
    },
    calls: (figure) => [...entered.calls.values()].map(figureCall).filter(MAKES_UP[figure]),
  };
}

/**
 * The figures from `from` to `to`.
 * @param now until when agents' times count, if `to` is yet to come
 * @param events of the desk, oldest first, from early enough to know every agent's state at `from`, to `to` or later.
 */
export function figuresOf(events: readonly DeskEvent[], from: number, to: number, now = to): Figures {
  return spanWith(events, from, to).figures(now);
}

/** The calls that make up a figure, oldest first. */
export function callsOf(events: readonly DeskEvent[], from: number, to: number, figure: CountName): string[] {
  return figureCalls(events, from, to, figure).map(({ id }) => id);
}

/** The calls that make up a figure with what is known of each, oldest first. */
export function figureCalls(
  events: readonly DeskEvent[],
  from: number,
  to: number,
  figure: CountName | RateName,
): FigureCall[] {
  return spanWith(events, from, to).calls(figure);
}

function spanWith(events: readonly DeskEvent[], from: number, to: number): FiguresOfSpan {
  const span = figuresOfSpan(from, to);
  span.add(events);
  return span;
}

/** Whether a call counts in a figure, above or below the line. */
const MAKES_UP: Readonly<Record<CountName | RateName, (call: FigureCall) => boolean>> = {
  offered: () => true,
  answered: ({ outcome }) => outcome === 'answered',
  abandoned: ({ outcome }) => outcome === 'abandoned',
  shortAbandoned: ({ isShort }) => isShort,
  overflowed: ({ outcome }) => outcome === 'overflowed',
  callback: ({ outcome }) => outcome === 'callback',
  lost: ({ outcome }) => outcome === 'lost',
  waiting: ({ outcome }) => outcome === 'waiting',
  serviceLevel: ({ outcome, isShort }) =>
    !isShort && (outcome === 'answered' || outcome === 'abandoned' || outcome === 'overflowed'),
  asa: ({ outcome }) => outcome === 'answered',
  abandonRate: ({ outcome, isShort }) => outcome === 'abandoned' && !isShort,
  aht: ({ handleSeconds }) => handleSeconds !== null,
  occupancy: ({ handleSeconds }) => handleSeconds !== null,
  nonResponse: ({ notTaken }) => notTaken.length > 0,
  nonResponseWithoutCallers: ({ notTaken }) => notTaken.some(({ by }) => by !== 'caller'),
};

function figureCall(call: Entered): FigureCall {
  const { id, at, from, queue, agent, answeredAt, leftAt, handleSeconds, notTaken } = call;
  const names = namesOf(call);
  const end = answeredAt ?? leftAt;
  const waitedSeconds = end === null ? null : (end - at) / 1000;
  return {
    id,
    at,
    from,
    queue,
    agent,
    waitedSeconds,
    handleSeconds: answeredAt === null ? null : handleSeconds,
    outcome: outcomeOf(names),
    isShort: names.includes('shortAbandoned'),
    isInTime: answeredAt !== null && waitedSeconds !== null && waitedSeconds <= TARGET_SECONDS,
    notTaken: [...notTaken.values()],
  };
}

/** The one figure besides offered and short in which a call counts. */
function outcomeOf(names: readonly CountName[]): FigureCall['outcome'] {
  return names.find((name) => name !== 'offered' && name !== 'shortAbandoned') ?? 'waiting';
}

/** The calls that entered in a span, oldest first, with what happened to them later. */
function createEnteredCalls(from: number, to: number, others: ReadonlySet<string>) {
  const calls = new Map<string, Entered>();
  /** Since when each reservation counts as handle time. */
  const begun = new Map<string, number>();

  function add(event: DeskEvent): void {
    if (event.kind === 'entered' && event.at >= from && event.at < to) {
      calls.set(event.call, {
        id: event.call,
        at: event.at,
        from: event.caller.from,
        queue: event.queue,
        agent: null,
        answeredAt: null,
        leftAt: null,
        exit: null,
        handleSeconds: 0,
        notTaken: new Map(),
      });
    }
    const call = 'call' in event ? calls.get(event.call) : undefined;
    if (call === undefined) return;
    switch (event.kind) {
      case 'connected':
        call.answeredAt ??= event.at;
        call.agent = event.agent;
        begun.set(event.reservation, event.at);
        break;
      case 'taken over':
        if (event.reservation !== null) begun.set(event.reservation, event.at);
        call.agent = event.agent ?? call.agent;
        break;
      case 'agent lost':
      case 'free again': {
        const since = begun.get(event.reservation);
        if (since !== undefined) call.handleSeconds += (event.at - since) / 1000;
        begun.delete(event.reservation);
        break;
      }
      case 'queue chosen':
        call.queue = event.queue;
        break;
      case 'offer ended': {
        const { reservation, agent, as, by } = event;
        if (by !== 'another agent' && !others.has(reservation))
          call.notTaken.set(reservation, { agent, as, by });
        break;
      }
      case 'left':
        call.leftAt ??= event.at;
        call.exit ??= event.exit;
        break;
      default:
    }
  }

  return { calls, add };
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

function emptyCounts(): Counts {
  return {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    overflowed: 0,
    callback: 0,
    lost: 0,
    waiting: 0,
  };
}

function nothing(): Counts & Sums {
  return {
    ...emptyCounts(),
    answeredInTime: 0,
    waitSeconds: 0,
    handled: 0,
    handleSeconds: 0,
    idleSeconds: 0,
    offers: 0,
    notTaken: 0,
    endedByCaller: 0,
  };
}

const SUMMED: readonly (keyof (Counts & Sums))[] = [
  ...COUNT_NAMES,
  'answeredInTime',
  'waitSeconds',
  'handled',
  'handleSeconds',
  'idleSeconds',
  'offers',
  'notTaken',
  'endedByCaller',
];

/** Counts by quarter of an hour. */
interface Tally {
  /** The interval of a time, to be added to. */
  at(time: number): Counts & Sums;
  /** Adds the time between two moments to each interval that it touches. */
  add(name: 'handleSeconds' | 'idleSeconds', begin: number, end: number): void;
  intervals(): IntervalFigures[];
  /** The same so far, to which more can be added. */
  copy(): Tally;
}

function createTally(so: Iterable<readonly [number, Counts & Sums]> = []): Tally {
  const intervals = new Map(so);
  const startOf = (time: number) => Math.floor(time / INTERVAL_MS) * INTERVAL_MS;
  function at(time: number): Counts & Sums {
    const start = startOf(time);
    let interval = intervals.get(start);
    if (interval === undefined) {
      interval = nothing();
      intervals.set(start, interval);
    }
    return interval;
  }
  return {
    at,
    add(name, begin, end) {
      for (let start = begin; start < end; ) {
        const next = Math.min(end, startOf(start) + INTERVAL_MS);
        at(start)[name] += (next - start) / 1000;
        start = next;
      }
    },
    intervals: () =>
      [...intervals].sort(([a], [b]) => a - b).map(([start, interval]) => ({ at: start, ...interval })),
    copy: () => createTally([...intervals].map(([start, interval]) => [start, { ...interval }])),
  };
}

/** Notes reservations by which agents are consulted or supervise: they are no offers of calls. */
function noteOtherRole(event: DeskEvent, others: Set<string>): void {
  if (event.kind !== 'offered' || event.role === undefined || event.role === 'agent') return;
  others.add(event.reservation);
}

function countOffer(
  event: DeskEvent,
  from: number,
  to: number,
  others: ReadonlySet<string>,
  tally: Tally,
): void {
  if (event.at < from || event.at >= to) return;
  if (event.kind === 'offered' && !others.has(event.reservation)) tally.at(event.at).offers += 1;
  if (event.kind !== 'offer ended' || !event.first || event.by === 'another agent') return;
  if (others.has(event.reservation)) return;
  tally.at(event.at).notTaken += 1;
  if (event.by === 'caller') tally.at(event.at).endedByCaller += 1;
}

/** The calls that agents dialled in a span. */
function createOutboundFigures(from: number, to: number) {
  /** When each was answered, and since when it has ended; null: not yet. */
  const dialed = new Map<string, { answeredAt: number | null; endedAt: number | null }>();
  return {
    add(event: DeskEvent): void {
      if (event.kind === 'agent dialed' && event.at >= from && event.at < to)
        dialed.set(event.call, { answeredAt: null, endedAt: null });
      const call = 'call' in event ? dialed.get(event.call) : undefined;
      if (call === undefined) return;
      if (event.kind === 'connected') call.answeredAt ??= event.at;
      if (event.kind === 'left') call.endedAt ??= event.at;
    },
    until(now: number): Figures['outbound'] {
      const answered = [...dialed.values()].flatMap(({ answeredAt, endedAt }) =>
        answeredAt === null ? [] : Math.max(0, (endedAt ?? now) - answeredAt) / 1000,
      );
      const talkSeconds = answered.reduce((sum, seconds) => sum + seconds, 0);
      return { dialed: dialed.size, answered: answered.length, talkSeconds };
    },
  };
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

/** The figures of each agent; `tally` gets the sums of all. */
function createAgentFigures(from: number, to: number, others: ReadonlySet<string>, tally: Tally) {
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

  /** The figures with the time since the last change, as far as it is within. */
  function passed(agent: Watched, at: number, sums: Tally): AgentFigures {
    const [begin, end] = [Math.max(agent.since, from), Math.min(at, to)];
    const name = secondsOf(agent);
    if (name === null || end <= begin) return agent.figures;
    sums.add(name === 'idleSeconds' ? name : 'handleSeconds', begin, end);
    return { ...agent.figures, [name]: agent.figures[name] + (end - begin) / 1000 };
  }

  function add(event: DeskEvent): void {
    if (!('agent' in event) || event.agent === undefined) return;
    const agent = watch(event.agent, event.at);
    agent.figures = passed(agent, event.at, tally);
    agent.since = event.at;
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
        if (counts > 0) tally.at(event.at).handled += counts;
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

  return {
    add,
    /** The figures up to a time; what is added to `sums` is the time since the last events. */
    until: (now: number, sums: Tally): AgentFigures[] =>
      [...agents.values()]
        .map((agent) => ({ ...passed(agent, now, sums) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** As what an agent's time counts now; null: as nothing. */
function secondsOf({
  load,
  isAvailable,
  page,
}: Watched): 'talkSeconds' | 'wrapUpSeconds' | 'idleSeconds' | null {
  switch (load) {
    case 'talking':
      return 'talkSeconds';
    case 'wrap-up':
      return 'wrapUpSeconds';
    case 'free':
      return isAvailable && page?.line === 'up' ? 'idleSeconds' : null;
    case 'reserved':
      return null;
  }
}

function ratio(part: number, whole: number): number | null {
  return whole <= 0 ? null : part / whole;
}
