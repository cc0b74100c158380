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
  const message = incoming.type === 'event' ? incoming.payload : incoming.request;
  const { callId, legUuid } = callOf(message);
  return {
    incoming,
    callId: callId ?? (legUuid === null ? otherCallOf(incoming) : null),
    legUuid,
    deduplicationKey: short(keyOf(incoming)),
    jti: incoming.jti === null ? null : short(incoming.jti),
    body: JSON.stringify(
      incoming.type === 'event' ? incoming.payload : { request: incoming.request, ncco: incoming.ncco },
    ),
  };
}

/** The call of a webhook that names neither a conversation nor a leg. */
function otherCallOf(incoming: IncomingEntry): string {
  const recording = incoming.type === 'event' ? readText(incoming.payload.recording_uuid) : null;
  return recording === null ? `request:${incoming.requestId}` : `recording:${recording}`;
}

function keyOf(incoming: IncomingEntry): string {
  if (incoming.type !== 'event') return `${incoming.type} ${incoming.requestId}`;
  const key = deduplicationKey(incoming.payload, sha256);
  // What is sent again on purpose is kept, and shown, each time.
  return incoming.replayed ? `${key} ${incoming.requestId}` : key;
}

function short(key: string): string {
  return key.length <= LONGEST_KEY && key.isWellFormed() && !key.includes('\0') ? key : sha256(key);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
