import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vonage } from '@vonage/server-sdk';
import { parse } from 'dotenv';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { AccountPlan, ApplicationPlan } from '../../emulator/provisioning/plan.ts';
import { readOptions } from '../../server/commands/setup/options.ts';
import { setUp } from '../../server/commands/setup/setup.ts';
import { plainTalk } from '../../server/commands/setup/talk.ts';
import { createAccount } from '../../server/vonage/sdk-account.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';
import { type Death, layDyingLine } from './support/dying-line.ts';

const PUBLIC_URL = 'https://calls.example.com';
const API_SECRET = 'aSecretOf7ests';
/** A number for sale on the platform, and its price. */
const OFFER = { msisdn: '447700900503', cost: 1.25 };
/** The requests of a setup that buys a number, in order. */
const REQUESTS = 8;

const deaths: Death[] = (['before', 'after'] as const).flatMap((when) =>
  Array.from({ length: REQUESTS }, (_, index) => ({ when, request: index + 1 })),
);
const keyOf = ({ when, request }: Death) => `dies-${when}-${request}`;

const elsewhere = (name: string): ApplicationPlan => ({
  name,
  answerUrl: 'https://other.example/answer',
  eventUrl: 'https://other.example/event',
});
const plans: Record<string, Omit<AccountPlan, 'apiKey' | 'apiSecret'>> = {
  first: { applications: [{ name: 'Switchboard', numbers: ['442038297050'] }] },
  fresh: { numbers: ['442038297051'] },
  wrong: { numbers: ['442038297052'] },
  taken: { applications: [{ ...elsewhere('Shop'), numbers: ['442038297053'] }] },
  others: { applications: [elsewhere('Switchboard')], numbers: ['442038297054'] },
  poor: {},
  several: { numbers: ['442038297055', '442038297056'] },
  dry: { numbers: ['442038297057'] },
  kept: { numbers: ['442038297058'] },
  process: { numbers: ['442038297059'] },
  ...Object.fromEntries(deaths.map((death) => [keyOf(death), {}])),
};

let platform: Platform;
beforeAll(async () => {
  const accounts = Object.entries(plans).map(([apiKey, plan]) => ({
    ...plan,
    apiKey,
    apiSecret: API_SECRET,
  }));
  platform = await createPlatform({ accounts });
});
afterAll(() => platform.close());

/** A machine on which a customer runs setup. */
function machine(apiKey: keyof typeof plans, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const settings = {
    VONAGE_API_URL: platform.url,
    VONAGE_API_KEY: apiKey,
    VONAGE_API_SECRET: API_SECRET,
    PUBLIC_URL,
    ...env,
  };
  const file = join(folder, '.env');
  const sdk = new Vonage(
    { apiKey, apiSecret: API_SECRET, privateKey: '' },
    { apiHost: platform.url, restHost: platform.url },
  );
  return {
    folder,
    file,
    settings,
    sdk,
    written: () => parse(readFileSync(file)),
    /** Runs setup; returns its output and the requests that change something. */
    async run(args: string[] = [], more: Record<string, string> = {}) {
      const read = readOptions(args);
      if (!read.ok) throw new Error(read.words);
      const said: string[] = [];
      const before = await lastRequest();
      const code = await setUp({
        env: { ...settings, ...more },
        folder,
        options: read.options,
        talk: plainTalk((text) => said.push(text)),
        connect: createAccount,
      });
      const words = said.join('');
      expect(words).not.toContain(API_SECRET);
      expect(words).not.toContain('PRIVATE KEY');
      return { code, words, changes: await changesSince(before) };
    },
    async applications() {
      return (await sdk.applications.getApplicationPage({ pageSize: 100 }))._embedded.applications;
    },
    async numbers() {
      return (await sdk.numbers.getOwnedNumbers({ size: 100 })).numbers ?? [];
    },
    async users() {
      const { VONAGE_APPLICATION_ID: applicationId = '' } = parse(readFileSync(file));
      const privateKey = readFileSync(join(folder, 'private.key'), 'utf8');
      const { users } = new Vonage({ applicationId, privateKey }, { apiHost: platform.url });
      return (await users.getUserPage({ pageSize: 100 }))._embedded.users.map((user) => user.name);
    },
  };
}

const listed = z.object({
  requests: z.array(z.object({ id: z.number(), method: z.string(), url: z.string() })),
});

async function requests() {
  const answer = await fetch(`${platform.url}/emulator/requests?limit=1000`);
  return listed.parse(await answer.json()).requests;
}

async function lastRequest(): Promise<number> {
  return Math.max(0, ...(await requests()).map((one) => one.id));
}

/** The requests since then that could change something, oldest first. */
async function changesSince(id: number): Promise<string[]> {
  const later = (await requests()).filter((one) => one.id > id && !['GET', 'HEAD'].includes(one.method));
  return later.reverse().map((one) => `${one.method} ${one.url.replace(platform.url, '')}`);
}

const WEBHOOKS = {
  answerUrl: { address: `${PUBLIC_URL}/voice/answer`, httpMethod: 'GET' },
  eventUrl: { address: `${PUBLIC_URL}/voice/event`, httpMethod: 'POST' },
  fallbackAnswerUrl: { address: `${PUBLIC_URL}/voice/fallback`, httpMethod: 'GET' },
};

test('a fresh account gets an application, a linked number and users; a second run changes nothing', async () => {
  const at = machine('fresh', { AGENTS: 'Alice,Bob' });
  const first = await at.run();
  expect(first).toMatchObject({ code: 0, words: expect.stringContaining('Your number is set up') });
  const [application, ...more] = await at.applications();
  expect(more).toEqual([]);
  expect(application).toMatchObject({
    name: 'Switchboard',
    capabilities: { voice: { webhooks: WEBHOOKS, signedCallbacks: true }, rtc: {} },
  });
  expect(await at.numbers()).toMatchObject([{ msisdn: '442038297051', app_id: application?.id }]);
  expect(await at.users()).toEqual(['Alice', 'Bob']);
  expect(at.written()).toEqual({
    ...at.settings,
    VONAGE_APPLICATION_ID: application?.id,
    VONAGE_PRIVATE_KEY: 'private.key',
    VONAGE_NUMBER: '442038297051',
  });
  for (const name of ['.env', 'private.key']) {
    expect(statSync(join(at.folder, name)).mode & 0o777).toBe(0o600);
  }

  const text = readFileSync(at.file, 'utf8');
  const key = readFileSync(join(at.folder, 'private.key'), 'utf8');
  const again = await at.run();
  expect(again).toMatchObject({
    code: 0,
    changes: [],
    words: expect.stringContaining('Nothing was changed'),
  });
  expect(readFileSync(at.file, 'utf8')).toBe(text);
  expect(readFileSync(join(at.folder, 'private.key'), 'utf8')).toBe(key);

  // Without .env, everything is found again: by the webhooks, the key, the link.
  rmSync(at.file);
  expect(await at.run()).toMatchObject({ code: 0, changes: [] });
  expect(at.written().VONAGE_APPLICATION_ID).toBe(application?.id);

  // A lost key is replaced only with consent.
  rmSync(join(at.folder, 'private.key'));
  expect(await at.run()).toMatchObject({ code: 1, changes: [], words: expect.stringContaining('--force') });
  expect(existsSync(join(at.folder, 'private.key'))).toBe(false);
  const forced = await at.run(['--force']);
  expect(forced).toMatchObject({ code: 0, changes: [`PUT /v2/applications/${application?.id}`] });
  expect(await at.users()).toEqual(['Alice', 'Bob']);
});

test('.env keeps its contents, and the environment takes precedence over it', async () => {
  const at = machine('kept');
  const mine = "# Ours\nexport WAIT_MESSAGE='One moment' # nice\n\n# VONAGE_NUMBER=1\nPORT=4000\n";
  writeFileSync(at.file, mine, { mode: 0o644 });
  expect(await at.run()).toMatchObject({ code: 0 });
  const text = readFileSync(at.file, 'utf8');
  expect(text).toContain(
    "# Ours\nexport WAIT_MESSAGE='One moment' # nice\n\n# VONAGE_NUMBER=1\nVONAGE_NUMBER=442038297058\nPORT=4000\n",
  );
  expect(statSync(at.file).mode & 0o777).toBe(0o600);
});

test('a wrong secret stops it with a readable message before anything changes', async () => {
  const at = machine('wrong');
  const run = await at.run([], { VONAGE_API_SECRET: 'aWrongSecret1' });
  expect(run).toMatchObject({ code: 1, changes: [] });
  expect(run.words).toMatch(/stopped at the account[\s\S]*401[\s\S]*VONAGE_API_SECRET/);
  expect(run.words).not.toContain('aWrongSecret1');
  expect(readdirSync(at.folder)).toEqual([]);
  expect(await at.run()).toMatchObject({ code: 0 });
});

test('all missing or invalid settings are reported together', async () => {
  const at = machine('wrong');
  const none = { VONAGE_API_KEY: '', VONAGE_API_SECRET: '', PUBLIC_URL: '' };
  expect((await at.run([], none)).words).toContain('Not set: VONAGE_API_KEY, VONAGE_API_SECRET, PUBLIC_URL.');
  const odd = { PUBLIC_URL: 'calls', VONAGE_REGION: 'moon' };
  expect((await at.run([], odd)).words).toMatch(/PUBLIC_URL must be.*VONAGE_REGION must be/);
});

test('a number of another application is not taken over without --force', async () => {
  const at = machine('taken', { VONAGE_NUMBER: '442038297053' });
  const refused = await at.run();
  expect(refused).toMatchObject({
    code: 1,
    changes: [],
    words: expect.stringContaining('another application'),
  });
  expect(refused.words).toContain('--force');
  const unnamed = await at.run([], { VONAGE_NUMBER: '' });
  expect(unnamed).toMatchObject({ code: 1, changes: [], words: expect.stringContaining('--country') });
  expect(await at.run(['--force'])).toMatchObject({ code: 0 });
  expect(await at.numbers()).toMatchObject([{ app_id: at.written().VONAGE_APPLICATION_ID }]);
  const shop = (await at.applications()).find((one) => one.name === 'Shop');
  expect(shop).toMatchObject({
    capabilities: { voice: { webhooks: { answerUrl: { address: 'https://other.example/answer' } } } },
  });
});

test('an application with other webhooks is not taken over without --force; another name creates another one', async () => {
  const at = machine('others');
  const [present] = await at.applications();
  const refused = await at.run();
  expect(refused).toMatchObject({ code: 1, changes: [] });
  expect(refused.words).toMatch(/https:\/\/other\.example[\s\S]*--force[\s\S]*--name/);
  expect(readdirSync(at.folder)).toEqual([]);
  expect(await at.run([], { VONAGE_APPLICATION_ID: present?.id ?? '' })).toMatchObject({
    code: 1,
    changes: [],
  });

  expect(await at.run(['--name', 'Second'])).toMatchObject({ code: 0 });
  expect((await at.applications()).map((one) => one.name)).toEqual(['Switchboard', 'Second']);

  rmSync(at.file);
  const forced = await at.run(['--force'], {
    VONAGE_APPLICATION_ID: present?.id ?? '',
    VONAGE_NUMBER: '442038297054',
  });
  expect(forced).toMatchObject({ code: 0, words: expect.stringContaining('Taking over') });
  const [changed] = await at.applications();
  expect(changed).toMatchObject({ id: present?.id, capabilities: { voice: { webhooks: WEBHOOKS } } });
});

test('a script must choose among several free numbers', async () => {
  const at = machine('several');
  const asked = await at.run();
  expect(asked).toMatchObject({
    code: 1,
    changes: [],
    words: expect.stringContaining('442038297055, 442038297056'),
  });
  expect(await at.run([], { VONAGE_NUMBER: '+44 2038 297056' })).toMatchObject({ code: 0 });
  expect((await at.numbers()).map((one) => Reflect.has(one, 'app_id'))).toEqual([false, true]);
});

test('a number is bought only with an explicit --yes; offers are listed with their prices', async () => {
  const at = machine('poor');
  const lost = await at.run();
  expect(lost).toMatchObject({ code: 1, changes: [], words: expect.stringContaining('--country') });
  const list = await at.run(['--country', 'GB']);
  expect(list).toMatchObject({ code: 1, changes: [] });
  expect(list.words).toMatch(
    /\+447700900503 \(mobile-lvn, €1\.25 a month\): npm run setup -- --buy 447700900503 --country GB --yes/,
  );
  const order = ['--buy', OFFER.msisdn, '--country', 'GB'];
  expect(await at.run(order)).toMatchObject({
    code: 1,
    changes: [],
    words: expect.stringContaining('--yes'),
  });
  const gone = await at.run(['--buy', '447700900999', '--country', 'GB', '--yes']);
  expect(gone).toMatchObject({ code: 1, changes: [], words: expect.stringContaining('not for sale') });

  const shown = await at.run([...order, '--dry-run']);
  expect(shown).toMatchObject({ code: 0, changes: [] });
  const bought = await at.run([...order, '--yes']);
  expect(bought).toMatchObject({ code: 0 });
  expect(bought.changes).toContain('POST /number/buy');
  const again = await at.run([...order, '--yes']);
  expect(again).toMatchObject({ code: 0, changes: [] });
  expect(await at.numbers()).toHaveLength(1);
  expect((await at.sdk.accounts.getBalance()).value).toBe(100 - OFFER.cost);
  await at.sdk.numbers.cancelNumber({ country: 'GB', msisdn: OFFER.msisdn });
});

test('a dry run changes nothing, and shows exactly the requests that a run then sends', async () => {
  const at = machine('dry');
  const dry = await at.run(['--dry-run']);
  expect(dry).toMatchObject({ code: 0, changes: [], words: expect.stringContaining('dry run') });
  expect(readdirSync(at.folder)).toEqual([]);
  const shown = [...dry.words.matchAll(/^ +((?:POST|PUT) \S+)$/gm)].map(([, line = '']) =>
    line.replace(platform.url, ''),
  );
  expect(shown).toHaveLength(3);
  expect((await at.run()).changes).toEqual(shown);
  expect(await at.run(['--dry-run'])).toMatchObject({
    code: 0,
    words: expect.stringContaining('Everything is set up correctly'),
  });
});

describe('a connection that fails', () => {
  test.each(deaths.map((death) => ({ death, name: keyOf(death) })))('$name', async ({ death, name }) => {
    const at = machine(name);
    const order = ['--buy', OFFER.msisdn, '--country', 'GB', '--yes'];
    await using line = await layDyingLine(platform.url, death);
    const failed = await at.run(order, { VONAGE_API_URL: line.url });
    expect(failed).toMatchObject({ code: 1 });
    expect(line.carried()).toBe(death.request);
    expect(failed.words).toMatch(
      /Setup stopped at (the account|step \d of 6)[\s\S]*(does not answer|broke off)/,
    );
    expect(failed.words).toContain('run "npm run setup" again');
    // Nothing is half done: no .env yet, and the key completely or not at all.
    expect(readdirSync(at.folder).filter((file) => file !== 'private.key')).toEqual([]);

    expect(await at.run(order)).toMatchObject({ code: 0 });
    const [application, ...others] = await at.applications();
    expect(others).toEqual([]);
    expect(at.written().VONAGE_APPLICATION_ID).toBe(application?.id);
    expect(await at.numbers()).toMatchObject([{ msisdn: OFFER.msisdn, app_id: application?.id }]);
    expect((await at.sdk.accounts.getBalance()).value).toBe(100 - OFFER.cost);
    expect(await at.users()).toEqual(['Alice']);
    expect(await at.run(order)).toMatchObject({ code: 0, changes: [] });
    // For the next run.
    await at.sdk.numbers.cancelNumber({ country: 'GB', msisdn: OFFER.msisdn });
  });

  test('is tested at every request of setup', async () => {
    const at = machine('poor', { AGENTS: 'Zoe' });
    await using line = await layDyingLine(platform.url);
    const order = ['--buy', OFFER.msisdn, '--country', 'GB', '--yes', '--name', 'Counted'];
    expect(
      await at.run(order, { VONAGE_API_URL: line.url, PUBLIC_URL: 'https://counted.example' }),
    ).toMatchObject({ code: 0 });
    expect(line.carried()).toBe(REQUESTS);
  });
});

test('the command asks nothing in a script, reports invalid options, and works', async () => {
  const at = machine('process');
  const start = (...args: string[]) =>
    startProgram('server/commands/setup/main.ts', args, { folder: at.folder, environment: at.settings });
  await using wrong = start('--bye', '1');
  expect(await exitOf(wrong)).toBe(2);
  expect(wrong.printed()).toContain('--bye');
  await using right = start();
  expect(await exitOf(right)).toBe(0);
  expect(right.printed()).toContain('Your number is set up.');
  expect(right.printed()).not.toMatch(/Warning/);
});

test('the doctor explains itself, and rejects an unknown option', async () => {
  const start = (...args: string[]) =>
    startProgram('server/commands/doctor/main.ts', args, { folder: machine('process').folder });
  await using help = start('--help');
  await using wrong = start('--fix');
  await using unset = start();
  expect([await exitOf(help), await exitOf(wrong), await exitOf(unset)]).toEqual([0, 2, 1]);
  expect(help.printed()).toMatch(/npm run doctor[\s\S]*Exit code/);
  expect(wrong.printed()).toContain('--fix');
  expect(unset.printed()).toMatch(/No Vonage application[\s\S]*npm run setup/);
});

function exitOf({ child }: { child: ReturnType<typeof startProgram>['child'] }): Promise<number | null> {
  return new Promise((done) => {
    if (child.exitCode !== null) done(child.exitCode);
    else child.once('exit', done);
  });
}

test('with the .env that it wrote, the server starts in real mode and takes a call', async () => {
  await using line = await layDyingLine('http://127.0.0.1:9');
  const credentials = platform.credentialsOf('Switchboard');
  const at = machine('first', {
    PUBLIC_URL: line.url,
    VONAGE_SIGNATURE_SECRET: credentials.signature_secret,
  });
  // Downloaded from the dashboard, where the application was created by hand without webhooks.
  writeFileSync(join(at.folder, 'private.key'), credentials.private_key, { mode: 0o644 });
  const port = await freePort();
  line.target = `http://127.0.0.1:${port}`;
  const mine = `PORT=${port}\nHOST=127.0.0.1\nWAIT_MESSAGE=Hi\nAGENT_CODES=Alice:correct horse\n`;
  writeFileSync(at.file, mine);
  const run = await at.run();
  expect(run).toMatchObject({ code: 0 });
  expect(run.words).not.toContain(credentials.signature_secret);
  expect(run.changes).toEqual([`PUT /v2/applications/${credentials.application_id}`, 'POST /v1/users']);
  expect(readFileSync(join(at.folder, 'private.key'), 'utf8')).toBe(credentials.private_key);
  expect(statSync(join(at.folder, 'private.key')).mode & 0o777).toBe(0o600);

  await using server = startProgram('server/main.ts', [], { folder: at.folder });
  await server.prints(/Switchboard is ready/);
  expect(server.printed()).not.toContain('Warning');
  platform.agent('Alice', { does: 'answer', hangUpAfter: 0 });
  const caller = platform.call({ to: '442038297050' });
  expect(await caller.over).toBeDefined();
  await server.prints(/EVENT:[\s\S]*to: 'Alice'[\s\S]*status: 'answered'/);
  await server.prints(/status: 'completed'[\s\S]*status: 'completed'/);

  // First the doctor finds no problem, then it does.
  const examine = (environment = {}) =>
    startProgram('server/commands/doctor/main.ts', [], { folder: at.folder, environment });
  await using well = examine();
  const noSecret = { VONAGE_SIGNATURE_SECRET: '', AGENTS: 'Alice,Bob', AGENT_CODES: '' };
  await using ill = examine({
    ...noSecret,
    VONAGE_NUMBER: '442038297099',
    PUBLIC_URL: 'https://nowhere.invalid',
  });
  await using locked = examine({ VONAGE_API_SECRET: 'aWrongSecret1' });
  expect([await exitOf(well), await exitOf(ill), await exitOf(locked)]).toEqual([0, 1, 1]);
  expect(well.printed()).toContain('No problems found.');
  expect(well.printed()).toContain('reaches this server');
  expect(well.printed()).toMatch(/✓ Store .*can be read/);
  for (const about of ['Webhooks', 'Number', 'Users', 'PUBLIC_URL']) {
    expect(ill.printed()).toMatch(new RegExp(`✗ ${about}`));
  }
  expect(ill.printed()).toMatch(/! Signature secret/);
  expect(locked.printed()).toMatch(/✗ Account .*401[\s\S]*✓ Users/);
  for (const program of [well, ill, locked]) {
    expect(program.printed()).not.toMatch(
      new RegExp(`${API_SECRET}|aWrongSecret1|${credentials.signature_secret}`),
    );
  }
});
