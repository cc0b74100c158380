import type { CallPage, FeedMessage } from '../../domain/api/console-api.ts';
import type { CallSummary } from '../../domain/calls/call.ts';
import type { EventEntry } from '../../domain/webhooks/log-entry.ts';

/** Any time, milliseconds since 1970. */
export const NOON = Date.parse('2026-03-29T12:00:00.000Z');

/** A call that rings; its id is made from the number of its first entry. */
export function summary(number: number, changes: Partial<CallSummary> = {}): CallSummary {
  return {
    id: `CON-${number}`,
    aliases: [],
    from: '447700900000',
    to: '442038297050',
    agent: 'Alice',
    status: 'ringing',
    end: null,
    hungUpBy: null,
    direction: 'inbound',
    queue: null,
    exit: null,
    firstSeenAt: NOON + number * 1_000,
    startedAt: NOON + number * 1_000,
    answeredAt: null,
    endedAt: null,
    lastHeardAt: NOON + number * 1_000,
    lastEntryId: number,
    ...changes,
  };
}

/** A page of calls, the newest first, as the server gives it. */
export function pageOf(calls: readonly CallSummary[], next: string | null = null): CallPage {
  return { calls, next, newestEntryId: Math.max(0, ...calls.map(({ lastEntryId }) => lastEntryId)) };
}

/** What the feed tells when an event came that made a call what it is now. */
export function message(call: CallSummary, payload: Record<string, unknown> = {}): FeedMessage {
  const entry: EventEntry = {
    id: call.lastEntryId,
    callId: call.id,
    receivedAt: call.firstSeenAt,
    took: 2,
    method: 'POST',
    requestId: `r${call.lastEntryId}`,
    replayed: false,
    route: '/voice/event',
    reply: { status: 200 },
    repeats: null,
    type: 'event',
    kind: 'status',
    payload: {
      uuid: `leg-${call.id}`,
      ...(call.id.startsWith('CON-') && { conversation_uuid: call.id }),
      status: 'ringing',
      direction: 'inbound',
      ...payload,
    },
  };
  return { entry, call };
}
