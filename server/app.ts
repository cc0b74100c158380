import type { RequestListener } from 'node:http';
import express from 'express';
import { callRoutes } from './calls/routes.ts';
import type { Context } from './context.ts';
import { answerError, answerWithError, HttpError, nothingHere } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { pageRoutes } from './http/pages.ts';
import { requireOwnHost, requireSameOrigin } from './people/authenticate.ts';
import { agentRoutes } from './people/routes.ts';
import { voiceRoutes } from './voice/routes.ts';

/** The whole server, without the socket that it listens on. */
export function createApp(context: Context): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  // Pages bring tags of their own, and nothing else is the same twice.
  app.disable('etag');
  // A tunnel or a proxy on this machine says how the world reaches it.
  app.set('trust proxy', 'loopback');
  // Pages of any origin can make a browser here send requests, and where nobody signs in nothing is signed.
  app.use('/voice', requireSameOrigin);
  if (context.signIn.kind === 'automatic') app.use('/voice', requireOwnHost(context.config.publicUrl));
  app.use('/voice', voiceRoutes(context));
  app.use(healthRoutes(context));
  app.use(agentRoutes(context));
  app.use(callRoutes(context));
  app.use(pageRoutes(context));
  app.use(nothingHere);
  app.use(answerWithError(context.terminal));
  return (request, response) => {
    // Express serves nothing, not even an error, where it cannot read the target.
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

/** The path and query that a request is for: it may name the whole address, as those to a proxy do. */
function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  const url = URL.parse(target);
  return url !== null && /^https?:$/.test(url.protocol) ? url.pathname + url.search : undefined;
}
