import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { signToken } from './support/sdk-page.ts';

const SALES = '442079460000';
const SUPPORT = '442079460001';
const ABROAD = '12125550104';
const TALK = { action: 'talk', text: 'Hi' };
const KEYS = { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1 } };

let sales: Application;
let support: Application;
let abroad: Application;
let platform: Platform;

/** Three applications of two accounts on one platform with a virtual clock. */
beforeAll(async () => {
  [sales, support, abroad] = await Promise.all([
    startApplication([]),
    startApplication([]),
    startApplication([]),
  ]);
  platform = await createPlatform({
    virtual: { seed: 1, start: 0 },
    accounts: [
      {
        signatureSecret: ['a new secret of sales', 'a former secret of sales'],
        applications: [
          {
            name: 'Sales',
            numbers: [SALES],
            answerUrl: sales.answerUrl,
            eventUrl: sales.eventUrl,
            region: 'eu-west',
          },
          {
            name: 'Support',
            numbers: [SUPPORT],
            answerUrl: { address: support.answerUrl, method: 'POST' },
            eventUrl: { address: support.eventUrl, method: 'GET' },
            fallbackUrl: { address: support.fallbackUrl, method: 'POST' },
            signedCallbacks: false,
          },
        ],
      },
      {
        signatureSecret: 'a secret of somebody else',
        applications: [
          { name: 'Abroad', numbers: [ABROAD], answerUrl: abroad.answerUrl, eventUrl: abroad.eventUrl },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await platform.close();
  for (const one of [sales, support, abroad]) await one[Symbol.asyncDispose]();
});

/** Calls a number, optionally presses a key, and resolves with the call at its end. */
async function call(to: string, key?: string) {
  const caller = platform.call({ to });
  if (key !== undefined) platform.world.after(1000, () => caller.press(key));
  await caller.over;
  await platform.settled();
  return caller.leg;
}

/** The account whose secret signed a webhook; throws if there is none. */
async function signerOf(authorization: string, secrets: string[]) {
  for (const secret of secrets) {
    const key = Buffer.from(secret);
    const verified = await jwtVerify(authorization.replace('Bearer ', ''), key).catch(() => undefined);
    if (verified) return { secret, claims: verified.payload };
  }
  throw new Error('none of these');
}

describe('several applications at once', () => {
  test('each get the calls of their own numbers, signed with their own account’s secret', async () => {
    sales.answer = () => ({ body: [TALK] });
    abroad.answer = () => ({ body: [TALK] });
    const before = sales.requests.length;
    const [mine, theirs] = await Promise.all([call(SALES), call(ABROAD)]);
    expect(sales.questions.at(-1)?.get('uuid')).toBe(mine.uuid);
    expect(abroad.questions.at(-1)?.get('uuid')).toBe(theirs.uuid);
    expect(new Set(sales.events.map(({ to }) => to))).toEqual(new Set([SALES]));
    const used = new Set<string>();
    for (const { authorization } of sales.requests.slice(before)) {
      const own = await signerOf(authorization, ['a new secret of sales', 'a former secret of sales']);
      expect(own.claims).toMatchObject({ iss: 'Vonage', application_id: mine.application.id });
      used.add(own.secret);
    }
    expect(used.size).toBe(2);
    for (const { authorization } of abroad.requests) {
      const { claims } = await signerOf(authorization, ['a secret of somebody else']);
      expect(claims.application_id).toBe(theirs.application.id);
      expect(claims.api_key).not.toBe(mine.application.apiKey);
    }
  });

  test('get answer requests by POST and events by GET, unsigned, if configured so', async () => {
    support.answer = () => ({ body: [KEYS] });
    const before = support.requests.length;
    const leg = await call(SUPPORT, '7');
    const asked = support.requests.slice(before);
    expect(new Set(asked.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['POST /answer', 'GET /event']),
    );
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['']));
    expect(support.questions.at(-1)?.get('uuid')).toBe(leg.uuid);
    const event = support.events.find(({ dtmf }) => dtmf !== undefined);
    expect(event).toMatchObject({ dtmf: '{"digits":"7","timed_out":false}', speech: '{"results":[]}' });
  });

  test('the token of one gives no access to another', async () => {
    const leg = await call(ABROAD);
    const { application_id, private_key } = platform.credentialsOf('Abroad');
    expect(createHash('sha256').update(private_key).digest('hex')).not.toBe(
      createHash('sha256').update(platform.credentials.private_key).digest('hex'),
    );
    const token = await signToken(platform);
    const forged = await signToken(platform, { application_id });
    expect(await statusOf(`${platform.url}/v1/calls/${leg.uuid}`, token)).toBe(404);
    expect(await statusOf(`${platform.url}/v1/calls/${leg.uuid}`, forged)).toBe(401);
  });
});

const statusOf = async (url: string, token: string) =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;

describe('a region', () => {
  test('is sent with the answer request, and only there are its calls found', async () => {
    const leg = await call(SALES);
    const regionUrl = String(sales.questions.at(-1)?.get('region_url'));
    expect(regionUrl).toBe(`${platform.url}/api-eu-3`);
    const token = await signToken(platform);
    expect(await statusOf(`${regionUrl}/v1/calls/${leg.uuid}`, token)).toBe(200);
    expect(await statusOf(`${platform.url}/v1/calls/${leg.uuid}`, token)).toBe(200);
    expect(await statusOf(`${platform.url}/api-us-3/v1/calls/${leg.uuid}`, token)).toBe(404);
    expect(await statusOf(`${platform.url}/api-xx-9/v1/calls/${leg.uuid}`, token)).toBe(404);
    const list = await fetch(`${platform.url}/api-ap-4/v1/calls`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await list.json()).toMatchObject({ count: 0 });
  });

  test('is the platform itself if an application has none', async () => {
    await call(ABROAD);
    expect(abroad.questions.at(-1)?.get('region_url')).toBe(platform.url);
  });
});

describe('an event that fails although its reply may be an NCCO', () => {
  const failing = (event: Record<string, unknown>) => (event.dtmf ? { status: 500 } : {});

  test('goes to the fallback URL with the reason and the original request, and that NCCO runs', async () => {
    support.answer = () => ({ body: [KEYS, { action: 'wait', timeout: 100 }] });
    support.acknowledge = failing;
    support.fallback = () => ({ body: [{ action: 'wait', timeout: 5 }] });
    const before = support.events.length;
    const leg = await call(SUPPORT, '1');
    expect(platform.world.now() - leg.startedAt).toBe(6000);
    const asked = Object.fromEntries(support.questions.at(-1) ?? []);
    expect(asked).toMatchObject({
      uuid: leg.uuid,
      reason: `Event URL ${support.eventUrl} answered 500`,
    });
    expect(support.requests.map(({ method, path }) => `${method} ${path}`)).toContain('POST /fallback');
    const statuses = support.events.slice(before).map(({ status }) => status ?? 'input');
    expect(statuses).toEqual(['ringing', 'started', 'answered', 'input', 'completed']);
  });

  test('leaves the NCCO unchanged if the fallback URL fails too', async () => {
    support.acknowledge = failing;
    support.fallback = () => ({ status: 500 });
    support.answer = () => ({ body: [KEYS, { action: 'wait', timeout: 20 }] });
    const leg = await call(SUPPORT, '1');
    expect(platform.world.now() - leg.startedAt).toBe(21_000);
  });

  test('of a synchronous connect goes there, too', async () => {
    platform.phone('447700900300', { does: 'busy' });
    const endpoint = [{ type: 'phone', number: '447700900300' }];
    support.answer = () => ({ body: [{ action: 'connect', eventType: 'synchronous', endpoint }] });
    support.acknowledge = ({ status }) => (status === 'busy' ? { status: 404 } : {});
    support.fallback = () => ({ body: [{ action: 'wait', timeout: 30 }] });
    const leg = await call(SUPPORT);
    expect(Object.fromEntries(support.questions.at(-1) ?? [])).toMatchObject({
      status: 'busy',
      sip_code: '486',
    });
    expect(platform.world.now() - leg.startedAt).toBe(30_000);
  });
});
