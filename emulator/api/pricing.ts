import type { Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import { COUNTRIES } from '../provisioning/market.ts';
import type { Provisioning } from '../provisioning/provisioning.ts';
import { PHONE_RATE } from '../webhooks/call-events.ts';
import { answerCode, forParameterAccount } from './accounts.ts';

const PRICE = PHONE_RATE.toFixed(8);
const NAMES = new Intl.DisplayNames('en', { type: 'region' });

const service = z.object({ type: z.enum(['voice', 'sms', 'sms-transit']) });
const byCountry = z.object({ country: z.string().toUpperCase().length(2) });
const byPrefix = z.object({ prefix: z.string().regex(/^\d{1,15}$/) });

/**
 * Vonage's Pricing API, `/account/get-pricing/outbound/{type}` and its siblings, with the shapes of its OpenAPI file.
 * Every country and network costs what the calls of the platform cost.
 */
export function pricingRouter(provisioning: Provisioning): express.Router {
  const router = express.Router();
  const serve = (path: string, answer: (request: Request, response: Response) => void) =>
    router.get(
      path,
      forParameterAccount(provisioning, (_account, request, response) => {
        if (service.safeParse(request.params).success) answer(request, response);
        else answerCode(response, 404, 'not found');
      }),
    );

  serve('/account/get-pricing/outbound/:type', (request, response) => {
    const wanted = byCountry.safeParse(request.query);
    if (!wanted.success) return missing(response, 'country');
    const found = COUNTRIES.find(({ country }) => country === wanted.data.country);
    if (!found) return answerCode(response, 404, 'not found');
    response.json(describe(found));
  });

  serve('/account/get-full-pricing/outbound/:type', (_request, response) => {
    response.json(listOf(COUNTRIES));
  });

  serve('/account/get-prefix-pricing/outbound/:type', (request, response) => {
    const wanted = byPrefix.safeParse(request.query);
    if (!wanted.success) return missing(response, 'prefix');
    response.json(listOf(COUNTRIES.filter(({ prefix }) => prefix === wanted.data.prefix)));
  });

  return router;
}

function missing(response: Response, parameter: string): void {
  response.status(400).json({
    type: 'BAD_REQUEST',
    error_title: 'Bad Request',
    invalid_parameters: { [parameter]: 'Is required' },
  });
}

/** The count is a text. */
function listOf(countries: typeof COUNTRIES) {
  return { count: String(countries.length), countries: countries.map(describe) };
}

function describe({ country, prefix }: (typeof COUNTRIES)[number]) {
  const name = NAMES.of(country) ?? country;
  return {
    countryCode: country,
    countryName: name,
    countryDisplayName: name,
    currency: 'EUR',
    defaultPrice: PRICE,
    dialingPrefix: prefix,
    networks: ['landline', 'mobile'].map((type) => ({
      type,
      price: PRICE,
      currency: 'EUR',
      networkCode: `${country}-${type.toUpperCase()}`,
      networkName: `${name} ${type}`,
    })),
  };
}
