import express from 'express';
import { z } from 'zod';
import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { Conversation, Leg } from '../calls/leg.ts';
import type { People } from '../headless/people.ts';
import { refuseDeep } from '../nesting.ts';
import type { StartedProvisioning } from '../provisioning/start.ts';
import { agentsRouter, phonesRouter } from './phones-and-agents.ts';
import { loopbackOnly } from './requests.ts';

/** Digits as E.164 allows them, without `+`. */
const number = z.string().regex(/^\d{3,15}$/, 'must be 3 to 15 digits');
const newCall = z.object({ from: number, to: number });
const spoken = z.object({ text: z.string().min(1).max(1500) });
const pressed = z.object({
  digits: z.string().regex(/^[0-9A-D*#]{1,32}$/, 'must be keys of a telephone'),
});

/**
 * The emulator's own controls, `/emulator`: what a telephone network would do, for programs.
 * For this machine only.
 */
export function controlRouter(
  provisioning: StartedProvisioning,
  exchange: Exchange,
  dial: (request: DialRequest) => DialResult,
  people: Pick<People, 'agent'>,
): express.Router {
  const router = express.Router();
  router.use(loopbackOnly);
  router.use(express.json({ limit: '16kb', verify: refuseDeep }));

  router.get('/credentials', (request, response) => {
    const { application } = request.query;
    try {
      const wanted = typeof application === 'string' ? application : provisioning.defaultApplicationId;
      response.set('cache-control', 'no-store').json(provisioning.credentials(wanted));
    } catch (error) {
      response.status(404).json({ error: error instanceof Error ? error.message : 'There are none.' });
    }
  });

  router.get('/calls', (_request, response) => {
    const calls = exchange.conversations().filter(({ legs }) => legs.length > 0);
    response.json(calls.map(describe).reverse());
  });

  router.post('/calls', (request, response) => {
    const body = bodyOf(request, response, newCall);
    if (body === undefined) return;
    const dialled = dial(body);
    if (!dialled.ok) return void response.status(404).json({ error: dialled.message });
    response.status(201).json({ uuid: dialled.leg.uuid, conversation_uuid: dialled.leg.conversation.id });
  });

  router.delete('/calls/:uuid', (request, response) => {
    onLeg(request, response, (leg) => leg.finish({ cause: 'hung-up-here' }));
  });

  function onLeg(
    request: express.Request<{ uuid: string }>,
    response: express.Response,
    act: (leg: Leg) => void,
  ) {
    const leg = exchange.leg(request.params.uuid);
    if (!leg || leg.end) return void response.status(404).json({ error: 'No such call, or it has ended.' });
    act(leg);
    response.status(204).end();
  }

  // What `Caller.say` and `Caller.press` do for a program in this process.
  router.post('/calls/:uuid/say', (request, response) => {
    const body = bodyOf(request, response, spoken);
    if (body !== undefined) onLeg(request, response, (leg) => leg.say(body.text));
  });

  router.post('/calls/:uuid/press', (request, response) => {
    const body = bodyOf(request, response, pressed);
    if (body !== undefined) onLeg(request, response, (leg) => exchange.press(leg, body.digits));
  });

  // What `Platform.heard` tells a program in this process.
  router.get('/calls/:uuid/heard', (request, response) => {
    const leg = exchange.leg(request.params.uuid);
    if (!leg) return void response.status(404).json({ error: 'No such call, or it ended long ago.' });
    response.json(exchange.heard(leg));
  });

  router.use('/agents', agentsRouter(people.agent));
  router.use('/phones', phonesRouter(exchange.phones, exchange.parts.world));
  return router;
}

/** The body of a request; undefined if it is wrong and was answered. */
function bodyOf<T>(
  request: express.Request,
  response: express.Response,
  schema: z.ZodType<T>,
): T | undefined {
  if (!request.is('application/json')) {
    response.status(415).json({ error: 'Send application/json.' });
    return undefined;
  }
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  response.status(400).json({ error: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}` });
  return undefined;
}

function describe(conversation: Conversation) {
  const [first, ...others] = conversation.legs.map(describeLeg);
  return { ...first, conversation_uuid: conversation.id, legs: others };
}

function describeLeg(leg: Leg) {
  const { answeredAt, endedAt, startedAt } = leg.facts();
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    uuid: leg.uuid,
    from: leg.from,
    to: leg.to,
    direction: leg.direction,
    channel: leg.channel.type,
    status: leg.status,
    started_at: iso(startedAt),
    answered_at: iso(answeredAt),
    ended_at: iso(endedAt),
    ended_because: leg.end?.cause ?? null,
  };
}
