import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Exchange } from '../calls/exchange.ts';
import { type Conversation, isActive, type Leg } from '../calls/leg.ts';
import { bearerToken, checkApplicationToken } from '../gateway/tokens.ts';
import type { Application, Directory } from '../provisioning/account.ts';
import type { World } from '../world.ts';
import { baseOf, cursorPage, cursorQuery } from './cursor-page.ts';
import { parsedOrRefused, problem } from './problem.ts';
import { allowOnly, readJson } from './requests.ts';

const text = z.string().min(1).max(200);
const conversationBody = z.looseObject({
  name: text.optional(),
  display_name: z.string().optional(),
  image_url: z.string().optional(),
  properties: z.looseObject({}).optional(),
});

/** The SDKs write states in capitals, the documentation of the API does not. */
const memberState = z
  .string()
  .toUpperCase()
  .pipe(z.enum(['INVITED', 'JOINED', 'LEFT']));
const memberBody = z.looseObject({
  state: memberState.default('JOINED'),
  user: z.looseObject({ id: z.string().optional(), name: z.string().optional() }),
  channel: z.looseObject({}).optional(),
  media: z.looseObject({}).optional(),
});
const memberChange = z.looseObject({ state: memberState });

/** A conversation that was made by the API, or the changes that were made to that of a call. */
interface Kept {
  id: string;
  applicationId: string;
  createdAt: string;
  updatedAt: string;
  details: z.infer<typeof conversationBody>;
  members: Member[];
}

interface Member {
  id: string;
  state: string;
  user: { id: string; name: string };
  channel: object | undefined;
  media?: object;
  timestamp: Record<string, string>;
}

/**
 * Vonage's Conversations API, `/v1/conversations`, as far as Vonage's CLI needs it: conversations and members, those of
 * calls among them. What the API makes is a record only, and no call meets in it.
 */
export function conversationsRouter(
  directory: Directory,
  exchange: Exchange,
  world: Pick<World, 'now' | 'uuid'>,
): express.Router {
  const router = express.Router();
  const kept = new Map<string, Kept>();
  const now = () => new Date(world.now()).toISOString();

  /** Answers 401 itself, before anything of a stranger's is read. */
  const forApplication =
    (handle: (application: Application, request: Request, response: Response) => unknown): RequestHandler =>
    async (request, response) => {
      const token = bearerToken(request.headers.authorization) ?? '';
      const application = await checkApplicationToken(token, directory);
      if (!application) {
        const detail = 'An application token without "sub" is needed, of an application that exists.';
        return problem(response, 401, 'system:error:invalid-token', 'Invalid token', detail);
      }
      if (await readJson(request, response)) handle(application, request, response);
    };

  const recordOf = (call: Conversation): Kept =>
    kept.get(call.id) ?? {
      id: call.id,
      applicationId: call.application.id,
      createdAt: call.createdAt,
      updatedAt: call.createdAt,
      details: { name: call.name },
      members: [],
    };
  const find = (id: string): Kept | undefined => {
    const call = exchange.conversation(id);
    return call ? recordOf(call) : kept.get(id);
  };
  const allOf = (owner: string): Kept[] => {
    const calls = exchange.conversations().filter((call) => call.application.id === owner);
    const made = [...kept.values()].filter(
      ({ id, applicationId }) => applicationId === owner && !exchange.conversation(id),
    );
    return [...made, ...calls.map(recordOf)].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  };
  /** Whether another conversation of the application has a name; answers 409 itself. */
  const isTaken = (
    name: string,
    { id, applicationId }: Pick<Kept, 'id' | 'applicationId'>,
    response: Response,
  ): boolean => {
    if (!allOf(applicationId).some((other) => other.id !== id && other.details.name === name)) return false;
    const detail = `The name "${name}" is taken.`;
    problem(response, 409, 'conversation:error:duplicate-name', 'Duplicate name', detail);
    return true;
  };
  const membersOf = (conversation: Kept): Member[] => [
    ...(exchange.conversation(conversation.id)?.legs ?? []).map((leg) => memberOnLeg(leg, directory)),
    ...conversation.members,
  ];

  const forConversation = (
    handle: (conversation: Kept, request: Request, response: Response) => unknown,
  ): RequestHandler =>
    forApplication((application, request, response) => {
      const conversation = find(String(request.params.id));
      if (conversation?.applicationId === application.id) return handle(conversation, request, response);
      const detail = 'Conversation does not exist, or you do not have access.';
      problem(response, 404, 'conversation:error:not-found', 'Conversation not found', detail);
    });
  const forMember = (
    handle: (member: Member, conversation: Kept, request: Request, response: Response) => unknown,
  ): RequestHandler =>
    forConversation((conversation, request, response) => {
      const member = membersOf(conversation).find(({ id }) => id === request.params.member);
      if (member) return handle(member, conversation, request, response);
      const detail = 'Member does not exist, or you do not have access.';
      problem(response, 404, 'member:error:not-found', 'Member not found', detail);
    });

  const describe = (conversation: Kept, request: Request) => {
    const { id, createdAt, updatedAt, details } = conversation;
    const call = exchange.conversation(id);
    return {
      ...summary(conversation, request),
      state: call === undefined || isActive(call) ? 'ACTIVE' : 'INACTIVE',
      sequence_number: membersOf(conversation).length,
      timestamp: { created: createdAt, updated: updatedAt },
      properties: { ttl: null, custom_data: {}, ...details.properties },
    };
  };

  router
    .route('/')
    .get(
      forApplication((application, request, response) => {
        const query = parsedOrRefused(cursorQuery, request.query, response);
        if (!query) return;
        const { page, links } = cursorPage(request, allOf(application.id), query);
        const conversations = page.map((one) => summary(one, request));
        response.json({ page_size: page.length, _embedded: { conversations }, _links: links });
      }),
    )
    .post(
      forApplication((application, request, response) => {
        const body = parsedOrRefused(conversationBody, request.body ?? {}, response);
        if (!body) return;
        const { name = `NAM-${world.uuid()}` } = body;
        const id = `CON-${world.uuid()}`;
        if (isTaken(name, { id, applicationId: application.id }, response)) return;
        const made = {
          id,
          applicationId: application.id,
          createdAt: now(),
          updatedAt: now(),
          details: { ...body, name },
          members: [],
        };
        kept.set(made.id, made);
        response.status(201).json(describe(made, request));
      }),
    )
    .all(allowOnly('GET, POST'));

  router
    .route('/:id')
    .get(forConversation((conversation, request, response) => response.json(describe(conversation, request))))
    .put(
      forConversation((conversation, request, response) => {
        const body = parsedOrRefused(conversationBody, request.body ?? {}, response);
        if (!body) return;
        if (body.name !== undefined && isTaken(body.name, conversation, response)) return;
        const details = { ...conversation.details, ...body };
        const changed = { ...conversation, details, updatedAt: now() };
        kept.set(changed.id, changed);
        response.json(describe(changed, request));
      }),
    )
    .delete(
      forConversation(({ id }, _request, response) => {
        for (const leg of exchange.conversation(id)?.legs ?? []) leg.finish({ cause: 'hung-up-there' });
        kept.delete(id);
        response.status(204).end();
      }),
    )
    .all(allowOnly('GET, PUT, DELETE'));

  router
    .route('/:id/members')
    .get(
      forConversation((conversation, request, response) => {
        const query = parsedOrRefused(cursorQuery, request.query, response);
        if (!query) return;
        const { page, links } = cursorPage(request, membersOf(conversation), query);
        const members = page.map((member) => describeMember(member, conversation, request));
        response.json({ page_size: page.length, _embedded: { members }, _links: links });
      }),
    )
    .post(
      forConversation((conversation, request, response) => {
        const body = parsedOrRefused(memberBody, request.body ?? {}, response);
        if (!body) return;
        const users = directory.users(conversation.applicationId);
        const { id = '', name = '' } = body.user;
        const user = users.byId(id) ?? users.byName(name);
        if (!user) {
          const detail = 'User does not exist, or you do not have access.';
          return problem(response, 404, 'user:error:not-found', 'User not found', detail);
        }
        const member: Member = {
          id: `MEM-${world.uuid()}`,
          state: body.state,
          user: { id: user.id, name: user.name },
          channel: body.channel,
          ...(body.media && { media: body.media }),
          timestamp: { [body.state.toLowerCase()]: now() },
        };
        const members = [...conversation.members, member];
        kept.set(conversation.id, { ...conversation, members });
        response.status(201).json(describeMember(member, conversation, request));
      }),
    )
    .all(allowOnly('GET, POST'));

  router
    .route('/:id/members/:member')
    .get(
      forMember((member, conversation, request, response) => {
        response.json(describeMember(member, conversation, request));
      }),
    )
    .patch(
      forMember((member, conversation, request, response) => {
        const body = parsedOrRefused(memberChange, request.body ?? {}, response);
        if (!body) return;
        if (body.state === 'LEFT') {
          exchange.leg(legOf(member))?.finish({ cause: 'hung-up-there' });
        }
        const timestamp = { ...member.timestamp, [body.state.toLowerCase()]: now() };
        const changed = { ...member, state: body.state, timestamp };
        const members = conversation.members.map((one) => (one.id === member.id ? changed : one));
        kept.set(conversation.id, { ...conversation, members });
        response.json(describeMember(changed, conversation, request));
      }),
    )
    .all(allowOnly('GET, PATCH'));

  return router;
}

function summary({ id, details: { name, display_name, image_url } }: Kept, request: Request) {
  return {
    id,
    name,
    ...(display_name !== undefined && { display_name }),
    ...(image_url !== undefined && { image_url }),
    _links: { self: { href: `${baseOf(request)}/v1/conversations/${id}` } },
  };
}

/** A leg of a call as a member: for as long as it lasts it has joined. */
function memberOnLeg(leg: Leg, directory: Directory): Member {
  const { channel } = leg;
  const known = channel.type === 'app' && directory.users(leg.application.id).byName(channel.user);
  // Vonage gives whoever is not a user of the application one of its own, and its SDKs rely on there being one.
  const user = known || { id: `USR-${leg.uuid}`, name: `vapi-user-${leg.uuid}` };
  const { answeredAt, endedAt, startedAt } = leg.facts();
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id: `MEM-${leg.uuid}`,
    state: leg.end ? 'LEFT' : answeredAt === undefined ? 'INVITED' : 'JOINED',
    user: { id: user.id, name: user.name },
    channel: { type: channel.type, to: channel },
    media: {
      audio: true,
      audio_settings: { enabled: true, muted: leg.port.muted, earmuffed: leg.port.earmuffed },
    },
    timestamp: {
      invited: iso(startedAt),
      ...(answeredAt !== undefined && { joined: iso(answeredAt) }),
      ...(endedAt !== undefined && { left: iso(endedAt) }),
    },
  };
}

function legOf({ id }: Member): string {
  return id.slice('MEM-'.length);
}

function describeMember({ user, ...member }: Member, conversation: Kept, request: Request) {
  return {
    ...member,
    _embedded: {
      user: { ...user, _links: { self: { href: `${baseOf(request)}/v1/users/${user.id}` } } },
    },
    initiator: {},
    _links: {
      self: { href: `${baseOf(request)}/v1/conversations/${conversation.id}/members/${member.id}` },
    },
  };
}
