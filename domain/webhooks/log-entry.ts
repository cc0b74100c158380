import type { Ncco } from '../ncco/ncco.ts';
import type { EventKind, WebhookEvent } from './event-kind.ts';

/** What Vonage and this server said to each other once, as it is stored, shown and reduced to calls. */
export type LogEntry = EventEntry | AnswerEntry;

/** How a webhook was answered. */
export interface Reply {
  status: number;
  ncco?: Ncco;
}

interface Common {
  /** Position in the log: later entries have higher ids, without a gap that could still be filled. */
  id: number;
  /** Id of the call that it belongs to, as the call is known now. */
  callId: string;
  /** When it came, milliseconds since 1970 by this server's clock. */
  receivedAt: number;
  /** Milliseconds until its answer was ready; the commit of an event, which its answer waits for, is not in it. */
  took: number;
  method: 'GET' | 'POST';
  /** Runs from the webhook through every log line to the page. */
  requestId: string;
  /** True where a developer sent it again from the console. */
  replayed: boolean;
  /** Path that it came to, without its query. */
  route: string;
  reply: Reply;
  /** Id of the first delivery, where this one repeats it; else null. */
  repeats: number | null;
}

/** An event webhook. */
export interface EventEntry extends Common {
  type: 'event';
  kind: EventKind;
  /** As it came: every field, in the order received. */
  payload: WebhookEvent;
}

/** An answer or fallback webhook: a question for an NCCO. */
export interface AnswerEntry extends Common {
  type: 'answer' | 'fallback';
  /** The fields of the request, as they came. */
  request: Readonly<Record<string, unknown>>;
}

/** What an event says besides that tells what this server has looked up, because no webhook came. */
export const LOOKED_UP = { reported_by: 'switchboard' };

/** Whether an entry tells what was looked up: nobody knows when that happened. */
export function isLookedUp(entry: LogEntry): boolean {
  return entry.type === 'event' && entry.payload.reported_by === LOOKED_UP.reported_by;
}
