import { expect, test } from 'vitest';
import { conversationIn, isOwn, legInPath, purposeOfRequest, purposeOfWebhook } from './purpose.ts';

const CON = 'CON-f972836a-550f-45fa-956c-12a2ab5b7d22';
const LEG = '63f61863-4a51-4f6b-86e1-46edebcf9356';

test.each([
  [{ from: '1', endpoint_type: 'phone', region_url: 'http://h' }, 'answer', 'NCCO'],
  [{ endpoint_type: 'phone', reason: 'x', original_request: {} }, 'fallback', 'NCCO'],
  [{ status: 'ringing', uuid: LEG }, 'event', 'ringing'],
  [{ reason: 'NCCO[0]: …' }, 'event', 'error'],
  [{ recording_url: 'http://h' }, 'event', 'record'],
])('a webhook with %j is for %s: %s', (payload, kind, what) => {
  expect(purposeOfWebhook(payload)).toEqual({ kind, what });
});

test.each([
  [`/v1/calls/${LEG}/talk`, 'rest', '/v1/calls/{id}/talk'],
  [`/v0.3/conversations/${CON}/events`, 'client-sdk', '/v0.3/conversations/{id}/events'],
  ['/v2/rtc/', 'client-sdk', '/v2/rtc/'],
  ['/v2/applications', 'rest', '/v2/applications'],
  ['/emulator/calls/63f618634a514f6b86e146edebcf9356', 'control', '/emulator/calls/{id}'],
])('a request to %s is for %s: %s', (path, kind, what) => {
  expect(purposeOfRequest(path)).toEqual({ kind, what });
});

test.each([
  ['GET', '/', true],
  ['GET', '/assets/index-1.js', true],
  ['GET', '/inspector/', true],
  ['POST', '/emulator/requests/1/resend', true],
  ['GET', '/emulator/requests.har', true],
  ['OPTIONS', '/v0.3/legs/x', true],
  ['GET', '/emulator/calls', false],
  ['GET', '/v1/calls', false],
  ['POST', '/', false],
  ['GET', '/v1/cals', false],
])('%s %s belongs to the emulator’s own pages: %s', (method, path, own) => {
  expect(isOwn(method, path)).toBe(own);
});

test('the call of a request is found wherever it is named', () => {
  expect(conversationIn('/x', '{}', `{"conversation_uuid":"${CON}"}`)).toBe(CON);
  expect(conversationIn('/v1/calls', 'CON-1')).toBeNull();
  expect(legInPath(`/v1/calls/${LEG}/dtmf`)).toBe(LEG);
  expect(legInPath('/emulator/calls/63f618634a514f6b86e146edebcf9356')).toBe(
    '63f618634a514f6b86e146edebcf9356',
  );
  expect(legInPath('/v1/users/USR-1')).toBeNull();
});
