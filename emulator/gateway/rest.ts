import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Exchange } from '../calls/exchange.ts';
import { type Conversation, isActive, type Leg } from '../calls/leg.ts';
import { refuseDeep } from '../nesting.ts';
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
const legBody = z.looseObject({
  originating_session: z.string(),
  body: z.looseObject({ offer: z.looseObject({ type: z.literal('offer').optional(), sdp: z.string() }) }),
});
/** The SDK sends as a number whatever the page passed as `to`: a number, or the name of a user. */
const dialled = z
  .string()
  .max(200, 'must have at most 200 characters')
  .regex(/^(?!\+?\d{16})/, 'must be a number in E.164 format: at most 15 digits');
const knockBody = z.looseObject({
  originating_session: z.string(),
  channel: z.looseObject({
    type: z.literal('app').optional(),
    id: z.string(),
    to: z.looseObject({ number: dialled.optional(), user: dialled.optional() }).optional(),
  }),
  properties: z.looseObject({ custom_data: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
const offerBody = z.looseObject({
  originating_session: z.string().optional(),
  body: z.looseObject({ offer: z.looseObject({ sdp: z.string() }) }),
});
const anyEvent = z.looseObject({ type: z.string().max(100) });
const eventBody = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.enum(['audio:mute:on', 'audio:mute:off', 'audio:earmuff:on', 'audio:earmuff:off']),
    from: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('audio:dtmf'),
    from: z.string().optional(),
    body: z.looseObject({ digit: z.string().regex(/^[0-9A-D*#p]{1,64}$/i) }),
  }),
  z.looseObject({
    type: z.literal('audio:say'),
    from: z.string().optional(),
    body: z.looseObject({
      text: z.string().min(1).max(1500),
      level: z.number().optional(),
      loop: z.number().optional(),
    }),
  }),
]);

const LONGEST_BODY = '256kb';

/** The REST half of the Client SDK's protocol (2.3.1): joining, media, in-call actions. */
export function gatewayRouter({ directory, exchange, sessions, calls }: GatewayParts): express.Router {
  const router = express.Router();
  router.use(allowAnyOrigin);
  router.use(express.json({ limit: LONGEST_BODY, strict: false, verify: refuseDeep }));

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
  const ownLeg = (id: string, user: User, which?: { member?: string; leg?: string }): Leg =>
    calls.legOf(conversationOf(id), user, which);
  const ownSession = (id: string, user: User): void => {
    if (sessions.byId(id)?.holder.user.id !== user.id)
      throw new HttpError(404, 'session:error:not-found', 'No such session.');
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
    const { cid } = request.params;
    const conversation =
      exchange.conversation(cid) ??
      exchange.conversations().find((one) => one.name === cid && isPartOf(one, user));
    if (!conversation || !isPartOf(conversation, user)) throw noConversation();
    response.json({
      id: conversation.id,
      name: conversation.name,
      timestamp: { created: conversation.createdAt },
      state: isActive(conversation) ? 'ACTIVE' : 'INACTIVE',
      media_state: NO_MEDIA,
    });
  });

  router.get('/v0.3/conversations/:cid/members/me', async (request, response) => {
    const { user } = await holderOf(request);
    const leg = ownLeg(request.params.cid, user);
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
    const leg = ownLeg(request.params.cid, user, { member: request.params.mid });
    response.json({ id: calls.join(leg, user).id });
  });

  router.delete('/v0.2/conversations/:cid/members/:mid', async (request, response) => {
    const { user } = await holderOf(request);
    const leg = ownLeg(request.params.cid, user, { member: request.params.mid });
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
    const leg = ownLeg(request.params.cid, user, { leg: request.params.leg });
    await calls.answer(leg, user, body.answer);
    response.json({ id: leg.uuid });
  });

  router.post('/v0.3/conversations/:cid/rtc/:leg/offer', async (request, response) => {
    const { user } = await holderOf(request);
    const { body, originating_session: sid } = parse(offerBody, request.body);
    const leg = ownLeg(request.params.cid, user, { leg: request.params.leg });
    const session = sid === undefined ? undefined : sessions.byId(sid);
    await calls.renew(leg, user, session?.holder.user.id === user.id ? session : undefined, body.offer.sdp);
    response.json({ id: leg.uuid });
  });

  router.post('/v0.3/conversations/:cid/events', async (request, response) => {
    const { user } = await holderOf(request);
    const { type } = parse(anyEvent, request.body);
    if (!type.startsWith('audio:')) throw notSupported(`chat, and so no events of type ${type}`);
    const event = parse(eventBody, request.body);
    const leg = ownLeg(request.params.cid, user, event.from === undefined ? {} : { member: event.from });
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

  router.post('/v0.3/legs', async (request, response) => {
    const { user } = await holderOf(request);
    const { body, originating_session: session } = parse(legBody, request.body);
    ownSession(session, user);
    const { leg, answer } = await calls.offer(user, body.offer.sdp);
    response.json({ rtc_id: leg, sdp: answer });
  });

  router.post('/v0.3/knocking', async (request, response) => {
    const holder = await holderOf(request);
    const { channel, properties, originating_session: session } = parse(knockBody, request.body);
    ownSession(session, holder.user);
    const to = channel.to?.number || channel.to?.user;
    const customData = properties?.custom_data ?? {};
    const dialled = { ...(to && { to }), ...(Object.keys(customData).length > 0 && { customData }) };
    response.json({ id: calls.knock(channel.id, holder, dialled) });
  });

  router.delete('/v0.3/knocking/:id', async (request, response) => {
    const { user } = await holderOf(request);
    calls.giveUp(request.params.id, user);
    response.json({});
  });

  router.get('/v0.3/users/:user', async (request, response) => {
    const { user: own, application } = await holderOf(request);
    const users = directory.users(application.id);
    const { user: wanted } = request.params;
    const user = wanted === 'me' ? own : (users.byId(wanted) ?? users.byName(wanted));
    if (!user)
      throw new HttpError(404, 'user:error:not-found', 'User does not exist, or you do not have access.');
    const { id, name, details, createdAt } = user;
    response.json({ id, name, ...details, timestamp: { created: createdAt } });
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

  router.use(async (request, _response, next) => {
    if (request.path.startsWith('/v1/emergency/')) throw notSupported('emergency calls');
    // The address of the socket is no part of the REST half.
    if (!request.path.startsWith('/v0.')) return next();
    await holderOf(request);
    throw notSupported(`chat, and so no ${request.method} ${request.path}`);
  });
  router.use(explain);
  return router;
}

function notSupported(what: string): HttpError {
  return new HttpError(400, 'http:error:not-supported', `The emulator has no ${what}.`);
}

function noConversation(): HttpError {
  return new HttpError(404, 'conversation:error:not-found', 'No such conversation.');
}

function isPartOf({ legs, movedOn }: Conversation, user: User): boolean {
  return [...legs, ...movedOn].some((one) => one.channel.type === 'app' && one.to === user.name);
}

/** What is done with the sound of a leg, or of all legs of a conversation. */
const NO_MEDIA = {
  mute: false,
  earmuff: false,
  play_stream: false,
  tts: false,
  recording: false,
  transcribing: false,
};

function describeLeg(leg: Leg) {
  const iso = (time: number | undefined) => (time === undefined ? '' : new Date(time).toISOString());
  const facts = leg.facts();
  const user = { type: 'app', user: leg.to };
  const from = leg.dialled ? user : leg.from === null ? {} : { type: 'phone', number: leg.from };
  return {
    id: leg.uuid,
    conversation_id: leg.conversation.id,
    status: leg.status,
    start_time: iso(facts.startedAt),
    end_time: iso(facts.endedAt),
    direction: leg.direction,
    type: leg.channel.type,
    from,
    to:
      leg.channel.type === 'app' && !leg.dialled
        ? user
        : { type: 'phone', number: leg.dialled?.to ?? leg.to },
    media_state: { ...NO_MEDIA, mute: leg.port.muted, earmuff: leg.port.earmuffed },
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const invalid = parsed.error.issues.map(({ path, message }) => ({
    name: path.join('.') || 'body',
    reason: message.replace(/^Invalid input: /, ''),
  }));
  const detail = invalid.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new HttpError(400, 'http:error:validation-fail', detail, invalid);
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

function explain(thrown: unknown, _request: Request, response: Response, next: NextFunction): void {
  const error = thrown instanceof HttpError ? thrown : unreadable(thrown);
  if (response.headersSent || !error) return void next(thrown);
  const { status, code, message, invalid } = error;
  response.status(status).json({
    type: code,
    code,
    title: message,
    detail: message,
    instance: randomUUID(),
    ...(invalid.length > 0 && { invalid_parameters: invalid }),
  });
}

/** What the parser of bodies has against one; undefined for any other error. */
function unreadable(error: unknown): HttpError | undefined {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  if (status === 413) {
    const detail = `The request body is longer than ${LONGEST_BODY}.`;
    return new HttpError(413, 'custom-data:error:max-data-sum-limit-exceeded', detail);
  }
  if (status < 400 || status >= 500) return undefined;
  const detail = error instanceof Error ? error.message : 'The request body cannot be read.';
  return new HttpError(status, 'http:error:validation-fail', detail);
}
