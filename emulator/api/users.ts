import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { bearerToken, checkApplicationToken } from '../gateway/tokens.ts';
import type { Application, Directory, User } from '../provisioning/account.ts';
import { userDetails } from '../provisioning/state.ts';
import type { World } from '../world.ts';
import { baseOf, cursorPage, cursorQuery } from './cursor-page.ts';
import { parsedOrRefused, problem } from './problem.ts';
import { allowOnly, readJson } from './requests.ts';

const userBody = userDetails.extend({ name: z.string().min(1).max(200).exactOptional() });

const listQuery = cursorQuery.extend({ name: z.string().optional() });

/** Vonage's Users API, `/v1/users`: those of an application, for its own token. */
export function usersRouter(directory: Directory, world: Pick<World, 'uuid'>): express.Router {
  const router = express.Router();

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
  const forUser = (
    handle: (user: User, application: Application, request: Request, response: Response) => unknown,
  ) =>
    forApplication((application, request, response) => {
      const users = directory.users(application.id);
      const id = String(request.params.id);
      const user = users.byId(id) ?? users.byName(id);
      if (user) return handle(user, application, request, response);
      const detail = 'User does not exist, or you do not have access.';
      problem(response, 404, 'user:error:not-found', 'User not found', detail);
    });

  router.get(
    '/',
    forApplication((application, request, response) => {
      const query = parsedOrRefused(listQuery, request.query, response);
      if (!query) return;
      const all = directory.users(application.id).list();
      const found = query.name === undefined ? all : all.filter((user) => user.name === query.name);
      const { page, links: _links } = cursorPage(request, found, query);
      response.json({
        page_size: page.length,
        _embedded: { users: page.map((user) => ({ ...summary(user), _links: links(user, request) })) },
        _links,
      });
    }),
  );

  router.post(
    '/',
    forApplication((application, request, response) => {
      const body = parsedOrRefused(userBody, request.body ?? {}, response);
      if (!body) return;
      const { name = `NAM-${world.uuid()}`, ...details } = body;
      const user = directory.users(application.id).add(name, details);
      if (user) response.status(201).json(describe(user, request));
      else nameIsTaken(response, name);
    }),
  );

  router.get(
    '/:id',
    forUser((user, _application, request, response) => response.json(describe(user, request))),
  );

  router.patch(
    '/:id',
    forUser((user, application, request, response) => {
      const body = parsedOrRefused(userBody, request.body ?? {}, response);
      if (!body) return;
      const { name = user.name, ...details } = body;
      const isChanged = directory.users(application.id).change(user.id, name, details);
      if (isChanged) response.json(describe(user, request));
      else nameIsTaken(response, name);
    }),
  );

  router.delete(
    '/:id',
    forUser((user, application, _request, response) => {
      directory.users(application.id).remove(user.id);
      response.status(204).end();
    }),
  );

  router.all('/', allowOnly('GET, POST'));
  router.all('/:id', allowOnly('GET, PATCH, DELETE'));
  return router;
}

function nameIsTaken(response: Response, name: string): void {
  problem(response, 409, 'user:error:duplicate-name', 'Duplicate name', `The name "${name}" is taken.`);
}

function summary({ id, name, details: { display_name } }: User) {
  return { id, name, ...(display_name !== undefined && { display_name }) };
}

function describe(user: User, request: Request) {
  return {
    ...summary(user),
    properties: { custom_data: {} },
    channels: {},
    ...user.details,
    timestamp: { created: user.createdAt },
    _links: links(user, request),
  };
}

function links(user: User, request: Request) {
  return { self: { href: `${baseOf(request)}/v1/users/${user.id}` } };
}
