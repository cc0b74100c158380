import type { Payload } from './webhook.ts';

/**
 * The event webhooks of a leg, each with the keys in the order in which Vonage sends them
 * (Vonage's published transcript of a phone-to-app call, March 2021).
 */
export interface LegFacts {
  from: string | null;
  to: string;
  uuid: string;
  conversationUuid: string;
  direction: 'inbound' | 'outbound';
  channel: 'phone' | 'app' | 'websocket' | 'sip' | 'vbc';
  /** Custom headers of a websocket's endpoint. */
  headers?: Record<string, unknown>;
  /** Milliseconds since 1970. */
  startedAt: number;
  answeredAt: number | undefined;
  endedAt: number | undefined;
}

export type LegStatus =
  | 'started'
  | 'ringing'
  | 'answered'
  | 'completed'
  | 'rejected'
  | 'unanswered'
  | 'timeout'
  | 'cancelled'
  | 'busy'
  | 'failed'
  | 'human'
  | 'machine'
  | 'disconnected';

export interface StatusDetail {
  detail?: string;
  sip_code?: number;
  /** Of a completed leg: `user` when its own party hung up, `platform` for every other end. */
  disconnected_by?: 'user' | 'platform';
  /** Why a websocket was disconnected. */
  reason?: string;
  /** What a machine that answered does. */
  sub_state?: 'beep_start' | 'beep_timeout';
}

/** What a minute of a call with the telephone network costs, as in the transcript. */
export const PHONE_RATE = 0.0072;

/** The payload of a status event of a leg. @param now milliseconds since 1970. */
export function statusEvent(
  leg: LegFacts,
  status: LegStatus,
  now: number,
  detail: StatusDetail = {},
): Payload {
  switch (status) {
    case 'answered':
      return answeredEvent(leg, now);
    case 'completed':
      return completedEvent(leg, now, detail);
    case 'human':
    case 'machine':
      return machineEvent(leg, status, now, detail);
    default:
      return {
        // An app leg's "started" is the one event that has no headers.
        ...(leg.channel === 'app' && status === 'started' ? {} : { headers: leg.headers ?? {} }),
        ...parties(leg),
        status,
        direction: leg.direction,
        ...detail,
        timestamp: new Date(now).toISOString(),
      };
  }
}

function answeredEvent(leg: LegFacts, now: number): Payload {
  return {
    start_time: null,
    headers: leg.headers ?? {},
    rate: null,
    ...parties(leg),
    status: 'answered',
    direction: leg.direction,
    network: null,
    // Vonage gives an app leg's "answered" the timestamp of its "started".
    timestamp: new Date(leg.channel === 'app' ? leg.startedAt : now).toISOString(),
  };
}

/** The one status whose leg is called `call_uuid` (Vonage's webhook reference, "Human/Machine"). */
function machineEvent(leg: LegFacts, status: string, now: number, detail: StatusDetail): Payload {
  return {
    call_uuid: leg.uuid,
    conversation_uuid: leg.conversationUuid,
    status,
    from: leg.from,
    to: leg.to,
    ...detail,
    timestamp: new Date(now).toISOString(),
  };
}

function completedEvent(leg: LegFacts, now: number, detail: StatusDetail): Payload {
  const end = toSecond(leg.endedAt ?? now);
  const start = leg.answeredAt === undefined ? undefined : toSecond(leg.answeredAt);
  const seconds = start === undefined ? 0 : Math.max(0, Math.round((end - start) / 1000));
  const phone = leg.channel === 'phone';
  return {
    headers: leg.headers ?? {},
    end_time: new Date(end).toISOString(),
    uuid: leg.uuid,
    network: phone ? networkOf(leg.direction === 'inbound' ? (leg.from ?? '') : leg.to) : null,
    duration: String(seconds),
    start_time: start === undefined ? null : new Date(start).toISOString(),
    rate: phone ? PHONE_RATE.toFixed(8) : '0.00',
    price: phone ? ((PHONE_RATE * seconds) / 60).toFixed(8) : '0',
    from: leg.from,
    to: leg.to,
    conversation_uuid: leg.conversationUuid,
    status: 'completed',
    direction: leg.direction,
    timestamp: new Date(now).toISOString(),
    // Newer than the rest, and so at the end.
    ...detail,
  };
}

/** The event that tells a developer what was wrong with an NCCO or a webhook. */
export function errorEvent(conversationUuid: string, reason: string, now: number): Payload {
  return { reason, conversation_uuid: conversationUuid, timestamp: new Date(now).toISOString() };
}

/** What an `input` action got: keys, or a text, or nothing. */
export interface InputResult {
  /** The keys; absent when none were waited for, or speech came first. */
  digits?: string;
  /** Whether the time for keys was up. */
  timedOut?: boolean;
  /** What was said. */
  text?: string;
  /** Speech was waited for, and nothing was said. */
  silent?: boolean;
}

/** What a person pressed or said; both halves are always there, as in Vonage's examples. */
export function inputEvent(leg: LegFacts, result: InputResult, now: number): Payload {
  return {
    speech: speechOf(result),
    dtmf: { digits: result.digits ?? null, timed_out: result.timedOut ?? false },
    from: leg.from,
    to: leg.to,
    uuid: leg.uuid,
    conversation_uuid: leg.conversationUuid,
    timestamp: new Date(now).toISOString(),
  };
}

function speechOf({ text, silent }: InputResult) {
  // The platform has no doubt about what was typed.
  if (text !== undefined) {
    return { timeout_reason: 'end_on_silence_timeout', results: [{ confidence: '1.0', text }] };
  }
  if (silent) return { timeout_reason: 'start_timeout', error: 'ERR2: No speech was heard', results: [] };
  return { results: [] };
}

/** What a `notify` action sends. */
export function notifyEvent(conversationUuid: string, payload: object, now: number): Payload {
  return { payload, conversation_uuid: conversationUuid, timestamp: new Date(now).toISOString() };
}

interface RecordingFacts {
  id: string;
  url: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
}

/** A recording can be fetched; its times have whole seconds, as in Vonage's reference. */
export function recordEvent(conversationUuid: string, recording: RecordingFacts, now: number): Payload {
  const iso = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    start_time: iso(recording.startedAt),
    recording_url: recording.url,
    size: recording.size,
    recording_uuid: recording.id,
    end_time: iso(recording.endedAt),
    conversation_uuid: conversationUuid,
    timestamp: new Date(now).toISOString(),
  };
}

/** What was said in a recording can be fetched. */
export function transcribedEvent(
  conversationUuid: string,
  recordingId: string,
  url: string,
  now: number,
): Payload {
  return {
    conversation_uuid: conversationUuid,
    type: 'record',
    recording_uuid: recordingId,
    status: 'transcribed',
    transcription_url: url,
    timestamp: new Date(now).toISOString(),
  };
}

/** A leg went from one conversation to another. */
export function transferEvent(uuid: string, from: string, to: string, now: number): Payload {
  return {
    type: 'transfer',
    conversation_uuid_from: from,
    conversation_uuid_to: to,
    uuid,
    timestamp: new Date(now).toISOString(),
  };
}

function parties(leg: LegFacts) {
  return { from: leg.from, to: leg.to, uuid: leg.uuid, conversation_uuid: leg.conversationUuid };
}

function toSecond(time: number): number {
  return Math.round(time / 1000) * 1000;
}

function networkOf(number: string): string | null {
  if (number.startsWith('44')) return 'GB-FIXED';
  if (number.startsWith('1')) return 'US-VIRTUAL-LEVEL3';
  return null;
}
