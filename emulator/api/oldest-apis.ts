import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import express from 'express';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import { accountOfParameters } from './auth.ts';

const unreadable: ErrorRequestHandler = (_fault, _request, response, _next) =>
  answerCode(response, 420, 'method failed');

/** Reads what Vonage's oldest APIs take: a form, or JSON; of what cannot be read they say no more than of other faults. */
export const readForm: (RequestHandler | ErrorRequestHandler)[] = [
  express.urlencoded({ extended: false, limit: '16kb' }),
  express.json({ limit: '16kb' }),
  unreadable,
];

/** The parameters of a request, wherever they stand. */
export function parametersOf(request: Request): Record<string, unknown> {
  return { ...request.query, ...request.body };
}

/** A handler for those who bring API key and secret, by Basic or as parameters; others get 401. */
export function forParameterAccount(
  accounts: Pick<Provisioning, 'authenticate'>,
  handle: (account: Account, request: Request, response: Response) => unknown,
): RequestHandler {
  return (request, response) => {
    const account = accountOfParameters(request, accounts);
    if (account) handle(account, request, response);
    else answerCode(response, 401, 'authentication failed');
  };
}

/** The only answer that these APIs have to a change. */
export function answerCode(response: Response, status: number, label: string): void {
  response.status(status).json({ 'error-code': String(status), 'error-code-label': label });
}
