import type { HungUpBy } from '../calls/call.ts';
import type { Exit } from '../desk/desk.ts';

/** What pages and the server tell each other about past calls and about callbacks. Times are milliseconds since 1970. */

/**
 * `GET /api/history?agent&outcome&direction&from&to&search&after` → 200, newest first. `agent`: `me` (the default),
 * a name, or `all` for the whole team, one item a call; others than oneself only for supervisors. Where nobody signs
 * in, name the agent instead of `me`. `from` and `to` are ISO times or milliseconds; `search`: digits of the
 * number, or part of the contact's name or company, or of the note.
 */
export interface HistoryPage {
  items: readonly HistoryItem[];
  /** `after` of the next page, or null at the end. */
  next: string | null;
  /** Calls that the agent missed since she last saw them; 0 for `all`. */
  missed: number;
}

/**
 * What a call was to an agent: `answered`, `missed` (rang out), `declined`, `caller-hung-up` (while it rang),
 * `answered-elsewhere` or `not-reached` (the page was gone, or the leg failed). For the team it is what became
 * of the call: `answered`, `caller-hung-up`, `voicemail`, `callback`, `overflow`, `closed`, `not-reached` (a callback
 * or an outbound call without answer), `canceled` (a callback) or `lost`.
 */
export const HISTORY_OUTCOMES = [
  'answered',
  'missed',
  'declined',
  'caller-hung-up',
  'answered-elsewhere',
  'not-reached',
  'voicemail',
  'callback',
  'overflow',
  'closed',
  'canceled',
  'lost',
] as const;

export type HistoryOutcome = (typeof HISTORY_OUTCOMES)[number];

export interface HistoryItem {
  /** The call, for `/api/calls/{call}`; of a callback that was never dialled, an id that begins with `cb`. */
  call: string;
  /** Whose history it is in; null: the team's. */
  agent: string | null;
  /** When the call came in or was dialed; a callback: for the team when it was booked, for an agent when it rang. */
  at: number;
  direction: 'inbound' | 'outbound';
  /** Whether the desk called back. */
  isCallback: boolean;
  /** The customer; null: withheld. */
  number: string | null;
  contact: { name: string | null; company: string | null } | null;
  /** Our number. */
  to: string | null;
  queue: string | null;
  outcome: HistoryOutcome;
  /** What became of the call; null while it goes on, or for a call that no desk routed. */
  exit: Exit | null;
  answeredBy: string | null;
  hungUpBy: HungUpBy | null;
  /** Whether she passed the call on: then others ended it, not she. Of the team always false. */
  transferred: boolean;
  /** Seconds from the beginning of the waiting to the first answer; null: not answered, or unknown. */
  waited: number | null;
  /** Seconds of talk with the agent, of the team's with all; null: none. */
  talked: number | null;
  /** Id of the voicemail that the caller was asked for. */
  voicemail: string | null;
  /** What the agent noted in the wrap-up. */
  wrapUp: { outcome: string | null; note: string | null } | null;
}

/** Body of `POST /api/history/seen`, answered with `{missed}`: what she missed until then is no longer counted. */
export interface SeenRequest {
  /** Only where nobody signs in. */
  agent?: string;
  /** Default: now. */
  until?: number;
}

/** `GET /api/callbacks` → 200, the one that waits longest first: supervisors see all, agents those of their queues. */
export interface CallbackView {
  /** `DELETE /api/callbacks/{id}` → 204 cancels it, with the name of who did; 409 once the customer is called. */
  id: string;
  number: string | null;
  contact: { name: string | null; company: string | null } | null;
  queue: string;
  /** Since when the customer waits. */
  since: number;
  /** Calls so far that reached nobody. */
  tries: number;
  /** Not before this time; null: as soon as an agent is free. */
  nextTry: number | null;
  state: 'waiting' | 'ringing-agent' | 'calling' | 'talking';
  /** Who is offered it, calls or talks. */
  agent: string | null;
}
