import type { CallEnd, CallStatus } from '../../domain/calls/call.ts';
import type { LogEntry } from '../../domain/calls/log-entry.ts';

/** What is stored, table by table. Numbers are whole and below 2^53 where nothing else is said. */
export interface Schema {
  entries: EntryRow;
  calls: CallRow;
  places: PlaceRow;
  legs: LegRow;
  counters: CountersRow;
}

/** A log entry: written once. */
export interface EntryRow {
  id: number;
  leg_uuid: string | null;
  /** 1 where the webhook named its leg alone, so that the leg decides to which call it belongs. */
  by_leg: 0 | 1;
  /** Milliseconds since 1970. */
  received_at: number;
  /** Milliseconds, with a fraction. */
  took: number;
  type: LogEntry['type'];
  method: LogEntry['method'];
  request_id: string;
  replayed: 0 | 1;
  /** Two deliveries of one webhook have the same. */
  deduplication_key: string;
  /** What was received, and answered, as JSON. */
  body: string;
}

/** A call as its entries tell it: a projection, which can be made anew from them. */
export interface CallRow {
  /** Counts up, so that what belongs to calls of the same time lies together on the disk. */
  number: number;
  id: string;
  /** What `reduce` has made of the entries, as JSON. */
  state: string;
  first_seen_at: number;
  last_entry_id: number;
  from_party: string | null;
  to_party: string | null;
  agent: string | null;
  status: CallStatus;
  outcome: CallEnd | null;
  started_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
}

/**
 * To which call an entry belongs: a part of the projection, which may change when more is known of the entry's leg.
 * An entry that is not projected yet has none.
 */
export interface PlaceRow {
  entry_id: number;
  call_number: number;
}

/** To which call a leg belongs. */
export interface LegRow {
  uuid: string;
  /** The first in order of all calls that were named with it; null until one is. */
  call_id: string | null;
}

/** The one row that every writer takes first, so that ids become visible in their order. */
export interface CountersRow {
  id: 1;
  newest_entry_id: number;
  /** The calls tell of all entries up to this one, and of no other. */
  projected_entry_id: number;
  newest_call_number: number;
  /** Counts the changes of calls and legs, so that who remembers some knows whether they are still right. */
  calls_version: number;
  /** Written and emptied again to see whether anything can be written. */
  probe: string | null;
}

/** The highest ids that were given away, and how far the calls are. */
export type Counters = Omit<CountersRow, 'id' | 'probe'>;

/** An entry that has no id yet. */
export type NewEntryRow = Omit<EntryRow, 'id'>;
