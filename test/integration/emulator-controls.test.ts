import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createPlatform, type Platform } from '../../emulator/platform.ts';
import { type Application, startApplication } from './support/application.ts';

let application: Application;
let platform: Platform;

beforeAll(async () => {
  application = await startApplication([{ action: 'talk', text: 'Hi' }]);
  const { answerUrl, eventUrl } = application;
  platform = await createPlatform({ answerUrl, eventUrl, virtual: { seed: 1, start: 0 } });
});
afterAll(async () => {
  await platform.close();
  await application[Symbol.asyncDispose]();
});

const ask = async (path: string, init?: RequestInit) => {
  const answer = await fetch(`${platform.url}/emulator${path}`, init);
  return { status: answer.status, body: await answer.json() };
};
const json = (method: string, body: string) => ({
  method,
  headers: { 'content-type': 'application/json' },
  body,
});

test.each<[string, string, RequestInit | undefined, number]>([
  ['an unknown address', '/nothing', undefined, 404],
  ['the root', '', undefined, 404],
  ['a method that an address does not have', '/calls', { method: 'PATCH' }, 404],
  ['a body that is no JSON', '/calls', json('POST', '{'), 400],
  ['faults that are no JSON', '/faults', json('PUT', '{'), 400],
  ['a body that is too long', '/agents', json('POST', JSON.stringify('x'.repeat(20_000))), 413],
  ['a wrong field', '/calls', json('POST', '{}'), 400],
  ['an unknown call', '/calls/x', { method: 'DELETE' }, 404],
  ['words of an unknown call', '/calls/x/say', json('POST', '{"text":"Hi"}'), 404],
  ['no words', '/calls/x/say', json('POST', '{"text":""}'), 400],
  ['keys that no telephone has', '/calls/x/press', json('POST', '{"digits":"x"}'), 400],
  ['what an unknown call heard', '/calls/x/heard', undefined, 404],
  ['an unknown request', '/requests/7777777', undefined, 404],
])('a control refuses %s with an error in words, and nothing else', async (_what, path, init, status) => {
  const refused = await ask(path, init);
  expect(refused).toEqual({ status, body: { error: expect.any(String) } });
});

test('what a leg heard has an address', async () => {
  const caller = platform.call();
  await caller.over;
  const { status, body } = await ask(`/calls/${caller.leg.uuid}/heard`);
  expect(status).toBe(200);
  expect(body).toEqual(caller.heard());
  expect(body).toMatchObject([{ hears: 'text', text: 'Hi' }]);
});

test('what a caller presses and says over HTTP reaches the application', async () => {
  const { body } = await ask('/calls', json('POST', '{"from":"447700900000","to":"442038297050"}'));
  const { uuid } = z.object({ uuid: z.string() }).parse(body);
  for (const [path, said] of [
    ['press', '{"digits":"1"}'],
    ['say', '{"text":"Hello"}'],
  ]) {
    const answer = await fetch(`${platform.url}/emulator/calls/${uuid}/${path}`, json('POST', said ?? ''));
    expect(answer.status).toBe(204);
  }
});
