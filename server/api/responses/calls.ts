import { z } from 'zod';
import type {
  CallDetail,
  CallPage,
  FeedMessage,
  LegAccount,
  ReplayResult,
} from '../../../domain/api/console-api.ts';
import {
  type Call,
  type CallSummary,
  LEG_FAILURES,
  LEG_STATUSES,
  type Leg,
} from '../../../domain/calls/call.ts';
import { OUTCOMES } from '../../../domain/calls/outcome.ts';
import type { PageState } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { RING_LINKS, type RingChain } from '../../../domain/desk/ring-chain.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { EVENT_KINDS } from '../../../domain/webhooks/event-kind.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { exactly } from '../exactly.ts';
import { endedOfferAs, exit } from './desk.ts';
import { count, named, numberOrNull, text, textOrNull, time, timeOrNull } from './fields.ts';

const callEnd = z.enum([
  'caller-gave-up',
  'rejected',
  'nobody-answered',
  'busy',
  'failed',
  'application-error',
  'completed',
  'unknown',
]);
const callStatus = z.enum(['started', 'ringing', 'in-call', 'ended']);
export const hungUpBy = z.enum(['caller', 'agent', 'platform']);
export const direction = z.enum(['inbound', 'outbound']);

const leg = named(
  'Leg',
  exactly<Leg>()(
    z.object({
      uuid: text,
      direction: direction.nullable(),
      from: textOrNull,
      to: textOrNull,
      status: z.enum(LEG_STATUSES),
      outcome: z.enum(['answered', ...LEG_FAILURES]).nullable(),
      startedAt: timeOrNull,
      ringingAt: timeOrNull,
      answeredAt: timeOrNull,
      endedAt: timeOrNull,
      duration: numberOrNull,
      price: textOrNull,
      rate: textOrNull,
      network: textOrNull,
      detail: textOrNull,
      sipCode: numberOrNull,
      disconnectedBy: textOrNull,
      machine: textOrNull,
    }),
  ),
);

const call = exactly<Call>()(
  z.object({
    id: text,
    conversations: z.array(text),
    from: textOrNull,
    to: textOrNull,
    agent: textOrNull,
    status: callStatus,
    end: callEnd.nullable(),
    hungUpBy: hungUpBy.nullable(),
    direction: direction.nullable(),
    startedAt: timeOrNull,
    answeredAt: timeOrNull,
    endedAt: timeOrNull,
    ringing: numberOrNull,
    talking: numberOrNull,
    total: numberOrNull,
    price: numberOrNull,
    legs: z.array(leg),
    recordings: z.array(
      z.object({
        url: text,
        uuid: textOrNull,
        size: numberOrNull,
        transcriptionUrl: textOrNull,
        startedAt: timeOrNull,
        endedAt: timeOrNull,
      }),
    ),
    errors: z.array(text),
  }),
);

const callSummary = named(
  'CallSummary',
  exactly<CallSummary>()(
    z.object({
      id: text,
      aliases: z.array(text),
      from: textOrNull,
      to: textOrNull,
      agent: textOrNull,
      status: callStatus,
      end: callEnd.nullable(),
      hungUpBy: hungUpBy.nullable(),
      direction: direction.nullable(),
      queue: textOrNull,
      exit: exit.nullable(),
      firstSeenAt: time,
      startedAt: timeOrNull,
      answeredAt: timeOrNull,
      endedAt: timeOrNull,
      lastHeardAt: time,
      lastEntryId: z.number(),
    }),
  ),
);

/** The actions have many fields, and Vonage's documentation of them all. */
const ncco = z
  .custom<Ncco>(Array.isArray)
  .meta({ type: 'array', items: { type: 'object' }, description: 'An NCCO, as it was sent.' });

const entryFields = {
  id: z.number(),
  callId: text,
  receivedAt: time,
  took: z.number(),
  method: z.enum(['GET', 'POST']),
  requestId: text,
  replayed: z.boolean(),
  route: text,
  reply: z.object({ status: z.number(), ncco: ncco.exactOptional() }),
  repeats: numberOrNull,
};

const logEntry = named(
  'LogEntry',
  exactly<LogEntry>()(
    z.discriminatedUnion('type', [
      z.object({
        ...entryFields,
        type: z.literal('event'),
        kind: z.enum(EVENT_KINDS),
        payload: z.record(text, z.unknown()),
      }),
      z.object({
        ...entryFields,
        type: z.enum(['answer', 'fallback']),
        request: z.record(text, z.unknown()),
      }),
    ]),
  ),
);

export const callPage = named(
  'CallPage',
  exactly<CallPage>()(
    z.object({
      calls: z.array(callSummary),
      next: textOrNull,
      newestEntryId: z.number(),
      outcomes: z.record(z.enum(OUTCOMES), count).exactOptional(),
    }),
  ),
);

/** What there is besides `at` depends on the kind; kinds are added and fields too, so that readers must allow for it. */
const deskEvent = named(
  'DeskEvent',
  z
    .custom<DeskEvent>((event) => typeof event === 'object' && event !== null)
    .meta({
      type: 'object',
      required: ['at', 'kind'],
      properties: { at: { type: 'number' }, kind: { type: 'string' } },
      additionalProperties: true,
      description: 'What the desk did. The other fields depend on the kind: see domain/desk/events.ts.',
    }),
);

const pageState = exactly<PageState>()(
  z.object({
    tab: text,
    line: z.enum(['up', 'down']),
    sound: z.enum(['on', 'blocked', 'none']),
    microphone: z.enum(['ready', 'unasked', 'refused', 'none']),
  }),
);

const ringChain = named(
  'RingChain',
  exactly<RingChain>()(
    z.object({
      reservation: text,
      agent: text,
      as: endedOfferAs,
      endedAt: time,
      links: z.array(z.object({ name: z.enum(RING_LINKS), at: timeOrNull })),
      broken: z.enum(RING_LINKS).nullable(),
      reason: textOrNull,
      sound: z.enum(['played', 'blocked']).nullable(),
      tab: z.enum(['visible', 'hidden']).nullable(),
      notice: z.enum(['shown', 'off']).nullable(),
      presence: pageState.nullable(),
    }),
  ),
);

/** Those of the offers of a call that were not taken, oldest first. */
export const ringChains = z.array(ringChain);

export const legAccount = named(
  'LegAccount',
  exactly<LegAccount>()(
    z.object({
      now: time,
      webhooks: z.array(z.object({ status: text, at: time })),
      called: leg.shape.outcome,
    }),
  ),
);

export const callDetail = named(
  'CallDetail',
  exactly<CallDetail>()(
    z.object({
      call: call.extend({ lastHeardAt: time }),
      entries: z.array(logEntry),
      desk: z.array(deskEvent).exactOptional(),
      deskOffers: z.array(ringChain).exactOptional(),
      deskGap: z.object({ after: z.number(), omitted: z.number() }).exactOptional(),
    }),
  ),
);

export const feedMessage = named(
  'FeedMessage',
  exactly<FeedMessage>()(z.object({ entry: logEntry, call: callSummary })),
);

export const replayResult = named('ReplayResult', exactly<ReplayResult>()(z.object({ status: z.number() })));

/** A HAR, or all that is stored. */
export const callExport = z.record(text, z.unknown());
