import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { OutboundCheck } from '../../domain/api/outbound-api.ts';
import { formatNumber, numberIn } from '../contacts/phone-numbers.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';

/** The query of `GET /api/outbound`. */
export const outboundQuery = z.object({
  number: z.string('must be given once').max(200, 'must be at most 200 characters'),
});

/** Tells pages what agents may dial. */
export function outboundRoutes({ routing }: Context): Router {
  function check(request: Request, response: Response): void {
    const given = outboundQuery.safeParse(request.query);
    if (!given.success) {
      throw new HttpError(400, 'bad-request', `number ${given.error.issues[0]?.message}.`);
    }
    const { number: text } = given.data;
    const found = routing.readDialled(text);
    const number = 'number' in found ? found.number : null;
    const shown = number ?? (text.trim().startsWith('+') ? numberIn(text) : undefined);
    const { formatted, country } = shown === undefined ? NO_NUMBER : formatNumber(shown, 'en');
    response.json({
      allowed: number !== null,
      number,
      formatted,
      country,
      reason: 'reason' in found ? found.reason : null,
      words: 'words' in found ? found.words : null,
    } satisfies OutboundCheck);
  }

  const router = Router();
  router.get('/api/outbound', check);
  return router;
}

const NO_NUMBER = { formatted: null, country: null } as const;
