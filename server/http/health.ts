import { type Request, type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { onlyMethods } from './errors.ts';
import { onlyMetricsReaders } from './metrics-access.ts';

/** Milliseconds for which a check of the platform is cached, so that probes do not use up its rate limit. */
const FRESH_MS = 5_000;

/** Headers of requests that proxies are known to remove, and without which something does not work. */
const FRAGILE_HEADERS = ['authorization', 'last-event-id', 'range', 'x-forwarded-for'] as const;

/** Milliseconds after which the feed ends: much longer than a message needs that nothing holds back. */
const STREAM_MS = 6_000;

/**
 * A feed of one message, which names the fragile headers that arrived. By it `npm run doctor` finds out what proxies do
 * to feeds: it must get the message long before the end.
 */
function showStream({ headers }: Request, response: Response): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write(`data:${JSON.stringify(FRAGILE_HEADERS.filter((name) => headers[name] !== undefined))}\n\n`);
  const ending = setTimeout(() => response.end(), STREAM_MS).unref();
  response.once('close', () => clearTimeout(ending));
}

/** Liveness and readiness checks. */
export function healthRoutes({ config, vonage, log, metrics, stopping }: Context): Router {
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
  router.route('/healthz/stream').get(showStream).all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      if (stopping.aborted) return void response.status(503).json({ status: 'stopping' });
      const [platform, store] = await Promise.all([
        platformIsReachable(),
        log.check().then(
          () => true,
          () => false,
        ),
      ]);
      const ready = platform && store;
      response.status(ready ? 200 : 503).json({
        status: ready ? 'ready' : 'not ready',
        platform: platform ? 'reachable' : 'unreachable',
        store: store ? 'works' : 'does not work',
      });
    })
    .all(onlyMethods('GET', 'HEAD'));
  // For load balancers: what all servers share may be away, and this one still connects callers.
  router
    .route('/readyz/server')
    .get((_request, response) => {
      const status = stopping.aborted ? 'stopping' : 'ready';
      response.status(stopping.aborted ? 503 : 200).json({ status });
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/metrics')
    .get(onlyMetricsReaders(config.metricsToken), async (_request, response) => {
      response.type(metrics.contentType).send(await metrics.text());
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
