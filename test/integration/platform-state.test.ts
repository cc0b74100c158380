import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vonage } from '@vonage/server-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPlatformOptions } from '../../emulator/commands/platform-options.ts';
import type { Platform, PlatformOptions } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';

let folder: string;
let state: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-state-'));
  state = join(folder, 'kept.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** A platform that keeps its state in this file, as with EMULATOR_STATE. */
const start = (options: PlatformOptions = {}) =>
  createPlatform({ ...readPlatformOptions({ port: '0' }, { EMULATOR_STATE: state }), ...options });

function sdkOf({ credentials, url }: Platform, apiSecret = credentials.api_secret): Vonage {
  const { api_key: apiKey, application_id: applicationId, private_key: privateKey } = credentials;
  return new Vonage({ apiKey, apiSecret, applicationId, privateKey }, { apiHost: url, restHost: url });
}

/** Everything in an account, as its APIs return it. */
async function allOf(vonage: Vonage, apiKey: string) {
  const applications = await vonage.applications.getApplicationPage({ pageSize: 100 });
  return {
    applications: applications._embedded.applications,
    numbers: await vonage.numbers.getOwnedNumbers({ size: 100 }),
    users: (await vonage.users.getUserPage({ pageSize: 100 }))._embedded.users.map(({ id, name }) => ({
      id,
      name,
    })),
    secrets: await vonage.secrets.listSecrets(apiKey),
    balance: await vonage.accounts.getBalance(),
  };
}

describe('EMULATOR_STATE', () => {
  test('keeps applications, numbers, users, secrets and balance across a restart', async () => {
    let before: unknown;
    let credentials: Platform['credentials'];
    {
      await using platform = await start({ signatureSecret: ['new', 'former'] });
      ({ credentials } = platform);
      const vonage = sdkOf(platform);
      const { id: appId = '' } = await vonage.applications.createApplication({
        name: 'Support',
        capabilities: {
          voice: {
            webhooks: {
              answerUrl: { address: 'https://app.example/a', httpMethod: 'POST', socketTimeout: 1500 },
            },
            region: 'eu-west',
          },
        },
      });
      const { numbers = [] } = await vonage.numbers.getAvailableNumbers({ country: 'ES' });
      const number = { country: 'ES', msisdn: numbers[0]?.msisdn ?? '' };
      await vonage.numbers.buyNumber(number);
      await vonage.numbers.updateNumber({ ...number, appId });
      await vonage.users.createUser({ name: 'Alice', displayName: 'Alice A.' });
      await vonage.secrets.createSecret(credentials.api_key, 'Another1secret');
      before = await allOf(vonage, credentials.api_key);
    }
    await using again = await start();
    expect(again.credentials).toEqual(credentials);
    expect(again.credentials.signature_secret).toBe('new');
    expect(await allOf(sdkOf(again, 'Another1secret'), credentials.api_key)).toEqual(before);
  });

  test('is a file that only its owner can read, without temporary files beside it', async () => {
    await using platform = await start();
    await sdkOf(platform).users.createUser({ name: 'Alice' });
    await platform.close();
    expect((await stat(state)).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(await readFile(state, 'utf8'));
    expect(kept.accounts[0].applications[0].users).toMatchObject([{ name: 'Alice' }]);
    await expect(stat(`${state}.${process.pid}.new`)).rejects.toThrow('ENOENT');
  });

  test('follows the options for number, webhooks and secret', async () => {
    await using first = await start({ number: '442079460000', answerUrl: 'http://127.0.0.1:1/a' });
    const { application_id } = first.credentials;
    await first.close();
    await using second = await start({
      number: '442079460001',
      answerUrl: 'http://127.0.0.1:2/a',
      signatureSecret: 'given',
    });
    expect(second.credentials).toMatchObject({ application_id, signature_secret: 'given' });
    const vonage = sdkOf(second);
    const { numbers } = await vonage.numbers.getOwnedNumbers({ applicationId: application_id });
    expect(numbers?.map(({ msisdn }) => msisdn)).toEqual(['442079460000', '442079460001']);
    const { capabilities } = await vonage.applications.getApplication(application_id);
    expect(capabilities?.voice?.webhooks?.answerUrl?.address).toBe('http://127.0.0.1:2/a');
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', '{"version":1,', /is damaged: it is not valid JSON\. Mend it, or remove it/],
    ['another version', '{"version":2,"accounts":[]}', /damaged: version: /],
    ['no accounts', '{"version":1,"accounts":[]}', /damaged: accounts: /],
    ['an account without a key', '{"version":1,"accounts":[{}]}', /damaged: accounts\.0\.apiKey: /],
  ])(
    'that contains %s is rejected with a readable message and left unchanged',
    async (_what, text, words) => {
      await writeFile(state, text);
      await expect(start()).rejects.toThrow(words);
      await expect(start()).rejects.toThrow(state);
      expect(await readFile(state, 'utf8')).toBe(text);
    },
  );

  test('that contradicts itself is rejected with a readable message', async () => {
    await (await start()).close();
    const kept = JSON.parse(await readFile(state, 'utf8'));
    kept.accounts[0].numbers[0].applicationId = '00000000-0000-4000-8000-000000000000';
    await writeFile(state, JSON.stringify(kept));
    await expect(start()).rejects.toThrow(
      /number 442038297050 is linked to an application that is not there/,
    );
  });

  test('that cannot be read or written causes a readable error', async () => {
    await expect(start({ state: folder })).rejects.toThrow(/cannot be read \(EISDIR\)/);
    const log: string[] = [];
    const astray = join(folder, 'new', 'kept.json');
    await using platform = await start({ state: astray, log: (line) => log.push(line) });
    await expect.poll(() => readFile(astray, 'utf8').catch(() => '')).toContain('"version": 1');
    await rm(astray);
    await mkdir(astray);
    await sdkOf(platform).users.createUser({ name: 'Alice' });
    await platform.close();
    expect(log.join()).toContain(`state file ${astray} could not be written`);
  });
});
