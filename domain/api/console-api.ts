import type { Call, CallEnd, CallStatus, HungUpBy } from '../calls/call.ts';
import type { LogEntry } from '../calls/log-entry.ts';

/** What the developer console and the server say to each other: JSON over HTTP, same origin. */

/** One line in the list of calls. */
export interface CallSummary {
  id: string;
  /** Other conversations by which it was known, before they turned out to be one call. */
  aliases: readonly string[];
  from: string | null;
  to: string | null;
  agent: string | null;
  status: CallStatus;
  end: CallEnd | null;
  hungUpBy: HungUpBy | null;
  /** Milliseconds since 1970. When the first entry of the call was received: the order of the list, newest first. */
  firstSeenAt: number;
  startedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  /** When the newest webhook about it was received. */
  lastHeardAt: number;
  /** Id of the newest log entry that belongs to it. */
  lastEntryId: number;
}

/**
 * `GET /api/calls?cursor&limit&number&agent&status&since&until&text` → 200, newest first.
 * `number` matches either party's digits, `text` a value of any entry or its reply (see `textSearch`), `since` and `until` are ISO times.
 */
export interface CallPage {
  calls: readonly CallSummary[];
  /** `cursor` of the next page, or null at the end. */
  next: string | null;
  /** The newest log entry when the page was read: a feed that is opened with `?lastEventId=` this misses nothing. */
  newestEntryId: number;
}

/** `GET /api/calls/{id}` → 200, or 404 `ApiError`. `id` may be any name that the call is known by: its own is in the answer. */
export interface CallDetail {
  call: Call & Pick<CallSummary, 'lastHeardAt'>;
  /** Oldest first. */
  entries: readonly LogEntry[];
}

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
