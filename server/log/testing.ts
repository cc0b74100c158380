import type { KyselyPlugin } from 'kysely';
import { onTestFinished } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { WebhookEvent } from '../../domain/webhooks/event-kind.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { type Calls, createCalls } from '../calls/calls.ts';
import type { Store, StoreOptions } from '../store/store.ts';
import type { TestStores } from '../store/testing.ts';
import type { IncomingEntry } from './entry.ts';
import { createLog, type Log } from './log.ts';

/** The log and calls of one server, for tests. */
interface TestLog extends Log {
  store: Store;
  calls: Calls;
  /** What it delivered since it was opened. */
  told: FeedMessage[];
}

/** Opens the log of a store. It is closed when the test ends, or earlier. */
export async function openLog({ open }: TestStores, place: StoreOptions): Promise<TestLog> {
  const store = await open(place);
  const log = await createLog(store);
  onTestFinished(() => log.close());
  const told: FeedMessage[] = [];
  log.onStored((messages) => told.push(...messages));
  return { ...log, store, calls: createCalls(store), told };
}

/** A store that measures what is read from it. */
export function measured(store: Store): { store: Store; largestRead: () => number } {
  let largest = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      largest = Math.max(largest, JSON.stringify(result.rows).length);
      return result;
    },
  };
  return {
    store: { ...store, read: (work) => store.read((db) => work(db.withPlugin(plugin))) },
    largestRead: () => largest,
  };
}

export const idsOf = (messages: readonly FeedMessage[]) => messages.map(({ entry }) => entry.id);

const received = {
  receivedAt: Date.parse('2026-03-29T21:20:06Z'),
  took: 0.5,
  requestId: 'request',
  replayed: false,
  jti: null,
} as const;

/** A status event of a leg at a given second. */
export function statusOf(
  leg: string,
  status: string,
  second = 0,
  call: string | null = 'CON-1',
): WebhookEvent {
  const timestamp = new Date(Date.parse('2026-03-29T21:20:05Z') + second * 1000).toISOString();
  const to = leg.startsWith('app') ? 'Alice' : '442038297050';
  const direction = leg.startsWith('app') ? 'outbound' : 'inbound';
  const names = call === null ? {} : { conversation_uuid: call };
  return { from: '447700900000', to, uuid: leg, ...names, status, direction, timestamp };
}

/** An incoming event. */
export function event(
  payload: WebhookEvent,
  more: Partial<Omit<IncomingEntry, 'type' | 'payload'>> = {},
): IncomingEntry {
  return {
    ...received,
    type: 'event',
    method: 'POST',
    route: '/voice/event',
    reply: { status: 200 },
    payload,
    ...more,
  };
}

/** An incoming request for an NCCO with its answer. */
export function answer(
  request: Readonly<Record<string, unknown>>,
  more: Partial<Omit<IncomingEntry, 'type'>> = {},
): Extract<IncomingEntry, { request: unknown }> {
  return {
    ...received,
    method: 'GET',
    route: '/voice/answer',
    reply: { status: 200, ncco: [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }] },
    ...more,
    type: 'answer',
    request,
  };
}

/** A stored entry as a new incoming one. */
export function incoming(entry: LogEntry, requestId: string): IncomingEntry {
  const { id: _id, callId: _callId, repeats: _repeats, ...said } = entry;
  if (said.type !== 'event') return { ...said, requestId, jti: null };
  const { kind: _kind, ...event } = said;
  return { ...event, requestId, jti: null };
}
