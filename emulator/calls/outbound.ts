import type { Conversation } from './conversation.ts';
import { channelOf, type Endpoint, nameOf } from './endpoint.ts';
import type { AppPages, Exchange, Reports } from './exchange.ts';
import type { Leg, LegObserver } from './leg.ts';
import { detectMachine, type MachineDetection } from './machine-detection.ts';
import { connectSocket } from './websocket-line.ts';

/** A call that the platform makes. */
export interface Order {
  endpoint: Endpoint;
  /** Whom the called party sees: a number; null is nobody. */
  from: string | null;
  conversation: Conversation;
  /** Seconds that it may ring. */
  ringing: number;
  /** Seconds that it may last once it is answered. */
  limit: number;
  detection?: MachineDetection | undefined;
  reports?: Reports;
  /** Sees the leg from its first status on: it may be over by the time that it is returned. */
  observer?: LegObserver;
}

/** Calls an endpoint. The leg rings, or is over at once where there is nobody to ring. */
export function callOut(order: Order, exchange: Exchange, pages: AppPages): Leg {
  const { endpoint } = order;
  const { world } = exchange.parts;
  const channel = channelOf(endpoint);
  const leg = exchange.addLeg(
    {
      // A phone leg's id has 32 hex digits and no dashes, any other is a UUID.
      uuid: endpoint.type === 'phone' ? world.hex(16) : world.uuid(),
      conversation: order.conversation,
      direction: 'outbound',
      channel,
      from: order.from,
      to: nameOf(channel),
      ...(endpoint.type === 'websocket' && { headers: endpoint.headers }),
    },
    order.reports,
  );
  watchTime(leg, order, () => endpoint.type !== 'app' || pages.wasReached(leg));
  if (order.observer) leg.observe(order.observer);
  leg.report('started');
  reach(leg, endpoint, exchange, pages);
  return leg;
}

/** Ends the leg when it rings or lasts too long. */
function watchTime(leg: Leg, order: Order, rang: () => boolean): void {
  let cancel = leg.world.after(order.ringing * 1000, () =>
    leg.finish({ cause: rang() ? 'ring-timeout' : 'unreachable' }),
  );
  leg.observe({
    answered() {
      cancel();
      cancel = leg.world.after(order.limit * 1000, () => leg.finish({ cause: 'length-limit' }));
      if (order.detection) detectMachine(leg, order.detection);
    },
    ended: () => cancel(),
  });
}

function reach(leg: Leg, endpoint: Endpoint, exchange: Exchange, pages: AppPages): void {
  const refuse = (reason: string) => {
    exchange.reportError(leg.conversation, reason);
    leg.finish({ cause: 'failed' });
  };
  switch (endpoint.type) {
    case 'phone':
      exchange.phones.ring(leg, endpoint.number);
      return;
    case 'app': {
      const user = exchange.parts.directory.users(leg.application.id).byName(endpoint.user);
      if (user) pages.ring(leg, user);
      else refuse(`NCCO connect: the application has no user "${endpoint.user}"`);
      return;
    }
    case 'websocket':
      connectSocket(leg, endpoint, exchange);
      return;
    case 'sip':
    case 'vbc':
      refuse(`The emulator carries no calls to ${endpoint.type} endpoints: "${leg.to}" cannot be reached.`);
      return;
  }
}
