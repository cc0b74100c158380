import { Router } from 'express';
import type { Context } from './context.ts';
import { onlyMethods } from './errors.ts';

/** Milliseconds that one look at the platform is good for: probes must not use up its request limit. */
const FRESH_MS = 5_000;

/** For what watches this server: does it live, and can it work? */
export function healthRoutes({ vonage }: Pick<Context, 'vonage'>): Router {
  let asked: Promise<boolean> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  function platformIsReachable(): Promise<boolean> {
    if (asked === undefined || performance.now() - askedAt > FRESH_MS) {
      asked = vonage.isReachable();
      askedAt = performance.now();
    }
    return asked;
  }

  const router = Router();
  router
    .route('/healthz')
    .get((_request, response) => void response.json({ status: 'ok' }))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const platform = await platformIsReachable();
      response.status(platform ? 200 : 503).json({
        status: platform ? 'ready' : 'not ready',
        platform: platform ? 'reachable' : 'unreachable',
      });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
