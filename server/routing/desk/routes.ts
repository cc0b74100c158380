import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { ControlReply, PresenceReply } from '../../../domain/api/desk-api.ts';
import type { FigureCalls } from '../../../domain/api/wall-api.ts';
import { storable } from '../../../domain/contacts/contact.ts';
import { COUNT_NAMES, RATE_NAMES } from '../../../domain/desk/figures.ts';
import { ringChainsOf } from '../../../domain/desk/ring-chain.ts';
import type { Context } from '../../context.ts';
import { HttpError } from '../../http/errors.ts';
import { jsonBody, readJson } from '../../http/json-body.ts';
import { actingAgent, actorOf, senderOf, viewerOf } from '../../people/authenticate.ts';
import { auditOf } from './audited.ts';
import { agentControlRequest, CODES, controlRequest, maySupervise } from './control.ts';
import { startOfDay } from './figures.ts';
import { LEASE_SECONDS } from './presence.ts';

const name = z.string().max(64).optional();
const choice = z.enum(['available', 'away', 'offline']);
const reason = z.string().trim().max(100).transform(storable).nullish();

export const presenceReport = z.object({
  agent: name,
  tab: z.string().min(1).max(100),
  line: z.enum(['up', 'down']),
  sound: z.enum(['on', 'blocked', 'none']),
  microphone: z.enum(['ready', 'unasked', 'refused', 'none']),
});

export const choiceRequest = z.object({
  agent: name,
  choice,
  reason,
  /** Whether it applies only after the current call and its wrap-up. */
  next: z.boolean().optional(),
});

const noteText = (longest: number) =>
  z.string().trim().max(longest).transform(storable).nullable().optional();
export const wrapUpRequest = z.object({
  agent: name,
  does: z.enum(['end', 'extend', 'note']),
  outcome: noteText(60),
  note: noteText(4_000),
});

export const feedQuery = z.object({
  agent: name.catch(undefined),
  tab: z.string().max(100).optional().catch(undefined),
});

const time = z
  .string('must be given once')
  .refine((text) => !Number.isNaN(Date.parse(text)) || /^\d{1,15}$/.test(text), 'must be an ISO time')
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)))
  .meta({ description: 'An ISO time, or milliseconds since 1970.' });

const MOST_DAYS = 31;

const span = {
  from: time.optional(),
  to: time.optional(),
  /** A whole day in the zone of this server instead: 0 is today, -1 yesterday. */
  day: z.coerce
    .number('must be a whole number')
    .int()
    .min(-MOST_DAYS)
    .max(0)
    .optional()
    .meta({ description: 'A whole day instead: 0 is today, -1 yesterday.' }),
};

type Span = { [Name in keyof typeof span]?: number | undefined };

export const figuresQuery = z.object({
  ...span,
  /** Lists the calls of this figure instead. */
  list: z.enum(COUNT_NAMES).optional(),
});

export const figureCallsQuery = z.object({ ...span, figure: z.enum([...COUNT_NAMES, ...RATE_NAMES]) });

const DAY_MS = 86_400_000;
/** Most calls of a figure that are listed with what is known of them. */
const MOST_CALLS = 1_000;

export const pageReport = z.object({
  agent: name,
  call: z.string().max(200).transform(storable),
  fact: z.enum(['hang-up meant', 'invited', 'rang']),
  sound: z.enum(['played', 'blocked']).optional(),
  tab: z.enum(['visible', 'hidden']).optional(),
  notice: z.enum(['shown', 'off']).optional(),
});

/** The desk's API for pages. Without a desk, 404. */
export function deskRoutes({ signIn, roster, desk, calls, clock }: Context): Router {
  const router = Router();
  if (desk === undefined) return router;

  const agentOf = (response: Response, named: string | undefined) =>
    actingAgent(response, { signIn, roster }, named);

  function bodyOf<T>(request: Request, schema: z.ZodType<T>): T {
    const body = schema.safeParse(jsonBody(request));
    if (body.success) return body.data;
    const [issue] = body.error.issues;
    throw new HttpError(400, 'bad-request', `${issue?.path.join('.') || 'The body'}: ${issue?.message}.`);
  }

  async function showDesk(_request: Request, response: Response): Promise<void> {
    response.json(await desk?.view(maySupervise(response)));
  }

  function showOptions(_request: Request, response: Response): void {
    response.json(desk?.options());
  }

  /** Does something in a call, as soon as the desk has decided it. */
  async function controlCall(request: Request, response: Response): Promise<void> {
    const { agent: named, ...control } = bodyOf(request, controlRequest);
    const by = agentOf(response, named);
    const mayControl = maySupervise(response);
    const id = storable(String(request.params.id));
    const noted = auditOf(control, id, { who: by, from: senderOf(request) });
    const result = await desk?.control({ name: by, mayControl }, id, control, noted);
    if (result === undefined) return;
    if ('words' in result) {
      throw new HttpError(result.status, CODES[result.status], result.words, {}, result.cause);
    }
    response.json({ call: result } satisfies ControlReply);
  }

  /** A supervisor changes an agent's status, or signs her out. */
  async function controlAgent(request: Request, response: Response): Promise<void> {
    const wanted = bodyOf(request, agentControlRequest);
    const agent = roster.agents().find((each) => each === request.params.name);
    if (agent === undefined) throw new HttpError(404, 'not-found', 'No agent has this name.');
    const actor = actorOf(request, response, roster);
    switch (wanted.action) {
      case 'choose': {
        const because = wanted.choice === 'available' ? null : (wanted.reason ?? null);
        const chosenStatus = { choice: wanted.choice, reason: because };
        const after = wanted.next === true ? 'call' : 'now';
        await desk?.tellNoted(
          { ...actor, what: 'status set', of: agent, details: wanted.choice },
          { kind: 'chose', agent, chosen: chosenStatus, after },
        );
        break;
      }
      case 'end wrap-up':
        await desk?.tell({ kind: 'wrap-up', agent, does: 'end', note: {} });
        break;
      case 'sign out':
        if (signIn.kind === 'code') await signIn.sessions.closeAllOf(agent);
        await desk?.tellNoted(
          { ...actor, what: 'agent signed out', of: agent },
          { kind: 'chose', agent, chosen: { choice: 'offline', reason: 'signed out' }, after: 'now' },
        );
    }
    response.json(await desk?.viewAgent(agent));
  }

  async function openFeed(request: Request, response: Response): Promise<void> {
    const { agent: named, tab } = feedQuery.parse(request.query);
    const agent = agentOf(response, named);
    const { onEnd } = viewerOf(response);
    await desk?.feed.open(request, response, { agent, tab: tab ?? '' }, (listener) => onEnd(listener, agent));
  }

  async function beat(request: Request, response: Response): Promise<void> {
    const { agent: named, ...page } = bodyOf(request, presenceReport);
    const agent = agentOf(response, named);
    const leader = (await desk?.presence.beat(agent, page)) ?? false;
    response.json({ leaseSeconds: LEASE_SECONDS, leader } satisfies PresenceReply);
  }

  async function choose(request: Request, response: Response): Promise<void> {
    const { agent: named, choice: wanted, reason: because, next } = bodyOf(request, choiceRequest);
    const agent = agentOf(response, named);
    await desk?.tell({
      kind: 'chose',
      agent,
      chosen: { choice: wanted, reason: wanted === 'available' ? null : (because ?? null) },
      after: next === true ? 'call' : 'now',
    });
    response.json(await desk?.viewAgent(agent));
  }

  async function finishWrapUp(request: Request, response: Response): Promise<void> {
    const { agent: named, does, outcome, note } = bodyOf(request, wrapUpRequest);
    const agent = agentOf(response, named);
    const outcomes = desk?.options().outcomes ?? [];
    if (typeof outcome === 'string' && outcomes.length > 0 && !outcomes.includes(outcome)) {
      throw new HttpError(400, 'bad-request', `outcome must be one of: ${outcomes.join(', ')}.`);
    }
    const noted = { ...(outcome !== undefined && { outcome }), ...(note !== undefined && { note }) };
    await desk?.tell({ kind: 'wrap-up', agent, does, note: noted });
    response.json(await desk?.viewAgent(agent));
  }

  async function reportFact(request: Request, response: Response): Promise<void> {
    const { agent: named, call, fact, sound = null, tab = null, notice = null } = bodyOf(request, pageReport);
    const agent = agentOf(response, named);
    await desk?.tell(
      fact === 'hang-up meant'
        ? { kind: 'agent hung up', agent, call }
        : { kind: 'page reported', agent, call, fact, sound, tab, notice },
    );
    response.status(204).end();
  }

  /** Why a call did not ring at the agent who asks; supervisors see it of everyone. */
  async function showRings(request: Request, response: Response): Promise<void> {
    const agent = agentOf(response, feedQuery.parse(request.query).agent);
    const detail = await calls.detail(String(request.params.id));
    const history = await desk?.history(detail?.call.legs.map(({ uuid }) => uuid) ?? []);
    const chains = ringChainsOf(history?.events ?? []);
    response.json(maySupervise(response) ? chains : chains.filter((each) => each.agent === agent));
  }

  function queryOf<T>(request: Request, schema: z.ZodType<T>): T {
    const query = schema.safeParse(request.query);
    if (query.success) return query.data;
    const [issue] = query.error.issues;
    throw new HttpError(400, 'bad-request', `${issue?.path.join('.')} ${issue?.message}.`);
  }

  /** Without times, today in the zone of this server. */
  function spanOf({ day, ...given }: Span): [number, number] {
    if (day !== undefined) return [startOfDay(clock.now(), day), startOfDay(clock.now(), day + 1)];
    const { from = startOfDay(clock.now()), to = from + DAY_MS } = given;
    if (to <= from || to - from > MOST_DAYS * DAY_MS) {
      throw new HttpError(400, 'bad-request', `to must be after from, by at most ${MOST_DAYS} days.`);
    }
    return [from, to];
  }

  async function showFigures(request: Request, response: Response): Promise<void> {
    const { list, ...asked } = queryOf(request, figuresQuery);
    const [from, to] = spanOf(asked);
    response.json(list === undefined ? await desk?.figures(from, to) : await desk?.callsOf(list, from, to));
  }

  async function showFigureCalls(request: Request, response: Response): Promise<void> {
    const { figure, ...asked } = queryOf(request, figureCallsQuery);
    const all = (await desk?.figureCalls(figure, ...spanOf(asked))) ?? [];
    const calls = all.slice(-MOST_CALLS).reverse();
    response.json({ calls, total: all.length } satisfies FigureCalls);
  }

  async function openWall(request: Request, response: Response): Promise<void> {
    await desk?.wall.open(request, response, null, viewerOf(response).onEnd);
  }

  const readBody = readJson(10 * 1024);
  router.get('/api/figures', showFigures);
  router.get('/api/figures/calls', showFigureCalls);
  router.get('/api/wall/feed', openWall);
  router.get('/api/desk', showDesk);
  router.get('/api/desk/options', showOptions);
  router.get('/api/desk/feed', openFeed);
  router.post('/api/presence', readBody, beat);
  router.put('/api/choice', readBody, choose);
  router.post('/api/wrap-up', readBody, finishWrapUp);
  router.post('/api/desk/report', readBody, reportFact);
  router.get('/api/desk/calls/:id/rings', showRings);
  router.post('/api/desk/calls/:id/control', readBody, controlCall);
  router.post('/api/desk/agents/:name/control', readBody, controlAgent);
  return router;
}
