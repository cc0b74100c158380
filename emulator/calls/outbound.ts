import { z } from 'zod';
import { createTrunk } from '../media/trunk.ts';
import { channelOf, type Endpoint, nameOf } from './endpoint.ts';
import type { AppPages, Exchange, Reports } from './exchange.ts';
import type { Conversation, Leg, LegObserver } from './leg.ts';
import type { EndCause, LegEnd } from './leg-end.ts';
import { connectSocket } from './websocket-line.ts';

/** A call that the platform makes. */
interface Order {
  endpoint: Endpoint;
  /** The caller ID that the called party sees; null: none. */
  from: string | null;
  conversation: Conversation;
  /** Through how many applications the call has come that is passed on; default: none. */
  hops?: number;
  /** Seconds that it may ring. */
  ringing: number;
  /** Seconds that it may last once it is answered. */
  limit: number;
  detection?: MachineDetection | undefined;
  reports?: Reports;
  /** Gets the leg before its first status, because it may be over when it is returned. */
  observer?: LegObserver;
}

/** Calls an endpoint. The leg rings, or ends immediately if there is nobody to ring. */
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
      ...(order.hops !== undefined && { hops: order.hops }),
      ...(endpoint.type === 'websocket' && { headers: endpoint.headers }),
    },
    order.reports,
  );
  watchTime(leg, order, () => endpoint.type !== 'app' || leg.rang);
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
      if (!exchange.parts.directory.applicationOf(endpoint.number))
        exchange.phones.ring(leg, endpoint.number);
      else if (leg.hops < MOST_HOPS) ringNumber(leg, endpoint.number, exchange);
      else
        refuse(`A call has come through ${MOST_HOPS} applications: do their numbers connect to each other?`);
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
      refuse(`The emulator cannot call ${endpoint.type} endpoints: "${leg.to}" is unreachable.`);
      return;
  }
}

/** Numbers may connect to each other in a circle. */
const MOST_HOPS = 10;

/**
 * Calls a number of an application of this platform, by the telephone network: its answer URL is asked, as for any
 * phone that calls, and the leg hears what the application does with the call.
 */
function ringNumber(leg: Leg, number: string, exchange: Exchange): void {
  const [near, far] = createTrunk();
  leg.report('ringing');
  // The network shows numbers alone.
  const from = leg.from !== null && /^\d+$/.test(leg.from) ? leg.from : null;
  const dialled = exchange.dial({ from, to: number, peer: far, hops: leg.hops + 1 });
  if (!dialled.ok) {
    leg.finish({ cause: 'out-of-service' });
    return;
  }
  const { leg: there } = dialled;
  there.observe({
    answered() {
      leg.connectMedia(near);
      leg.answer();
    },
    ended: (_leg, { because }) =>
      leg.finish({ cause: leg.answeredAt === undefined ? refusalOf(because) : 'hung-up-here' }),
  });
  leg.observe({
    ended() {
      near.close();
      there.finish({ cause: 'hung-up-here' });
    },
  });
}

/** What the network tells of an application that ends a call without an answer. */
function refusalOf(because: LegEnd['because']): EndCause {
  if (because === 'busy' || because === 'rejected' || because === 'ring-timeout') return because;
  return because === 'application-error' ? 'failed' : 'unreachable';
}

/** Milliseconds from the answer until the platform has heard who it is. */
const LISTENING = 500;
/** Milliseconds from there to the beep of an answering machine. */
const UNTIL_BEEP = 1000;

export const detectionBehavior = z.enum(['continue', 'hangup']);

/** `advanced_machine_detection`, as the Voice API documents it. */
export const advancedDetection = z.looseObject({
  behavior: detectionBehavior.default('continue'),
  mode: z.enum(['default', 'detect', 'detect_beep']).default('default'),
  beep_timeout: z.coerce.number().int().min(45).max(120).optional(),
});

interface MachineDetection {
  behavior: z.infer<typeof detectionBehavior>;
  /** Whether the beep is reported, too. */
  beep: boolean;
}

/** The machine detection that a call requests, if any. The advanced setting takes precedence. */
export function detectionOf(
  simple: MachineDetection['behavior'] | undefined,
  advanced: z.infer<typeof advancedDetection> | undefined,
): MachineDetection | undefined {
  if (advanced) return { behavior: advanced.behavior, beep: advanced.mode !== 'detect' };
  return simple && { behavior: simple, beep: false };
}

/** Tells whether a person or a machine answered the leg, and hangs up on a machine where that is wanted. */
function detectMachine(leg: Leg, { behavior, beep }: MachineDetection): void {
  const { world } = leg;
  const cancel = world.after(LISTENING, () => {
    if (leg.end) return;
    leg.report(leg.answeredBy);
    if (leg.answeredBy === 'human') return;
    if (behavior === 'hangup') leg.finish({ cause: 'machine' });
    else if (beep)
      world.after(UNTIL_BEEP, () => leg.end || leg.report('machine', { sub_state: 'beep_start' }));
  });
  leg.observe({ ended: cancel });
}
