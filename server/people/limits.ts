import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpError } from '../http/errors.ts';

const MINUTE = 60_000;

/** Wrong codes a minute from one address: for one name, and for all names together. */
const MOST_FOR_NAME = 5;
const MOST_FOR_ADDRESS = 30;

/** Keys that are counted at once; the oldest is forgotten first. */
const MOST_KEYS = 20_000;

/**
 * Too many wrong codes from one address: 429. Addresses are all that counts, so that nobody can lock out somebody
 * else; a name that no agent has is treated like any other.
 */
export function limitSignIn(): RequestHandler {
  const forAddress = createCounts(MOST_FOR_ADDRESS);
  const forName = createCounts(MOST_FOR_NAME);
  return (request, response, next) => {
    const address = addressOf(request);
    const name = `${address} ${hashedName(request)}`;
    const endsAt = Math.max(forAddress.fullUntil(address), forName.fullUntil(name));
    if (endsAt > 0) throw tooMany(Math.ceil((endsAt - Date.now()) / 1000));
    // Before the code is looked at, so that attempts at the same time count.
    const undo = [forAddress.count(address), forName.count(name)];
    response.once('close', () => {
      if (response.statusCode !== 401) for (const each of undo) each();
    });
    next();
  };
}

/** More requests a minute from one address than any page needs: 429. */
export function limitRequests(): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit: 1200,
    keyGenerator: addressOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Which proxies may be believed is the server's own setting.
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

/** An IPv6 network of a household or a server has 64 bits. */
function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '', 64);
}

/** Of one length, however long a name was typed. Names count in any case, as at sign-in. */
function hashedName({ body }: Request): string {
  const typed: unknown = body?.agent;
  const name = typeof typed === 'string' ? typed.trim().toLowerCase() : '';
  return createHash('sha256').update(name).digest('base64url');
}

/** Counts for a minute from the first of a key, up to `most`. */
function createCounts(most: number) {
  /** In the order in which they end. */
  const counts = new Map<string, { count: number; endsAt: number }>();

  function forgetOld(): void {
    for (const [key, { endsAt }] of counts) {
      if (endsAt > Date.now() && counts.size <= MOST_KEYS) return;
      counts.delete(key);
    }
  }

  return {
    /** When the key may be counted again, in milliseconds since 1970; 0: now. */
    fullUntil(key: string): number {
      forgetOld();
      const found = counts.get(key);
      return found !== undefined && found.count >= most ? found.endsAt : 0;
    },
    /** Returns its undo. */
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
