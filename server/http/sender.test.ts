import { createServer } from 'node:http';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { realMode, testApp } from '../testing.ts';

const forwarded = {
  Host: '127.0.0.1:3000',
  'X-Forwarded-For': '198.51.100.9, 203.0.113.7, ::1',
  'X-Forwarded-Host': 'calls.example.com, inner',
  'X-Forwarded-Proto': 'https,http',
};

/** The address of a sender and that of the server, as the server understands a request. */
async function seen(remoteAddress: string, headers: Record<string, string>, proxies = '') {
  const ask = async (env: Record<string, string>) => {
    const { app, log } = testApp({ ...realMode, TRUSTED_PROXIES: proxies, ...env });
    const server = createServer(app);
    server.on('connection', (socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
    });
    const { body } = await request(server).get('/voice/answer').set(headers);
    return { body, log };
  };
  const { body } = await ask({});
  const { log } = await ask({ VONAGE_SIGNATURE_SECRET: 'a secret for the tests' });
  const [, address] = / from (\S+) was rejected/.exec(log.text()) ?? [];
  return [address, body[1].eventUrl[0]];
}

describe('how a request was sent', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    'is taken from a proxy at %s, which is this machine',
    async (address) => {
      expect(await seen(address, forwarded)).toEqual([
        '203.0.113.7',
        'https://calls.example.com/voice/event',
      ]);
    },
  );

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['10.9.8.7', '192.0.2.1, 10.0.0.0/8'],
    ['::ffff:10.9.8.7', '10.0.0.0/8'],
    ['fd00::7', 'fd00::/8'],
  ])('is taken from a proxy at %s if TRUSTED_PROXIES is %s', async (address, proxies) => {
    expect(await seen(address, forwarded, proxies)).toEqual([
      '203.0.113.7',
      'https://calls.example.com/voice/event',
    ]);
  });

  it('is taken through several trusted proxies', async () => {
    const through = { ...forwarded, 'X-Forwarded-For': '198.51.100.9, 203.0.113.7, 10.0.0.1' };
    expect((await seen('10.0.0.2', through, '10.0.0.0/8'))[0]).toBe('203.0.113.7');
    expect((await seen('10.0.0.2', through, '10.0.0.2'))[0]).toBe('10.0.0.1');
  });

  it.each([
    ['203.0.113.1', ''],
    ['10.127.0.1', ''],
    ['::2', ''],
    ['11.0.0.1', '10.0.0.0/8'],
  ])('cannot be claimed by a sender at %s if TRUSTED_PROXIES is "%s"', async (address, proxies) => {
    expect(await seen(address, forwarded, proxies)).toEqual([address, 'http://127.0.0.1:3000/voice/event']);
  });

  it('is taken from the connection without a proxy', async () => {
    expect(await seen('127.0.0.1', { Host: 'localhost' })).toEqual([
      '127.0.0.1',
      'http://localhost/voice/event',
    ]);
  });
});
