import type { CallSummary } from '../../domain/api/console-api.ts';
import type { LogEntry } from '../../domain/calls/log-entry.ts';
import { type CallState, packState, summarise } from '../../domain/calls/reduce.ts';
import { kindOf } from '../../domain/webhooks/event-kind.ts';
import type { Prepared } from '../log/incoming.ts';
import type { Columns } from '../store/columns.ts';
import type { CallRow, EntryRow, NewEntryRow } from '../store/schema.ts';

export const CALL_COLUMNS: Columns<CallRow> = {
  number: 'integer',
  id: 'text',
  state: 'text',
  first_seen_at: 'integer',
  last_entry_id: 'integer',
  from_party: 'text',
  to_party: 'text',
  agent: 'text',
  status: 'text',
  outcome: 'text',
  started_at: 'integer',
  answered_at: 'integer',
  ended_at: 'integer',
};

/** The columns of a call that its line in the list needs, beside its id. */
export const SUMMARY_COLUMNS = [
  'first_seen_at',
  'last_entry_id',
  'from_party',
  'to_party',
  'agent',
  'status',
  'outcome',
  'started_at',
  'answered_at',
  'ended_at',
] as const;

/** Longest party that is listed, in characters: an index takes no more on every database. */
const LONGEST_PARTY = 200;

// Nothing here is taken apart or put together by `...`: for each webhook that would cost more than all the rest.
export function entryRow({ incoming, callId, legUuid, deduplicationKey, body }: Prepared): NewEntryRow {
  return {
    leg_uuid: legUuid,
    by_leg: callId === null ? 1 : 0,
    received_at: incoming.receivedAt,
    took: incoming.took,
    type: incoming.type,
    method: incoming.method,
    request_id: incoming.requestId,
    replayed: incoming.replayed ? 1 : 0,
    deduplication_key: deduplicationKey,
    body,
  };
}

/** An entry as it was read. */
export function entryOfRow(row: EntryRow, callId: string): LogEntry {
  const said = {
    id: row.id,
    callId,
    receivedAt: row.received_at,
    took: row.took,
    method: row.method,
    requestId: row.request_id,
    replayed: row.replayed === 1,
  };
  const body = JSON.parse(row.body);
  if (row.type === 'event') return { ...said, type: row.type, kind: kindOf(body), payload: body };
  return { ...said, type: row.type, request: body.request, ncco: body.ncco };
}

/** What is kept of a call beside what its entries say. */
export interface Seen {
  number: number;
  firstSeenAt: number;
  lastEntryId: number;
}

export function callRow(state: CallState, seen: Seen): CallRow {
  const summary = summarise(state, seen);
  return {
    number: seen.number,
    id: state.id,
    state: packState(state),
    first_seen_at: seen.firstSeenAt,
    last_entry_id: seen.lastEntryId,
    from_party: party(summary.from),
    to_party: party(summary.to),
    agent: party(summary.agent),
    status: summary.status,
    outcome: summary.end,
    started_at: summary.startedAt,
    answered_at: summary.answeredAt,
    ended_at: summary.endedAt,
  };
}

export function summaryOfRow(row: Omit<CallRow, 'number' | 'state'>): CallSummary {
  return {
    id: row.id,
    from: row.from_party,
    to: row.to_party,
    agent: row.agent,
    status: row.status,
    end: row.outcome,
    firstSeenAt: row.first_seen_at,
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    lastEntryId: row.last_entry_id,
  };
}

/** A text as every database takes it in a question; nothing that is stored has what is left out. */
export function askable(text: string): string {
  return text.replaceAll('\0', '');
}

function party(text: string | null): string | null {
  return text?.slice(0, LONGEST_PARTY).toWellFormed() ?? null;
}
