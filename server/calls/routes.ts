import { type Request, Router } from 'express';
import { z } from 'zod';
import type { CallDetail, LegAccount, ReplayResult } from '../../domain/api/console-api.ts';
import { OUTCOMES } from '../../domain/calls/outcome.ts';
import { ringChainsOf } from '../../domain/desk/ring-chain.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';
import { viewerOf } from '../people/authenticate.ts';
import { EXPORTS, type ExportedCall, exportName, harOfCall, jsonOfCall } from './export.ts';
import { type CallFilter, isCursor } from './list-calls.ts';

const short = z.string('must be given once').max(200, 'is longer than 200 characters');
const time = short
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO time')
  .transform((text) => Date.parse(text))
  .meta({ description: 'An ISO time.' });

/** The query of `GET /api/calls`. */
export const callQuery = z.object({
  cursor: short.refine(isCursor, 'must be the `next` of an earlier page').optional(),
  limit: short
    .refine((text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 200, 'must be 1 to 200')
    .transform(Number)
    .default(50)
    .meta({ description: '1 to 200; 50 by default.' }),
  number: short.transform((text) => text.replace(/\D/g, '')).optional(),
  agent: short.optional(),
  status: z
    .enum(['started', 'ringing', 'in-call', 'ended'], 'must be started, ringing, in-call or ended')
    .optional(),
  outcome: z.enum(OUTCOMES, `must be ${OUTCOMES.slice(0, -1).join(', ')} or ${OUTCOMES.at(-1)}`).optional(),
  queue: short.optional(),
  direction: z.enum(['inbound', 'outbound'], 'must be inbound or outbound').optional(),
  since: time.optional(),
  until: time.optional(),
  text: short.optional(),
});

/** The list of calls, a single call, and the live feed, for signed-in people. */
export function callRoutes({ calls, feed, replays, desk, clock }: Context): Router {
  const router = Router();

  router.get('/api/calls', async (request, response) => {
    response.json(await calls.list({ ...readFilter(request), visibleTo: viewerOf(response).visibleTo }));
  });

  router.get('/api/calls/:id', async (request, response) => {
    const detail = await calls.detail(request.params.id, viewerOf(response).visibleTo);
    if (detail === undefined) throw new HttpError(404, 'not-found', 'There is no such call.');
    const history = await desk?.history(detail.call.legs.map(({ uuid }) => uuid));
    const { events, gap } = history ?? {};
    const told: CallDetail = {
      ...detail,
      ...(events && { desk: events, deskOffers: ringChainsOf(events) }),
      ...(gap && { deskGap: gap }),
    };
    response.json(told);
  });

  router.get('/api/legs/:id', async (request, response) => {
    const { id } = request.params;
    const { visibleTo } = viewerOf(response);
    const detail = await calls.detail(id);
    const leg = detail?.call.legs.find(({ uuid }) => uuid === id);
    const isVisible = visibleTo === undefined || [detail?.call.agent, leg?.to].includes(visibleTo);
    const entries = isVisible ? (detail?.entries ?? []) : [];
    const legs = isVisible ? (detail?.call.legs ?? []) : [];
    const called = legs.find(({ uuid, direction }) => uuid !== id && direction === 'outbound');
    response.json({
      now: clock.now(),
      webhooks: entries.flatMap((entry) => statusOf(entry, id)),
      called: called?.outcome ?? null,
    } satisfies LegAccount);
  });

  router.get('/api/calls/:id/export/:format', async (request, response) => {
    const format = EXPORTS.find((each) => each === request.params.format);
    const detail = await calls.detail(request.params.id, viewerOf(response).visibleTo);
    if (detail === undefined || format === undefined)
      throw new HttpError(404, 'not-found', 'There is no such call, or no such format: har or json.');
    const legs = detail.call.legs.map(({ uuid }) => uuid);
    const exported: ExportedCall = {
      ...detail,
      desk: (await desk?.history(legs))?.events ?? [],
      requests: (await desk?.exchanges(legs)) ?? [],
    };
    const base = `${request.protocol}://${request.get('host')}`;
    response
      .attachment(exportName(exported, format))
      .type('application/json')
      .send(JSON.stringify(format === 'har' ? harOfCall(exported, base) : jsonOfCall(exported), null, 2));
  });

  router.post('/api/calls/:id/entries/:entryId/replay', async (request, response) => {
    const { id, entryId } = request.params;
    const detail = await calls.detail(id, viewerOf(response).visibleTo);
    const entry = detail?.entries.find((one) => String(one.id) === entryId);
    if (entry?.type !== 'event') {
      throw new HttpError(404, 'not-found', 'There is no such event in this call.');
    }
    const result: ReplayResult = { status: await replays.send(entry) };
    response.status(202).json(result);
  });

  router.get('/api/feed', (request, response) => feed.open(request, response, viewerOf(response)));
  return router;
}

/** The status of a leg that an entry is the first to tell, if it tells one. */
function statusOf(entry: LogEntry, leg: string): LegAccount['webhooks'] {
  if (entry.type !== 'event' || entry.repeats !== null || entry.payload.uuid !== leg) return [];
  const { status } = entry.payload;
  return typeof status === 'string' ? [{ status, at: entry.receivedAt }] : [];
}

function readFilter(request: Request): CallFilter {
  const parsed = callQuery.safeParse(request.query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError(400, 'bad-request', `${issue?.path.join('.')} ${issue?.message}.`);
}
