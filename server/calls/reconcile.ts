import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { CallDetail } from '../../domain/api/console-api.ts';
import type { Leg } from '../../domain/calls/call.ts';
import { LONGEST_SILENCE_MS } from '../../domain/calls/silence.ts';
import { isOver } from '../../domain/calls/view-leg.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import { readText, readTime } from '../../domain/webhooks/lenient-fields.ts';
import { LOOKED_UP } from '../../domain/webhooks/log-entry.ts';
import type { IncomingEntry } from '../log/entry.ts';
import type { Store } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { readCall } from './read-call.ts';
import { type Repeated, repeat } from './repeat.ts';

/** Maximum duration of a call, 24 h, plus a margin for its last event. */
const LONGEST_CALL_MS = 86_400_000 + 300_000;

/** Milliseconds until the first run, and between two runs. */
const TIMES = { firstMs: 30_000, everyMs: 60_000 };

/** Calls per run: far below Vonage's limit of 15 requests per second. */
const AT_ONCE = 20;

/** Final statuses of a call in Vonage's API. */
const ENDS: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'rejected',
  'busy',
  'timeout',
  'cancelled',
  'unanswered',
]);

/** Fields of an ended leg in Vonage's API that `completed` has too. */
const FACTS = ['direction', 'start_time', 'end_time', 'duration', 'rate', 'price', 'network'] as const;

interface ReconcileOptions {
  store: Store;
  append: (entry: IncomingEntry) => Promise<unknown>;
  /**
   * The response of `GET /v1/calls/{uuid}`; undefined if there is no such call (404). Rejects if the request
   * fails. `regionUrl` comes from a webhook, so it gets a token only if it is the platform's.
   */
  lookUp: (
    uuid: string,
    regionUrl: string | undefined,
  ) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Milliseconds since 1970. */
  now: () => number;
  log: (line: string) => void;
  /** When the platform began, if it knows no call from before, as an emulator does not; milliseconds since 1970. */
  platformSince?: number | undefined;
}

/**
 * Asks the platform about calls that have been silent for longer than any call lasts, because their last
 * event may be lost. The answer is stored like an event, with `reported_by: "switchboard"`.
 */
export function startReconciling(options: ReconcileOptions): Repeated {
  const round = createRounds(options);
  let failing = false;
  const work = async (signal: AbortSignal) => {
    await round(signal);
    failing = false;
  };
  return repeat(work, TIMES, (error) => {
    // The store logs its own failure.
    if (error instanceof StoreUnavailable) return;
    if (!failing) options.log(`Cannot ask the platform how calls ended: ${String(error)}.`);
    failing = true;
  });
}

/** Asks about the next few silent calls per run, from the oldest to the newest, then from the start again. */
export function createRounds({ store, append, lookUp, now, platformSince = 0 }: ReconcileOptions) {
  let after = { first_seen_at: 0, number: 0 };

  async function silentCalls() {
    const { first_seen_at: time, number } = after;
    const calls = await store.read((db) =>
      db
        .selectFrom('calls')
        .select(['id', 'number', 'first_seen_at', 'last_heard_at'])
        // This exact condition lets the database use the index of live calls.
        .where(sql<boolean>`status <> 'ended'`)
        .where('last_heard_at', '<', Math.max(now() - LONGEST_SILENCE_MS, platformSince))
        .where(sql<boolean>`(first_seen_at, number) > (${time}, ${number})`)
        .orderBy('first_seen_at')
        .orderBy('number')
        .limit(AT_ONCE)
        .execute(),
    );
    after = calls.length === AT_ONCE ? (calls.at(-1) ?? after) : { first_seen_at: 0, number: 0 };
    return calls;
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (const { id, first_seen_at, last_heard_at } of await silentCalls()) {
      const isTooOld = first_seen_at < now() - LONGEST_CALL_MS || last_heard_at < platformSince;
      const detail = await readCall(store, id);
      for (const leg of detail?.call.legs.filter((each) => !isOver(each)) ?? []) {
        if (signal.aborted || detail === undefined) return;
        const found = await lookUp(leg.uuid, regionOf(detail));
        const isLost = found === undefined && isTooOld;
        const event = isLost ? eventOfLost(leg, id, first_seen_at) : found && eventOf(leg, id, found, now());
        if (event !== undefined) await append(entryOf(event, now()));
      }
    }
  };
}

/** What the platform knows about a leg: how it ended, or that it is still live. */
function eventOf(
  leg: Leg,
  callId: string,
  found: Readonly<Record<string, unknown>>,
  now: number,
): WebhookEvent | undefined {
  const status = readText(found.status)?.toLowerCase();
  if (status === undefined) return undefined;
  const isEnd = ENDS.has(status);
  const facts = FACTS.flatMap((name) => (found[name] === undefined ? [] : [[name, found[name]] as const]));
  return {
    ...(isEnd && Object.fromEntries(facts)),
    ...partiesOf(leg),
    ...conversationOf(readText(found.conversation_uuid) ?? callId),
    status,
    timestamp: new Date((isEnd ? readTime(found.end_time) : null) ?? now).toISOString(),
    ...LOOKED_UP,
  };
}

/** The end of a leg that the platform no longer knows, at the time of its last event. */
function eventOfLost(leg: Leg, callId: string, firstSeenAt: number): WebhookEvent {
  return {
    ...partiesOf(leg),
    ...conversationOf(callId),
    status: 'completed',
    detail: 'not_found',
    timestamp: new Date(leg.answeredAt ?? leg.ringingAt ?? leg.startedAt ?? firstSeenAt).toISOString(),
    ...LOOKED_UP,
  };
}

function partiesOf({ from, to, uuid }: Leg) {
  return { from, to, uuid };
}

/** A call that is known only by its leg has the leg's name. */
function conversationOf(callId: string) {
  return callId.startsWith('leg:') ? {} : { conversation_uuid: callId };
}

/** Base URL for controlling a call, from the request for its NCCO. */
function regionOf({ entries }: CallDetail): string | undefined {
  const regions = entries.map((entry) =>
    entry.type === 'event' ? null : readText(entry.request.region_url),
  );
  return regions.find((region) => region !== null) ?? undefined;
}

function entryOf(payload: WebhookEvent, now: number): IncomingEntry {
  return {
    type: 'event',
    payload,
    method: 'GET',
    route: '/v1/calls',
    reply: { status: 200 },
    receivedAt: now,
    took: 0,
    requestId: randomUUID(),
    replayed: false,
    jti: null,
  };
}
