import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import { API_ERRORS, problem } from './problem.ts';
import { readJson } from './requests.ts';

type Accounts = Pick<Provisioning, 'authenticate'>;

/** The account of a request with `Authorization: Basic`, API key and secret. */
function accountOf(request: Request, accounts: Accounts): Account | undefined {
  const encoded = /^basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, apiKey = '', secret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return accounts.authenticate(apiKey, secret);
}

const inParameters = z.object({ api_key: z.string(), api_secret: z.string() });

/** The same for Vonage's oldest APIs, which also take both as parameters: of the query, or of the body once it is read. */
function accountOfParameters(request: Request, accounts: Accounts): Account | undefined {
  const inHeader = accountOf(request, accounts);
  if (inHeader) return inHeader;
  for (const parameters of [request.query, request.body]) {
    const parsed = inParameters.safeParse(parameters);
    if (parsed.success) return accounts.authenticate(parsed.data.api_key, parsed.data.api_secret);
  }
  return undefined;
}

/**
 * A handler for those who bring API key and secret by Basic; others get 401, before anything of theirs is read.
 * A JSON body is there as `request.body`; what is no JSON gets 400.
 */
export function forAccount(
  accounts: Pick<Provisioning, 'authenticate'>,
  handle: (account: Account, request: Request, response: Response) => unknown,
): RequestHandler {
  return async (request, response) => {
    const account = accountOf(request, accounts);
    if (!account) {
      const detail = 'You did not provide correct credentials: an API key and its secret are needed.';
      return problem(response, 401, `${API_ERRORS}#unauthorized`, 'Unauthorized', detail);
    }
    if (await readJson(request, response)) await handle(account, request, response);
  };
}

/** Answers 404: it does not exist, or belongs to someone else. */
export function unknownId(response: Response, id: unknown): void {
  const detail = `ID '${id}' does not exist, or you do not have access`;
  problem(response, 404, `${API_ERRORS}#invalid-id`, 'Invalid ID', detail);
}

const unreadable: ErrorRequestHandler = (_fault, _request, response, _next) =>
  answerCode(response, 420, 'method failed');

const fields = z.record(z.string(), z.unknown());

/** Vonage's Python SDK (4.7) goes on calling forms JSON once it has sent JSON to another API. */
const parseForm: RequestHandler = (request, _response, next) => {
  const text: unknown = request.body;
  if (typeof text === 'string') request.body = jsonIn(text) ?? Object.fromEntries(new URLSearchParams(text));
  next();
};

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    return fields.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Reads what Vonage's oldest APIs take: a form, or JSON; of what cannot be read they say no more than of other faults. */
export const readForm: (RequestHandler | ErrorRequestHandler)[] = [
  express.text({ type: ['json', '+json', 'urlencoded'], limit: '16kb' }),
  parseForm,
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
