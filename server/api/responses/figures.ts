import { z } from 'zod';
import type { FigureCalls, WallView } from '../../../domain/api/wall-api.ts';
import type { FigureCall, Figures } from '../../../domain/desk/figures.ts';
import { exactly } from '../exactly.ts';
import { agentView, deskCallFields, endedOfferAs, memberView, rescinder } from './desk.ts';
import { count, named, numberOrNull, text, textOrNull, time, timeOrNull } from './fields.ts';

const rate = numberOrNull;
const callCounts = {
  offered: count,
  answered: count,
  abandoned: count,
  shortAbandoned: count,
  overflowed: count,
  callback: count,
  lost: count,
  waiting: count,
};
const interval = z.object({
  ...callCounts,
  at: time,
  answeredInTime: z.number(),
  waitSeconds: z.number(),
  handled: z.number(),
  handleSeconds: z.number(),
  idleSeconds: z.number(),
  offers: z.number(),
  notTaken: z.number(),
  endedByCaller: z.number(),
});

const figuresOfSpan = named(
  'Figures',
  exactly<Figures>()(
    z.object({
      ...callCounts,
      serviceLevel: rate,
      asa: rate,
      abandonRate: rate,
      aht: rate,
      occupancy: rate,
      nonResponse: rate,
      nonResponseWithoutCallers: rate,
      from: time,
      to: time,
      outbound: z.object({ dialed: count, answered: count, talkSeconds: z.number() }),
      agents: z.array(
        z.object({
          name: text,
          handled: z.number(),
          talkSeconds: z.number(),
          wrapUpSeconds: z.number(),
          idleSeconds: z.number(),
          offers: z.number(),
          rejected: z.number(),
          missed: z.number(),
        }),
      ),
      intervals: z.array(interval),
    }),
  ),
);

/** With `list`, the ids of the calls. */
export const figures = z.union([figuresOfSpan, z.array(text)]);

const figureCall = named(
  'FigureCall',
  exactly<FigureCall>()(
    z.object({
      id: text,
      at: time,
      from: textOrNull,
      queue: text,
      agent: textOrNull,
      waitedSeconds: numberOrNull,
      handleSeconds: numberOrNull,
      outcome: z.enum(['answered', 'abandoned', 'overflowed', 'callback', 'lost', 'waiting']),
      isShort: z.boolean(),
      isInTime: z.boolean(),
      notTaken: z.array(z.object({ agent: text, as: endedOfferAs, by: rescinder.nullable() })),
    }),
  ),
);

export const figureCalls = named(
  'FigureCalls',
  exactly<FigureCalls>()(z.object({ calls: z.array(figureCall), total: count })),
);

export const wallView = named(
  'WallView',
  exactly<WallView>()(
    z.object({
      now: time,
      agents: z.array(agentView),
      queues: z.array(
        z.object({
          name: text,
          waiting: count,
          agents: z.array(text),
          ready: count,
          callbacks: count,
          waitingSince: timeOrNull,
          longestWaitSeconds: z.number(),
          unattendedSince: timeOrNull,
        }),
      ),
      calls: z.array(
        z.object({
          ...deskCallFields,
          waitingSince: time,
          place: numberOrNull,
          supervisors: z.array(memberView),
        }),
      ),
      voicemails: z.object({ unheard: count, oldest: timeOrNull }),
    }),
  ),
);
