import { legName } from '../webhooks/identity.ts';
import type { Leg, LegStatus } from './call.ts';
import { earliestWins, greatest, type Join, latestWins, least, type Timestamped, union } from './join.ts';

/**
 * All that a call's entries have said so far, as plain JSON of bounded size. It only grows: two states are
 * joined, neither undoes the other, and what they mean together is derived from the join.
 */
export interface CallState {
  conversations: readonly ConversationFacts[];
  /** Smallest name of an entry that is neither a conversation's nor a leg's. */
  otherName: string | null;
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
interface Earliest<Key extends string> {
  key: Key;
  at: number | null;
}

/** A conversation that an entry mentions; the key is its id, `at` the earliest time of an event in it. */
export interface ConversationFacts extends Earliest<string> {
  /** Whether an NCCO was asked for in it. */
  asked: boolean;
}

/** All that was said of one leg; the key is its id. */
export interface LegFacts {
  key: string;
  /** The statuses that were told, each with its earliest time. */
  statuses: readonly Earliest<LegStatus>[];
  /** Whether an NCCO was asked for it, and which parties the question named: it knows better than events. */
  asked: boolean;
  askedFrom: string | null;
  askedTo: string | null;
  /** The user who dialled, where an app asked: an agent who calls somebody. */
  askedUser: string | null;
  /** Whether a desk rang it for a caller who hears something else meanwhile; null: not as far as is known. */
  offered: true | null;
  direction: Timestamped<NonNullable<Leg['direction']>> | null;
  from: Timestamped<string> | null;
  to: Timestamped<string> | null;
  startTime: Timestamped<number> | null;
  endTime: Timestamped<number> | null;
  duration: Timestamped<number> | null;
  price: Timestamped<string> | null;
  rate: Timestamped<string> | null;
  network: Timestamped<string> | null;
  detail: Timestamped<string> | null;
  sipCode: Timestamped<number> | null;
  disconnectedBy: Timestamped<string> | null;
  machine: Timestamped<string> | null;
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
const MOST_CONVERSATIONS = 200;
const MOST_LEGS = 200;
const MOST_RECORDINGS = 50;
const MOST_ERRORS = 20;
const MOST_USERS = 50;

/** A call of which nothing is known yet. */
export function emptyState(): CallState {
  return {
    conversations: [],
    otherName: null,
    legs: [],
    recordings: [],
    errors: [],
    users: [],
    connects: null,
  };
}

/**
 * The id of a call: the first conversation in which an NCCO was asked for, else the first that events tell of, else
 * its leg, else what other name it has. It depends on what was said alone, not on the order in which that arrived.
 */
export function idOf({ conversations, legs, otherName }: CallState): string {
  const asked = conversations.filter((each) => each.asked);
  const first = inOrderOfTime(asked.length > 0 ? asked : conversations)[0];
  if (first !== undefined) return first.key;
  return legs[0] === undefined ? (otherName ?? '') : legName(legs[0].key);
}

/** Things by their time, those without one last; at the same time in the order of keys. */
export function inOrderOfTime<Item extends Earliest<string>>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => (a.at === b.at ? 0 : (a.at ?? Infinity) - (b.at ?? Infinity)));
}

/** A leg of which nothing but its id is known. */
export function emptyLeg(key: string): LegFacts {
  return {
    key,
    statuses: [],
    asked: false,
    askedFrom: null,
    askedTo: null,
    askedUser: null,
    offered: null,
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
  };
}

/** A conversation that was mentioned. */
function emptyConversation(key: string): ConversationFacts {
  return { key, at: null, asked: false };
}

/** A recording of which nothing but its key is known. */
export function emptyRecording(key: string): RecordingFacts {
  return { key, uuid: null, url: null, size: null, startedAt: null, endedAt: null, transcriptionUrl: null };
}

/**
 * A state as the text that is stored: without what is not known, which is most of it. Every event writes one, so its
 * length counts.
 */
export function packState(state: CallState): string {
  return JSON.stringify({
    ...known(state),
    conversations: state.conversations.map(known),
    legs: state.legs.map(known),
    recordings: state.recordings.map(known),
  });
}

/** The state that `packState` made a text of, by this version or by one before calls could move. */
export function unpackState(text: string): CallState {
  const { id, ...stored }: StoredState = JSON.parse(text);
  const conversations = (stored.conversations ?? []).map((one) => ({
    ...emptyConversation(one.key),
    ...one,
  }));
  const recordings = (stored.recordings ?? []).map((one) => ({ ...emptyRecording(one.key), ...one }));
  const legs = (stored.legs ?? []).map(({ movedTo: _, ...leg }) => ({ ...emptyLeg(leg.key), ...leg }));
  const state = { ...emptyState(), ...stored, conversations, recordings, legs };
  return id === undefined ? state : withFormerFacts(state, id, stored.legs ?? []);
}

/** What was stored. A state had an id once, and a leg the conversation that it was moved to. */
interface StoredState extends Partial<Omit<CallState, 'conversations' | 'legs' | 'recordings'>> {
  id?: string;
  conversations?: readonly (Partial<ConversationFacts> & { key: string })[];
  legs?: readonly StoredLeg[];
  recordings?: readonly (Partial<RecordingFacts> & { key: string })[];
}

type StoredLeg = Partial<LegFacts> & { key: string; movedTo?: Timestamped<string> | null };

function withFormerFacts(state: CallState, id: string, stored: readonly StoredLeg[]): CallState {
  const moves = stored.flatMap(({ movedTo }) => movedTo ?? []).filter((value) => typeof value === 'string');
  const names = /^(leg|recording|request):/.exec(id);
  const times = stored.flatMap(timesOf);
  // All its events were told in the conversation that gave it its name.
  const own = { key: id, at: times.reduce(least, null), asked: state.legs.some(({ asked }) => asked) };
  const conversations = moves.toSorted().map((key) => emptyConversation(key));
  return joinStates(state, {
    ...emptyState(),
    conversations: [...(names === null ? [own] : []), ...conversations].reduce(
      (all, one) => union(all, [one], joinConversations, MOST_CONVERSATIONS),
      state.conversations,
    ),
    otherName: names !== null && names[1] !== 'leg' ? id : null,
    // Of an answer request no time is known: what has none was said by it.
    legs: state.legs
      .filter(({ asked }) => asked)
      .map(({ key, from, to }) => ({
        ...emptyLeg(key),
        askedFrom: from?.[1] === null ? from[0] : null,
        askedTo: to?.[1] === null ? to[0] : null,
      })),
  });
}

function timesOf({ key: _, statuses = [], ...facts }: StoredLeg): (number | null)[] {
  const times = Object.values(facts).map((fact) =>
    typeof fact === 'object' && fact !== null ? fact[1] : null,
  );
  return [...times, ...statuses.map(({ at }) => at)];
}

function known<Facts extends object>(facts: Facts): Partial<Facts> {
  const kept: Partial<Facts> = {};
  for (const name in facts) if (facts[name] !== null) kept[name] = facts[name];
  return kept;
}

/** Merges what two states of one call know. Commutative, associative and idempotent. */
export const joinStates: Join<CallState> = (a, b) => ({
  conversations: union(a.conversations, b.conversations, joinConversations, MOST_CONVERSATIONS),
  otherName: least(a.otherName, b.otherName),
  legs: union(a.legs, b.legs, joinLegs, MOST_LEGS),
  recordings: union(a.recordings, b.recordings, joinRecordings, MOST_RECORDINGS),
  errors: union(a.errors, b.errors, joinEarliest, MOST_ERRORS),
  users: union(a.users, b.users, joinEarliest, MOST_USERS),
  connects:
    a.connects === null || b.connects === null ? (a.connects ?? b.connects) : a.connects || b.connects,
});

const joinConversations: Join<ConversationFacts> = (a, b) => ({
  key: a.key,
  at: least(a.at, b.at),
  asked: a.asked || b.asked,
});

const joinLegs: Join<LegFacts> = (a, b) => ({
  key: a.key,
  statuses: union(a.statuses, b.statuses, joinEarliest, Infinity),
  asked: a.asked || b.asked,
  askedFrom: least(a.askedFrom, b.askedFrom),
  askedTo: least(a.askedTo, b.askedTo),
  askedUser: least(a.askedUser, b.askedUser),
  offered: a.offered ?? b.offered,
  // The first events are the most reliable: the last ones of a leg may have a mangled number.
  direction: earliestWins(a.direction, b.direction),
  from: earliestWins(a.from, b.from),
  to: earliestWins(a.to, b.to),
  startTime: latestWins(a.startTime, b.startTime),
  endTime: latestWins(a.endTime, b.endTime),
  duration: latestWins(a.duration, b.duration),
  price: latestWins(a.price, b.price),
  rate: latestWins(a.rate, b.rate),
  network: latestWins(a.network, b.network),
  detail: latestWins(a.detail, b.detail),
  sipCode: latestWins(a.sipCode, b.sipCode),
  disconnectedBy: latestWins(a.disconnectedBy, b.disconnectedBy),
  machine: latestWins(a.machine, b.machine),
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
