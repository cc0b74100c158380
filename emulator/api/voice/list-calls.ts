import { z } from 'zod';
import type { Leg } from '../../calls/leg.ts';
import { endReports } from '../../calls/leg-end.ts';
import { type LegStatus, statusEvent } from '../../webhooks/call-events.ts';

const time = z.iso.datetime({ offset: true, local: true, error: 'must be a time in ISO 8601' });

/** The query of `GET /v1/calls`, with the limits and defaults that Vonage documents (Voice API 1.10). */
export const callFilter = z.object({
  status: z
    .enum([
      'started',
      'ringing',
      'answered',
      'machine',
      'completed',
      'busy',
      'cancelled',
      'failed',
      'rejected',
      'timeout',
      'unanswered',
    ])
    .optional(),
  date_start: time.optional(),
  date_end: time.optional(),
  uuid: z.string().optional(),
  conversation_uuid: z.string().optional(),
  page_size: z.coerce.number().int().min(1).max(100).default(10),
  record_index: z.coerce.number().int().min(0).default(0),
  order: z.enum(['asc', 'desc']).default('asc'),
});

type CallFilter = z.infer<typeof callFilter>;

/**
 * One page of an application's calls, by the time at which they started, as HAL. Its links are relative (fixtures of
 * Vonage's Python and Java SDKs), except those to other pages: Vonage's Node SDK (`getAllCalls`) takes only whole ones.
 * @param url the platform's own address.
 */
export function listCalls(legs: Leg[], filter: CallFilter, url: string) {
  const { page_size: size, record_index: index, order, ...conditions } = filter;
  const found = legs.filter((leg) => matches(leg, conditions)).sort((a, b) => a.startedAt - b.startedAt);
  if (order === 'desc') found.reverse();
  const link = (from: number, base = '') => {
    const query = new URLSearchParams({ order, page_size: String(size), record_index: String(from) });
    for (const [name, value] of Object.entries(conditions)) if (value !== undefined) query.set(name, value);
    return { href: `${base}/v1/calls?${query}` };
  };
  const last = Math.max(0, Math.floor((found.length - 1) / size) * size);
  return {
    count: found.length,
    page_size: size,
    record_index: index,
    _links: {
      self: link(index),
      first: link(0),
      last: link(last),
      ...(index > 0 && { prev: link(Math.max(0, index - size), url) }),
      ...(index + size < found.length && { next: link(index + size, url) }),
    },
    _embedded: { calls: found.slice(index, index + size).map(describeCall) },
  };
}

type Conditions = Omit<CallFilter, 'page_size' | 'record_index' | 'order'>;

function matches(leg: Leg, { status, date_start, date_end, uuid, conversation_uuid }: Conditions): boolean {
  return (
    (status === undefined || statusOf(leg) === status) &&
    (date_start === undefined || leg.startedAt >= Date.parse(date_start)) &&
    (date_end === undefined || leg.startedAt <= Date.parse(date_end)) &&
    (uuid === undefined || leg.uuid === uuid) &&
    (conversation_uuid === undefined || leg.conversation.id === conversation_uuid)
  );
}

/** A call that was never answered keeps the status that says why: its `completed` is an event only. */
function statusOf(leg: Leg): LegStatus {
  const [first] = leg.end && leg.answeredAt === undefined ? endReports(leg.end, false) : [];
  return first?.[0] ?? leg.status;
}

/**
 * A leg as `GET /v1/calls` shows it. What it cost and how long it took is that of its `completed` event, and absent until
 * it is over (Voice API, OpenAPI: GetCallResponse); its times are texts even then, for Vonage's PHP SDK (4.14, Voice\Call)
 * throws at any other. Links are relative, as in the fixtures of Vonage's SDKs.
 */
export function describeCall(leg: Leg) {
  const far = leg.channel;
  const near = { type: 'phone', number: (leg.direction === 'inbound' ? leg.to : leg.from) ?? 'unknown' };
  return {
    _links: { self: { href: `/v1/calls/${leg.uuid}` } },
    uuid: leg.uuid,
    conversation_uuid: leg.conversation.id,
    to: leg.direction === 'inbound' ? near : far,
    from: leg.direction === 'inbound' ? far : near,
    status: statusOf(leg),
    direction: leg.direction,
    start_time: leg.answeredAt === undefined ? '' : new Date(leg.answeredAt).toISOString(),
    end_time: '',
    ...(leg.end && billOf(leg)),
  };
}

function billOf(leg: Leg) {
  const { rate, price, duration, end_time, network } = statusEvent(leg.facts(), 'completed', leg.world.now());
  return { rate, price, duration, end_time, ...(network !== null && { network }) };
}
