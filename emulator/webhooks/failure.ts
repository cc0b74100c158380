import type { Patience } from './webhook.ts';

/** Bytes of an answer that are read. */
const MAX_BODY = 1024 * 1024;

class BodyTooLarge extends Error {}

/** The text of an answer. Throws when it is longer than 1 MB. */
export async function readBounded(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BODY) throw new BodyTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

interface Failure {
  /** To follow the address in a sentence. */
  reason: string;
  /** Whether Vonage retries once. */
  retry: boolean;
}

/** Statuses after which Vonage retries once. */
const RETRIED_STATUS = new Set([429, 503, 504]);

/** An answer that is no success. */
export function refusal(status: number, location: string | string[] | undefined): Failure {
  const redirect = location === undefined ? '' : `, a redirect to ${location}, which is not followed`;
  return { reason: `answered ${status}${redirect}`, retry: RETRIED_STATUS.has(status) };
}

const CERTIFICATES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate from an unknown issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate from an unknown issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'does not send its intermediate certificates',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS: is it http, not https?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS: is it http, not https?',
};

/** What kept a request from an answer. Trouble with TLS lasts, so nothing is tried again. */
export function failureOf(error: unknown, patience: Patience): Failure {
  if (error instanceof BodyTooLarge) return { reason: 'answered with more than 1 MB', retry: false };
  const name = error instanceof Error ? error.name : '';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const certificate = CERTIFICATES[code];
  if (certificate !== undefined) return { reason: certificate, retry: false };
  return { reason: reasonOf(name, code, patience) ?? (code || String(error)), retry: true };
}

function reasonOf(name: string, code: string, patience: Patience): string | undefined {
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `could not be connected to within ${patience.connect} ms`;
  if (name === 'TimeoutError') return `did not answer within ${patience.respond} ms`;
  if (code === 'ECONNREFUSED') return 'refused the connection';
  if (code === 'ENOTFOUND') return 'has a host name that does not resolve';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'closed the connection without an answer';
  return undefined;
}
