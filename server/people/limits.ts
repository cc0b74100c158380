import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Clock } from '../clock.ts';
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
export function limitSignIn({ now }: Clock): RequestHandler {
  const forAddress = createCounts(MOST_FOR_ADDRESS, now);
  const forName = createCounts(MOST_FOR_NAME, now);
  return (request, response, next) => {
    const address = addressOf(request);
    const name = `${address} ${hashedName(request)}`;
    const fullFor = Math.max(forAddress.fullFor(address), forName.fullFor(name));
    if (fullFor > 0) throw tooMany(fullFor);
    // Counted before the code is checked, so that simultaneous attempts count.
    const counted = [forAddress.increment(address), forName.increment(name)];
    response.once('close', () => {
      if (response.statusCode !== 401) for (const { undo } of counted) undo();
    });
    next();
  };
}

/** Requests per minute and address. An agent's page is heard from every three seconds; many share an address. */
const MOST_REQUESTS = 1_200;
const MOST_BEATS = 12_000;

/** Answers more requests per minute and address than pages need with 429. Beats are counted apart. */
export function limitRequests({ now }: Clock): RequestHandler {
  const [requests, beats] = [limitOf(MOST_REQUESTS, now), limitOf(MOST_BEATS, now)];
  return (request, response, next) => {
    const limit = request.path === '/presence' ? beats : requests;
    return limit(request, response, next);
  };
}

function limitOf(limit: number, now: () => number): RequestHandler {
  const counts = createCounts(limit, now);
  return rateLimit({
    windowMs: MINUTE,
    limit,
    // The library's own counts run on the machine's clock. It never calls the other two with these options.
    store: { increment: counts.increment, decrement: () => {}, resetKey: () => {} },
    keyGenerator: addressOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The app itself configures which proxies are trusted.
    validate: { xForwardedForHeader: false },
    handler: (request, _response, next) => next(tooMany(counts.fullFor(addressOf(request)))),
  });
}

function tooMany(milliseconds: number): HttpError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
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

/** Counts per key, for a minute from the first count. `now`: milliseconds since 1970. */
function createCounts(most: number, now: () => number) {
  /** In the order in which they expire. */
  const counts = new Map<string, { count: number; endsAt: number }>();

  /** A clock that was set back makes no minute longer. */
  const isOver = (endsAt: number) => endsAt <= now() || endsAt > now() + MINUTE;

  function forgetOld(): void {
    for (const [key, { endsAt }] of counts) {
      if (!isOver(endsAt) && counts.size <= MOST_KEYS) return;
      counts.delete(key);
    }
  }

  function counted(key: string) {
    forgetOld();
    const found = counts.get(key);
    return found === undefined || isOver(found.endsAt) ? undefined : found;
  }

  return {
    /** Milliseconds until the key is allowed again; 0: it is. */
    fullFor(key: string): number {
      const found = counted(key);
      return found !== undefined && found.count >= most ? found.endsAt - now() : 0;
    },
    /** `undo` takes it back. */
    increment(key: string) {
      const found = counted(key) ?? { count: 0, endsAt: now() + MINUTE };
      counts.set(key, found);
      found.count += 1;
      const undo = () => {
        found.count -= 1;
        if (found.count === 0 && counts.get(key) === found) counts.delete(key);
      };
      return { totalHits: found.count, resetTime: new Date(found.endsAt), undo };
    },
  };
}
