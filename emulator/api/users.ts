import express from 'express';
import { z } from 'zod';
import type { Application, Directory, User } from '../account.ts';
import { bearerToken, checkApplicationToken } from '../gateway/tokens.ts';
import { problem } from './problem.ts';

const newUser = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  display_name: z.string().optional(),
});

/** Vonage's Users API, `/v1/users`: what an application needs to have users who can be called. */
export function usersRouter(directory: Directory): express.Router {
  const router = express.Router();
  router.use(express.json({ limit: '64kb' }));

  /** Answers 401 itself. */
  const applicationOf = async (request: express.Request, response: express.Response) => {
    const application = await checkApplicationToken(
      bearerToken(request.headers.authorization) ?? '',
      directory,
    );
    if (!application) {
      problem(
        response,
        401,
        'system:error:invalid-token',
        'Invalid token',
        'An application token without "sub" is needed.',
      );
    }
    return application;
  };
  const notFound = (response: express.Response) =>
    problem(
      response,
      404,
      'user:error:not-found',
      'User not found',
      'User does not exist, or you do not have access.',
    );

  router.get('/', async (request, response) => {
    const application = await applicationOf(request, response);
    if (!application) return;
    const { name } = request.query;
    const users = directory
      .users(application.id)
      .list()
      .filter((user) => name === undefined || user.name === name);
    const self = { href: `${request.protocol}://${request.get('host')}${request.originalUrl}` };
    response.json({
      page_size: users.length,
      _embedded: { users: users.map((user) => describe(user, request)) },
      _links: { first: self, self },
    });
  });

  router.post('/', async (request, response) => {
    const application = await applicationOf(request, response);
    if (!application) return;
    const parsed = newUser.safeParse(request.body ?? {});
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const detail = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`;
      return problem(response, 400, 'http:error:validation-fail', 'Bad request', detail);
    }
    const name = parsed.data.name ?? `NAM-${crypto.randomUUID()}`;
    const user = directory.users(application.id).add(name, parsed.data.display_name);
    if (!user) {
      return problem(
        response,
        409,
        'user:error:duplicate-name',
        'Duplicate name',
        `The name "${name}" is taken.`,
      );
    }
    response.status(201).json(describe(user, request));
  });

  router.get('/:id', async (request, response) => {
    const application = await applicationOf(request, response);
    if (!application) return;
    const user = find(directory, application, request.params.id);
    if (user) response.json(describe(user, request));
    else notFound(response);
  });

  router.delete('/:id', async (request, response) => {
    const application = await applicationOf(request, response);
    if (!application) return;
    const user = find(directory, application, request.params.id);
    if (user && directory.users(application.id).remove(user.id)) response.status(204).end();
    else notFound(response);
  });

  return router;
}

function find(directory: Directory, application: Application, idOrName: string): User | undefined {
  const users = directory.users(application.id);
  return users.byId(idOrName) ?? users.byName(idOrName);
}

function describe(user: User, request: express.Request) {
  return {
    id: user.id,
    name: user.name,
    ...(user.displayName !== undefined && { display_name: user.displayName }),
    properties: { custom_data: {} },
    channels: {},
    timestamp: { created: user.createdAt },
    _links: { self: { href: `${request.protocol}://${request.get('host')}/v1/users/${user.id}` } },
  };
}
