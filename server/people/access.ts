import { type Request, type RequestHandler, Router } from 'express';
import { ROLES, type Role } from '../../domain/api/page-api.ts';
import type { Context } from '../context.ts';
import { HttpError, nothingHere, onlyMethods } from '../http/errors.ts';
import { type People, requireOwnHost, requireSameOrigin, viewerIn } from './authenticate.ts';
import { limitRequests } from './limits.ts';

/** `anyone`: needs no sign-in. Otherwise one of the roles is needed. */
type Allowed = 'anyone' | readonly Role[];

type Method = 'get' | 'post' | 'put' | 'delete';

/**
 * Who may send which request. What is not listed here is answered with 404. docs/accounts.md has the same table, and
 * `server/api/operations.ts` describes each request.
 */
export const ACCESS = {
  '/api/session': { get: 'anyone', post: 'anyone', delete: 'anyone' },
  '/api/invitation': { post: 'anyone' },
  '/api/openid/start': { get: 'anyone' },
  '/api/openid/callback': { get: 'anyone' },
  '/api/token': { post: ['agent'] },
  '/api/presence': { post: ['agent'] },
  '/api/choice': { put: ['agent'] },
  '/api/wrap-up': { post: ['agent'] },
  '/api/desk': { get: ROLES },
  '/api/desk/feed': { get: ['agent'] },
  '/api/desk/report': { post: ['agent'] },
  '/api/desk/options': { get: ['agent', 'supervisor'] },
  '/api/outbound': { get: ['agent', 'supervisor'] },
  // Agents see it of themselves.
  '/api/desk/calls/:id/rings': { get: ['agent', 'supervisor'] },
  // What only supervisors may do in a call is refused by the desk.
  '/api/desk/calls/:id/control': { post: ['agent', 'supervisor'] },
  '/api/desk/agents/:name/control': { post: ['supervisor'] },
  // Agents see their own calls, and the messages of their queues.
  '/api/calls': { get: ROLES },
  '/api/calls/:id': { get: ROLES },
  '/api/calls/:id/export/:format': { get: ROLES },
  '/api/calls/:id/entries/:entryId/replay': { post: ['developer'] },
  '/api/legs/:id': { get: ROLES },
  '/api/feed': { get: ROLES },
  '/api/voicemails': { get: ['agent', 'supervisor'] },
  '/api/voicemails/:id': { delete: ['agent', 'supervisor'] },
  '/api/voicemails/:id/audio': { get: ['agent', 'supervisor'] },
  '/api/voicemails/:id/heard': { put: ['agent', 'supervisor'] },
  '/api/figures': { get: ['supervisor'] },
  '/api/figures/calls': { get: ['supervisor'] },
  '/api/wall/feed': { get: ['supervisor'] },
  // Everyone's contacts; all at once, and all that is stored of a number, are for supervisors.
  '/api/contacts': { get: ['agent', 'supervisor'] },
  '/api/contacts/import': { post: ['supervisor'] },
  '/api/contacts/export': { get: ['supervisor'] },
  '/api/contacts/:number': {
    get: ['agent', 'supervisor'],
    put: ['agent', 'supervisor'],
    delete: ['agent', 'supervisor'],
  },
  '/api/contacts/:number/notes': { post: ['agent', 'supervisor'] },
  '/api/callers/:number': { get: ['agent', 'supervisor'] },
  // Agents see their own history, and the callbacks of their queues.
  '/api/history': { get: ['agent', 'supervisor'] },
  '/api/history/seen': { post: ['agent', 'supervisor'] },
  '/api/callbacks': { get: ['agent', 'supervisor'] },
  '/api/callbacks/:id': { delete: ['agent', 'supervisor'] },
  '/api/audit': { get: ['supervisor'] },
  '/api/audit/export': { get: ['supervisor'] },
  '/api/openapi.json': { get: ROLES },
} as const satisfies AccessTable;

type AccessTable = Readonly<Record<string, Partial<Record<Method, Allowed>>>>;

/**
 * Stands before all routes of the API: lets requests through that may be sent, with their viewer in
 * `response.locals`, and answers all others.
 */
export function accessRoutes({ clock, config, signIn, roster }: Context): Router {
  const people = { signIn, roster };
  const router = Router();
  router.use('/api', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    // What people wrote comes back from here: no browser may take it for a page.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  if (signIn.kind === 'automatic') router.use('/api', requireOwnHost(config.publicUrl));
  router.use('/api', limitRequests(clock));
  for (const [path, methods] of Object.entries<AccessTable[string]>(ACCESS)) {
    const route = router.route(path);
    const allowed = Object.keys(methods).map((method) => method.toUpperCase());
    const takesHead = !/\/(feed|export|callback)$/.test(path);
    // Express would treat it as GET: open a feed that never ends, record an export, or use up a sign-in.
    if (!takesHead) route.head(onlyMethods(...allowed));
    if (methods.get !== undefined) route.get(letIn(people, methods.get));
    for (const method of ['post', 'put', 'delete'] as const) {
      const who = methods[method];
      if (who !== undefined) route[method](requireSameOrigin, letIn(people, who));
    }
    route.all(
      onlyMethods(...allowed.flatMap((name) => (name === 'GET' && takesHead ? ['GET', 'HEAD'] : name))),
    );
  }
  router.use('/api', nothingHere);
  return router;
}

function letIn(people: People, allowed: Allowed): RequestHandler {
  return async (request: Request, response, next) => {
    if (allowed !== 'anyone') {
      const viewer = await viewerIn(request, people);
      if (viewer === undefined) throw new HttpError(401, 'sign-in-needed', 'Sign in first.');
      if (!allowed.some((role) => viewer.roles.includes(role))) throw roleMissing(allowed);
      response.locals.viewer = viewer;
    }
    // Out of this router, to the route itself.
    next('router');
  };
}

function roleMissing(allowed: readonly Role[]): HttpError {
  const roles = allowed.map((role) => `${role}s`).join(' and ');
  return new HttpError(
    403,
    'role-missing',
    `This is for ${roles}. Ask the person who runs this server for the role: npm run agents -- --help`,
  );
}
