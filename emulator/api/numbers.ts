import type { Request } from 'express';
import express from 'express';
import { z } from 'zod';
import type { NumberUse } from '../provisioning/numbers.ts';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import type { MarketNumber, OwnedNumber } from '../provisioning/state.ts';
import { FEATURES, LINE_TYPES } from '../provisioning/state.ts';
import { answerCode, forParameterAccount, parametersOf, readForm } from './accounts.ts';

/** A filter that cannot be read is ignored. */
const country = z.string().toUpperCase().length(2);
const filter = z.object({
  country: country.optional().catch(undefined),
  type: z.enum(LINE_TYPES).optional().catch(undefined),
  features: z.string().toUpperCase().optional().catch(undefined),
  pattern: z.string().optional().catch(undefined),
  /** 0: begins with the pattern; 1: contains it; 2: ends with it. */
  search_pattern: z.coerce.number().catch(0),
  application_id: z.string().optional().catch(undefined),
  has_application: z.stringbool().optional().catch(undefined),
  size: z.coerce.number().int().min(1).max(100).catch(10),
  index: z.coerce.number().int().min(1).catch(1),
});

const name = z.object({ country, msisdn: z.string().min(1) });

const text = z.string().min(1).optional().catch(undefined);
const use = z.object({
  app_id: text,
  moHttpUrl: text,
  moSmppSysType: text,
  voiceCallbackType: z.enum(['app', 'sip', 'tel']).optional().catch(undefined),
  voiceCallbackValue: text,
  voiceStatusCallback: text,
});

/**
 * Vonage's Numbers API: `/account/numbers`, `/number/search`, `/number/buy`, `/number/cancel`, `/number/update`,
 * for API key and secret by Basic or as parameters. What went wrong is always "method failed".
 * @param log told in words why.
 */
export function numbersRouter(provisioning: Provisioning, log: (line: string) => void): express.Router {
  const { numbers } = provisioning;
  const router = express.Router();
  /** Answers a change: `change` says in words why it cannot be made, or nothing. */
  const changing = (
    what: string,
    change: (account: Account, number: z.infer<typeof name>, request: Request) => string | undefined,
  ) =>
    forParameterAccount(provisioning, (account, request, response) => {
      const named = name.safeParse(parametersOf(request));
      const fault = named.success ? change(account, named.data, request) : 'country and msisdn are needed';
      if (fault === undefined) return answerCode(response, 200, 'success');
      log(`Numbers API: ${what} failed: ${fault}.`);
      answerCode(response, 420, 'method failed');
    });

  router.get(
    '/account/numbers',
    forParameterAccount(provisioning, (account, request, response) => {
      const wanted = filter.parse(request.query);
      const { application_id: id, has_application: isLinked } = wanted;
      const found = numbers
        .of(account.apiKey)
        .filter((one) => matches(one, wanted))
        .filter((one) => id === undefined || one.applicationId === id)
        .filter((one) => isLinked === undefined || (one.applicationId !== undefined) === isLinked);
      response.json(pageOf(found.map(describe), wanted));
    }),
  );

  router.get(
    '/number/search',
    forParameterAccount(provisioning, (_account, request, response) => {
      const wanted = filter.parse(request.query);
      response.json(
        pageOf(
          numbers.offers().filter((one) => matches(one, wanted)),
          wanted,
        ),
      );
    }),
  );

  router.post(
    '/number/buy',
    readForm,
    changing('buying', (account, number) =>
      numbers.buy(account, number)
        ? undefined
        : `${number.msisdn} (${number.country}) is not for sale, or costs more than the balance`,
    ),
  );

  router.post(
    '/number/cancel',
    readForm,
    changing('cancelling', (account, number) =>
      numbers.cancel(account, number) ? undefined : notOwned(number),
    ),
  );

  router.post(
    '/number/update',
    readForm,
    changing('updating', (account, number, request) => {
      const wanted = useOf(parametersOf(request));
      const { applicationId } = wanted;
      if (applicationId !== undefined) {
        const application = provisioning.applications.get(applicationId);
        if (application?.apiKey !== account.apiKey) return `the account has no application ${applicationId}`;
      }
      return numbers.update(account, number, wanted) ? undefined : notOwned(number);
    }),
  );

  return router;
}

function notOwned({ country, msisdn }: z.infer<typeof name>): string {
  return `the account owns no number ${msisdn} in ${country}`;
}

/** What is left out is taken away: an update without an application unlinks the number. */
function useOf(parameters: unknown): NumberUse {
  const { app_id, ...given } = use.parse(parameters);
  const { voiceCallbackType: type, voiceCallbackValue: value } = given;
  const applicationId = app_id ?? (type === 'app' ? value : undefined);
  const settings = {
    ...(given.moHttpUrl !== undefined && { moHttpUrl: given.moHttpUrl }),
    ...(given.moSmppSysType !== undefined && { moSmppSysType: given.moSmppSysType }),
    ...(given.voiceStatusCallback !== undefined && { voiceStatusCallback: given.voiceStatusCallback }),
    ...(type !== undefined && type !== 'app' && { voiceCallbackType: type }),
    ...(value !== undefined && type !== 'app' && { voiceCallbackValue: value }),
  };
  return { settings, ...(applicationId !== undefined && { applicationId }) };
}

/** A number's application, under the names of several API versions. */
function describe({ applicationId, settings, cost: _, ...number }: OwnedNumber) {
  return {
    ...number,
    moHttpUrl: '',
    ...settings,
    ...(applicationId !== undefined && {
      voiceCallbackType: 'app',
      voiceCallbackValue: applicationId,
      messagesCallbackType: 'app',
      messagesCallbackValue: applicationId,
      app_id: applicationId,
    }),
  };
}

function matches(number: MarketNumber, wanted: z.infer<typeof filter>): boolean {
  const { country, type, features, pattern = '', search_pattern: where } = wanted;
  const digits = pattern.replace(/\D/g, '');
  const { msisdn } = number;
  const fits =
    where === 2 ? msisdn.endsWith(digits) : where === 1 ? msisdn.includes(digits) : msisdn.startsWith(digits);
  const asked = features?.split(',') ?? [];
  return (
    fits &&
    (country === undefined || number.country === country) &&
    (type === undefined || number.type === type) &&
    FEATURES.every((one) => !asked.includes(one) || number.features.includes(one))
  );
}

/** An empty list is sent as an empty object. */
function pageOf<T>(found: T[], { size, index }: z.infer<typeof filter>): { count?: number; numbers?: T[] } {
  if (found.length === 0) return {};
  return { count: found.length, numbers: found.slice((index - 1) * size, index * size) };
}
