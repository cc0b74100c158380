import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { Refusal } from '../http/errors.ts';
import { namedAgent } from './named-agent.ts';

const MINUTE = 60_000;

/**
 * Five wrong codes a minute for one agent from one address, and a hundred an hour for one agent from
 * anywhere, then 429. Names that nobody has share one count, or an attacker could fill the memory with them.
 */
export function limitSignIn(codes: ReadonlyMap<string, string>): RequestHandler[] {
  const agentOf = (request: Request) => {
    const written: unknown = request.body?.agent;
    const agent = typeof written === 'string' ? namedAgent(written, codes.keys()) : '';
    return codes.has(agent) ? agent : '';
  };
  const onlyFailures = { skipSuccessfulRequests: true };
  return [
    limit(5, MINUTE, {
      ...onlyFailures,
      keyGenerator: (request) => `${agentOf(request)} ${addressOf(request)}`,
    }),
    limit(100, 60 * MINUTE, { ...onlyFailures, keyGenerator: agentOf }),
  ];
}

/** So many requests a minute from one address as no page needs, then 429. */
export function limitRequests(): RequestHandler {
  return limit(1200, MINUTE, { keyGenerator: addressOf });
}

function limit(requests: number, windowMs: number, options: Parameters<typeof rateLimit>[0]): RequestHandler {
  return rateLimit({
    windowMs,
    limit: requests,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Which proxies may be believed is the server's own setting.
    validate: { xForwardedForHeader: false },
    handler: (_request, response, next) => {
      const seconds = Number(response.getHeader('retry-after') ?? windowMs / 1000);
      const words = `Too many tries. Try again in ${seconds} seconds.`;
      next(new Refusal(429, 'too-many-tries', words, { 'Retry-After': String(seconds) }));
    },
    ...options,
  });
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}
