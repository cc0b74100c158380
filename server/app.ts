import type { RequestListener } from 'node:http';
import express from 'express';
import { agentRoutes } from './agents/routes.ts';
import { callRoutes } from './calls/routes.ts';
import type { Context } from './context.ts';
import { answerWithError, nothingHere } from './errors.ts';
import { healthRoutes } from './health.ts';
import { pageRoutes } from './pages.ts';
import { voiceWebhooks } from './voice/routes.ts';

/** The whole server, without the socket that it listens on. */
export function createApp(context: Context): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  // Pages bring tags of their own, and nothing else is the same twice.
  app.disable('etag');
  // A tunnel or a proxy on this machine says how the world reaches it.
  app.set('trust proxy', 'loopback');
  app.use(healthRoutes(context));
  app.use(agentRoutes(context));
  app.use(callRoutes(context));
  app.use(pageRoutes(context));
  app.use(nothingHere);
  app.use(answerWithError(context.terminal));
  // First and with nothing before it: callers wait for these.
  const takeWebhook = voiceWebhooks(context);
  return (request, response) => {
    if (!takeWebhook(request, response)) app(request, response);
  };
}
