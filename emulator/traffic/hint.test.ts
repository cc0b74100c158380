import { describe, expect, it, test } from 'vitest';
import type { AnsweredWebhook, RefusedRequest } from './hint.ts';
import { hintOfAnswer, hintOfError, hintOfRefusal, hintOfToken } from './hint.ts';

const URL_ = 'http://localhost:3000/voice/answer';
const answer: AnsweredWebhook = {
  kind: 'answer',
  method: 'GET',
  url: `${URL_}?from=1`,
  status: 200,
  contentType: 'application/json; charset=utf-8',
  location: '',
  body: '[{"action":"talk","text":"Hello"}]',
  took: 20,
  nccoFault: (body) => (body.includes('tlak') ? 'NCCO[0].action: unknown action' : undefined),
};

describe('an application that answers', () => {
  it('correctly needs no hint', () => {
    expect(hintOfAnswer(answer)).toBeNull();
    expect(hintOfAnswer({ ...answer, kind: 'event', contentType: '', body: '', status: 204 })).toBeNull();
    expect(hintOfAnswer({ ...answer, kind: 'event', contentType: 'text/html', body: '<html>' })).toBeNull();
  });

  it.each<[string, Partial<AnsweredWebhook>, string]>([
    ['html', { contentType: 'text/html', body: '<!doctype html><p>Hello' }, 'HTML page'],
    ['html', { body: '  <!DOCTYPE html>' }, 'HTML page'],
    ['not-json', { contentType: 'text/plain' }, 'content type is text/plain'],
    ['not-json', { contentType: '' }, 'content type is missing'],
    ['ncco', { body: '[{"action":"tlak"}]' }, 'NCCO[0].action: unknown action'],
    ['ncco', { kind: 'event', body: '[{"action":"tlak"}]' }, 'NCCO[0].action'],
    ['empty-ncco', { body: ' [ ] ' }, 'the call ends'],
    ['slow', { took: 2345 }, '2.3 s'],
    ['redirected', { status: 302, location: 'https://x/y' }, 'https://x/y'],
    ['no-route', { status: 404 }, 'no route for GET /voice/answer'],
    ['wrong-method', { status: 405, kind: 'event', method: 'POST' }, 'accept POST'],
    ['signature-refused', { status: 401 }, 'signature secret'],
    ['server-failed', { status: 503 }, '503'],
    ['webhook-refused', { status: 422 }, '422'],
  ])('%s: %j', (code, changes, words) => {
    const found = hintOfAnswer({ ...answer, ...changes });
    expect(found?.code).toBe(code);
    expect(found?.text).toContain(words);
  });
});

describe('an application that does not answer', () => {
  it.each([
    ['ECONNREFUSED', 'refused', 'Is your server running on port 3000?'],
    ['ENOTFOUND', 'unknown-host', 'localhost'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout', 'localhost:3000'],
    ['TimeoutError', 'answer-timeout', 'Answer first'],
    ['ECONNRESET', 'reset', 'closed the connection'],
    ['UND_ERR_SOCKET', 'reset', 'closed the connection'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', 'self-signed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls', 'speaks http'],
    ['BodyTooLarge', 'too-large', '1 MB'],
    ['EWHATEVER', 'no-answer', 'did something odd'],
  ])('%s', (code, hintCode, words) => {
    const found = hintOfError(URL_, code, 'did something odd');
    expect(found.code).toBe(hintCode);
    expect(found.text).toContain(words);
  });

  it('on the default port gets a hint with that port', () => {
    expect(hintOfError('https://example.com/x', 'ECONNREFUSED', '').values.port).toBe('443');
  });
});

const NOW = 1_800_000_000_000;
const refusal: RefusedRequest = {
  method: 'GET',
  path: '/v1/calls/x',
  status: 401,
  body: '{"title":"Unauthorized","detail":"No."}',
  proof: { type: 'none' },
  isRouted: true,
  now: NOW,
};
const token = (fault: 'expired' | 'wrong-key') =>
  ({
    type: 'token',
    header: {},
    claims: { application_id: 'app', exp: NOW / 1000 - 300 },
    fault,
    hash: null,
  }) as const;

describe('a client of the platform', () => {
  it('that succeeds needs no hint', () => {
    expect(hintOfRefusal({ ...refusal, status: 201 })).toBeNull();
  });

  it.each<[string, Partial<RefusedRequest>, string]>([
    ['unsigned', {}, 'Authorization: Bearer'],
    ['basic-refused', { proof: { type: 'key', key: 'abc' } }, 'abc'],
    ['basic-needed', { path: '/v2/applications', proof: token('wrong-key') }, 'Basic'],
    ['token-expired', { proof: token('expired') }, '5 min ago'],
    ['wrong-key', { proof: token('wrong-key') }, 'application app'],
    ['too-many', { status: 429 }, 'Retry-After'],
    ['no-address', { status: 404, isRouted: false }, 'no route for GET /v1/calls/x'],
    ['not-found', { status: 404 }, 'No. Check'],
    ['not-found', { status: 404, body: '{"title":"Not Found"}' }, 'Not Found. Check'],
    ['rejected', { status: 400 }, 'No.'],
    [
      'rejected',
      { status: 420, body: '{"error-code":"420","error-code-label":"method failed"}' },
      'method failed.',
    ],
    ['rejected', { status: 400, body: 'no json' }, '400'],
    ['rejected', { status: 403, path: '/emulator/calls' }, 'No.'],
    ['platform-failed', { status: 500 }, 'emulator failed'],
  ])('%s: %j', (code, changes, words) => {
    const found = hintOfRefusal({ ...refusal, ...changes });
    expect(found?.code).toBe(code);
    expect(found?.text).toContain(words);
  });
});

test.each([
  ['claims-missing', 'jti'],
  ['unknown-application', 'application app'],
  ['not-a-token', 'JWT'],
  ['not-allowed', 'sub'],
] as const)('a token that is %s is explained', (fault, words) => {
  expect(hintOfToken(fault, { application_id: 'app', iat: 1, exp: 2 }, NOW).text).toContain(words);
});
