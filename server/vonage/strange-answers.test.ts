import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { configFrom, privateKey, realMode } from '../testing.ts';
import { accessOf } from './platform-access.ts';
import { createVonageApi, UnusableRecording } from './vonage.ts';

/** A platform that answers as the test says, and the addresses that got a token. */
async function platform(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.headers.authorization !== undefined) asked.push(request.url);
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const config = configFrom({ ...realMode, VONAGE_API_URL: url, VONAGE_PRIVATE_KEY: privateKey });
  if (config.platform.kind !== 'vonage') throw new Error('The platform is another one.');
  return { url, asked, vonage: createVonageApi(accessOf(config.platform)) };
}

describe('a recording that is redirected', () => {
  it('is fetched where it is, within the platform', async () => {
    const { vonage, url } = await platform(({ url: path }, response) => {
      if (path === '/moved') response.writeHead(302, { location: '/there' }).end();
      else response.end('RIFF');
    });
    expect(String(await vonage.download(`${url}/moved`))).toBe('RIFF');
  });

  it('to somebody else is refused in words, and sends no token there', async () => {
    const other = await platform((_request, response) => response.end('RIFF'));
    const { vonage, url } = await platform((_request, response) => {
      response.writeHead(302, { location: `${other.url}/there` }).end();
    });
    const refused = vonage.download(`${url}/moved`);
    await expect(refused).rejects.toThrow(UnusableRecording);
    await expect(refused).rejects.toThrow(`${other.url}/there is not an address of the platform`);
    expect(other.asked).toEqual([]);
  });

  it('in a circle is given up', async () => {
    const { vonage, url, asked } = await platform((_request, response) => {
      response.writeHead(302, { location: '/moved' }).end();
    });
    await expect(vonage.download(`${url}/moved`)).rejects.toThrow('redirected too often');
    expect(asked.length).toBeLessThan(10);
  });
});

describe('a platform that takes no more requests', () => {
  it.each([
    ['3600', 5_000],
    ['-5', 0],
    ['2', 2_000],
    ['Fri, 31 Dec 2100 23:59:59 GMT', 1_000],
  ])('and names %j is asked again before a caller has waited for long', async (after, retryMs) => {
    const { vonage } = await platform((_request, response) => {
      response.writeHead(429, { 'retry-after': after }).end();
    });
    expect(await vonage.hangUpCall('a leg')).toEqual({ is: 'busy', retryMs });
  });
});
