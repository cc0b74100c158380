import type { Call, CallSummary, Leg } from '../calls/call.ts';
import type { Outcome } from '../calls/outcome.ts';
import type { DeskEvent } from '../desk/events.ts';
import type { RingChain } from '../desk/ring-chain.ts';
import type { LogEntry } from '../webhooks/log-entry.ts';

/** What the developer console and the server say to each other: JSON over HTTP, same origin. */

/** Calls of an outcome that are counted: a number as large means that there may be more. */
export const MOST_COUNTED = 1_000;

/**
 * `GET /api/calls?cursor&limit&number&agent&status&outcome&queue&direction&since&until&text` → 200, newest first.
 * `number` matches either party's digits, `text` a value of any entry or its reply (see `textSearch`), `since` and `until` are ISO times.
 */
export interface CallPage {
  calls: readonly CallSummary[];
  /** `cursor` of the next page, or null at the end. */
  next: string | null;
  /** The newest log entry when the page was read: a feed that is opened with `?lastEventId=` this misses nothing. */
  newestEntryId: number;
  /**
   * Calls by outcome, on the first page of a list that is asked for by nothing but outcome and time. No more than
   * `MOST_COUNTED` of each are counted.
   */
  outcomes?: Readonly<Record<Outcome, number>>;
}

/** `GET /api/calls/{id}` → 200, or 404 `ApiError`. `id` may be any name that the call is known by: its own is in the answer. */
export interface CallDetail {
  call: Call & Pick<CallSummary, 'lastHeardAt'>;
  /** Oldest first. */
  entries: readonly LogEntry[];
  /** What the desk did with it, oldest first: whom it rang and why, what the caller heard. Absent without a desk. */
  desk?: readonly DeskEvent[];
  /** Why offers of it that were not taken did not ring, oldest first. Absent without a desk. */
  deskOffers?: readonly RingChain[];
  /** Events of the desk that were left out because there are too many, and how many come before them. */
  deskGap?: { after: number; omitted: number };
}

/**
 * `GET /api/legs/{id}` → 200: what the webhooks said of a leg so far; nothing of one that they have not named yet, or
 * that is another agent's. Times are milliseconds since 1970, by the server's clock.
 */
export interface LegAccount {
  /** To compare the times with another clock. */
  now: number;
  /** The statuses of the leg, each with when it was received first. */
  webhooks: readonly { status: string; at: number }[];
  /** What became of whom this leg called, if it called somebody. */
  called: Leg['outcome'];
}

/** `GET /api/calls/{id}/export/har` and `…/json` → 200: a file with all that is known of a call, without secrets. */
export type CallExport = 'har' | 'json';

/**
 * `GET /api/feed`: server-sent events. Each has the log entry's id as its event id, the type `entry`, and
 * this as its data. `Last-Event-ID`, or `?lastEventId=` at the first connection, resumes after that entry.
 * `reconnect` (no data) asks the page to connect again, because this server stops.
 */
export interface FeedMessage {
  entry: LogEntry;
  /** The call after this entry. */
  call: CallSummary;
}

/** `POST /api/calls/{id}/entries/{entryId}/replay` → 202: sends the event to this server again, with a new signature and marked. */
export interface ReplayResult {
  status: number;
}
