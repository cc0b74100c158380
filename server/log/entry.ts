import { hash } from 'node:crypto';
import { kindOf } from '../../domain/webhooks/event-kind.ts';
import { canonicalJson, deduplicationKey, namesOf } from '../../domain/webhooks/identity.ts';
import { readText } from '../../domain/webhooks/lenient-fields.ts';
import type { AnswerEntry, EventEntry, LogEntry, Reply } from '../../domain/webhooks/log-entry.ts';
import type { Columns } from '../store/engine.ts';
import type { EntryRow } from '../store/schema.ts';

/** A webhook to be stored: a log entry without the fields that are known only after storing. */
export type IncomingEntry = (
  | Omit<EventEntry, 'id' | 'callId' | 'kind' | 'repeats'>
  | Omit<AnswerEntry, 'id' | 'callId' | 'repeats'>
) & {
  /** Id of the token that signed it; null if it was not signed. */
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

/** A row without an id. */
export type NewEntryRow = Omit<EntryRow, 'id' | 'call_number' | 'repeats' | 'deduplication_key'> & {
  deduplication_key: string;
};

/** Maximum key length in characters that every database can index. */
const LONGEST_KEY = 200;

/** The row of an entry, as far as it is known before storing. Throws if the payload is not JSON. */
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

/** The log entry of a row. */
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
 * Deliveries of the same webhook have the same key. The key of an event is its content. A leg requests each
 * URL once, so an identical request for the same leg is a repeat; a request without a leg is identified by
 * the token that signed it.
 */
function keyOf(incoming: IncomingEntry): string {
  const { type, requestId, route } = incoming;
  if (type === 'event') {
    // The time comes first, so that new keys are added at the end of the index.
    const key = `${readText(incoming.payload.timestamp) ?? ''} ${deduplicationKey(incoming.payload, sha256)}`;
    // A webhook sent again from the console is a new entry each time.
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
