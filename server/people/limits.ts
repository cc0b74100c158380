import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpError } from '../http/errors.ts';

const MINUTE = 60_000;

/** Wrong codes per minute and address: for one name, and for all names together. */
const MOST_FOR_NAME = 5;
const MOST_FOR_ADDRESS = 30;

/** Maximum number of counted keys. The oldest is dropped first. */
const MOST_KEYS = 20_000;

/**
 * Answers too many wrong codes from one address with 429. Only addresses are limited, so that nobody can lock
 * out an agent. Unknown names are treated like any other.
 */
export function limitSignIn(): RequestHandler {
  const forAddress = createCounts(MOST_FOR_ADDRESS);
  const forName = createCounts(MOST_FOR_NAME);
  return (request, response, next) => {
    const address = addressOf(request);
    const name = `${address} ${hashedName(request)}`;
    const endsAt = Math.max(forAddress.fullUntil(address), forName.fullUntil(name));
    if (endsAt > 0) throw tooMany(Math.ceil((endsAt - Date.now()) / 1000));
    // Counted before the code is checked, so that simultaneous attempts count.
    const undo = [forAddress.count(address), forName.count(name)];
    response.once('close', () => {
      if (response.statusCode !== 401) for (const each of undo) each();
    });
    next();
  };
}

/** Requests per minute and address. An agent's page is heard from every three seconds; many share an address. */
const MOST_REQUESTS = 1_200;
const MOST_BEATS = 12_000;

/** Answers more requests per minute and address than pages need with 429. Beats are counted apart. */
export function limitRequests(): RequestHandler {
  const [requests, beats] = [limitOf(MOST_REQUESTS), limitOf(MOST_BEATS)];
  return (request, response, next) => {
    const limit = request.path === '/presence' ? beats : requests;
    return limit(request, response, next);
  };
}

function limitOf(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit,
    keyGenerator: addressOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The app itself configures which proxies are trusted.
    validate: { xForwardedForHeader: false },
    handler: (_request, response, next) => {
      next(tooMany(Number(response.getHeader('retry-after') ?? MINUTE / 1000)));
    },
  });
}

function tooMany(seconds: number): HttpError {
  const words = `Too many attempts. Try again in ${seconds} seconds.`;
  return new HttpError(429, 'too-many-tries', words, { 'Retry-After': String(seconds) });
}

/** A household or server usually has a whole IPv6 /64 network. */
function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '', 64);
}

/** A key of fixed length, however long the name is. Ignores case, as sign-in does. */
function hashedName({ body }: Request): string {
  const typed: unknown = body?.agent;
  const name = typeof typed === 'string' ? typed.trim().toLowerCase() : '';
  return createHash('sha256').update(name).digest('base64url');
}

/** Counts per key up to `most`, for a minute from the first count. */
function createCounts(most: number) {
  /** In the order in which they expire. */
  const counts = new Map<string, { count: number; endsAt: number }>();

  function forgetOld(): void {
    for (const [key, { endsAt }] of counts) {
      if (endsAt > Date.now() && counts.size <= MOST_KEYS) return;
      counts.delete(key);
    }
  }

  return {
    /** When the key is allowed again, in milliseconds since 1970; 0: now. */
    fullUntil(key: string): number {
      forgetOld();
      const found = counts.get(key);
      return found !== undefined && found.count >= most ? found.endsAt : 0;
    },
    /** Returns a function that undoes the count. */
    count(key: string): () => void {
      const counted = counts.get(key) ?? { count: 0, endsAt: Date.now() + MINUTE };
      counts.set(key, counted);
      counted.count += 1;
      return () => {
        counted.count -= 1;
        if (counted.count === 0 && counts.get(key) === counted) counts.delete(key);
      };
    },
  };
}
