import { generateKeyPairSync } from 'node:crypto';
import { Feature } from '@vonage/numbers';
import { Vonage } from '@vonage/server-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { Credentials } from '../../emulator/provisioning/account.ts';
import { signToken } from './support/sdk-page.ts';

let platform: Platform;
let vonage: Vonage;

beforeAll(async () => {
  platform = await createPlatform();
  vonage = sdkOf(platform.credentials);
});
afterAll(() => platform.close());

/** The real SDK, as an application's server sets it up. */
function sdkOf(credentials: Credentials, base = platform.url): Vonage {
  const { api_key: apiKey, api_secret: apiSecret } = credentials;
  const { application_id: applicationId, private_key: privateKey } = credentials;
  return new Vonage({ apiKey, apiSecret, applicationId, privateKey }, { apiHost: base, restHost: base });
}

test('a user as Vonage’s PHP SDK sends one, its empty objects written as [], is taken', async () => {
  const answer = await fetch(`${platform.url}/v1/users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await signToken(platform)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Php', display_name: 'PHP', properties: [], channels: [] }),
  });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ name: 'Php', properties: {}, channels: {} });
});

test('a form that Vonage’s Python SDK calls JSON, as it does after other requests, is read', async () => {
  const answer = await fetch(`${platform.url}/account/settings`, {
    method: 'POST',
    headers: { ...basic(), 'content-type': 'application/json' },
    body: new URLSearchParams({ moCallBackUrl: 'https://app.example/in' }).toString(),
  });
  expect(await answer.json()).toMatchObject({ 'mo-callback-url': 'https://app.example/in' });
});

type Trials = Record<string, () => Promise<void>>;

/** Tests each method of an SDK client, and fails if a new SDK adds an untested one. */
function tryEach(name: string, client: () => object, trials: Trials): void {
  describe(`the SDK's ${name}`, () => {
    test('has no method that is untested here', () => {
      const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(client()));
      expect(methods.filter((one) => one !== 'constructor').sort()).toEqual(Object.keys(trials).sort());
    });
    test.each(Object.entries(trials))('%s', (_name, trial) => trial());
  });
}

/** What the SDK throws for this response. */
const refused = (status: number) => ({ response: { status } });

async function collect<T>(many: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of many) all.push(one);
  return all;
}

const CAPABILITIES = {
  voice: {
    webhooks: {
      answerUrl: { address: 'https://app.example/answer', httpMethod: 'POST', socketTimeout: 2000 },
      eventUrl: { address: 'https://app.example/event', httpMethod: 'POST' },
    },
    signedCallbacks: true,
    region: 'eu-west',
  },
} as const;

const createApplication = (name: string) =>
  vonage.applications.createApplication({ name, capabilities: CAPABILITIES });

tryEach('applications client', () => vonage.applications, {
  async createApplication() {
    const made = await createApplication('Support');
    expect(made).toMatchObject({
      name: 'Support',
      keys: {
        publicKey: expect.stringContaining('BEGIN PUBLIC KEY'),
        privateKey: expect.stringContaining('BEGIN PRIVATE KEY'),
      },
      capabilities: CAPABILITIES,
    });
    const keyed = sdkOf({
      ...platform.credentials,
      application_id: made.id ?? '',
      private_key: made.keys?.privateKey ?? '',
    });
    await expect(keyed.users.createUser({ name: 'Sue' })).resolves.toMatchObject({ name: 'Sue' });
  },
  async getApplication() {
    const { id = '' } = await createApplication('Looked up');
    const { keys, ...found } = await vonage.applications.getApplication(id);
    expect(found).toMatchObject({ id, name: 'Looked up', capabilities: CAPABILITIES });
    expect(keys).not.toHaveProperty('privateKey');
    await expect(vonage.applications.getApplication('nobody')).rejects.toMatchObject(refused(404));
  },
  async updateApplication() {
    const made = await createApplication('Before');
    const { keys: _, ...content } = made;
    const changed = await vonage.applications.updateApplication({
      ...content,
      name: 'After',
      capabilities: { rtc: CAPABILITIES_RTC },
    });
    expect(changed).toMatchObject({ id: made.id, name: 'After', keys: { publicKey: made.keys?.publicKey } });
    expect(changed.keys).not.toHaveProperty('privateKey');
    expect(changed.capabilities).not.toHaveProperty('voice');
    const renewed = await vonage.applications.updateApplication({ ...content, keys: {} });
    expect(renewed.keys?.privateKey).toContain('BEGIN PRIVATE KEY');
    expect(renewed.keys?.publicKey).not.toBe(made.keys?.publicKey);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const brought = await vonage.applications.updateApplication({ ...content, keys: { publicKey: own } });
    expect(brought.keys).toMatchObject({ publicKey: own });
    expect(brought.keys).not.toHaveProperty('privateKey');
  },
  async deleteApplication() {
    const { id = '' } = await createApplication('Gone');
    await vonage.applications.deleteApplication(id);
    await expect(vonage.applications.getApplication(id)).rejects.toMatchObject(refused(404));
    await expect(vonage.applications.deleteApplication(id)).rejects.toMatchObject(refused(404));
  },
  async listApplications() {
    await createApplication('Listed');
    const page = await vonage.applications.listApplications({ pageSize: 1, page: 2 });
    expect(page).toMatchObject({
      page: 2,
      pageSize: 1,
      _embedded: { applications: [{ name: expect.any(String) }] },
    });
    expect(page.totalItems).toBe(page.totalPages);
  },
  async getApplicationPage() {
    const { _embedded: found } = await vonage.applications.getApplicationPage({});
    expect(found.applications[0]).toMatchObject({ id: platform.credentials.application_id });
  },
  async listAllApplications() {
    await Promise.all([createApplication('One'), createApplication('Two')]);
    const names = (await collect(vonage.applications.listAllApplications({ pageSize: 2 }))).map(
      (one) => one.name,
    );
    expect(names).toEqual(expect.arrayContaining(['Switchboard', 'One', 'Two']));
  },
});

const CAPABILITIES_RTC = {
  webhooks: { eventUrl: { address: 'https://app.example/rtc', httpMethod: 'POST' } },
  signedCallbacks: true,
  legPersistenceTime: 6,
} as const;

/** Buys the nth available Spanish mobile number. */
async function buy(): Promise<{ country: string; msisdn: string }> {
  const { numbers = [] } = await vonage.numbers.getAvailableNumbers({ country: 'ES' });
  const number = { country: 'ES', msisdn: numbers[0]?.msisdn ?? '' };
  expect(await vonage.numbers.buyNumber(number)).toEqual({ errorCode: '200', errorCodeLabel: 'success' });
  return number;
}

tryEach('numbers client', () => vonage.numbers, {
  async getAvailableNumbers() {
    const first = await vonage.numbers.getAvailableNumbers({
      country: 'GB',
      size: 2,
      features: [Feature.VOICE, Feature.SMS],
    });
    expect(first.numbers).toHaveLength(2);
    expect(first.numbers?.[0]).toMatchObject({
      country: 'GB',
      type: 'mobile-lvn',
      features: ['SMS', 'VOICE'],
      cost: expect.stringMatching(/^\d+\.\d\d$/),
    });
    const next = await vonage.numbers.getAvailableNumbers({
      country: 'GB',
      size: 2,
      index: 2,
      features: [Feature.VOICE, Feature.SMS],
    });
    expect(next.count).toBe(first.count);
    expect(next.numbers?.[0]?.msisdn).not.toBe(first.numbers?.[0]?.msisdn);
    const msisdn = String(first.numbers?.[0]?.msisdn);
    const ending = { country: 'GB', pattern: msisdn.slice(-5), searchPattern: 2 };
    expect((await vonage.numbers.getAvailableNumbers(ending)).numbers).toMatchObject([{ msisdn }]);
    expect(await vonage.numbers.getAvailableNumbers({ country: 'ZZ' })).toEqual({});
  },
  async buyNumber() {
    const number = await buy();
    await expect(vonage.numbers.buyNumber(number)).rejects.toMatchObject(refused(420));
    const { value } = await vonage.accounts.getBalance();
    expect(value).toBeLessThan(100);
  },
  async getOwnedNumbers() {
    const { application_id: applicationId, number: msisdn } = platform.credentials;
    const linked = await vonage.numbers.getOwnedNumbers({ applicationId });
    expect(linked).toMatchObject({
      count: 1,
      numbers: [{ country: 'GB', msisdn, voiceCallbackType: 'app', voiceCallbackValue: applicationId }],
    });
    const free = await buy();
    expect((await vonage.numbers.getOwnedNumbers({ hasApplication: false })).numbers).toContainEqual(
      expect.objectContaining(free),
    );
    expect(await vonage.numbers.getOwnedNumbers({ pattern: '000000', searchPattern: 1 })).toEqual({});
    expect((await vonage.numbers.getOwnedNumbers()).count).toBeGreaterThan(1);
  },
  async updateNumber() {
    const number = await buy();
    const { application_id: appId } = platform.credentials;
    const change = { ...number, appId, moHttpUrl: 'https://app.example/sms' };
    expect(await vonage.numbers.updateNumber(change)).toMatchObject({ errorCode: '200' });
    const find = async () => (await vonage.numbers.getOwnedNumbers({ pattern: number.msisdn })).numbers?.[0];
    expect(await find()).toMatchObject({ moHttpUrl: 'https://app.example/sms', voiceCallbackValue: appId });
    await vonage.numbers.updateNumber({ ...number });
    expect(await find()).not.toHaveProperty('voiceCallbackValue');
    const astray = { ...number, appId: '00000000-0000-4000-8000-000000000000' };
    await expect(vonage.numbers.updateNumber(astray)).rejects.toMatchObject(refused(420));
  },
  async cancelNumber() {
    const number = await buy();
    expect(await vonage.numbers.cancelNumber(number)).toMatchObject({ errorCode: '200' });
    await expect(vonage.numbers.cancelNumber(number)).rejects.toMatchObject(refused(420));
  },
});

tryEach('users client', () => vonage.users, {
  async createUser() {
    const details = {
      displayName: 'Ann A.',
      imageUrl: 'https://app.example/ann.png',
      properties: { customData: { desk: '7' } },
      channels: { websocket: [{ uri: 'wss://app.example/ann', contentType: 'audio/l16;rate=16000' }] },
    };
    const user = await vonage.users.createUser({ name: 'Ann', ...details });
    expect(user).toMatchObject({ id: expect.stringMatching(/^USR-/), name: 'Ann', ...details });
    await expect(vonage.users.createUser({ name: 'Ann' })).rejects.toMatchObject(refused(409));
    expect((await vonage.users.createUser({})).name).toMatch(/^NAM-/);
  },
  async getUser() {
    const { id = '' } = await vonage.users.createUser({ name: 'Ben' });
    expect(await vonage.users.getUser(id)).toMatchObject({ id, name: 'Ben' });
    expect(await vonage.users.getUser('Ben')).toMatchObject({ id });
    await expect(vonage.users.getUser('USR-nobody')).rejects.toMatchObject(refused(404));
  },
  async updateUser() {
    const { id = '' } = await vonage.users.createUser({ name: 'Cleo', displayName: 'Cleo' });
    const changed = await vonage.users.updateUser({ id, name: 'Cleopatra', displayName: 'The queen' });
    expect(changed).toMatchObject({ id, name: 'Cleopatra', displayName: 'The queen' });
    await vonage.users.createUser({ name: 'Dora' });
    await expect(vonage.users.updateUser({ id, name: 'Dora' })).rejects.toMatchObject(refused(409));
  },
  async deleteUser() {
    const { id = '' } = await vonage.users.createUser({ name: 'Gone' });
    await vonage.users.deleteUser(id);
    await expect(vonage.users.getUser(id)).rejects.toMatchObject(refused(404));
  },
  async getUserPage() {
    await vonage.users.createUser({ name: 'Eve' });
    const { _embedded: found } = await vonage.users.getUserPage({ name: 'Eve' });
    expect(found.users).toMatchObject([{ name: 'Eve' }]);
    await expect(vonage.users.getUserPage({ pageSize: 1000 })).rejects.toMatchObject(refused(400));
  },
  async listAllUsers() {
    for (const name of ['Fay', 'Gil', 'Hal']) await vonage.users.createUser({ name });
    const names = (await collect(vonage.users.listAllUsers({ pageSize: 2 }))).map((user) => user.name);
    expect(names).toEqual(expect.arrayContaining(['Fay', 'Gil', 'Hal']));
    expect(new Set(names).size).toBe(names.length);
  },
});

tryEach('accounts client', () => vonage.accounts, {
  async getBalance() {
    expect(await vonage.accounts.getBalance()).toEqual({ value: expect.any(Number), autoReload: false });
  },
  async topUpBalance() {
    const before = await vonage.accounts.getBalance();
    expect(await vonage.accounts.topUpBalance('8ef2447e69604f642ae59363aa5f781b')).toMatchObject({
      'error-code': '200',
    });
    expect((await vonage.accounts.getBalance()).value).toBeGreaterThan(before.value);
  },
  async updateAccountCallbacks() {
    const callbacks = { moCallBackUrl: 'https://app.example/sms', drCallBackUrl: '' };
    expect(await vonage.accounts.updateAccountCallbacks(callbacks)).toMatchObject({
      'mo-callback-url': 'https://app.example/sms',
      'dr-callback-url': '',
      'max-outbound-request': 30,
    });
  },
});

tryEach('secrets client', () => vonage.secrets, {
  async listSecrets() {
    const { api_key: key } = platform.credentials;
    const { _embedded: found } = await vonage.secrets.listSecrets(key);
    expect(found.secrets[0]).toMatchObject({ id: expect.any(String), created_at: expect.any(String) });
    await expect(vonage.secrets.listSecrets('somebody')).rejects.toMatchObject(refused(404));
  },
  async getSecret() {
    const { api_key: key } = platform.credentials;
    const { _embedded: found } = await vonage.secrets.listSecrets(key);
    const id = found.secrets[0]?.id ?? '';
    expect(await vonage.secrets.getSecret(key, id)).toMatchObject({ id });
  },
  async createSecret() {
    const { api_key: key } = platform.credentials;
    await expect(vonage.secrets.createSecret(key, 'short')).rejects.toMatchObject(refused(400));
    const { id } = await vonage.secrets.createSecret(key, 'Another1secret');
    await sdkOf({ ...platform.credentials, api_secret: 'Another1secret' }).accounts.getBalance();
    await expect(vonage.secrets.createSecret(key, 'AThird1secret')).rejects.toMatchObject(refused(403));
    await vonage.secrets.deleteSecret(key, id);
  },
  async deleteSecret() {
    const { api_key: key } = platform.credentials;
    const { id } = await vonage.secrets.createSecret(key, 'Another1secret');
    await vonage.secrets.deleteSecret(key, id);
    const { _embedded: found } = await vonage.secrets.listSecrets(key);
    expect(found.secrets).toHaveLength(1);
    const last = vonage.secrets.deleteSecret(key, found.secrets[0]?.id ?? '');
    await expect(last).rejects.toMatchObject(refused(403));
  },
});

const basic = () => {
  const { api_key, api_secret } = platform.credentials;
  return { authorization: `Basic ${Buffer.from(`${api_key}:${api_secret}`).toString('base64')}` };
};

describe('an application shows what is usual where nothing was said (Application API 2, OpenAPI)', () => {
  test('signed callbacks, methods and time limits', async () => {
    const webhooks = {
      answer_url: { address: 'https://app.example/answer' },
      fallback_answer_url: { address: 'https://app.example/fallback', connection_timeout: 500 },
      event_url: { address: 'https://app.example/event', socket_timeout: 2000 },
    };
    const answer = await fetch(`${platform.url}/v2/applications`, {
      method: 'POST',
      headers: { ...basic(), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Usual', capabilities: { voice: { webhooks } } }),
    });
    expect(await answer.json()).toMatchObject({
      capabilities: {
        voice: {
          signed_callbacks: true,
          webhooks: {
            answer_url: { http_method: 'GET', connect_timeout: 1000, socket_timeout: 5000 },
            fallback_answer_url: { http_method: 'GET', connection_timeout: 500, socket_timeout: 5000 },
            event_url: { http_method: 'POST', connect_timeout: 1000, socket_timeout: 2000 },
          },
        },
      },
    });
  });

  test.each(['page_size=abc', 'page_size=0', 'page=x'])('a list with %s is refused', async (query) => {
    const answer = await fetch(`${platform.url}/v2/applications?${query}`, { headers: basic() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ invalid_parameters: [{ name: query.split('=')[0] }] });
  });
});

type Priced = { count: number | string; countries: { countryCode: string }[] };
/** The SDK types the service as an enum of a package that is not installed here by itself. */
const pricing = (): {
  listCountryPricing(type: string, country: string): Promise<object>;
  listAllCountriesPricing(type: string): Promise<Priced>;
  listPrefixPricing(type: string, prefix: string): Promise<Priced>;
} => vonage.pricing;

tryEach('pricing', () => vonage.pricing, {
  async listCountryPricing() {
    expect(await pricing().listCountryPricing('voice', 'CA')).toMatchObject({
      countryCode: 'CA',
      countryName: 'Canada',
      currency: 'EUR',
      defaultPrice: '0.00720000',
      dialingPrefix: '1',
      networks: expect.arrayContaining([expect.objectContaining({ type: 'mobile', price: '0.00720000' })]),
    });
    await expect(pricing().listCountryPricing('voice', 'ZZ')).rejects.toMatchObject(refused(404));
  },
  async listAllCountriesPricing() {
    const { count, countries } = await pricing().listAllCountriesPricing('voice');
    expect(Number(count)).toBe(countries.length);
    expect(countries.map(({ countryCode }) => countryCode)).toContain('GB');
  },
  async listPrefixPricing() {
    const { countries } = await pricing().listPrefixPricing('voice', '44');
    expect(countries.map(({ countryCode }) => countryCode)).toEqual(['GB']);
  },
});

const createConversation = (name: string) => vonage.conversations.createConversation({ name });

async function memberIn(name: string) {
  const { id: conversation = '' } = await createConversation(name);
  const user = await vonage.users.createUser({ name: `User of ${name}` });
  const member: Parameters<typeof vonage.conversations.createMember>[1] = JSON.parse(
    JSON.stringify({ user: { id: user.id }, state: 'JOINED', channel: { type: 'app' } }),
  );
  const { id = '' } = await vonage.conversations.createMember(conversation, member);
  return { conversation, id };
}

describe('the SDK’s conversations, as far as Vonage’s CLI uses them', () => {
  test('are created, found, changed and deleted', async () => {
    const { id = '' } = await createConversation('Talk');
    expect(await vonage.conversations.getConversation(id)).toMatchObject({
      name: 'Talk',
      state: 'ACTIVE',
      timestamp: { created: expect.any(String) },
    });
    await expect(createConversation('Talk')).rejects.toMatchObject(refused(409));
    await vonage.conversations.updateConversation({ id, name: 'Talk', displayName: 'A talk' });
    expect(await vonage.conversations.getConversation(id)).toMatchObject({ displayName: 'A talk' });
    await vonage.conversations.deleteConversation(id);
    await expect(vonage.conversations.getConversation(id)).rejects.toMatchObject(refused(404));
  });

  test('keep names of their own: none takes that of another one', async () => {
    const { id = '' } = await createConversation('Mine');
    await createConversation('Theirs');
    const rename = (name: string) => vonage.conversations.updateConversation({ id, name });
    await expect(rename('Theirs')).rejects.toMatchObject(refused(409));
    expect(await vonage.conversations.getConversation(id)).toMatchObject({ name: 'Mine' });
    await rename('Mine');
    expect(await rename('Still mine')).toMatchObject({ name: 'Still mine' });
  });

  test('are listed in pages that the CLI follows by whole links', async () => {
    await createConversation('First');
    await createConversation('Second');
    const { conversations, links } = await vonage.conversations.getConversationPage({ pageSize: 1 });
    expect(conversations).toHaveLength(1);
    const cursor = new URL(String(links?.next?.href)).searchParams.get('cursor') ?? '';
    const next = await vonage.conversations.getConversationPage({ pageSize: 100, cursor });
    expect(next.conversations.map(({ name }) => name)).toContain('Second');
  });

  test('have members, which are added, found, listed and changed', async () => {
    const { conversation, id } = await memberIn('Members');
    expect(await vonage.conversations.getMember(conversation, id)).toMatchObject({
      id,
      state: 'JOINED',
      user: { name: 'User of Members' },
      timestamp: { joined: expect.any(String) },
    });
    const { members } = await vonage.conversations.getMemberPage(conversation);
    expect(members.map((member) => member.id)).toEqual([id]);
    const left: Parameters<typeof vonage.conversations.updateMember>[2] = JSON.parse('{"state":"LEFT"}');
    expect(await vonage.conversations.updateMember(conversation, id, left)).toMatchObject({ state: 'LEFT' });
  });

  test('those of calls are among them, with their legs as members', async () => {
    const phone = platform.phone('447700900199', { does: 'answer' });
    const call = await vonage.voice.createOutboundCall({
      to: [{ type: 'phone', number: phone.number }],
      from: { type: 'phone', number: platform.credentials.number },
      ncco: [{ action: 'wait', timeout: 600 }],
    });
    const members = async () =>
      (await vonage.conversations.getMemberPage(call.conversationUUID)).members.map(({ state }) => state);
    await expect.poll(members).toEqual(['JOINED']);
    await vonage.conversations.deleteConversation(call.conversationUUID);
    await expect.poll(async () => (await vonage.voice.getCall(call.uuid)).status).toBe('completed');
  });

  test('a stranger’s are not found', async () => {
    await expect(vonage.conversations.getConversation('CON-x')).rejects.toMatchObject(refused(404));
    const { conversation } = await memberIn('Stranger');
    await expect(vonage.conversations.getMember(conversation, 'MEM-x')).rejects.toMatchObject(refused(404));
  });
});
