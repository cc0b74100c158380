import { hash } from 'node:crypto';
import { kindOf } from '../../domain/webhooks/event-kind.ts';
import { canonicalJson, deduplicationKey, namesOf } from '../../domain/webhooks/identity.ts';
import { readText } from '../../domain/webhooks/lenient-fields.ts';
import type { AnswerEntry, EventEntry, LogEntry, Reply } from '../../domain/webhooks/log-entry.ts';
import type { Columns } from '../store/engine.ts';
import type { EntryRow } from '../store/schema.ts';

/** A webhook that is to be stored: a log entry without what is only known when it is. */
export type IncomingEntry = (
  | Omit<EventEntry, 'id' | 'callId' | 'kind' | 'repeats'>
  | Omit<AnswerEntry, 'id' | 'callId' | 'repeats'>
) & {
  /** Id of the token by which it was signed; null where it was not signed. */
  jti: string | null;
};

export const ENTRY_COLUMNS: Columns<EntryRow> = {
  id: 'integer',
  call_number: 'integer',
  received_at: 'integer',
  took: 'real',
  type: 'text',
  method: 'text',
  route: 'text',
  request_id: 'text',
  replayed: 'integer',
  repeats: 'integer',
  deduplication_key: 'text',
  body: 'text',
  reply: 'text',
};

/** A row that has no id yet. */
export type NewEntryRow = Omit<EntryRow, 'id' | 'call_number' | 'repeats' | 'deduplication_key'> & {
  deduplication_key: string;
};

/** Longest key that an index takes on every database, in characters. */
const LONGEST_KEY = 200;

/** Everything that can be found out before the store is asked. Throws where the payload is no JSON. */
export function newEntryRow(incoming: IncomingEntry): NewEntryRow {
  return {
    received_at: incoming.receivedAt,
    took: incoming.took,
    type: incoming.type,
    method: incoming.method,
    route: incoming.route,
    request_id: incoming.requestId,
    replayed: incoming.replayed ? 1 : 0,
    deduplication_key: keyOf(incoming),
    body: JSON.stringify(incoming.type === 'event' ? incoming.payload : incoming.request),
    reply: JSON.stringify(incoming.reply),
  };
}

/** An entry as it was read. */
export function entryOfRow(
  row: Omit<EntryRow, 'call_number' | 'deduplication_key'>,
  callId: string,
): LogEntry {
  const reply: Reply = JSON.parse(row.reply);
  const common = {
    id: row.id,
    callId,
    receivedAt: row.received_at,
    took: row.took,
    method: row.method,
    route: row.route,
    requestId: row.request_id,
    replayed: row.replayed === 1,
    repeats: row.repeats,
    reply,
  };
  const body = JSON.parse(row.body);
  if (row.type === 'event') return { ...common, type: row.type, kind: kindOf(body), payload: body };
  return { ...common, type: row.type, request: body };
}

/**
 * Two deliveries of one webhook have the same key. An event is known by what it says. A leg asks each address once
 * for what to do, so a question about the same leg in the same words is a repeat; one that names no leg is known by
 * the token that signed it.
 */
function keyOf(incoming: IncomingEntry): string {
  const { type, requestId, route } = incoming;
  if (type === 'event') {
    // The time comes first, so that new keys go to the end of the index.
    const key = `${readText(incoming.payload.timestamp) ?? ''} ${deduplicationKey(incoming.payload, sha256)}`;
    // What is sent again on purpose is kept, and shown, each time.
    return short(incoming.replayed ? `${key} ${requestId}` : key);
  }
  const { leg } = namesOf(incoming.request);
  const asked = leg === null ? (incoming.jti ?? requestId) : sha256(canonicalJson(incoming.request));
  return short(`${leg ?? ''} ${type} ${route} ${asked}`);
}

function short(key: string): string {
  return key.length <= LONGEST_KEY && key.isWellFormed() && !key.includes('\0') ? key : sha256(key);
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
