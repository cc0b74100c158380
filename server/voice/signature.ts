import { createHmac, hash as hashOf, timingSafeEqual } from 'node:crypto';
import type { ParsedUrlQuery } from 'node:querystring';
import { isRecord } from '../../domain/webhooks/lenient-fields.ts';

/** What the signature of a webhook must match, by Vonage's rules for signed webhooks. */
export interface SignatureRules {
  /** The account's signature secret; during rotation, the new one and the old one. */
  secrets: readonly string[];
  /** Account and application that the signature must name, if configured. */
  apiKey: string | undefined;
  applicationId: string | undefined;
}

interface SignedMessage {
  /** The Authorization header. */
  authorization: string | undefined;
  /** What the hash covers: the raw body, or `hashedQuery` for a GET. */
  content: Buffer | string;
}

/**
 * `issuedAt` is in seconds since 1970. An `unsigned` webhook gets 503, after which Vonage sends it again,
 * signed; a `forged` one gets 401. The reason is only for the log.
 */
type SignatureCheck =
  | { ok: true; jti: string | undefined; issuedAt: number }
  | { ok: false; fault: 'unsigned' | 'forged'; reason: string };

/** Maximum age of a webhook and clock difference, in seconds. */
export const CLOCK_TOLERANCE = 300;

/** The header of nearly all tokens: `{"alg":"HS256","typ":"JWT"}`. */
const USUAL_HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';

/**
 * Checks the signature of a webhook: HS256 only, in constant time, recent, and for exactly this content.
 * `@vonage/jwt` would accept any age and any content (verifySignature of 1.17 looks at the HMAC alone).
 * @param now milliseconds since 1970.
 */
export function checkSignature(message: SignedMessage, rules: SignatureRules, now: number): SignatureCheck {
  const token = /^bearer +(\S+)$/i.exec(message.authorization ?? '')?.[1];
  if (token === undefined) return { ok: false, fault: 'unsigned', reason: 'it is not signed' };
  const [head = '', body = '', seal = '', ...more] = token.split('.');
  if (seal === '' || more.length > 0) return forged('its token does not have three parts');
  if (head !== USUAL_HEAD) {
    const header = read(head);
    if (header?.alg !== 'HS256') return forged('its token does not use HS256');
    // RFC 7515, 4.1.11: tokens with unknown critical extensions must be rejected. None is supported here.
    if ('crit' in header) return forged('its token requires an unsupported extension');
  }
  if (!rules.secrets.some((secret) => isSealed(`${head}.${body}`, seal, secret))) {
    return forged('its token was not made with the signature secret');
  }
  const claims = read(body);
  if (claims === undefined) return forged('its token has no valid claims');
  const { iat, exp, nbf, jti, payload_hash: hash, api_key: apiKey, application_id: applicationId } = claims;
  if (typeof iat !== 'number' || !(Math.abs(now / 1000 - iat) <= CLOCK_TOLERANCE)) {
    return forged(
      `its token is more than ${CLOCK_TOLERANCE} s old or in the future; check this machine's clock`,
    );
  }
  // RFC 7519, 4.1.4 and 4.1.5. Vonage sets neither, but if a token has them, they count.
  if (exp !== undefined && !(typeof exp === 'number' && now / 1000 < exp + CLOCK_TOLERANCE)) {
    return forged('its token has expired');
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && now / 1000 >= nbf - CLOCK_TOLERANCE)) {
    return forged('its token is not valid yet');
  }
  if (typeof hash !== 'string') return forged('its token has no payload hash');
  if (hash.toLowerCase() !== hashOf('sha256', message.content, 'hex')) {
    return forged('its content does not match the signature');
  }
  if (rules.apiKey !== undefined && apiKey !== rules.apiKey) {
    return forged('its account is not VONAGE_API_KEY');
  }
  // Some of Vonage's tokens name no application.
  if (
    rules.applicationId !== undefined &&
    applicationId !== undefined &&
    applicationId !== rules.applicationId
  ) {
    return forged('its application is not VONAGE_APPLICATION_ID');
  }
  return { ok: true, jti: typeof jti === 'string' && jti !== '' ? jti : undefined, issuedAt: iat };
}

/**
 * What the hash of a signed GET covers: its query as JSON with the parameters in order, except that names
 * that are whole numbers come first. Vonage never signs a parameter with several values.
 */
export function hashedQuery(query: ParsedUrlQuery): string {
  return JSON.stringify(query);
}

function isSealed(content: string, seal: string, secret: string): boolean {
  return isEqual(seal, createHmac('sha256', secret).update(content).digest('base64url'));
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function read(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function forged(reason: string): SignatureCheck {
  return { ok: false, fault: 'forged', reason };
}
