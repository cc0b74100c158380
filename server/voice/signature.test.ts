import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkSignature, hashedQuery, type SignatureRules } from './signature.ts';
import { queryOf } from './webhook.ts';

const SECRET = 'the signature secret of the account';
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const SECONDS = NOW / 1000;
const BODY = '{"status":"started","uuid":"abc"}';
const QUERY = 'to=442038297050&from=447700900000&uuid=abc';
const RULES: SignatureRules = { secrets: [SECRET], apiKey: 'abcd1234', applicationId: 'app-1' };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Forgery {
  head?: object;
  claims?: object;
  secret?: string;
  content?: string;
}

function tokenOf({
  head = { alg: 'HS256', typ: 'JWT' },
  claims = {},
  secret = SECRET,
  content = BODY,
}: Forgery = {}) {
  const all = {
    iat: SECONDS,
    jti: 'a-jti',
    iss: 'Vonage',
    payload_hash: sha256(content),
    api_key: 'abcd1234',
    application_id: 'app-1',
    ...claims,
  };
  const text = `${encode(head)}.${encode(all)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const hashedOf = (query: string) => hashedQuery(queryOf(`/voice/answer?${query}`));

const check = (token: string | undefined, content = BODY, rules = RULES) =>
  checkSignature({ authorization: token === undefined ? undefined : `Bearer ${token}`, content }, rules, NOW);

describe('a signature is rejected if its token', () => {
  test.each<[string, string]>([
    ['expired 300 s ago', tokenOf({ claims: { exp: SECONDS - 300 } })],
    ['has an invalid expiry', tokenOf({ claims: { exp: 'tomorrow' } })],
    ['is valid only in 301 s', tokenOf({ claims: { nbf: SECONDS + 301 } })],
    ['has an invalid start time', tokenOf({ claims: { nbf: null } })],
    ['has critical extensions', tokenOf({ head: { alg: 'HS256', typ: 'JWT', crit: ['b64'], b64: true } })],
    ['has an empty list of critical extensions', tokenOf({ head: { alg: 'HS256', crit: [] } })],
  ])('%s', (_how, token) => {
    expect(check(token)).toMatchObject({ ok: false, fault: 'forged' });
  });
});

describe('a signature is accepted', () => {
  test.each<[string, string]>([
    ['as Vonage makes it', tokenOf()],
    ['300 s old', tokenOf({ claims: { iat: SECONDS - 300 } })],
    ['300 s ahead', tokenOf({ claims: { iat: SECONDS + 300 } })],
    ['without an application', tokenOf({ claims: { application_id: undefined } })],
    ['that expired less than 300 s ago', tokenOf({ claims: { exp: SECONDS - 299 } })],
    ['that is valid in 300 s', tokenOf({ claims: { nbf: SECONDS + 300 } })],
    ['with the hash in capitals', tokenOf({ claims: { payload_hash: sha256(BODY).toUpperCase() } })],
  ])('%s', (_how, token) => {
    expect(check(token)).toMatchObject({ ok: true, jti: 'a-jti' });
  });

  test('with the word "bearer" in either case', () => {
    const message = { authorization: `bearer ${tokenOf()}`, content: Buffer.from(BODY) };
    expect(checkSignature(message, RULES, NOW).ok).toBe(true);
  });

  test('with either of two secrets during rotation', () => {
    const rules = { ...RULES, secrets: ['the new secret', SECRET] };
    expect(check(tokenOf(), BODY, rules).ok).toBe(true);
    expect(check(tokenOf({ secret: 'the new secret' }), BODY, rules).ok).toBe(true);
    expect(check(tokenOf({ secret: 'a third' }), BODY, rules).ok).toBe(false);
  });

  test('over the query of a GET, in its order', () => {
    const content = '{"to":"442038297050","from":"447700900000","uuid":"abc"}';
    expect(hashedOf(QUERY)).toBe(content);
    expect(check(tokenOf({ content }), hashedOf(QUERY)).ok).toBe(true);
    expect(hashedOf('')).toBe('{}');
  });

  test('of any account and application if none is configured', () => {
    const rules = { secrets: [SECRET], apiKey: undefined, applicationId: undefined };
    expect(check(tokenOf({ claims: { api_key: 'x', application_id: 'y' } }), BODY, rules).ok).toBe(true);
  });

  test('without a jti', () => {
    expect(check(tokenOf({ claims: { jti: undefined } }))).toEqual({
      ok: true,
      jti: undefined,
      issuedAt: SECONDS,
    });
  });
});

describe('a webhook counts as unsigned if its Authorization is', () => {
  test.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer a b'])('%j', (authorization) => {
    expect(checkSignature({ authorization, content: BODY }, RULES, NOW)).toMatchObject({ fault: 'unsigned' });
  });
});

describe('a signature is rejected:', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = () => {
    const text = tokenOf({ head: { alg: 'RS256', typ: 'JWT' } })
      .split('.')
      .slice(0, 2)
      .join('.');
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

  test.each<[string, string]>([
    ['text that is not a token', 'rubbish'],
    ['two parts', tokenOf().split('.').slice(0, 2).join('.')],
    ['four parts', `${tokenOf()}.x`],
    ['an empty signature', `${tokenOf().split('.').slice(0, 2).join('.')}.`],
    ['alg none', tokenOf({ head: { alg: 'none' } })],
    ['alg none without a signature', `${encode({ alg: 'none' })}.${encode({ iat: SECONDS })}.`],
    ['alg HS512', tokenOf({ head: { alg: 'HS512' } })],
    ['an RS256 token', rs256()],
    ['HS256 with a public key as the secret', tokenOf({ secret: publicPem })],
    ['another secret', tokenOf({ secret: 'another' })],
    ['the API secret instead', tokenOf({ secret: '' })],
    ['301 s old', tokenOf({ claims: { iat: SECONDS - 301 } })],
    ['301 s ahead', tokenOf({ claims: { iat: SECONDS + 301 } })],
    ['from the year 2017', tokenOf({ claims: { iat: 1_500_000_000 } })],
    ['no time', tokenOf({ claims: { iat: undefined } })],
    ['a time as text', tokenOf({ claims: { iat: String(SECONDS) } })],
    ['a time that is not a number', tokenOf({ claims: { iat: null } })],
    ['no hash', tokenOf({ claims: { payload_hash: undefined } })],
    ['an empty hash', tokenOf({ claims: { payload_hash: '' } })],
    ['the hash of another body', tokenOf({ content: `${BODY} ` })],
    ['another account', tokenOf({ claims: { api_key: 'other' } })],
    ['no account', tokenOf({ claims: { api_key: undefined } })],
    ['another application', tokenOf({ claims: { application_id: 'other' } })],
  ])('%s', (_how, token) => {
    expect(check(token)).toMatchObject({
      ok: false,
      fault: 'forged',
      reason: expect.stringMatching(/^its? /),
    });
  });

  test('a body changed by a single byte', () => {
    expect(check(tokenOf(), BODY.replace('abc', 'abd')).ok).toBe(false);
  });

  test('a query with reordered parameters', () => {
    const signed = tokenOf({ content: hashedOf(QUERY) });
    const shuffled = 'from=447700900000&to=442038297050&uuid=abc';
    expect(check(signed, hashedOf(shuffled)).ok).toBe(false);
  });

  test('a query with a second value of a parameter, before or after the signed one', () => {
    const signed = tokenOf({ content: hashedOf(QUERY) });
    expect(check(signed, hashedOf(`from=1&${QUERY}`)).ok).toBe(false);
    expect(check(signed, hashedOf(`${QUERY}&from=1`)).ok).toBe(false);
    // A proxy may do this, and it changes nothing.
    expect(check(signed, hashedOf(`${QUERY}&from=447700900000`)).ok).toBe(true);
  });

  test('claims changed after signing', () => {
    const [head, , seal] = tokenOf().split('.');
    const claims = encode({ iat: SECONDS, payload_hash: sha256(BODY), api_key: 'abcd1234' });
    expect(check(`${head}.${claims}.${seal}`).ok).toBe(false);
  });
});
