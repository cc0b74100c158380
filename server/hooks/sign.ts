import { createHmac } from 'node:crypto';

/** The form of a secret in Standard Webhooks: 24 to 64 bytes in base64. */
export function isHookSecret(text: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  if (base64 === undefined) return false;
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}

/**
 * The headers by which a receiver checks who sent a hook, as in Standard Webhooks 1.0.
 * @param secrets one, or the new one and the old one while they are changed: a signature by either is enough
 * @param at milliseconds since 1970 of this attempt
 */
export function signatureHeaders(secrets: readonly string[], message: string, at: number, body: string) {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${message}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': message,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
