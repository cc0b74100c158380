import type { WebhookEvent } from './event-kind.ts';
import { type EventKind, kindOf } from './event-kind.ts';
import { type Names, namesOf, readId } from './identity.ts';
import {
  readAmount,
  readFlag,
  readList,
  readNumber,
  readObject,
  readParty,
  readStructure,
  readText,
  readTime,
  readWord,
} from './lenient-fields.ts';

/**
 * What an event says, by Vonage's own names, typed. Times are milliseconds since 1970, words from a fixed list are
 * in lower case; what is absent or cannot be read is null. An event may say several things at once, whatever its kind.
 */
export interface EventFacts extends Names {
  kind: EventKind;
  status: string | null;
  timestamp: number | null;
  direction: 'inbound' | 'outbound' | null;
  from: string | null;
  from_user: string | null;
  to: string | null;
  start_time: number | null;
  end_time: number | null;
  duration: number | null;
  price: string | null;
  rate: string | null;
  network: string | null;
  detail: string | null;
  sip_code: number | null;
  disconnected_by: string | null;
  sub_state: string | null;
  reason: string | null;
  conversation_uuid_from: string | null;
  conversation_uuid_to: string | null;
  recording_url: string | null;
  size: number | null;
  transcription_url: string | null;
  dtmf: KeysPressed | null;
  speech: SpeechHeard | null;
  payload: unknown;
}

interface KeysPressed {
  digits: string | null;
  timed_out: boolean | null;
  error: string | null;
}

interface SpeechHeard {
  results: readonly { text: string | null; confidence: number | null }[] | null;
  timeout_reason: string | null;
  error: string | null;
  recording_url: string | null;
}

/** Reads an event of any kind; nothing is refused. */
export function readEvent(event: WebhookEvent): EventFacts {
  return {
    ...namesOf(event),
    kind: kindOf(event),
    status: readWord(event.status),
    timestamp: readTime(event.timestamp),
    direction: readDirection(event.direction),
    from: readNamedParty(event.from),
    from_user: readNamedParty(event.from_user),
    to: readNamedParty(event.to),
    start_time: readTime(event.start_time),
    end_time: readTime(event.end_time),
    duration: readNumber(event.duration),
    price: readAmount(event.price),
    rate: readAmount(event.rate),
    network: readText(event.network),
    detail: readText(event.detail),
    sip_code: readNumber(event.sip_code),
    disconnected_by: readWord(event.disconnected_by),
    sub_state: readWord(event.sub_state),
    reason: readText(event.reason),
    conversation_uuid_from: readId(event.conversation_uuid_from),
    conversation_uuid_to: readId(event.conversation_uuid_to),
    recording_url: readText(event.recording_url),
    size: readNumber(event.size),
    transcription_url: readText(event.transcription_url),
    dtmf: readKeys(event),
    speech: readSpeech(event.speech),
    payload: readStructure(event.payload) ?? null,
  };
}

/** Vonage says "Unknown" in the last events of some calls: that names nobody. */
function readNamedParty(value: unknown): string | null {
  const party = readParty(value);
  return party?.toLowerCase() === 'unknown' ? null : party;
}

function readDirection(value: unknown): EventFacts['direction'] {
  const word = readWord(value);
  return word === 'inbound' || word === 'outbound' ? word : null;
}

/** The first version of the action gave the digits alone, and `timed_out` beside them. */
function readKeys({ dtmf, timed_out }: WebhookEvent): KeysPressed | null {
  if (dtmf === undefined || dtmf === null) return null;
  const keys = readObject(dtmf) ?? { digits: dtmf };
  const [digits, error] = [readText(keys.digits), readText(keys.error)];
  const timedOut = readFlag(keys.timed_out) ?? readFlag(timed_out);
  return digits === null && error === null && timedOut === null
    ? null
    : { digits, timed_out: timedOut, error };
}

function readSpeech(value: unknown): SpeechHeard | null {
  const speech = readObject(value);
  if (speech === null) return null;
  const results = readList(speech.results)?.map((result) => {
    const heard = readObject(result) ?? { text: result };
    return { text: readText(heard.text), confidence: readNumber(heard.confidence) };
  });
  return {
    results: results ?? null,
    timeout_reason: readText(speech.timeout_reason),
    error: readText(speech.error),
    recording_url: readText(speech.recording_url),
  };
}
