import type { Cause } from './causes.ts';
import type { FailedAction, Party, Person, SupervisionMode } from './controls.ts';

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
  /** The server at which the page opened its feed last; null: it is not known, or there is only one. */
  readonly feedAt: string | null;
  /** 0: her page was never there. */
  readonly lineSince: number;
  /** The later of "became available" and "end of the last wrap-up". */
  readonly idleSince: number;
  /** Offers in a row that rang out. */
  readonly unanswered: number;
  /** What became of the last offer that she did not take. */
  readonly lastOffer: EndedOffer | null;
  /** The last control of hers that was accepted and then failed. */
  readonly lastFailure: ControlFailure | null;
}

/** A control that failed after it was accepted. */
export interface ControlFailure {
  call: string;
  action: FailedAction;
  /** In English. */
  words: string;
  /** Absent where an older version noted it, and of a call that she dialled. */
  cause?: Cause;
  /** Of a call that she dialled. */
  reason?: DialFailure;
  at: number;
}

/**
 * Why a call that an agent dialled was not answered, or not placed: `busy here`, she was in a call herself; `short`, as
 * emergency numbers are.
 */
export type DialFailure =
  | 'busy'
  | 'declined'
  | 'no answer'
  | 'unreachable'
  | 'busy here'
  | 'not a number'
  | 'short'
  | 'own'
  | 'not allowed'
  | 'premium';

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
 * Where a call is in the desk. `waiting` includes the greeting, and callers whose agent was lost; `held`: in a loop of
 * her own, with an agent or a number to talk to again; `leaving`: nothing but the end of the leg is to come; `ended`: the
 * leg is over.
 */
export type Stage = 'menu' | 'waiting' | 'connecting' | 'talking' | 'held' | 'leaving' | 'ended';

/** How a call left the queue or the desk. */
export type Exit =
  | 'completed'
  | 'abandoned'
  | 'voicemail'
  | 'overflow'
  | 'closed'
  | 'callback'
  /** A callback that was given up, or a call that an agent dialled and nobody answered. */
  | 'not reached'
  | 'lost';

/** What the caller hears now. */
export type Hears =
  | 'greeting'
  | 'menu'
  | 'music'
  | 'position'
  | 'agent'
  | 'hold'
  | 'one moment'
  | 'voicemail'
  | 'apology'
  | 'goodbye'
  | 'nothing';

/** One caller's way through the desk. */
export interface DeskCall {
  /**
   * The caller's leg; of a callback, `callbackId` of the leg of who asked for it; of a call that an agent dialled,
   * `outboundId` of her leg.
   */
  readonly id: string;
  /**
   * `callback`: the desk calls, first the agent, then the caller. `outbound`: an agent dialled; the customer is the
   * caller, and the number that she called is ours.
   */
  readonly kind: 'inbound' | 'callback' | 'outbound';
  /** The caller's leg; null while the desk has not called it. */
  readonly leg: string | null;
  /** Whether the phone rings of whom the desk calls. */
  readonly rings: boolean;
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
  /** From when the longest wait of the queue counts: who waits again, or moves to another queue, gets the whole of it. */
  readonly waitingSince: number;
  /** Moved to the head of the queue at this time; among several, the first comes first. */
  readonly ahead: number | null;
  /** Since when the agent has the caller on hold, and which warning was given; null: not on hold. */
  readonly held: { since: number; warned: 'alert' | 'alarm' | null } | null;
  /** By when the caller must have been moved between the hold loop and the conversation; null: she is where she belongs. */
  readonly movingUntil: number | null;
  /** Who else was brought into the call by its agent. */
  readonly guest: Guest | null;
  /** A blind transfer that has not reached anybody yet. */
  readonly transfer: Transfer | null;
  /** Each recording has a conversation of its own, with this number; 0: none was made yet. */
  readonly recording: { number: number; state: 'announced' | 'on' | 'off'; until: number | null };
  /** Whether the caller hung up while on hold. */
  readonly leftOnHold: boolean;
}

/** A second person besides the agent: to be consulted, or to take the call over. */
export interface Guest {
  /** In addresses of webhooks. Of an agent, her reservation; of a telephone, an id that begins with `out`. */
  readonly id: string;
  readonly to: Person;
  /** The agent who called. */
  readonly by: string;
  /** `transfer`: the agent has left. */
  readonly purpose: 'consult' | 'transfer';
  readonly state: 'calling' | 'ringing' | 'talking' | 'held';
  readonly since: number;
  /** Of a telephone, once it is known. */
  readonly leg: string | null;
  /** By when a telephone must have answered; null: it has, or an agent is called. */
  readonly until: number | null;
}

/** A caller who is on her way from one agent to somebody else. */
interface Transfer {
  readonly to: Party;
  readonly by: string;
  /** Nobody took the call: it goes back to the agent. */
  readonly isComingBack: boolean;
  readonly since: number;
}

/** What a reservation is for: to talk to the caller, to be consulted by her agent, or to supervise. */
export type CallRole = 'agent' | 'consult' | 'supervise';

export interface Supervision {
  mode: SupervisionMode;
  /** Whether the agent is not to be told. */
  private: boolean;
}

/** How a call ended for an agent. */
export type EndedFor =
  | 'caller left'
  | 'caller left on hold'
  | 'agent left'
  | 'transferred'
  | 'ended by the desk';

/** What an agent noted about a call. */
export interface WrapUpNote {
  outcome: string | null;
  note: string | null;
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
export type Rescinder = 'caller' | 'another agent' | 'line' | 'choice' | 'supervisor';

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
  | 'missed this call'
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
  /** Where the platform has it, if she dialled. */
  readonly legRegionUrl: string | null;
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
  readonly role: CallRole;
  readonly supervision: Supervision | null;
  /** The leg of the agent to whom this supervisor's leg was told to whisper; null: none yet. */
  readonly whispersTo: string | null;
  /** How the call ended for the agent. */
  readonly ended: EndedFor | null;
  readonly note: WrapUpNote | null;
}

/** Milliseconds of talk and wrap-up of a reservation that is over; null where nobody talked. */
export function handleTimeOf({ state, connectedAt, since, role }: Reservation): number | null {
  return state === 'completed' && role === 'agent' && connectedAt !== null ? since - connectedAt : null;
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

/** The offers of a call that an agent may still take, to talk to its caller. */
export function offersOf(desk: Desk, call: string): Reservation[] {
  return [...desk.reservations.values()].filter(
    (each) => each.call === call && isOffer(each) && each.role === 'agent',
  );
}

export type Load = 'free' | 'reserved' | 'talking' | 'holding' | 'consulting' | 'supervising' | 'wrap-up';

/** What an agent is busy with. @param call of the reservation; without it, every connected agent talks */
export function loadOf(reservation: Reservation | undefined, call?: DeskCall): Load {
  if (reservation === undefined || !isOpen(reservation)) return 'free';
  if (reservation.state === 'wrapping') return 'wrap-up';
  if (reservation.state === 'accepting' && call?.kind === 'outbound') return 'talking';
  if (reservation.state !== 'connected') return 'reserved';
  if (reservation.role === 'supervise') return 'supervising';
  if (call?.guest != null && (call.stage === 'held' || call.guest.state !== 'talking')) return 'consulting';
  return call?.stage === 'held' ? 'holding' : 'talking';
}

/** What a call has before an agent controls it; also the fields that calls of an older version lack. */
export const UNTOUCHED_CALL = {
  rings: false,
  ahead: null,
  held: null,
  movingUntil: null,
  guest: null,
  transfer: null,
  recording: { number: 0, state: 'off', until: null },
  leftOnHold: false,
} as const satisfies Partial<DeskCall>;

/** The same of a reservation. */
export const PLAIN_RESERVATION = {
  legRegionUrl: null,
  role: 'agent',
  supervision: null,
  whispersTo: null,
  ended: null,
  note: null,
} as const satisfies Partial<Reservation>;

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
    feedAt: null,
    lineSince: 0,
    idleSince: now,
    unanswered: 0,
    lastOffer: null,
    lastFailure: null,
  };
}
