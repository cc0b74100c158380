import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Proof, ProofFault } from './entry.ts';
import { keyOfBasic } from './redact.ts';

/** What a request says of its sender, nothing checked. @param authorization the header; @param query of its address */
export function readProof(authorization: string | undefined, query?: URLSearchParams): Proof {
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)\s*$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return { type: 'key', key: keyOfBasic(credentials) };
  if (scheme.toLowerCase() === 'bearer') return readToken(credentials);
  const token = query?.get('token');
  if (token) return readToken(token);
  const key = query?.get('api_key');
  return key ? { type: 'key', key } : { type: 'none' };
}

function readToken(token: string): Proof {
  const [head = '', middle = '', seal, ...rest] = token.split('.');
  const header = decode(head);
  const claims = decode(middle);
  const isToken = header !== undefined && claims !== undefined && seal !== undefined && rest.length === 0;
  return {
    type: 'token',
    header: header ?? {},
    claims: claims ?? {},
    fault: isToken ? null : 'not-a-token',
    hash: null,
  };
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The proof of a webhook, with the hash of its payload and the one in its token. */
export function proofOfWebhook(authorization: string | undefined, payload: string): Proof {
  const proof = readProof(authorization);
  if (proof.type !== 'token' || typeof proof.claims.payload_hash !== 'string') return proof;
  const actual = createHash('sha256').update(payload).digest('hex');
  return { ...proof, hash: { claimed: proof.claims.payload_hash, actual } };
}

/** Claims that each token of Vonage has. */
const NEEDED_CLAIMS = ['application_id', 'iat', 'exp', 'jti'];

/**
 * What is wrong with a token of an application; null when it is genuine and still valid.
 * @param publicKeyOf the PEM of an application's key, undefined when there is no such application
 * @param now milliseconds since 1970
 */
export function faultOf(
  token: string,
  publicKeyOf: (application: string) => string | undefined,
  now: number,
): ProofFault | null {
  const proof = readToken(token);
  if (proof.type !== 'token' || proof.fault) return 'not-a-token';
  const { claims, header } = proof;
  if (missingClaims(claims).length > 0) return 'claims-missing';
  const key = publicKeyOf(String(claims.application_id));
  if (key === undefined) return 'unknown-application';
  if (header.alg !== 'RS256' || !isSealedBy(token, key)) return 'wrong-key';
  return typeof claims.exp === 'number' && claims.exp * 1000 <= now ? 'expired' : null;
}

/** The claims that a token lacks. */
export function missingClaims(claims: Record<string, unknown>): string[] {
  return NEEDED_CLAIMS.filter((name) => claims[name] === undefined);
}

function isSealedBy(token: string, publicKey: string): boolean {
  const end = token.lastIndexOf('.');
  const seal = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(token.slice(0, end)), createPublicKey(publicKey), seal);
}

/** The token of a request, to look at it more closely. */
export function tokenOf(authorization: string | undefined, query?: URLSearchParams): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? query?.get('token') ?? undefined;
}
