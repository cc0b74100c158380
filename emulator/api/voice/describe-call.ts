import type { Leg } from '../../calls/leg.ts';
import { statusEvent } from '../../webhooks/call-events.ts';

/**
 * A leg as `GET /v1/calls` shows it: what it costs and how long it took are those of its `completed` event.
 * @param url the platform's own address.
 */
export function describeCall(leg: Leg, url: string) {
  const bill = leg.end ? statusEvent(leg.facts(), 'completed', leg.world.now()) : undefined;
  const far = leg.channel;
  const near = { type: 'phone', number: (leg.direction === 'inbound' ? leg.to : leg.from) ?? 'unknown' };
  return {
    _links: { self: { href: `${url}/v1/calls/${leg.uuid}` } },
    uuid: leg.uuid,
    conversation_uuid: leg.conversation.id,
    to: leg.direction === 'inbound' ? near : far,
    from: leg.direction === 'inbound' ? far : near,
    status: leg.status,
    direction: leg.direction,
    rate: bill?.rate ?? null,
    price: bill?.price ?? null,
    duration: bill?.duration ?? null,
    start_time: leg.answeredAt === undefined ? null : new Date(leg.answeredAt).toISOString(),
    end_time: bill?.end_time ?? null,
    network: bill?.network ?? null,
  };
}
