import type { Leg, LegStatus } from './call.ts';
import { firstTold, greatest, type Join, lastTold, least, type Told, union } from './join.ts';

/**
 * All that a call's entries have said so far, as plain JSON of bounded size. It only grows: two states are
 * joined, neither undoes the other, and what they mean together is derived from the join.
 */
export interface CallState {
  /** The conversation's id, or `leg:` and a leg's. */
  id: string;
  legs: readonly LegFacts[];
  recordings: readonly RecordingFacts[];
  /** Errors that Vonage reported; the key is its text. */
  errors: readonly Earliest<string>[];
  /** Users whom the NCCO rings; the key is the name, `at` the place of the action. */
  users: readonly Earliest<string>[];
  /** Whether the NCCO connects the caller to anybody; null until it is known. */
  connects: boolean | null;
}

/** A thing that was mentioned, and the smallest position at which it was; null where it had none. */
export interface Earliest<Key extends string> {
  key: Key;
  at: number | null;
}

/** All that was said of one leg; the key is its id. */
export interface LegFacts {
  key: string;
  /** The statuses that were told, each with its earliest time. */
  statuses: readonly Earliest<LegStatus>[];
  /** Whether the answer URL was asked about it. */
  asked: boolean;
  direction: Told<NonNullable<Leg['direction']>> | null;
  from: Told<string> | null;
  to: Told<string> | null;
  startTime: Told<number> | null;
  endTime: Told<number> | null;
  duration: Told<number> | null;
  price: Told<string> | null;
  rate: Told<string> | null;
  network: Told<string> | null;
  detail: Told<string> | null;
  sipCode: Told<number> | null;
  disconnectedBy: Told<string> | null;
  machine: Told<string> | null;
  movedTo: Told<string> | null;
}

/** All that was said of one recording; the key is its id, or its URL where it has none. */
export interface RecordingFacts {
  key: string;
  uuid: string | null;
  url: string | null;
  size: number | null;
  startedAt: number | null;
  endedAt: number | null;
  transcriptionUrl: string | null;
}

/** Most that a call remembers. A conversation has at most 50 members; each may be rung several times. */
const MOST_LEGS = 200;
const MOST_RECORDINGS = 50;
const MOST_ERRORS = 20;
const MOST_USERS = 50;

/** A call of which nothing is known yet. */
export function emptyState(id: string): CallState {
  return { id, legs: [], recordings: [], errors: [], users: [], connects: null };
}

/** A leg of which nothing but its id is known. */
export function emptyLeg(key: string): LegFacts {
  return {
    key,
    statuses: [],
    asked: false,
    direction: null,
    from: null,
    to: null,
    startTime: null,
    endTime: null,
    duration: null,
    price: null,
    rate: null,
    network: null,
    detail: null,
    sipCode: null,
    disconnectedBy: null,
    machine: null,
    movedTo: null,
  };
}

/** A recording of which nothing but its key is known. */
export function emptyRecording(key: string): RecordingFacts {
  return { key, uuid: null, url: null, size: null, startedAt: null, endedAt: null, transcriptionUrl: null };
}

/**
 * A state as the text that is stored: without what is not known, which is most of it. Every projected event writes
 * one, so that its length counts.
 */
export function packState(state: CallState): string {
  return JSON.stringify({
    ...state,
    legs: state.legs.map(known),
    recordings: state.recordings.map(known),
  });
}

/** The state that `packState` made a text of. */
export function unpackState(text: string): CallState {
  const stored: CallState = JSON.parse(text);
  return {
    ...stored,
    legs: stored.legs.map((leg) => ({ ...emptyLeg(leg.key), ...leg })),
    recordings: stored.recordings.map((one) => ({ ...emptyRecording(one.key), ...one })),
  };
}

function known<Facts extends object>(facts: Facts): Partial<Facts> {
  const kept: Partial<Facts> = {};
  for (const name in facts) if (facts[name] !== null) kept[name] = facts[name];
  return kept;
}

/** Puts together what two states of one call know. Commutative, associative and idempotent. */
export const joinStates: Join<CallState> = (a, b) => ({
  id: betterId(a.id, b.id),
  legs: union(a.legs, b.legs, joinLegs, MOST_LEGS),
  recordings: union(a.recordings, b.recordings, joinRecordings, MOST_RECORDINGS),
  errors: union(a.errors, b.errors, joinEarliest, MOST_ERRORS),
  users: union(a.users, b.users, joinEarliest, MOST_USERS),
  connects:
    a.connects === null || b.connects === null ? (a.connects ?? b.connects) : a.connects || b.connects,
});

const joinLegs: Join<LegFacts> = (a, b) => ({
  key: a.key,
  statuses: union(a.statuses, b.statuses, joinEarliest, Infinity),
  asked: a.asked || b.asked,
  // Who talks to whom is said best at the start: the last events of a leg may have a mangled number.
  direction: firstTold(a.direction, b.direction),
  from: firstTold(a.from, b.from),
  to: firstTold(a.to, b.to),
  startTime: lastTold(a.startTime, b.startTime),
  endTime: lastTold(a.endTime, b.endTime),
  duration: lastTold(a.duration, b.duration),
  price: lastTold(a.price, b.price),
  rate: lastTold(a.rate, b.rate),
  network: lastTold(a.network, b.network),
  detail: lastTold(a.detail, b.detail),
  sipCode: lastTold(a.sipCode, b.sipCode),
  disconnectedBy: lastTold(a.disconnectedBy, b.disconnectedBy),
  machine: lastTold(a.machine, b.machine),
  movedTo: lastTold(a.movedTo, b.movedTo),
});

const joinRecordings: Join<RecordingFacts> = (a, b) => ({
  key: a.key,
  uuid: least(a.uuid, b.uuid),
  url: least(a.url, b.url),
  size: greatest(a.size, b.size),
  startedAt: least(a.startedAt, b.startedAt),
  endedAt: greatest(a.endedAt, b.endedAt),
  transcriptionUrl: least(a.transcriptionUrl, b.transcriptionUrl),
});

function joinEarliest<Key extends string>(a: Earliest<Key>, b: Earliest<Key>): Earliest<Key> {
  return { key: a.key, at: least(a.at, b.at) };
}

/** A call may be known by a leg alone until its conversation shows. */
function betterId(a: string, b: string): string {
  const [legOfA, legOfB] = [a.startsWith('leg:'), b.startsWith('leg:')];
  if (legOfA !== legOfB) return legOfA ? b : a;
  return b < a ? b : a;
}
