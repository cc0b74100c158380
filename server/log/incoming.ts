import { hash } from 'node:crypto';
import type { AnswerEntry, EventEntry } from '../../domain/calls/log-entry.ts';
import { callOf, deduplicationKey } from '../../domain/webhooks/identity.ts';
import { readText } from '../../domain/webhooks/lenient-fields.ts';

/** A webhook that is to be stored: a log entry without what is only known when it is. */
export type IncomingEntry = (
  | Omit<EventEntry, 'id' | 'callId' | 'kind'>
  | Omit<AnswerEntry, 'id' | 'callId'>
) & {
  /** Tells the token by which it was signed from all others, its time first; null where it was not signed. */
  jti: string | null;
};

/** What the store has to know of an incoming entry. */
export interface Prepared {
  incoming: IncomingEntry;
  /** The call that it names, or null where only the leg is named. */
  callId: string | null;
  legUuid: string | null;
  deduplicationKey: string;
  /** JSON. */
  body: string;
}

/** Longest key that an index takes on every database, in characters. */
const LONGEST_KEY = 200;

/** Everything that can be found out before the store is asked. Throws where the payload is no JSON. */
export function prepare(incoming: IncomingEntry): Prepared {
  const { callId, legUuid } = namesIn(incoming);
  return {
    incoming,
    callId,
    legUuid,
    deduplicationKey: keyOf(incoming),
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

/**
 * Two deliveries of one webhook have the same key. An event is known by what it says; a question says the
 * same each time that it is asked, and is known by the token that signed it.
 *
 * The time comes first, so that new keys go to the end of the index: in the order of random ids each would
 * change another page, at three times the cost.
 */
function keyOf(incoming: IncomingEntry): string {
  const { type, requestId } = incoming;
  if (type !== 'event') {
    return short(`${incoming.jti ?? `${new Date(incoming.receivedAt).toISOString()} ${requestId}`} ${type}`);
  }
  const key = `${readText(incoming.payload.timestamp) ?? ''} ${deduplicationKey(incoming.payload, sha256)}`;
  // What is sent again on purpose is kept, and shown, each time.
  return short(incoming.replayed ? `${key} ${requestId}` : key);
}

function short(key: string): string {
  return key.length <= LONGEST_KEY && key.isWellFormed() && !key.includes('\0') ? key : sha256(key);
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
