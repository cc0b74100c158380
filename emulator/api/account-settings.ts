import express from 'express';
import { z } from 'zod';
import type { Provisioning } from '../provisioning/provisioning.ts';
import { answerCode, forParameterAccount, parametersOf, readForm } from './accounts.ts';

/** Euros that each top-up brings. */
const TOP_UP = 10;

const topUp = z.object({ trx: z.string().min(1) });

/** An empty address takes the address away. */
const address = z.union([z.literal(''), z.url({ protocol: /^https?$/, hostname: /.*/ })]).optional();
const callbacks = z.object({ moCallBackUrl: address, drCallBackUrl: address });

/** Requests a second, as Vonage tells them to a new account. */
const RATES = { 'max-outbound-request': 30, 'max-inbound-request': 30, 'max-calls-per-second': 30 };

/** Vonage's Account API: `/account/get-balance`, `/account/top-up`, `/account/settings`. */
export function accountSettingsRouter(provisioning: Provisioning): express.Router {
  const router = express.Router();

  router.get(
    '/account/get-balance',
    forParameterAccount(provisioning, (account, _request, response) => {
      response.json({ value: Number(account.balance.toFixed(4)), autoReload: false });
    }),
  );

  router.post(
    '/account/top-up',
    readForm,
    forParameterAccount(provisioning, (account, request, response) => {
      if (!topUp.safeParse(parametersOf(request)).success) return answerCode(response, 420, 'topup failed');
      provisioning.changeAccount(account, { balance: account.balance + TOP_UP });
      answerCode(response, 200, 'success');
    }),
  );

  router.post(
    '/account/settings',
    readForm,
    forParameterAccount(provisioning, (account, request, response) => {
      const given = callbacks.safeParse(parametersOf(request));
      if (!given.success) return answerCode(response, 420, 'method failed');
      const { inbound, receipts } = account.messageCallbacks;
      const { moCallBackUrl = inbound, drCallBackUrl = receipts } = given.data;
      provisioning.changeAccount(account, {
        messageCallbacks: { inbound: moCallBackUrl, receipts: drCallBackUrl },
      });
      response.json({ 'mo-callback-url': moCallBackUrl, 'dr-callback-url': drCallBackUrl, ...RATES });
    }),
  );

  return router;
}
