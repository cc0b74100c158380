import express, { type Express } from 'express';
import { agentRoutes } from './agents/routes.ts';
import { callRoutes } from './calls/routes.ts';
import type { Context } from './context.ts';
import { answerWithError, nothingHere } from './errors.ts';
import { healthRoutes } from './health.ts';
import { pageRoutes } from './pages.ts';
import { voiceRoutes } from './voice/routes.ts';

/** The whole server, without the socket that it listens on. */
export function createApp(context: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers to webhooks are never the same twice; pages bring tags of their own.
  app.disable('etag');
  // A tunnel or a proxy on this machine says how the world reaches it.
  app.set('trust proxy', 'loopback');
  // First and with nothing before it: callers wait for these.
  app.use(voiceRoutes(context));
  app.use(healthRoutes(context));
  app.use(agentRoutes(context));
  app.use(callRoutes(context));
  app.use(pageRoutes(context));
  app.use(nothingHere);
  app.use(answerWithError(context.terminal));
  return app;
}
