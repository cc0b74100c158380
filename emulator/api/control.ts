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
    if (!request.is('application/json'))
      return void response.status(415).json({ error: 'Send application/json.' });
    const parsed = newCall.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const error = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`;
      return void response.status(400).json({ error });
    }
    const dialled = dial(parsed.data);
    if (!dialled.ok) return void response.status(404).json({ error: dialled.message });
    response.status(201).json({ uuid: dialled.leg.uuid, conversation_uuid: dialled.leg.conversation.id });
  });

  router.delete('/calls/:uuid', (request, response) => {
    const leg = exchange.leg(request.params.uuid);
    if (!leg || leg.end) return void response.status(404).json({ error: 'No such call, or it has ended.' });
    leg.finish({ cause: 'hung-up-here' });
    response.status(204).end();
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
