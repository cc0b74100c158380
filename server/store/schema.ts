import type { Generated, GeneratedAlways } from 'kysely';
import type { CallEnd, CallStatus } from '../../domain/calls/call.ts';
import type { Outcome } from '../../domain/calls/outcome.ts';
import type { Exit } from '../../domain/desk/desk.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import type { AuditRow } from '../audit/tables.ts';
import type { ContactNoteRow, ContactRow } from '../contacts/tables.ts';
import type { HistoryRow, HistorySeenRow } from '../history/tables.ts';
import type { HookReceiverRow, HookRow } from '../hooks/tables.ts';
import type {
  DeskAgentRow,
  DeskCallRow,
  DeskEffectRow,
  DeskEventRow,
  DeskReservationRow,
  DeskRulesRow,
} from '../routing/desk/tables.ts';
import type { VoicemailRow } from '../voicemail/tables.ts';

/** The tables. Numbers are integers below 2^53 unless noted. */
export interface Schema {
  entries: EntryRow;
  calls: CallTable;
  call_names: CallNameRow;
  counters: CountersRow;
  sessions: SessionRow;
  accounts: AccountRow;
  invitations: InvitationRow;
  account_subjects: AccountSubjectRow;
  desk_calls: DeskCallRow;
  desk_agents: DeskAgentRow;
  desk_reservations: DeskReservationRow;
  desk_effects: DeskEffectRow;
  desk_events: DeskEventRow;
  voicemails: VoicemailRow;
  desk_rules: DeskRulesRow;
  contacts: ContactRow;
  contact_notes: ContactNoteRow;
  history: HistoryRow;
  history_seen: HistorySeenRow;
  hooks: HookRow;
  hook_receivers: HookReceiverRow;
  audit: AuditRow;
}

/** One delivery of a webhook and its reply. */
export interface EntryRow {
  id: number;
  call_number: number;
  /** Milliseconds since 1970. */
  received_at: number;
  /** Milliseconds, fractional. */
  took: number;
  type: LogEntry['type'];
  method: LogEntry['method'];
  /** Request path without the query. */
  route: string;
  request_id: string;
  replayed: 0 | 1;
  /** The entry that this one repeats. */
  repeats: number | null;
  /** The same for all deliveries of a webhook, and stored only with the first. */
  deduplication_key: string | null;
  /** The request, as JSON. */
  body: string;
  /** The reply, as JSON. */
  reply: string;
}

/** A call: a projection that can be rebuilt from its entries. */
export interface CallRow {
  /** Sequential, so that calls of the same time are stored close together. */
  number: number;
  id: string;
  /** Former ids as a JSON list; null if there are none. */
  aliases: string | null;
  /** The result of `reduce` over the entries, as JSON. */
  state: string;
  first_seen_at: number;
  last_heard_at: number;
  last_entry_id: number;
  from_party: string | null;
  to_party: string | null;
  agent: string | null;
  status: CallStatus;
  outcome: CallEnd | null;
  hung_up_by: 'caller' | 'agent' | 'platform' | null;
  /** Null also for calls of older versions, which are inbound. */
  direction: 'inbound' | 'outbound' | null;
  started_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
}

/** What the desk adds to a call; a rebuild from entries leaves it as it is. */
export interface DeskOfCall {
  queue: string | null;
  exit: Exit | null;
}

interface CallTable extends CallRow, DeskOfCall {
  /** What `outcomeOf` says of `exit` and `outcome`, computed by the database. */
  result: GeneratedAlways<Outcome | null>;
}

/** A conversation, leg or recording, and its call. */
export interface CallNameRow {
  name: string;
  call_number: number;
}

/** The single row of counters. */
interface CountersRow {
  id: 1;
  newest_entry_id: number;
  newest_call_number: number;
  /** Identifies this store, to notice if another one replaces it. */
  store_id: string;
  /** Written and cleared to test whether writing works. */
  probe: string | null;
  /** How many times calls of the desk were deleted that need not be old. */
  desk_erasures: Generated<number>;
  /** What the desk did before then is deleted because of its age; 0: nothing is. Milliseconds since 1970. */
  desk_deleted_before: Generated<number>;
}

/** Someone who may sign in, or could until removed. */
export interface AccountRow {
  name: string;
  /** Separated by commas. */
  roles: string;
  /** Of the access code; null: the code is in AGENT_CODES, or nobody signs in. */
  code_hash: string | null;
  /** Milliseconds since 1970. */
  added_at: number;
  /** Null: not removed. */
  removed_at: number | null;
}

/** A session, valid on every server of this store. */
export interface SessionRow {
  /** SHA-256 of the cookie value in hex, so that the row cannot be used to sign in. */
  id: string;
  agent: string;
  /** Keyed hash of what proves the access code used to sign in. */
  code_hash: string;
  /** Milliseconds since 1970. */
  created_at: number;
  expires_at: number;
}

/** An invitation that can still be accepted, by whoever has its link. */
interface InvitationRow {
  /** SHA-256 of what the link contains, in hex. */
  id: string;
  agent: string;
  /** Milliseconds since 1970. */
  expires_at: number;
}

/** The account of somebody who signs in with an identity provider. */
interface AccountSubjectRow {
  /** Issuer and subject. */
  subject: string;
  name: string;
}
