/** The state of the desk. Times are milliseconds since 1970. Plain data, so that it can be stored as JSON. */
export interface Desk {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly calls: ReadonlyMap<string, DeskCall>;
  readonly reservations: ReadonlyMap<string, Reservation>;
}

export type Choice = 'available' | 'away' | 'offline';

/** What an agent chose, and why. */
export interface ChosenStatus {
  choice: Choice;
  reason: string | null;
}

/** How well a page can take calls, as it reports it. */
export interface PageState {
  /** Which of the agent's tabs takes the calls. */
  tab: string;
  /** Whether its session with the platform is up. */
  line: 'up' | 'down';
  sound: 'on' | 'blocked' | 'none';
  microphone: 'ready' | 'unasked' | 'refused' | 'none';
}

/** Three facts that never mix: the agent's own choice, the state of the line, and, by reservation, the load. */
export interface Agent {
  readonly name: string;
  readonly chosen: ChosenStatus;
  readonly chosenAt: number;
  /** Applies after the current call and its wrap-up. */
  readonly next: ChosenStatus | null;
  /** The state of the page that takes the calls; null if there is none. */
  readonly page: PageState | null;
  /** The page counts as gone at this time unless it is heard from again. */
  readonly pageUntil: number;
  readonly lineSince: number;
  /** The later of "became available" and "end of the last wrap-up". */
  readonly idleSince: number;
  /** Offers in a row that rang out. */
  readonly unanswered: number;
  /** What became of the last offer that she did not take. */
  readonly lastOffer: EndedOffer | null;
}

export interface EndedOffer {
  reservation: string;
  call: string;
  from: string | null;
  as: 'rejected' | 'timeout' | 'unreachable' | 'rescinded' | 'canceled';
  by: Rescinder | null;
  /** Who answered instead. */
  answeredBy: string | null;
  at: number;
}

/**
 * Where a call is in the desk. `waiting` includes the greeting, and callers whose agent was lost; `leaving`: nothing
 * but the end of the leg is to come; `ended`: the leg is over.
 */
export type Stage = 'menu' | 'waiting' | 'connecting' | 'talking' | 'leaving' | 'ended';

/** How a call left the queue or the desk. */
export type Exit =
  | 'completed'
  | 'abandoned'
  | 'voicemail'
  | 'overflow'
  | 'closed'
  | 'callback'
  /** A callback that was given up. */
  | 'not reached'
  | 'lost';

/** What the caller hears now. */
export type Hears =
  | 'greeting'
  | 'menu'
  | 'music'
  | 'position'
  | 'agent'
  | 'one moment'
  | 'voicemail'
  | 'apology'
  | 'goodbye'
  | 'nothing';

/** One caller's way through the desk. */
export interface DeskCall {
  /** The caller's leg; of a callback, `callbackId` of the leg of who asked for it. */
  readonly id: string;
  /** `callback`: the desk calls, first the agent, then the caller. */
  readonly kind: 'inbound' | 'callback';
  /** The caller's leg; null while a callback has none. */
  readonly leg: string | null;
  /** Tries of a callback that reached nobody. */
  readonly failedTries: number;
  /** A callback is not offered before this time. */
  readonly notBefore: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly regionUrl: string | null;
  readonly queue: string;
  readonly stage: Stage;
  readonly since: number;
  readonly enteredAt: number;
  /** From when the caller's waiting counts; survives cut connections. */
  readonly enqueuedAt: number;
  /** When the platform was last asked whether the leg is alive, or something was heard of it. */
  readonly heardAt: number;
  /** The latest turn of the waiting loop. */
  readonly turn: number;
  /** When the next turn must have been asked for. After that, the caller hears the safety tail. */
  readonly turnBy: number;
  /** The smallest position and wait that the caller was told, and when. */
  readonly told: { position: number | null; minutes: number | null; at: number } | null;
  /** Agents who rejected this call. */
  readonly refusedBy: readonly string[];
  /** The agent whose connection broke and who has until then to come back. */
  readonly keptFor: { agent: string; until: number } | null;
  /** The reservation that connects the caller; null while nobody does. */
  readonly reservation: string | null;
  /** When an agent and the caller first heard each other; null: never. */
  readonly answeredAt: number | null;
  readonly hears: Hears;
  readonly exit: Exit | null;
  /** Who ended it; null while it lasts, or where nobody did. */
  readonly endedBy: 'caller' | 'agent' | 'desk' | null;
  /** Id of the voicemail that the caller may leave. */
  readonly voicemail: string | null;
}

export type OpenReservation = 'created' | 'dialing' | 'ringing' | 'accepting' | 'connected' | 'wrapping';

export type ReservationState =
  | OpenReservation
  | 'completed'
  | 'rejected'
  | 'timeout'
  | 'unreachable'
  | 'rescinded'
  | 'canceled';

/** Why a reservation was taken back. */
export type Rescinder = 'caller' | 'another agent' | 'line' | 'choice';

/** Why this agent and not another one. */
export interface Why {
  /** The agents who could have been chosen, best first, at most ten. */
  candidates: readonly { agent: string; idleSeconds: number }[];
  /** Agents of the queue who were passed over, at most ten. */
  passedOver: readonly { agent: string; because: NotRingable }[];
}

export type NotRingable =
  | 'away'
  | 'offline'
  | 'line down'
  | 'no microphone'
  | 'no sound'
  | 'busy'
  | 'wrap-up'
  | 'refused this call'
  | 'lacks skill';

/** An offer of a call to an agent, and what became of it. */
export interface Reservation {
  /** 128 random bits in hex: it is part of webhook addresses. */
  readonly id: string;
  readonly call: string;
  readonly agent: string;
  readonly state: ReservationState;
  readonly since: number;
  readonly createdAt: number;
  /** The agent's leg, once it is known. */
  readonly leg: string | null;
  readonly rescindedBy: Rescinder | null;
  readonly why: Why;
  /** When the present state ends by itself; null: never. */
  readonly until: number | null;
  /** Whether the agent's page has told that the call rings there. */
  readonly invited?: boolean;
  /** Whether the wrap-up was extended, which can be done once. */
  readonly extended: boolean;
  /** When the platform was last asked whether the agent's leg is alive. */
  readonly lookedAt: number;
  /** When the agent and the caller first heard each other; null: never. */
  readonly connectedAt: number | null;
}

/** Milliseconds of talk and wrap-up of a reservation that is over; null where nobody talked. */
export function handleTimeOf({ state, connectedAt, since }: Reservation): number | null {
  return state === 'completed' && connectedAt !== null ? since - connectedAt : null;
}

const OPEN: ReadonlySet<ReservationState> = new Set<OpenReservation>([
  'created',
  'dialing',
  'ringing',
  'accepting',
  'connected',
  'wrapping',
]);

/** Offers that have not been decided yet. */
const OFFERED: ReadonlySet<ReservationState> = new Set<ReservationState>(['created', 'dialing', 'ringing']);

export function isOpen({ state }: Pick<Reservation, 'state'>): boolean {
  return OPEN.has(state);
}

export function isOffer({ state }: Pick<Reservation, 'state'>): boolean {
  return OFFERED.has(state);
}

/** The open reservation of an agent: there is at most one. */
export function reservationOf(desk: Desk, agent: string): Reservation | undefined {
  for (const reservation of desk.reservations.values()) {
    if (reservation.agent === agent && isOpen(reservation)) return reservation;
  }
  return undefined;
}

/** The offers of a call that an agent may still take. */
export function offersOf(desk: Desk, call: string): Reservation[] {
  return [...desk.reservations.values()].filter((each) => each.call === call && isOffer(each));
}

export type Load = 'free' | 'reserved' | 'talking' | 'wrap-up';

export function loadOf(reservation: Reservation | undefined): Load {
  if (reservation === undefined || !isOpen(reservation)) return 'free';
  if (reservation.state === 'connected') return 'talking';
  return reservation.state === 'wrapping' ? 'wrap-up' : 'reserved';
}

/** The state of an agent's line at a time. */
export function lineOf({ page, pageUntil }: Agent, now: number): 'up' | 'degraded' | 'down' {
  if (page === null || pageUntil <= now || page.line === 'down') return 'down';
  return page.sound === 'on' && page.microphone === 'ready' ? 'up' : 'degraded';
}

/** An agent who was never seen. */
export function newAgent(name: string, now: number): Agent {
  return {
    name,
    chosen: { choice: 'available', reason: null },
    chosenAt: now,
    next: null,
    page: null,
    pageUntil: 0,
    lineSince: now,
    idleSince: now,
    unanswered: 0,
    lastOffer: null,
  };
}
