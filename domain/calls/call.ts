import type { Exit } from '../desk/desk.ts';

/** A call as its log entries tell it: one caller's way, through any number of conversations. Times are milliseconds since 1970, by Vonage's clock. */

/** Why a leg was not answered, or that its line broke. */
export const LEG_FAILURES = [
  'busy',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'failed',
  'disconnected',
] as const;

/** Where a leg is, in the order of a leg's life; unknown statuses change nothing. */
export const LEG_STATUSES = [
  'unknown',
  'started',
  'ringing',
  'answered',
  ...LEG_FAILURES,
  'completed',
] as const;

export type LegStatus = (typeof LEG_STATUSES)[number];

/** One party's part in a call. Of its times each is no earlier than the one before. */
export interface Leg {
  uuid: string;
  direction: 'inbound' | 'outbound' | null;
  from: string | null;
  /** A number, or the name of the user whom the leg rings. */
  to: string | null;
  status: LegStatus;
  /** Answered, or why not; `completed` hides it. Null while it is open, or where nothing tells. */
  outcome: 'answered' | (typeof LEG_FAILURES)[number] | null;
  startedAt: number | null;
  ringingAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  /** Seconds and amounts as Vonage billed them; null until it said. */
  duration: number | null;
  price: string | null;
  rate: string | null;
  network: string | null;
  /** Why, where Vonage says more than the status: `declined`, `unavailable`, … */
  detail: string | null;
  sipCode: number | null;
  /** `user` or `platform`. */
  disconnectedBy: string | null;
  /** `human` or `machine`, where it was asked. */
  machine: string | null;
}

/** How a call ended, in words that the page translates. */
export type CallEnd =
  | 'caller-gave-up'
  | 'rejected'
  | 'nobody-answered'
  | 'busy'
  | 'failed'
  | 'application-error'
  | 'completed'
  /** Nothing was heard of it for longer than a call can last, and the platform does not know either. */
  | 'unknown';

/** `ended` as soon as nobody who called is there any more. */
export type CallStatus = 'started' | 'ringing' | 'in-call' | 'ended';

/** Who ended a call. */
export type HungUpBy = 'caller' | 'agent' | 'platform';

export interface Recording {
  url: string;
  uuid: string | null;
  size: number | null;
  transcriptionUrl: string | null;
  startedAt: number | null;
  endedAt: number | null;
}

export interface Call {
  id: string;
  /** Every conversation that it went through, in the order of time. */
  conversations: readonly string[];
  /** Who calls and which number was dialled: those of the inbound leg, else of the first. */
  from: string | null;
  to: string | null;
  /** The user who was rung last. */
  agent: string | null;
  /** Whether somebody called, or an agent or the server did; null while nothing tells. */
  direction: 'inbound' | 'outbound' | null;
  status: CallStatus;
  end: CallEnd | null;
  /** Null while it goes on, and where nothing tells. */
  hungUpBy: HungUpBy | null;
  startedAt: number | null;
  /** When someone first talked to the caller: the answer of an outbound leg. */
  answeredAt: number | null;
  endedAt: number | null;
  /** Milliseconds; null while unknown. Ringing: until someone answered, or nothing rang any more. */
  ringing: number | null;
  /** While both a caller and a called party were connected. */
  talking: number | null;
  total: number | null;
  /** Sum of the legs' prices, in euros, as Vonage gives them; null until one is known. */
  price: number | null;
  legs: readonly Leg[];
  recordings: readonly Recording[];
  /** What Vonage complained of, in its own words. */
  errors: readonly string[];
}

/** A call as one line in the list of calls. */
export interface CallSummary {
  id: string;
  /** Other conversations by which it was known, before they turned out to be one call. */
  aliases: readonly string[];
  from: string | null;
  to: string | null;
  agent: string | null;
  status: CallStatus;
  end: CallEnd | null;
  hungUpBy: HungUpBy | null;
  /** Whether somebody called, or an agent or the server did; null while nothing tells. */
  direction: 'inbound' | 'outbound' | null;
  /** The desk's queue in which it is, or was last, and how it left the desk; null without a desk. */
  queue: string | null;
  exit: Exit | null;
  /** Milliseconds since 1970. When the first entry of the call was received: the order of the list, newest first. */
  firstSeenAt: number;
  startedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  /** When the newest webhook about it was received. */
  lastHeardAt: number;
  /** Id of the newest log entry that belongs to it. */
  lastEntryId: number;
}
