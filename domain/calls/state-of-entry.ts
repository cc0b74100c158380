import { isOffer, namesOf, recordingName, requestName } from '../webhooks/identity.ts';
import { readParty } from '../webhooks/lenient-fields.ts';
import type { AnswerEntry, EventEntry, LogEntry, Reply } from '../webhooks/log-entry.ts';
import { type EventFacts, readEvent } from '../webhooks/read-event.ts';
import { LEG_STATUSES } from './call.ts';
import {
  type CallState,
  type ConversationFacts,
  emptyLeg,
  emptyRecording,
  emptyState,
  type LegFacts,
} from './call-state.ts';
import { sorted, type Timestamped } from './join.ts';

/**
 * What one log entry says about its call. The entry's id and its time of receipt say nothing: they would be
 * others in another order of delivery.
 */
export function stateOf(entry: LogEntry): CallState {
  return entry.type === 'event' ? stateOfEvent(entry) : stateOfAnswer(entry);
}

function stateOfAnswer({ request, reply, requestId }: AnswerEntry): CallState {
  const { conversations, leg, recording } = namesOf(request);
  const asked = {
    asked: true,
    askedFrom: readParty(request.from) ?? readParty(request.from_user),
    askedTo: readParty(request.to),
    askedUser: readParty(request.from_user),
  };
  return {
    ...emptyState(),
    ...factsOfReply(reply),
    conversations: sorted(conversations.map((key) => ({ key, at: null, asked: true }))),
    otherName: otherNameOf(conversations, leg, recording, requestId),
    legs: leg === null ? [] : [{ ...emptyLeg(leg), ...asked }],
  };
}

function stateOfEvent({ payload, reply, requestId, route }: EventEntry): CallState {
  const facts = readEvent(payload);
  const { conversations, leg, recording, timestamp } = facts;
  return {
    ...emptyState(),
    ...factsOfReply(reply),
    conversations: conversationsOf(facts),
    otherName: otherNameOf(conversations, leg, recording, requestId),
    legs:
      leg === null
        ? []
        : [{ ...emptyLeg(leg), ...partiesOf(facts), ...legFactsOf(facts), offered: isOffer(route) || null }],
    recordings: recordingsOf(facts),
    errors: facts.status === null && facts.reason !== null ? [{ key: facts.reason, at: timestamp }] : [],
  };
}

/** Whom an NCCO rings, and whether it connects the caller to anyone; nothing where the reply has none. */
function factsOfReply({ ncco }: Reply): Pick<CallState, 'users' | 'connects'> {
  if (ncco === undefined) return { users: [], connects: null };
  const places = new Map<string, number>();
  for (const [place, action] of ncco.entries()) {
    const endpoint = action.action === 'connect' ? action.endpoint[0] : undefined;
    if (endpoint?.type === 'app' && !places.has(endpoint.user)) places.set(endpoint.user, place);
  }
  return {
    users: sorted([...places].map(([key, at]) => ({ key, at }))),
    connects: ncco.some(({ action }) => action === 'connect'),
  };
}

function otherNameOf(
  conversations: readonly string[],
  leg: string | null,
  recording: string | null,
  requestId: string,
): string | null {
  if (recording !== null) return recordingName(recording);
  return conversations.length === 0 && leg === null ? requestName(requestId) : null;
}

/** A leg's new conversation is reported without a time: its own events say when it began. */
function conversationsOf({ conversations, kind, ...facts }: EventFacts): ConversationFacts[] {
  const { conversation_uuid_from: from, conversation_uuid_to: to, timestamp } = facts;
  const told = conversations.map((key) => ({
    key,
    at: key === to && key !== from ? null : timestamp,
    asked: kind === 'answer',
  }));
  return sorted(told);
}

function partiesOf({ direction, from, to, timestamp }: EventFacts): Partial<LegFacts> {
  return {
    direction: timestamped(direction, timestamp),
    from: timestamped(from, timestamp),
    to: timestamped(to, timestamp),
  };
}

function legFactsOf(facts: EventFacts): Partial<LegFacts> {
  const at = facts.timestamp;
  switch (facts.kind) {
    case 'status':
    case 'disconnected':
      return {
        statuses: statusesOf(facts.status, at),
        startTime: timestamped(facts.start_time, at),
        endTime: timestamped(facts.end_time, at),
        duration: timestamped(facts.duration, at),
        price: timestamped(facts.price, at),
        rate: timestamped(facts.rate, at),
        network: timestamped(facts.network, at),
        detail: timestamped(facts.detail ?? facts.reason, at),
        sipCode: timestamped(facts.sip_code, at),
        disconnectedBy: timestamped(facts.disconnected_by, at),
      };
    case 'machine-detection':
      return { machine: timestamped(facts.status, at) };
    case 'answer':
      return {
        asked: true,
        askedFrom: facts.from ?? facts.from_user,
        askedTo: facts.to,
        askedUser: facts.from_user,
      };
    default:
      return {};
  }
}

function statusesOf(word: string | null, at: number | null): LegFacts['statuses'] {
  const status = LEG_STATUSES.find((each) => each === word);
  return status === undefined ? [] : [{ key: status, at }];
}

/** A recording may be told beside a status; the times and the size are then those of the leg. */
function recordingsOf(facts: EventFacts): CallState['recordings'] {
  const { recording: uuid, recording_url: url, transcription_url: transcriptionUrl } = facts;
  const key = uuid ?? url;
  if (key === null || (url === null && transcriptionUrl === null)) return [];
  const own =
    facts.kind === 'status' || facts.kind === 'transcription'
      ? {}
      : { size: facts.size, startedAt: facts.start_time, endedAt: facts.end_time };
  return [{ ...emptyRecording(key), uuid, url, transcriptionUrl, ...own }];
}

function timestamped<T>(value: T | null, at: number | null): Timestamped<T> | null {
  return value === null ? null : [value, at];
}
