import type { CallEnd, CallStatus } from '../../domain/calls/call.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';

/** What is stored, table by table. Numbers are whole and below 2^53 where nothing else is said. */
export interface Schema {
  entries: EntryRow;
  calls: CallRow;
  call_names: CallNameRow;
  counters: CountersRow;
  sessions: SessionRow;
}

/** One delivery of a webhook, and how it was answered. */
export interface EntryRow {
  id: number;
  call_number: number;
  /** Milliseconds since 1970. */
  received_at: number;
  /** Milliseconds, with a fraction. */
  took: number;
  type: LogEntry['type'];
  method: LogEntry['method'];
  /** Path that it came to, without its query. */
  route: string;
  request_id: string;
  replayed: 0 | 1;
  /** The entry that this one repeats. */
  repeats: number | null;
  /** Two deliveries of one webhook have the same; kept with the first of them. */
  deduplication_key: string | null;
  /** What was received, as JSON. */
  body: string;
  /** What it was answered with, as JSON. */
  reply: string;
}

/** A call as its entries tell it: a projection, which can be computed again from them. */
export interface CallRow {
  /** Counts up, so that calls of the same time lie together on the disk. */
  number: number;
  id: string;
  /** Other ids by which it was known, as a JSON list; null where there is no other. */
  aliases: string | null;
  /** What `reduce` has made of the entries, as JSON. */
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
  started_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
}

/** A conversation, leg or recording, and the call that it belongs to. */
export interface CallNameRow {
  name: string;
  call_number: number;
}

/** The one row of what is counted. */
interface CountersRow {
  id: 1;
  newest_entry_id: number;
  newest_call_number: number;
  /** Tells this store from another that took its place. */
  store_id: string;
  /** Written and emptied again to see whether anything can be written. */
  probe: string | null;
}

/** Somebody who is signed in, on every server of this store. */
export interface SessionRow {
  /** SHA-256 of the value of the cookie, in hex: whoever reads this row cannot sign in with it. */
  id: string;
  agent: string;
  /** Keyed hash of the access code that opened the session. */
  code_hash: string;
  /** Milliseconds since 1970. */
  created_at: number;
  expires_at: number;
}
