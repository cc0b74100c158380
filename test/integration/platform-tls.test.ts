import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { io } from 'socket.io-client';
import { Agent, fetch } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { createPlatform, type PlatformOptions } from '../../emulator/platform.ts';
import { startProgram } from '../support/program.ts';
import { signToken } from './support/sdk-page.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../docs/examples');

async function startWithTls(options: PlatformOptions = {}) {
  const platform = await createPlatform({ tls: true, ...options });
  onTestFinished(() => platform.close());
  const { authority = '' } = platform;
  const ca = await readFile(authority, 'utf8');
  const dispatcher = new Agent({ connect: { ca } });
  onTestFinished(() => dispatcher.close());
  return { platform, authority, ca, dispatcher };
}

test('programs that trust the authority speak https to each of this machine’s names, others do not', async () => {
  const { platform, dispatcher } = await startWithTls();
  expect(platform.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  for (const url of [platform.url, platform.url.replace('127.0.0.1', 'localhost')]) {
    expect((await fetch(`${url}/emulator/credentials`, { dispatcher })).status).toBe(200);
  }
  await expect(fetch(`${platform.url}/emulator/credentials`)).rejects.toThrow();
});

test('the pages of this machine need no certificate: http is answered on the same port', async () => {
  const { platform } = await startWithTls();
  const answer = await fetch(`${platform.url.replace('https:', 'http:')}/`);
  expect(answer.status).toBe(200);
});

test('addresses that the platform gives out are https', async () => {
  const { platform, dispatcher } = await startWithTls();
  const headers = {
    authorization: `Bearer ${await signToken(platform)}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(`${platform.url}/v1/users`, { headers, dispatcher });
  expect(await answer.json()).toMatchObject({ _links: { self: { href: `${platform.url}/v1/users` } } });
});

test('the Client SDK’s socket opens by wss', async () => {
  const { platform, ca, dispatcher } = await startWithTls();
  await fetch(`${platform.url}/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await signToken(platform)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Alice' }),
    dispatcher,
  });
  const token = await signToken(platform, { sub: 'Alice' });
  const socket = io(platform.url, {
    path: '/v2/rtc/',
    transports: ['websocket'],
    query: { token, SDK_version: '2.3.1' },
    ca,
  });
  onTestFinished(() => void socket.close());
  await new Promise<void>((opened) => socket.once('session:success', opened));
});

test('the file is where the options say, and stays; a folder of its own goes with the platform', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'trust.pem');
  const { platform } = await startWithTls({ tls: { authority: file } });
  expect(platform.authority).toBe(file);
  await platform.close();
  expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);

  const other = await startWithTls();
  await other.platform.close();
  await expect(stat(other.authority)).rejects.toThrow(/ENOENT/);
});

test.each([
  [
    'no folder/trust.pem',
    'ENOENT',
    'There is no folder FOLDER/no folder: create it, or name a file in another one.',
  ],
  ['', 'EISDIR', 'That is a folder: name a file in it, such as FOLDER/authority.pem.'],
])(
  'a file that cannot be written is an error that says why and what to do: "%s"',
  async (name, code, advice) => {
    const folder = await mkdtemp(join(tmpdir(), 'authority-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const authority = join(folder, name);
    await expect(createPlatform({ tls: { authority } })).rejects.toThrow(
      `The certificate cannot be written to ${authority} (${code}). ${advice.replace('FOLDER', folder)}`,
    );
  },
);

test('connections that bring neither, or break off, do no harm', async () => {
  const { platform, ca } = await startWithTls();
  const [response]: IncomingMessage[] = await once(get(`${platform.url}/`, { ca }), 'response');
  expect(response?.statusCode).toBe(200);
  response?.resume();
  for (const text of ['\x16', '\x16\x03\x01\xff\xff', '\x80\x00', ' ']) {
    const { hostname, port } = new URL(platform.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.on('error', () => {});
    await new Promise((done) => socket.write(Buffer.from(text, 'latin1'), done));
    socket.destroy();
    await once(socket, 'close');
  }
  expect((await fetch(`${platform.url.replace('https:', 'http:')}/emulator/calls`)).status).toBe(200);
});

test('the command line says where the certificate is, and how each language trusts it', async () => {
  await using emulator = startProgram('emulator/main.ts', ['--tls', '--port', '0']);
  const [, url] = await emulator.prints(/Vonage emulator +(https:\S+)/);
  const [, file = ''] = await emulator.prints(/Certificate to trust +(\S+)/);
  await emulator.prints(new RegExp(`REQUESTS_CA_BUNDLE=${file}`));
  await emulator.prints(new RegExp(`SSL_CERT_FILE=${file}`));
  const dispatcher = new Agent({ connect: { ca: await readFile(file, 'utf8') } });
  onTestFinished(() => dispatcher.close());
  expect((await fetch(`${url}/emulator/credentials`, { dispatcher })).status).toBe(200);
});

const SDKS: [language: string, command: string, probe: string[], example: string][] = [
  ['Python', 'python3', ['-c', 'import vonage'], 'call.py'],
  ['Ruby', 'ruby', ['-e', 'require "vonage"'], 'call.rb'],
];

for (const [language, command, probe, example] of SDKS) {
  const isThere = spawnSync(command, probe).status === 0;
  test.runIf(isThere)(`the ${language} example calls a phone with Vonage’s own SDK`, async () => {
    const { platform, authority } = await startWithTls({ number: '442038297050' });
    const phone = platform.phone('447700900123', { does: 'answer' });
    const child = spawn(command, [join(EXAMPLES, example), phone.number], {
      env: {
        ...process.env,
        VONAGE_EMULATOR: platform.url.replace('https:', 'http:'),
        REQUESTS_CA_BUNDLE: authority,
        SSL_CERT_FILE: authority,
      },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        printed += part;
      });
    }
    const [code] = await once(child, 'exit');
    expect(printed).toMatch(/^[0-9a-f]{32} (started|answered)\n[0-9a-f]{32} completed\n$/);
    expect(code).toBe(0);
  });
}
