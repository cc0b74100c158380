import { createHash } from 'node:crypto';
import { callOf, deduplicationKey } from '../../domain/identity.ts';
import { readText } from '../../domain/liberal.ts';
import type { AnswerEntry, EventEntry } from '../../domain/log-entry.ts';

/** A webhook that is to be stored: a log entry without what is only known when it is. */
export type IncomingEntry = (
  | Omit<EventEntry, 'id' | 'callId' | 'kind'>
  | Omit<AnswerEntry, 'id' | 'callId'>
) & {
  /** Id of the token by which it was signed; null where it was not. */
  jti: string | null;
};

/** What the store has to know of an incoming entry. */
export interface Prepared {
  incoming: IncomingEntry;
  /** The call that it names, or null where only the leg is named. */
  callId: string | null;
  legUuid: string | null;
  deduplicationKey: string;
  jti: string | null;
  /** JSON. */
  body: string;
}

/** Longest key that an index takes on every database, in characters. */
const LONGEST_KEY = 200;

/** Everything that can be found out before the store is asked. Throws where the payload is no JSON. */
export function prepare(incoming: IncomingEntry): Prepared {
  return {
    incoming,
    ...namesIn(incoming),
    deduplicationKey: keyOf(incoming),
    jti: incoming.jti === null ? null : afterTime(timeOf(incoming), incoming.jti),
    body: JSON.stringify(
      incoming.type === 'event' ? incoming.payload : { request: incoming.request, ncco: incoming.ncco },
    ),
  };
}

type Said =
  | Pick<EventEntry, 'type' | 'payload' | 'requestId'>
  | Pick<AnswerEntry, 'type' | 'request' | 'requestId'>;

/** The call and the leg that a webhook names. What names neither has a call of its own. */
export function namesIn(said: Said): Pick<Prepared, 'callId' | 'legUuid'> {
  const { callId, legUuid } = callOf(said.type === 'event' ? said.payload : said.request);
  return { callId: callId ?? (legUuid === null ? otherCallOf(said) : null), legUuid };
}

function otherCallOf(said: Said): string {
  const recording = said.type === 'event' ? readText(said.payload.recording_uuid) : null;
  return recording === null ? `request:${said.requestId}` : `recording:${recording}`;
}

function keyOf(incoming: IncomingEntry): string {
  if (incoming.type !== 'event') {
    return afterTime(new Date(incoming.receivedAt).toISOString(), `${incoming.type} ${incoming.requestId}`);
  }
  const key = deduplicationKey(incoming.payload, sha256);
  // What is sent again on purpose is kept, and shown, each time.
  return afterTime(timeOf(incoming), incoming.replayed ? `${key} ${incoming.requestId}` : key);
}

/** When its sender says that it happened: what is delivered again, or comes with the same token, says the same. */
function timeOf(incoming: IncomingEntry): string {
  return (incoming.type === 'event' && readText(incoming.payload.timestamp)) || '';
}

/**
 * A key as an index keeps it. The time comes first, so that new keys go to the end of the index: in the
 * order of random ids each would change another page, at three times the cost.
 */
function afterTime(time: string, key: string): string {
  return short(`${time} ${key}`);
}

function short(key: string): string {
  return key.length <= LONGEST_KEY && key.isWellFormed() && !key.includes('\0') ? key : sha256(key);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
