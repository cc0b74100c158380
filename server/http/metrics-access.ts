import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { HttpError } from './errors.ts';
import { isFromThisMachine } from './sender.ts';

/**
 * Requires the token as a bearer token. Without a configured token, only local programs may pass; requests
 * through a proxy or to another host name do not count as local.
 */
export function onlyMetricsReaders(token: string | undefined): RequestHandler {
  return (request, _response, next) => {
    const may = token === undefined ? isFromThisMachine(request) : bringsToken(request, token);
    if (may) return next();
    const words =
      token === undefined
        ? 'To read metrics from another machine, set METRICS_TOKEN.'
        : 'Metrics need METRICS_TOKEN as a bearer token.';
    throw new HttpError(401, 'not-allowed', words, { 'WWW-Authenticate': 'Bearer realm="metrics"' });
  };
}

/** Whether a request has this token, compared in constant time. */
function bringsToken({ headers }: Request, token: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(sha256(given), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
