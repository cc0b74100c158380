import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../domain/hooks/examples.ts';
import { isHookSecret, signatureHeaders } from './sign.ts';
import { HOOK_SECRET } from './testing.ts';

const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const STRANGE_SECRET = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;

it.each(EXAMPLES)('the reference verifier accepts a signed $type', (hook) => {
  const body = JSON.stringify(hook);
  const headers = signatureHeaders([HOOK_SECRET], 'msg_1', Date.now(), body);
  expect(new Webhook(HOOK_SECRET).verify(body, headers)).toEqual(hook);
  expect(() => new Webhook(HOOK_SECRET).verify(`${body} `, headers)).toThrow();
  expect(() => new Webhook(HOOK_SECRET).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow();
  expect(() => new Webhook(STRANGE_SECRET).verify(body, headers)).toThrow();
});

it('signs as the reference does', () => {
  const at = 1_772_442_042_999;
  const reference = new Webhook(HOOK_SECRET).sign('msg_1', new Date(at), '{"ñ":"✓"}');
  expect(signatureHeaders([HOOK_SECRET], 'msg_1', at, '{"ñ":"✓"}')['webhook-signature']).toBe(reference);
});

it('while secrets are changed, both verify', () => {
  const headers = signatureHeaders([HOOK_SECRET, OTHER_SECRET], 'msg_1', Date.now(), '{}');
  for (const secret of [HOOK_SECRET, OTHER_SECRET])
    expect(new Webhook(secret).verify('{}', headers)).toEqual({});
  expect(() => new Webhook(STRANGE_SECRET).verify('{}', headers)).toThrow();
});

it.each([
  ['', false],
  ['whsec_', false],
  ['secret', false],
  [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
  [`whsec_${Buffer.alloc(24).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
  [`whsec_${Buffer.alloc(24).toString('hex')} `, false],
  [Buffer.alloc(24).toString('base64'), false],
])('%j as a secret: %s', (text, isOne) => {
  expect(isHookSecret(text)).toBe(isOne);
});
