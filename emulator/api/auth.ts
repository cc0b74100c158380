import type { Request } from 'express';
import { z } from 'zod';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';

type Accounts = Pick<Provisioning, 'authenticate'>;

/** The account of a request with `Authorization: Basic`, API key and secret. */
export function accountOf(request: Request, accounts: Accounts): Account | undefined {
  const encoded = /^basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, apiKey = '', secret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return accounts.authenticate(apiKey, secret);
}

const inParameters = z.object({ api_key: z.string(), api_secret: z.string() });

/** The same for Vonage's oldest APIs, which also take both as parameters: of the query, or of the body once it is read. */
export function accountOfParameters(request: Request, accounts: Accounts): Account | undefined {
  const inHeader = accountOf(request, accounts);
  if (inHeader) return inHeader;
  for (const parameters of [request.query, request.body]) {
    const parsed = inParameters.safeParse(parameters);
    if (parsed.success) return accounts.authenticate(parsed.data.api_key, parsed.data.api_secret);
  }
  return undefined;
}
