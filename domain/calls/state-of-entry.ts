import { callOf } from '../webhooks/identity.ts';
import { readText } from '../webhooks/lenient-fields.ts';
import { type EventFacts, readEvent } from '../webhooks/read-event.ts';
import { LEG_STATUSES } from './call.ts';
import { type CallState, emptyLeg, emptyRecording, emptyState, type LegFacts } from './call-state.ts';
import { sorted, type Told } from './join.ts';
import type { AnswerEntry, EventEntry, LogEntry } from './log-entry.ts';

/**
 * What one log entry says about its call. The entry's id and its time of receipt say nothing: they would be
 * others in another order of delivery.
 */
export function stateOf(entry: LogEntry): CallState {
  return entry.type === 'event' ? stateOfEvent(entry) : stateOfAnswer(entry);
}

function stateOfAnswer({ callId, request, ncco }: AnswerEntry): CallState {
  const { legUuid } = callOf(request);
  const places = new Map<string, number>();
  for (const [place, action] of ncco.entries()) {
    const endpoint = action.action === 'connect' ? action.endpoint[0] : undefined;
    if (endpoint?.type === 'app' && !places.has(endpoint.user)) places.set(endpoint.user, place);
  }
  const leg: Partial<LegFacts> = {
    asked: true,
    from: told(readText(request.from) ?? readText(request.from_user), null),
    to: told(readText(request.to), null),
  };
  return {
    ...emptyState(callId),
    legs: legUuid === null ? [] : [{ ...emptyLeg(legUuid), ...leg }],
    users: sorted([...places].map(([key, at]) => ({ key, at }))),
    connects: ncco.some(({ action }) => action === 'connect'),
  };
}

function stateOfEvent({ callId, payload }: EventEntry): CallState {
  const { legUuid } = callOf(payload);
  const facts = readEvent(payload);
  return {
    ...emptyState(callId),
    legs:
      legUuid === null ? [] : [{ ...emptyLeg(legUuid), ...partiesOf(facts), ...legFactsOf(facts, callId) }],
    recordings: recordingsOf(facts),
    errors:
      facts.kind === 'error' && facts.reason !== null ? [{ key: facts.reason, at: facts.timestamp }] : [],
  };
}

function partiesOf({ direction, from, to, timestamp }: EventFacts): Partial<LegFacts> {
  return { direction: told(direction, timestamp), from: told(from, timestamp), to: told(to, timestamp) };
}

function legFactsOf(facts: EventFacts, callId: string): Partial<LegFacts> {
  const at = facts.timestamp;
  switch (facts.kind) {
    case 'status':
      return {
        statuses: statusesOf(facts.status, at),
        startTime: told(facts.start_time, at),
        endTime: told(facts.end_time, at),
        duration: told(facts.duration, at),
        price: told(facts.price, at),
        rate: told(facts.rate, at),
        network: told(facts.network, at),
        detail: told(facts.detail, at),
        sipCode: told(facts.sip_code, at),
        disconnectedBy: told(facts.disconnected_by, at),
      };
    case 'disconnected':
      return { statuses: statusesOf(facts.status, at), detail: told(facts.reason, at) };
    case 'machine-detection':
      return { machine: told(facts.status, at) };
    case 'transfer': {
      const target = facts.conversation_uuid_to;
      return { movedTo: told(target === callId ? null : target, at) };
    }
    case 'answer':
      return { asked: true, from: told(facts.from ?? facts.from_user, at) };
    default:
      return {};
  }
}

function statusesOf(word: string | null, at: number | null): LegFacts['statuses'] {
  const status = LEG_STATUSES.find((each) => each === word);
  return status === undefined ? [] : [{ key: status, at }];
}

function recordingsOf(facts: EventFacts): CallState['recordings'] {
  if (facts.kind === 'transcription') {
    const { recording_uuid: uuid, transcription_url: transcriptionUrl } = facts;
    return uuid === null ? [] : [{ ...emptyRecording(uuid), uuid, transcriptionUrl }];
  }
  if (facts.kind !== 'record') return [];
  const { recording_uuid: uuid, recording_url: url, size, start_time: startedAt, end_time: endedAt } = facts;
  const key = uuid ?? url;
  return key === null ? [] : [{ ...emptyRecording(key), uuid, url, size, startedAt, endedAt }];
}

function told<T>(value: T | null, at: number | null): Told<T> | null {
  return value === null ? null : [value, at];
}
