import { describe, expect, it, test } from 'vitest';
import { redactHeaders, redactText, redactUrl } from './redact.ts';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJBbGljZSJ9.c2VhbA';

describe('a redacted text', () => {
  test.each([
    [
      'a private key in the answer of create-application',
      JSON.stringify({ keys: { public_key: 'p', private_key: PEM } }),
      '{"keys":{"public_key":"p","private_key":"•••"}}',
    ],
    ['a private key under another name', JSON.stringify({ pem: PEM }), String.raw`{"pem":"•••\n"}`],
    [
      'a private key that was cut off',
      `{"private_key": "-----BEGIN PRIVATE KEY-----\\nMII`,
      '{"private_key": "•••"',
    ],
    ['a secret with a quote in it', String.raw`{"api_secret":"a\"b","x":1}`, '{"api_secret":"•••","x":1}'],
    ['a secret that was cut off', '{"signature_secret":"abc', '{"signature_secret":"•••"'],
    ['a secret that was cut off in an escape', '{"secret":"abc\\', '{"secret":"•••"'],
    ['a form', 'api_key=k&api_secret=s3cret&country=GB', 'api_key=k&api_secret=•••&country=GB'],
    ['a token anywhere', `see ${TOKEN} there`, 'see ••• there'],
  ])('%s', (_what, text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it('is unchanged without secrets', () => {
    const text = JSON.stringify({
      action: 'talk',
      text: 'My secret is "safe"',
      payload_hash: 'abc',
      tokens: 3,
    });
    expect(redactText(text)).toBe(text);
  });
});

test('a URL keeps no tokens, secrets or passwords', () => {
  expect(redactUrl(`http://127.0.0.1:3001/v2/rtc/?EIO=4&token=${TOKEN}&transport=websocket`)).toBe(
    'http://127.0.0.1:3001/v2/rtc/?EIO=4&token=•••&transport=websocket',
  );
  expect(redactUrl('http://h/account/numbers?api_key=k&api_secret=s')).toBe(
    'http://h/account/numbers?api_key=k&api_secret=•••',
  );
  expect(redactUrl('https://user:password@example.com/event')).toBe('https://user:•••@example.com/event');
});

test('headers keep the identity, but not the credentials', () => {
  const basic = Buffer.from('key:secret').toString('base64');
  expect(
    redactHeaders([
      ['Authorization', `Bearer ${TOKEN}`],
      ['authorization', `Basic ${basic}`],
      ['authorization', 'opaque'],
      ['Cookie', 'session=1'],
      ['Set-Cookie', 'session=1'],
      ['X-Other', TOKEN],
      ['Host', 'localhost'],
    ]),
  ).toEqual([
    ['Authorization', 'Bearer •••'],
    ['authorization', 'Basic key:•••'],
    ['authorization', '•••'],
    ['Cookie', '•••'],
    ['Set-Cookie', '•••'],
    ['X-Other', '•••'],
    ['Host', 'localhost'],
  ]);
});
