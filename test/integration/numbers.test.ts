import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlatform, type Platform } from '../../emulator/platform.ts';
import { type Application, type Ncco, startApplication } from './support/application.ts';
import { PhonePage } from './support/phone-page.ts';
import { signToken } from './support/sdk-page.ts';

const FRONT = '442038297050';
const SHOP = '442038297051';
const CALLER = '447700900000';
const PAGE = '447700900201';
const HEADLESS = '447700900202';
const MEETING: Ncco = [{ action: 'conversation', name: 'shop' }];
const connect = (number: string): Ncco => [{ action: 'connect', endpoint: [{ type: 'phone', number }] }];

let front: Application;
let shop: Application;
let platform: Platform;
const pages: PhonePage[] = [];

async function phonePage(number: string | null): Promise<PhonePage> {
  const page = await PhonePage.open(platform.url, number);
  pages.push(page);
  return page;
}

beforeEach(async () => {
  [front, shop] = await Promise.all([startApplication([]), startApplication(MEETING)]);
  platform = await createPlatform({
    applications: [
      { name: 'Front', numbers: [FRONT], answerUrl: front.answerUrl, eventUrl: front.eventUrl },
      { name: 'Shop', numbers: [SHOP], answerUrl: shop.answerUrl, eventUrl: shop.eventUrl },
    ],
    limits: false,
  });
});
afterEach(async () => {
  for (const page of pages.splice(0)) page[Symbol.dispose]();
  await platform.close();
  await Promise.all([front[Symbol.asyncDispose](), shop[Symbol.asyncDispose]()]);
});

/** A request to `/v1/calls…` of the first application. */
async function api(method: string, path: string, body: unknown) {
  const answer = await fetch(`${platform.url}/v1/calls${path}`, {
    method,
    headers: { authorization: `Bearer ${await signToken(platform)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return JSON.parse((await answer.text()) || '{}');
}
const restCall = async (number: string, ncco: Ncco = MEETING): Promise<string> =>
  (await api('POST', '', { to: [{ type: 'phone', number }], from: { number: FRONT }, ncco })).uuid;

/** Somebody who is called. */
interface Called {
  number: string;
  /** Resolves with the number of who calls, once it rings or was asked. */
  reached(): Promise<unknown>;
  /** Whether the call is over there. */
  over(): boolean | undefined;
  hangUp(): unknown;
}

const CALLED = {
  async 'a phone page'(): Promise<Called> {
    const page = await phonePage(PAGE);
    return {
      number: PAGE,
      async reached() {
        const { uuid, from } = await page.rung();
        expect(await page.answer(uuid)).toEqual({ ok: true });
        return from;
      },
      over: () => page.updates.at(-1)?.status === 'ended',
      hangUp: () => page.hangUp(page.rings.at(-1)?.uuid ?? ''),
    };
  },
  async 'a headless phone'(): Promise<Called> {
    const phone = platform.phone(HEADLESS);
    return {
      number: HEADLESS,
      async reached() {
        await expect.poll(() => phone.call?.answeredAt).toBeDefined();
        return phone.call?.from;
      },
      over: () => phone.call === undefined,
      hangUp: () => phone.hangUp(),
    };
  },
  async 'a number of another application'(): Promise<Called> {
    const leg = () => shop.events.find(({ status }) => status === 'answered')?.uuid;
    return {
      number: SHOP,
      async reached() {
        await expect.poll(leg).toBeDefined();
        expect(shop.questions[0]?.get('to')).toBe(SHOP);
        return shop.questions[0]?.get('from');
      },
      over: () => shop.events.some(({ uuid, status }) => uuid === leg() && status === 'completed'),
      hangUp: async () => {
        const hungUp = { action: 'hangup' };
        const token = await signToken({ url: platform.url, credentials: platform.credentialsOf('Shop') });
        await fetch(`${platform.url}/v1/calls/${leg()}`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(hungUp),
        });
      },
    };
  },
};

/** Somebody who calls a number. */
interface Calling {
  /** The number that the other side sees. */
  from: string;
  over(): boolean;
  hangUp(): unknown;
}

const CALLING = {
  async 'a phone page'(number: string): Promise<Calling> {
    const page = await phonePage(null);
    const dialled = await page.socket.emitWithAck('dial', { from: CALLER, to: number });
    const uuid = dialled.ok ? dialled.uuid : '';
    return {
      from: CALLER,
      over: () => page.updates.at(-1)?.status === 'ended',
      hangUp: () => page.hangUp(uuid),
    };
  },
  async 'a headless phone'(number: string): Promise<Calling> {
    const { leg, hangUp } = platform.call({ from: CALLER, to: number });
    return { from: CALLER, over: () => leg.end !== undefined, hangUp };
  },
  async 'an application, by REST'(number: string): Promise<Calling> {
    const uuid = await restCall(number);
    return {
      from: FRONT,
      over: () => front.events.some((one) => one.uuid === uuid && one.status === 'completed'),
      hangUp: () => api('PUT', `/${uuid}`, { action: 'hangup' }),
    };
  },
  async 'a phone, by the number of an application'(number: string): Promise<Calling> {
    front.answer = () => ({ body: connect(number) });
    const { leg, hangUp } = platform.call({ from: CALLER, to: FRONT });
    return { from: CALLER, over: () => leg.end !== undefined, hangUp };
  },
};

describe.each(Object.entries(CALLING))('%s', (_caller, call) => {
  test.each(Object.entries(CALLED))('reaches %s, whose going ends the call', async (_called, open) => {
    const called = await open();
    const calling = await call(called.number);
    expect(await called.reached()).toBe(calling.from);
    expect(calling.over()).toBe(false);
    await called.hangUp();
    await expect.poll(calling.over).toBe(true);
  });

  test.each(Object.entries(CALLED))('reaches %s, and can hang up', async (_called, open) => {
    const called = await open();
    const calling = await call(called.number);
    await called.reached();
    await calling.hangUp();
    await expect.poll(called.over).toBe(true);
  });
});

describe('a number that an application calls', () => {
  const statuses = (leg: string) =>
    front.events.filter(({ uuid }) => uuid === leg).flatMap(({ status }) => status ?? []);

  test('may be its own', async () => {
    front.answer = () => ({ body: MEETING });
    const leg = await restCall(FRONT);
    await expect.poll(() => statuses(leg)).toEqual(['started', 'ringing', 'answered']);
    expect(front.questions[0]?.get('from')).toBe(FRONT);
    const inbound = () =>
      front.events.filter(({ direction }) => direction === 'inbound').map(({ status }) => status);
    await expect.poll(inbound).toEqual(expect.arrayContaining(['ringing', 'started', 'answered']));
  });

  test('hears keys as tones', async () => {
    shop.answer = () => ({
      body: [{ action: 'input', type: ['dtmf'], dtmf: { maxDigits: 3, timeOut: 10 } }],
    });
    const leg = await restCall(SHOP, [{ action: 'wait', timeout: 60 }]);
    await expect.poll(() => statuses(leg)).toContain('answered');
    await api('PUT', `/${leg}/dtmf`, { digits: '42#' });
    await expect
      .poll(() => shop.events.find((one) => 'dtmf' in one))
      .toMatchObject({ from: FRONT, to: SHOP, dtmf: { digits: '42#' } });
  });

  test.each<[string, () => void, string]>([
    ['does not answer well', () => (shop.answer = () => ({ status: 500 })), 'failed'],
    ['ends the call at once', () => (shop.answer = () => ({ body: [] })), 'unanswered'],
    [
      'connects it to a phone that is busy',
      () => {
        platform.phone(HEADLESS, { does: 'busy' });
        shop.answer = () => ({ body: connect(HEADLESS) });
      },
      'busy',
    ],
    [
      'connects it to a phone that rejects',
      () => {
        platform.phone(HEADLESS, { does: 'reject' });
        shop.answer = () => ({ body: connect(HEADLESS) });
      },
      'rejected',
    ],
  ])('whose application %s is told as a telephone’s', async (_what, set, status) => {
    set();
    const leg = await restCall(SHOP);
    await expect.poll(() => statuses(leg)).toContain(status);
  });

  test('rings only as long as the caller wants', async () => {
    shop.answer = () => ({ body: [{ action: 'wait', timeout: 60 }] });
    const body = {
      to: [{ type: 'phone', number: SHOP }],
      from: { number: FRONT },
      ringing_timer: 1,
      ncco: MEETING,
    };
    const { uuid } = await api('POST', '', body);
    await expect.poll(() => statuses(uuid)).toEqual(['started', 'ringing', 'timeout', 'completed']);
    await expect.poll(() => shop.events.map(({ status }) => status)).toContain('completed');
  });

  test('that leads back to itself is told as a fault, and ends', async () => {
    front.answer = () => ({ body: connect(SHOP) });
    shop.answer = () => ({ body: connect(FRONT) });
    const { over } = platform.call({ to: FRONT });
    await over;
    const reasons = () => [...front.events, ...shop.events].flatMap(({ reason }) => reason ?? []);
    await expect.poll(reasons).toEqual([expect.stringContaining('do their numbers connect to each other?')]);
  });
});
