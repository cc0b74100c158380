import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { SigningIdentity, WebhookAddress } from '../provisioning/account.ts';
import type { Payload } from './webhook.ts';

interface ComposedWebhook {
  url: string;
  /** Absent in a GET. */
  body: string | undefined;
  headers: Record<string, string>;
}

/** A webhook as it goes over the wire: by POST a JSON body, by GET a query; signed where there is a secret. */
export function composeWebhook(
  target: WebhookAddress,
  payload: Payload,
  identity: SigningIdentity,
): ComposedWebhook {
  const common = { 'user-agent': 'Apache-HttpAsyncClient/4.1 (Java/1.8.0_66)', 'cache-control': 'max-age=0' };
  if (target.method === 'POST') {
    const body = JSON.stringify(payload);
    const headers = { ...common, 'content-type': 'application/json', ...signature(body, identity) };
    return { url: target.address, body, headers };
  }
  const query = asQuery(payload);
  const url = new URL(target.address);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  // The hash covers the whole query, so also parameters that the address itself brings.
  const signed = JSON.stringify(Object.fromEntries(url.searchParams));
  return { url: url.href, body: undefined, headers: { ...common, ...signature(signed, identity) } };
}

function signature(signed: string, identity: SigningIdentity): { authorization?: string } {
  const token = signWebhook(signed, identity, Date.now());
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function asQuery(payload: Payload): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload)) {
    if (value === undefined) continue;
    query[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return query;
}

/**
 * The bearer token of a signed webhook: HS256 with the account's signature secret; undefined without one.
 * @param payload what the hash covers: the body as sent, or for GET `JSON.stringify` of the ordered query.
 * @param now milliseconds since 1970.
 */
export function signWebhook(payload: string, identity: SigningIdentity, now: number): string | undefined {
  if (identity.signatureSecret === undefined) return undefined;
  const head = encode({ alg: 'HS256', typ: 'JWT' });
  const claims = encode({
    iat: Math.floor(now / 1000),
    jti: randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(payload).digest('hex'),
    api_key: identity.apiKey,
    application_id: identity.applicationId,
  });
  const seal = createHmac('sha256', identity.signatureSecret).update(`${head}.${claims}`).digest('base64url');
  return `${head}.${claims}.${seal}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
