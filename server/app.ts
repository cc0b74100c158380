import type { RequestListener } from 'node:http';
import express, { type Express } from 'express';
import { apiRoutes } from './api/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { callRoutes } from './calls/routes.ts';
import { contactRoutes } from './contacts/routes.ts';
import type { Context } from './context.ts';
import { historyRoutes } from './history/routes.ts';
import { answerError, answerWithError, HttpError, nothingHere } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { pageRoutes } from './http/pages.ts';
import { accessRoutes } from './people/access.ts';
import { requireOwnHost, requireSameOrigin } from './people/authenticate.ts';
import { openIdRoutes } from './people/openid-routes.ts';
import { agentRoutes } from './people/routes.ts';
import { deskRoutes } from './routing/desk/routes.ts';
import { outboundRoutes } from './routing/outbound-routes.ts';
import { voiceRoutes } from './voice/routes.ts';
import { voicemailRoutes } from './voicemail/routes.ts';

/** All routes of the server. */
export function expressApp(context: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  // Pages set their own ETag, and no other response is cacheable.
  app.disable('etag');
  // Whose forwarding headers count: a tunnel or proxy on this machine, and those that the settings name.
  app.set('trust proxy', ['loopback', ...context.config.trustedProxies]);
  // Any page can make a local browser send requests, and without sign-in no webhook is signed.
  app.use('/voice', requireSameOrigin);
  if (context.signIn.kind === 'automatic') app.use('/voice', requireOwnHost(context.config.publicUrl));
  app.use('/voice', voiceRoutes(context));
  app.use(healthRoutes(context));
  app.use(accessRoutes(context));
  app.use(agentRoutes(context));
  app.use(openIdRoutes(context));
  app.use(deskRoutes(context));
  app.use(outboundRoutes(context));
  app.use(voicemailRoutes(context));
  app.use(callRoutes(context));
  app.use(contactRoutes(context));
  app.use(historyRoutes(context));
  app.use(auditRoutes(context));
  app.use(apiRoutes());
  app.use(pageRoutes(context));
  app.use(nothingHere);
  app.use(answerWithError(context.terminal));
  return app;
}

/** The request handler of the whole server. */
export function createApp(context: Context): RequestListener {
  const app = expressApp(context);
  return (request, response) => {
    // Express sends no response, not even an error, if it cannot parse the target.
    const target = originForm(request.url ?? '');
    if (target === undefined) {
      const error = new HttpError(400, 'bad-request', 'Invalid request target.');
      answerError(error, request, response, context.terminal);
      return;
    }
    request.url = target;
    app(request, response);
  };
}

/** The path and query of a request target. The target may be an absolute URL, as in requests to a proxy. */
function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  const url = URL.parse(target);
  return url !== null && /^https?:$/.test(url.protocol) ? url.pathname + url.search : undefined;
}
