import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
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
    limits: false,
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

describe('an upgrade that the platform does not offer is ignored (RFC 9110, 7.8)', () => {
  /** The headers that Java's HttpClient sends with every request to http. */
  const H2C = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  };

  test('by the REST APIs: the request and its body are answered', async () => {
    const asked = request(`${platform.url}/emulator/calls`, {
      method: 'POST',
      headers: { ...H2C, 'content-type': 'application/json' },
    });
    asked.end(JSON.stringify({ from: CALLER, to: NUMBER }));
    const [response]: IncomingMessage[] = await once(asked, 'response');
    expect(response?.statusCode).toBe(201);
    response?.resume();
  });

  test('by the addresses of sockets, where it is no websocket', async () => {
    const asked = request(`${platform.url}/v2/rtc/`, { headers: H2C }).end();
    const [response]: IncomingMessage[] = await once(asked, 'response');
    expect(response?.statusCode).toBe(404);
    response?.resume();
  });

  test('by an address that takes no websocket: it is not found, and the connection takes the next request', async () => {
    const socket = upgrade('/x').setEncoding('utf8');
    const [answer] = await once(socket, 'data');
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    const { host } = new URL(platform.url);
    socket.write(`GET /emulator/calls HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const [next] = await once(socket, 'data');
    expect(next).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
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
