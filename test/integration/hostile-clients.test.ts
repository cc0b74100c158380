import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { createUser } from './support/sdk-page.ts';

const CALLER = '447700900000';
const NUMBER = '442038297050';

let application: Application;
let platform: Platform;

beforeEach(async () => {
  application = await startApplication([{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }]);
  platform = await createPlatform({
    number: NUMBER,
    answerUrl: application.answerUrl,
    eventUrl: application.eventUrl,
  });
  await createUser(platform, 'Alice');
});
afterEach(async () => {
  await platform.close();
  await application[Symbol.asyncDispose]();
});

function upgrade(path: string) {
  const { hostname, port } = new URL(platform.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  return socket;
}

describe('a WebSocket to a URL that accepts none', () => {
  test('is closed', async () => {
    const socket = upgrade('/x');
    socket.resume();
    await once(socket, 'close');
    expect((await fetch(`${platform.url}/emulator/calls`)).status).toBe(200);
  });
});

describe('the platform closes', () => {
  test('although sockets are open', async () => {
    const socket = upgrade('/v2/rtc/?EIO=4&transport=websocket&token=x&SDK_version=2.3.1');
    await once(socket, 'data');
    await platform.close();
    await expect(fetch(platform.url)).rejects.toThrow();
  });
});

describe('the phone', () => {
  const phone = (headers: Record<string, string>) =>
    io(platform.url, {
      path: '/phone/socket',
      transports: ['websocket'],
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });

  test.each([
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a name that was made to point here', { host: 'evil.example:3001', origin: 'http://evil.example:3001' }],
  ])('is not for %s', async (_who, headers) => {
    const socket = phone(headers);
    await new Promise((refused) => socket.once('connect_error', refused));
    socket.close();
  });

  test('that disconnects while dialling leaves no call behind', async () => {
    const socket = phone({});
    await new Promise<void>((open) => socket.once('connect', open));
    socket.emit('dial', { from: CALLER, to: NUMBER }, () => {});
    socket.disconnect();
    const live = async () => {
      const calls: { ended_at: string | null }[] = JSON.parse(
        await (await fetch(`${platform.url}/emulator/calls`)).text(),
      );
      return calls.filter((call) => call.ended_at === null).length;
    };
    await expect.poll(live).toBe(0);
  });
});

describe('a flood of calls', () => {
  test('costs little while no page is open', async () => {
    const dial = () =>
      fetch(`${platform.url}/emulator/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from: CALLER, to: NUMBER }),
      });
    await Promise.all(Array.from({ length: 200 }, dial));
    await expect
      .poll(() => application.events.filter((event) => event.to === 'Alice').length, { timeout: 20_000 })
      .toBe(200);
    if (process.platform === 'linux') expect(readdirSync('/proc/self/fd').length).toBeLessThan(1000);
  });
});
