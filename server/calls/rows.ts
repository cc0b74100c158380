import type { CallSummary } from '../../domain/calls/call.ts';
import { type CallState, packState, summarise } from '../../domain/calls/reduce.ts';
import type { Columns } from '../store/engine.ts';
import type { CallRow, DeskOfCall } from '../store/schema.ts';

export const CALL_COLUMNS: Columns<CallRow> = {
  number: 'integer',
  id: 'text',
  aliases: 'text',
  state: 'text',
  first_seen_at: 'integer',
  last_heard_at: 'integer',
  last_entry_id: 'integer',
  from_party: 'text',
  to_party: 'text',
  agent: 'text',
  status: 'text',
  outcome: 'text',
  hung_up_by: 'text',
  direction: 'text',
  started_at: 'integer',
  answered_at: 'integer',
  ended_at: 'integer',
};

/** The columns of a call that the list needs, besides its id. */
export const SUMMARY_COLUMNS = [
  'aliases',
  'first_seen_at',
  'last_heard_at',
  'last_entry_id',
  'from_party',
  'to_party',
  'agent',
  'status',
  'outcome',
  'hung_up_by',
  'direction',
  'queue',
  'exit',
  'started_at',
  'answered_at',
  'ended_at',
] as const;

/** Maximum length of a listed party in characters, because indexes are limited on every database. */
const LONGEST_PARTY = 200;

/** The columns of a call that are derived from its state. */
interface Seen {
  number: number;
  firstSeenAt: number;
  lastHeardAt: number;
  lastEntryId: number;
}

export function callRow(state: CallState, seen: Seen): CallRow {
  const summary = summarise(state, seen);
  return {
    number: seen.number,
    id: summary.id,
    aliases: summary.aliases.length > 0 ? JSON.stringify(summary.aliases) : null,
    state: packState(state),
    first_seen_at: seen.firstSeenAt,
    last_heard_at: seen.lastHeardAt,
    last_entry_id: seen.lastEntryId,
    from_party: party(summary.from),
    to_party: party(summary.to),
    agent: party(summary.agent),
    status: summary.status,
    outcome: summary.end,
    hung_up_by: summary.hungUpBy,
    direction: summary.direction,
    started_at: summary.startedAt,
    answered_at: summary.answeredAt,
    ended_at: summary.endedAt,
  };
}

export function summaryOfRow(row: Omit<CallRow, 'number' | 'state'> & DeskOfCall): CallSummary {
  return {
    id: row.id,
    aliases: row.aliases === null ? [] : JSON.parse(row.aliases),
    from: row.from_party,
    to: row.to_party,
    agent: row.agent,
    status: row.status,
    end: row.outcome,
    hungUpBy: row.hung_up_by,
    direction: row.direction,
    queue: row.queue,
    exit: row.exit,
    firstSeenAt: row.first_seen_at,
    lastHeardAt: row.last_heard_at,
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    lastEntryId: row.last_entry_id,
  };
}

/** A text as every database accepts it in a query. Stored texts never contain what this removes. */
export function askable(text: string): string {
  return text.replaceAll('\0', '');
}

function party(text: string | null): string | null {
  return text?.slice(0, LONGEST_PARTY).toWellFormed() ?? null;
}
