import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { webhooksAt } from '../../server/commands/setup/webhooks.ts';
import { leadCallsHere, type Tunnel, type TunnelParts } from '../../server/commands/tunnel/tunnel.ts';
import { hostsOf } from '../../server/vonage/account.ts';
import { createAccount } from '../../server/vonage/sdk-account.ts';
import { startProgram } from '../support/program.ts';
import { layDyingLine } from './support/dying-line.ts';

const TUNNEL = 'https://tunnel.example';
const BEFORE = {
  answer: { address: 'https://calls.example.com/voice/answer', method: 'POST' },
  event: { address: 'https://calls.example.com/voice/event', method: 'POST' },
} as const;

let platform: Platform;
beforeAll(async () => {
  const { answer, event } = BEFORE;
  const application = {
    name: 'Switchboard',
    answerUrl: { ...answer, connectTimeout: 500 },
    eventUrl: event.address,
    signedCallbacks: false,
  };
  platform = await createPlatform({ applications: [application], numbers: [] });
});
afterAll(() => platform.close());
beforeEach(async () => {
  // Whatever the previous test left.
  await accountAt(platform.url).pointWebhooks(platform.credentials.application_id, BEFORE);
});

function accountAt(url: string) {
  const { api_key: apiKey, api_secret: apiSecret } = platform.credentials;
  return createAccount({ apiKey, apiSecret, hosts: hostsOf(url, undefined) });
}

async function application() {
  const [found] = await accountAt(platform.url).applications();
  return found;
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-tunnel-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A tunnel that leads nowhere, with its output and state. */
function scene(url = platform.url) {
  const said: string[] = [];
  const memory = join(emptyFolder(), 'data', 'webhooks-before-tunnel.json');
  const tunnel = { opened: 0, closed: 0 };
  const parts: TunnelParts = {
    open: async (target): Promise<Tunnel> => {
      expect(target).toBe('http://127.0.0.1:3000');
      tunnel.opened += 1;
      const close = async () => {
        tunnel.closed += 1;
      };
      return { url: TUNNEL, close };
    },
    account: accountAt(url),
    applicationId: platform.credentials.application_id,
    target: 'http://127.0.0.1:3000',
    memory,
    say: (line) => said.push(line),
    pause: async () => {},
  };
  return { parts, said, tunnel, memory };
}

test('the webhooks point to the tunnel while it is open, and are restored when it ends', async () => {
  const before = await application();
  const { parts, tunnel, memory } = scene();
  const led = await leadCallsHere(parts);
  expect(await application()).toEqual({ ...before, webhooks: webhooksAt(TUNNEL) });
  expect(existsSync(memory)).toBe(true);
  expect(await led.putBack()).toBe(true);
  expect(await led.putBack()).toBe(true);
  expect(await application()).toEqual(before);
  expect(before?.webhooks).toEqual(BEFORE);
  expect(before?.signsCallbacks).toBe(false);
  expect({ ...tunnel, remembers: existsSync(memory) }).toEqual({ opened: 1, closed: 1, remembers: false });
});

test('a tunnel that cannot be opened changes nothing', async () => {
  const { parts } = scene();
  const open = () => Promise.reject(new Error('no way'));
  await expect(leadCallsHere({ ...parts, open })).rejects.toThrow('no way');
  expect((await application())?.webhooks).toEqual(BEFORE);
});

test.each(['before', 'after'] as const)(
  'if the webhooks cannot be changed, they are restored and the tunnel is closed (connection fails %s the change)',
  async (when) => {
    // The change is the third request, after two reads.
    await using line = await layDyingLine(platform.url, { when, request: 3 });
    const { parts, tunnel } = scene(line.url);
    const mended = {
      ...parts.account,
      applications: () => (line.carried() > 2 ? accountAt(platform.url) : parts.account).applications(),
      pointWebhooks: (...args: Parameters<typeof parts.account.pointWebhooks>) =>
        (line.carried() > 2 ? accountAt(platform.url) : parts.account).pointWebhooks(...args),
    };
    await expect(leadCallsHere({ ...parts, account: mended })).rejects.toThrow(/does not answer/);
    expect(line.carried()).toBe(3);
    expect((await application())?.webhooks).toEqual(BEFORE);
    expect(tunnel).toEqual({ opened: 1, closed: 1 });
  },
);

test('webhooks that someone else changed meanwhile are left alone', async () => {
  const { parts, said } = scene();
  const led = await leadCallsHere(parts);
  const theirs = webhooksAt('https://theirs.example');
  await parts.account.pointWebhooks(parts.applicationId, theirs);
  expect(await led.putBack()).toBe(true);
  expect((await application())?.webhooks).toEqual(theirs);
  expect(said.join('\n')).toContain('were changed by someone else');
});

test('a failed restore is reported, and the next tunnel restores the webhooks', async () => {
  const { parts, said, memory, tunnel } = scene();
  const led = await leadCallsHere(parts);
  platform.faults.set([{ fault: 'rest-error', path: '/v2/applications', status: 503 }]);
  onTestFinished(() => platform.faults.set([]));
  expect(await led.putBack()).toBe(false);
  expect(said.join('\n')).toMatch(/could not be restored.*503/);
  expect({ ...tunnel, remembers: existsSync(memory) }).toEqual({ opened: 1, closed: 1, remembers: true });
  platform.faults.set([]);
  const next = await leadCallsHere(parts);
  expect(await next.putBack()).toBe(true);
  expect((await application())?.webhooks).toEqual(BEFORE);
});

/** The process that npm run dev -- --tunnel starts. */
function start(folder: string) {
  const { api_key, api_secret, application_id, private_key } = platform.credentials;
  writeFileSync(join(folder, 'private.key'), private_key);
  const env = {
    PATH: process.env.PATH,
    VONAGE_API_URL: platform.url,
    VONAGE_API_KEY: api_key,
    VONAGE_API_SECRET: api_secret,
    VONAGE_APPLICATION_ID: application_id,
    VONAGE_PRIVATE_KEY: 'private.key',
    PORT: '4321',
  };
  const child = fork(resolve('server/commands/tunnel/tunnel-main.ts'), [TUNNEL], {
    cwd: folder,
    env,
    silent: true,
  });
  const message = new Promise((done) => child.once('message', done));
  const over = new Promise((done) => child.once('exit', (code) => done(code)));
  return { child, message, over };
}

test('its process reports the tunnel’s URL, and restores the webhooks on a signal or when its parent exits', async () => {
  const folder = emptyFolder();
  const first = start(folder);
  expect(await first.message).toEqual({ environment: { PUBLIC_URL: TUNNEL, PORT: '4321' } });
  expect((await application())?.webhooks).toEqual(webhooksAt(TUNNEL));
  // As Ctrl-C does it: the terminal's signal, and the parent's.
  first.child.kill('SIGINT');
  first.child.kill('SIGTERM');
  expect(await first.over).toBe(0);
  expect((await application())?.webhooks).toEqual(BEFORE);

  const killed = start(folder);
  await killed.message;
  killed.child.kill('SIGKILL');
  await killed.over;
  expect((await application())?.webhooks).toEqual(webhooksAt(TUNNEL));

  const orphan = start(folder);
  await orphan.message;
  orphan.child.disconnect();
  expect(await orphan.over).toBe(0);
  expect((await application())?.webhooks).toEqual(BEFORE);
});

test('npm run dev says why there is no tunnel, and then starts nothing', async () => {
  const environment = { VONAGE_API_URL: '' };
  await using program = startProgram('scripts/dev.mjs', ['--tunnel'], { environment });
  await program.prints(/No tunnel: no Vonage application is configured[\s\S]*npm run setup/);
  const code = await new Promise((done) => program.child.once('exit', done));
  expect(code).toBe(1);
  expect(program.printed()).not.toContain('Switchboard is ready');
});
