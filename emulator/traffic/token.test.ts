import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it, test } from 'vitest';
import { signWebhook } from '../webhooks/compose.ts';
import { faultOf, proofOfWebhook, readProof, tokenOf } from './token.ts';

function makeKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
const keys = makeKeys();
const otherKeys = makeKeys();
const NOW = 1_800_000_000_000;

function token(claims: Record<string, unknown> = {}, key = keys.privateKey, lasts = 900): Promise<string> {
  return new SignJWT({ application_id: 'app', jti: '1', iat: NOW / 1000, exp: NOW / 1000 + lasts, ...claims })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(key));
}
const publicKeyOf = (id: string) => (id === 'app' ? keys.publicKey : undefined);

describe('the fault of a token', () => {
  it('is absent if it is valid', async () => {
    expect(faultOf(await token(), publicKeyOf, NOW)).toBeNull();
  });

  it.each([
    ['expired', token({}, keys.privateKey, -1)],
    ['unknown-application', token({ application_id: 'other' })],
    ['wrong-key', token({}, otherKeys.privateKey)],
    ['claims-missing', token({ jti: undefined })],
    ['not-a-token', Promise.resolve('abc')],
    ['not-a-token', Promise.resolve('a.b.c')],
  ] as const)('is %s', async (fault, made) => {
    expect(faultOf(await made, publicKeyOf, NOW)).toBe(fault);
  });

  it('is its key if it is signed with the public key as a secret', () => {
    const [head, claims] = [
      '{"alg":"HS256"}',
      JSON.stringify({ application_id: 'app', iat: 1, exp: 2, jti: 'x' }),
    ].map((part) => Buffer.from(part).toString('base64url'));
    expect(faultOf(`${head}.${claims}.c2VhbA`, publicKeyOf, NOW)).toBe('wrong-key');
  });
});

describe('the sender of a request', () => {
  it('is read from a token, in either case of the word', async () => {
    const made = await token({ sub: 'Alice' });
    for (const word of ['Bearer', 'bearer']) {
      expect(readProof(`${word} ${made}`)).toMatchObject({
        type: 'token',
        claims: { sub: 'Alice' },
        fault: null,
      });
    }
    expect(tokenOf(`bearer ${made}`)).toBe(made);
  });

  it('is read from the URL without a header', async () => {
    const made = await token({ sub: 'Alice' });
    expect(readProof(undefined, new URLSearchParams({ token: made }))).toMatchObject({
      claims: { sub: 'Alice' },
    });
    expect(readProof(undefined, new URLSearchParams({ api_key: 'abc', api_secret: 's' }))).toEqual({
      type: 'key',
      key: 'abc',
    });
  });

  it('is the key of basic credentials, never the secret', () => {
    const proof = readProof(`Basic ${Buffer.from('abc:secret').toString('base64')}`);
    expect(proof).toEqual({ type: 'key', key: 'abc' });
  });

  it.each([undefined, '', 'Bearer', 'Digest x'])('is unknown with %j', (header) => {
    expect(readProof(header)).toEqual({ type: 'none' });
  });
});

test('the proof of a webhook has the hash of the payload next to the signed hash', () => {
  const identity = { apiKey: 'k', applicationId: 'app', signatureSecret: 's' };
  const header = `Bearer ${signWebhook('{"status":"ringing"}', identity, NOW)}`;
  const right = proofOfWebhook(header, '{"status":"ringing"}');
  const wrong = proofOfWebhook(header, '{"status":"answered"}');
  if (right.type !== 'token' || wrong.type !== 'token') throw new Error('There is no token.');
  expect(right).toMatchObject({
    header: { alg: 'HS256' },
    claims: { iss: 'Vonage', api_key: 'k' },
    fault: null,
  });
  expect(right.hash?.actual).toBe(right.hash?.claimed);
  expect(wrong.hash?.actual).not.toBe(wrong.hash?.claimed);
});
