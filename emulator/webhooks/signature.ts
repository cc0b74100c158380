import { createHash, createHmac, randomUUID } from 'node:crypto';

/** On whose behalf a webhook is sent. */
export interface SigningIdentity {
  apiKey: string;
  applicationId: string;
  /** Absent: the webhook is not signed. */
  signatureSecret?: string;
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
