import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDeskText } from '../../config/desk-file.ts';
import { listen } from '../../http/listen.ts';
import { privateKey } from '../../testing.ts';
import { holdMusic } from '../../voice/music.ts';
import type { Application, OwnNumber } from '../../vonage/account.ts';
import { hear, reach } from '../setup/reach.ts';
import { webhooksAt } from '../setup/webhooks.ts';
import {
  checkApplication,
  checkClock,
  checkDesk,
  checkMusic,
  checkNumber,
  checkPublicUrl,
  checkSignatureSecret,
  checkStore,
  checkUsers,
  type Finding,
  type Installation,
} from './checks.ts';
import { doctorText, isHealthy } from './doctor-text.ts';

const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const here: Installation = {
  applicationId: 'ours',
  publicKey,
  publicUrl: 'https://calls.example.com',
  region: 'eu',
  number: '4401',
  signatureSecrets: ['sealed'],
  apiSecret: 'secret',
};
const application: Application = {
  id: 'ours',
  name: 'Switchboard',
  publicKey,
  webhooks: webhooksAt('https://calls.example.com'),
  hasRtc: true,
  signsCallbacks: true,
  region: 'eu-west',
};

/** What is not good, by name. */
function amiss(findings: Finding[]): Record<string, string> {
  const bad = findings.filter((one) => one.state !== 'good');
  for (const one of bad) expect(one.remedy).toBeTruthy();
  return Object.fromEntries(bad.map((one) => [one.about, one.state]));
}

describe('an application', () => {
  it('that is correct passes every check', () => {
    expect(amiss(checkApplication(here, application))).toEqual({});
  });

  it.each<[string, Partial<Installation>, Partial<Application>, Record<string, string>]>([
    ['of another key', {}, { publicKey: otherKey }, { Key: 'fault' }],
    ['in another region', {}, { region: 'na-east' }, { Region: 'fault' }],
    ['in a region that is not set here', { region: undefined }, {}, { Region: 'fault' }],
    ['without a region where one is set here', {}, { region: undefined }, { Region: 'warning' }],
    ['with other webhooks', {}, { webhooks: webhooksAt('https://other.example') }, { Webhooks: 'fault' }],
    ['without webhooks', {}, { webhooks: {} }, { Webhooks: 'fault' }],
    ['for a server without an address', { publicUrl: undefined }, {}, { Webhooks: 'fault' }],
    ['without RTC', {}, { hasRtc: false }, { RTC: 'fault' }],
    ['that does not sign', {}, { signsCallbacks: false }, { 'Signed callbacks': 'fault' }],
  ])('%s is not', (_name, installation, present, expected) => {
    expect(amiss(checkApplication({ ...here, ...installation }, { ...application, ...present }))).toEqual(
      expected,
    );
  });

  it('that the account does not have is one fault', () => {
    expect(amiss(checkApplication(here, undefined))).toEqual({ Application: 'fault' });
  });
});

const own = (msisdn: string, more: Partial<OwnNumber> = {}): OwnNumber => ({
  country: 'GB',
  msisdn,
  hasVoice: true,
  applicationId: 'ours',
  forwardsTo: undefined,
  moHttpUrl: undefined,
  voiceStatusCallback: undefined,
  ...more,
});

describe('a number', () => {
  it.each<[string, string | undefined, OwnNumber[], Finding['state'], RegExp]>([
    ['that is linked', '4401', [own('4401')], 'good', /linked/],
    ['that is not set here', undefined, [own('4401')], 'warning', /VONAGE_NUMBER/],
    ['that does not exist', undefined, [], 'fault', /nobody can call/],
    ['of another account', '4402', [own('4401')], 'fault', /does not own/],
    [
      'of another application',
      '4401',
      [own('4401', { applicationId: 'theirs' })],
      'fault',
      /another application, theirs/,
    ],
    ['of no application', '4401', [own('4401', { applicationId: undefined })], 'fault', /not linked/],
    [
      'that forwards its calls',
      '4401',
      [own('4401', { applicationId: undefined, forwardsTo: 'tel 1' })],
      'fault',
      /tel 1/,
    ],
    ['without voice', '4401', [own('4401', { hasVoice: false })], 'fault', /has no voice/],
  ])('%s', (_name, number, owned, state, words) => {
    const found = checkNumber({ number, applicationId: 'ours' }, owned);
    expect(found).toMatchObject({ state, words: expect.stringMatching(words) });
  });
});

it.each<[number, Finding['state'], RegExp]>([
  [0, 'good', /agrees/],
  [10_000, 'good', /10 s ahead/],
  [-60_000, 'warning', /60 s behind/],
  [299_000, 'warning', /299 s ahead/],
  [300_000, 'fault', /rejected/],
  [-4_000_000, 'fault', /behind/],
])('a clock that is off by %i ms is %s', (off, state, words) => {
  const now = Date.UTC(2026, 0, 1);
  expect(checkClock(now + off, now)).toMatchObject({ state, words: expect.stringMatching(words) });
});

it('a missing or obviously wrong signature secret is reported', () => {
  expect(checkSignatureSecret(here).state).toBe('good');
  expect(checkSignatureSecret({ ...here, signatureSecrets: [] }).state).toBe('warning');
  expect(checkSignatureSecret({ ...here, signatureSecrets: ['secret'] }).state).toBe('fault');
});

it('users and the public address are good or a fault', () => {
  expect(checkUsers(['Alice', 'Bob'], ['Bob'])).toMatchObject({
    state: 'fault',
    words: 'missing at Vonage: Bob',
  });
  expect(checkUsers(['Alice'], []).state).toBe('good');
  expect(amiss(checkPublicUrl('https://x.org', { kind: 'switchboard', feed: null }))).toEqual({});
  const another = checkPublicUrl('https://x.org', { kind: 'another', status: 404 });
  expect(another).toMatchObject([{ state: 'fault', words: expect.stringContaining('404') }]);
  const nothing = checkPublicUrl('https://x.org', { kind: 'nothing', why: 'ENOTFOUND' });
  expect(nothing).toMatchObject([{ state: 'fault', words: expect.stringContaining('ENOTFOUND') }]);
});

it('a feed that cannot be read is a warning that says why, unless the server is too old to have one', async () => {
  const feed = 'data:["authorization","last-event-id","range"]\n\n';
  const page = '<!doctype html>';
  const looks = [
    [502, page],
    [504, page],
    [302, ''],
    [200, page],
    [200, 'data:none\n\n'],
    [404, page],
    [206, feed],
  ] as const;
  const found = await Promise.all(
    looks.map(async ([status, body]) => {
      const server = createServer(({ url }, response) => {
        if (url === '/healthz') return void response.end('{"status":"ok"}');
        response.writeHead(status).write(body);
        if (body !== feed) response.end();
      });
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      const port = await listen(server, { port: 0, portIsFixed: true, host: '127.0.0.1' });
      const url = `http://127.0.0.1:${port}`;
      const [reached, ...others] = checkPublicUrl(url, await reach(url));
      expect(reached?.state).toBe('good');
      return others.map(({ state, words }) => `${state}: ${words.replace(url, '')}`);
    }),
  );
  const unreadable = (why: string) => [
    `warning: the feed at /healthz/stream cannot be read (${why}): pages may show calls late, or not at all`,
  ];
  expect(found).toEqual([
    unreadable('status 502'),
    unreadable('status 504'),
    unreadable('status 302'),
    unreadable('what arrives is something else'),
    unreadable('what arrives is something else'),
    [],
    ['good: feeds arrive at once, and so do all headers'],
  ]);
});

it('a store that cannot be read is a fault, and says where it is without its password', () => {
  const place = { databaseUrl: 'postgres://us:secret@db/calls', dataDir: 'data' };
  expect(checkStore(place, undefined).state).toBe('good');
  const away = checkStore(place, 'connect ECONNREFUSED');
  expect(away).toMatchObject({ state: 'fault', words: expect.stringMatching(/DATABASE_URL .*ECONNREFUSED/) });
  expect(JSON.stringify(away)).not.toContain('secret');
  expect(checkStore({ dataDir: 'there' }, 'file is not a database').remedy).toContain('there');
});

it('a desk file and its music are good or a fault', () => {
  const basis = { agents: ['Alice'], greeting: 'Wait.', language: 'en-GB' };
  const now = Date.UTC(2026, 0, 1);
  const look = (text: string) => checkDesk('desk.yaml', parseDeskText(text, 'desk.yaml', basis), now);
  expect(look('queues: {sales: {}, support: {}}')).toEqual([
    { about: 'Desk file', state: 'good', words: 'desk.yaml: sales, support' },
  ]);
  expect(amiss(look('queues: {sales: {agents: [Eve], ringSeconds: 1}}'))).toEqual({ 'Desk file': 'fault' });
  const past = 'hours: {zone: Europe/London, week: {mon: closed}, exceptions: {2020-01-01: 09:00-17:00}}';
  expect(amiss(look(`queues: {main: {${past}}}`))).toEqual({ 'Desk file': 'warning' });
  const music = 'https://x.org/music.mp3';
  expect(checkMusic(music, { kind: 'music' }).state).toBe('good');
  expect(checkMusic(music, { kind: 'other', type: 'text/html' }).words).toContain('text/html');
  expect(checkMusic(music, { kind: 'nothing', why: 'status 404' }).words).toContain('status 404');
});

it('music is known by its content', async () => {
  const pieces: Record<string, Buffer> = {
    '/wav': holdMusic(),
    '/mp3': Buffer.from([0xff, 0xfb, 0x90, 0x00]),
    '/tagged': Buffer.from('ID3\x04 and so on'),
    '/page': Buffer.from('<!doctype html>'),
  };
  const server = createServer(({ url = '' }, response) => {
    const piece = pieces[url];
    response.writeHead(piece === undefined ? 404 : 200, { 'Content-Type': 'text/html' }).end(piece);
  });
  onTestFinished(() => void server.close());
  const port = await listen(server, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  const heard = (path: string) => hear(`http://127.0.0.1:${port}${path}`);
  for (const path of ['/wav', '/mp3', '/tagged']) expect(await heard(path)).toEqual({ kind: 'music' });
  expect(await heard('/page')).toEqual({ kind: 'other', type: 'text/html' });
  expect(await heard('/gone')).toEqual({ kind: 'nothing', why: 'status 404' });
});

it('the summary counts problems, and only a fault is unhealthy', () => {
  const good: Finding = { about: 'Clock', state: 'good', words: 'agrees' };
  const care: Finding = { about: 'Users', state: 'warning', words: 'few', remedy: 'More.' };
  const bad: Finding = { about: 'RTC', state: 'fault', words: 'is off', remedy: 'Switch it on.' };
  expect(isHealthy([good, care])).toBe(true);
  expect(isHealthy([good, bad])).toBe(false);
  expect(doctorText([good, care, bad], false)).toBe(`
  ✓ Clock  agrees
  ! Users  few
           → More.
  ✗ RTC    is off
           → Switch it on.

  1 problem: calls will not work correctly. 1 warning.

`);
});
