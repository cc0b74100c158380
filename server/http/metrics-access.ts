import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { HttpError } from './errors.ts';
import { isFromThisMachine } from './sender.ts';

/**
 * Lets through who brings the token as a bearer. Without a token only programs on this machine may pass;
 * what came by a proxy here, or was addressed to another name, is from elsewhere.
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

/** Whether a request brings this token, in a time that tells nothing about it. */
function bringsToken({ headers }: Request, token: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(sha256(given), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
