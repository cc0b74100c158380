import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Exchange } from '../calls/exchange.ts';
import { type Conversation, isActive, type Leg } from '../calls/leg.ts';
import type { Directory, User } from '../provisioning/account.ts';
import { type AppCalls, HttpError, say } from './app-calls.ts';
import type { Sessions } from './sessions.ts';
import { bearerToken, checkUserToken, type TokenHolder } from './tokens.ts';

interface GatewayParts {
  directory: Directory;
  exchange: Exchange;
  sessions: Sessions;
  calls: AppCalls;
}

const joinBody = z.looseObject({ state: z.literal('joined') });
const answerBody = z.looseObject({ body: z.looseObject({ answer: z.string() }) });
const offerBody = z.looseObject({
  originating_session: z.string().optional(),
  body: z.looseObject({ offer: z.looseObject({ sdp: z.string() }) }),
});
const eventBody = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.enum(['audio:mute:on', 'audio:mute:off', 'audio:earmuff:on', 'audio:earmuff:off']),
  }),
  z.looseObject({
    type: z.literal('audio:dtmf'),
    body: z.looseObject({ digit: z.string().regex(/^[0-9A-D*#p]{1,64}$/i) }),
  }),
  z.looseObject({
    type: z.literal('audio:say'),
    body: z.looseObject({
      text: z.string().min(1).max(1500),
      level: z.number().optional(),
      loop: z.number().optional(),
    }),
  }),
]);

/** The REST half of the Client SDK's protocol (2.3.1): joining, media, in-call actions. */
export function gatewayRouter({ directory, exchange, sessions, calls }: GatewayParts): express.Router {
  const router = express.Router();
  router.use(allowAnyOrigin);
  router.use(express.json({ limit: '256kb', strict: false }));

  const holderOf = async (request: Request): Promise<TokenHolder> => {
    const check = await checkUserToken(bearerToken(request.headers.authorization) ?? '', directory);
    if (!check.ok)
      throw new HttpError(401, `system:error:${check.fault}`, 'The token is not valid for this request.');
    return check.holder;
  };
  const conversationOf = (id: string): Conversation => {
    const conversation = exchange.conversation(id);
    if (!conversation) throw new HttpError(404, 'conversation:error:not-found', 'No such conversation.');
    return conversation;
  };
  /** The user's own leg in a conversation, live. */
  const ownLeg = (conversation: Conversation, user: User): Leg => {
    const leg = conversation.legs.find(
      (one) => one.channel.type === 'app' && one.to === user.name && !one.end,
    );
    if (!leg)
      throw new HttpError(404, 'conversation:error:member-not-found', 'You are not in this conversation.');
    return leg;
  };

  router.put('/v0.2/sessions/:sid', async (request, response) => {
    const { user, expiresAt } = await holderOf(request);
    const session = sessions.byId(request.params.sid);
    if (session?.holder.user.id !== user.id)
      throw new HttpError(404, 'session:error:not-found', 'No such session.');
    session.livesUntil(expiresAt);
    response.json({ session_id: session.id });
  });

  router.post('/v2/rtc/metrics', async (request, response) => {
    await holderOf(request);
    response.json({});
  });

  router.get('/v0.3/conversations/:cid', async (request, response) => {
    const { user } = await holderOf(request);
    const conversation = conversationOf(request.params.cid);
    if (!isPartOf(conversation, user)) throw noConversation();
    response.json({
      id: conversation.id,
      name: conversation.name,
      timestamp: { created: conversation.createdAt },
      state: isActive(conversation) ? 'ACTIVE' : 'INACTIVE',
    });
  });

  router.get('/v0.3/conversations/:cid/members/me', async (request, response) => {
    const { user } = await holderOf(request);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    const member = calls.memberOf(leg, user);
    response.json({
      id: member.id,
      state: calls.isJoined(leg) ? 'JOINED' : 'INVITED',
      _embedded: { user: member.user },
      channel: { type: 'app', id: leg.uuid },
    });
  });

  router.put('/v0.3/conversations/:cid/members/:mid', async (request, response) => {
    const { user } = await holderOf(request);
    parse(joinBody, request.body);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    sameMember(calls.memberOf(leg, user).id, request.params.mid);
    response.json({ id: calls.join(leg, user).id });
  });

  router.delete('/v0.2/conversations/:cid/members/:mid', async (request, response) => {
    const { user } = await holderOf(request);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    sameMember(calls.memberOf(leg, user).id, request.params.mid);
    const { reason_code: code, reason_text: text } = request.query;
    calls.leave(leg, user, {
      ...(typeof code === 'string' && { code: code.slice(0, 200) }),
      ...(typeof text === 'string' && { text: text.slice(0, 200) }),
    });
    response.json({});
  });

  router.post('/v0.3/conversations/:cid/rtc/:leg/answer', async (request, response) => {
    const { user } = await holderOf(request);
    const { body } = parse(answerBody, request.body);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    await calls.answer(leg, user, body.answer);
    response.json({ id: leg.uuid });
  });

  router.post('/v0.3/conversations/:cid/rtc/:leg/offer', async (request, response) => {
    const { user } = await holderOf(request);
    const { body, originating_session: sid } = parse(offerBody, request.body);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    const session = sid === undefined ? undefined : sessions.byId(sid);
    await calls.renew(leg, user, session?.holder.user.id === user.id ? session : undefined, body.offer.sdp);
    response.json({ id: leg.uuid });
  });

  router.post('/v0.3/conversations/:cid/events', async (request, response) => {
    const { user } = await holderOf(request);
    const event = parse(eventBody, request.body);
    const leg = ownLeg(conversationOf(request.params.cid), user);
    switch (event.type) {
      case 'audio:dtmf':
        response.json({ id: calls.press(leg, user, event.body.digit) });
        return;
      case 'audio:say':
        response.json(say(leg, calls.memberOf(leg, user), event.body, exchange.parts.speaker, calls));
        return;
      default: {
        const what = event.type.includes('mute:') ? 'mute' : 'earmuff';
        response.json({ id: calls.switchAudio(what, event.type.endsWith(':on'), leg, user) });
      }
    }
  });

  router.get('/v0.3/legs/:leg', async (request, response) => {
    const { user } = await holderOf(request);
    const leg = exchange.leg(request.params.leg);
    if (!leg || leg.end || !isPartOf(leg.conversation, user))
      throw new HttpError(404, 'leg:error:not-found', 'No such leg.');
    response.json(describeLeg(leg));
  });

  router.get('/v0.3/conversations/:cid/legs', async (request, response) => {
    const { user } = await holderOf(request);
    const conversation = conversationOf(request.params.cid);
    if (!isPartOf(conversation, user)) throw noConversation();
    const { legs } = conversation;
    response.json({ _embedded: { legs: legs.map(describeLeg) }, _links: {} });
  });

  router.use(explain);
  return router;
}

function noConversation(): HttpError {
  return new HttpError(404, 'conversation:error:not-found', 'No such conversation.');
}

function isPartOf({ legs, movedOn }: Conversation, user: User): boolean {
  return [...legs, ...movedOn].some((one) => one.channel.type === 'app' && one.to === user.name);
}

function describeLeg(leg: Leg) {
  const iso = (time: number | undefined) => (time === undefined ? '' : new Date(time).toISOString());
  const facts = leg.facts();
  const from = leg.from === null ? {} : { type: 'phone', number: leg.from };
  return {
    id: leg.uuid,
    conversation_id: leg.conversation.id,
    status: leg.status,
    start_time: iso(facts.startedAt),
    end_time: iso(facts.endedAt),
    direction: leg.direction,
    type: leg.channel.type,
    from,
    to: leg.channel.type === 'app' ? { type: 'app', user: leg.to } : { type: 'phone', number: leg.to },
    media_state: {
      mute: leg.port.muted,
      earmuff: leg.port.earmuffed,
      play_stream: false,
      tts: false,
      recording: false,
      transcribing: false,
    },
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError(
    400,
    'http:error:validation-fail',
    `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`,
  );
}

function sameMember(actual: string, asked: string): void {
  if (actual !== asked) throw new HttpError(404, 'conversation:error:member-not-found', 'No such member.');
}

/** The page comes from another origin (the application's server): each request has a preflight. */
function allowAnyOrigin(request: Request, response: Response, next: NextFunction): void {
  response.set({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
  });
  if (request.method === 'OPTIONS') response.sendStatus(204);
  else next();
}

function explain(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return void next(error);
  if (error instanceof HttpError) {
    response.status(error.status).json({
      type: error.code,
      code: error.code,
      title: error.message,
      detail: error.message,
      instance: randomUUID(),
    });
    return;
  }
  next(error);
}
