import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../emulator/listen.ts';
import { hostsOf, ThrowAwayApplication } from './account.ts';

const CREDENTIALS = { apiKey: 'key', apiSecret: 'secret' };
const WEBHOOKS = { answer: 'http://x/a', event: 'http://x/e', fallback: 'http://x/f', patience: 2000 };

/** An Application API that loses its answer to the creation, and refuses the first deletions. */
async function lossyApi(refusals: number) {
  const applications = new Map<string, string>();
  let refused = 0;
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { method, url = '' } = request;
    if (method === 'POST') {
      applications.set('id-1', String(JSON.parse(body).name));
      request.socket.destroy();
    } else if (method === 'GET') {
      const all = [...applications].map(([id, name]) => ({ id, name }));
      response.end(JSON.stringify({ total_pages: 1, _embedded: { applications: all } }));
    } else if (refused < refusals) {
      refused += 1;
      response.writeHead(503).end();
    } else {
      applications.delete(url.split('/').at(-1) ?? '');
      response.writeHead(204).end();
    }
  });
  const url = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  onTestFinished(async () => {
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  });
  return { applications, hosts: hostsOf(undefined, url) };
}

test('an application whose creation lost its answer is found by its name and removed', async () => {
  const { applications, hosts } = await lossyApi(1);
  applications.set('id-0', 'Shop');
  const application = new ThrowAwayApplication('conformance-1', hosts, CREDENTIALS);
  await expect(application.create(WEBHOOKS, undefined)).rejects.toThrow(
    'did not answer POST /v2/applications',
  );
  expect(await application.remove(() => {})).toEqual([]);
  expect([...applications.values()]).toEqual(['Shop']);
});

test('what cannot be removed is named', async () => {
  const { hosts } = await lossyApi(100);
  const application = new ThrowAwayApplication('conformance-1', hosts, CREDENTIALS);
  await application.create(WEBHOOKS, undefined).catch(() => {});
  expect(await application.remove(() => {})).toEqual(['the application "conformance-1" (id-1)']);
});

test.each([
  [undefined, undefined, 'https://api.nexmo.com', 'https://api.nexmo.com', { region: 'US' }],
  ['eu', undefined, 'https://api.nexmo.com', 'https://api-eu.vonage.com', { region: 'EU' }],
  [
    'ap',
    'http://127.0.0.1:3001',
    'http://127.0.0.1:3001',
    'http://127.0.0.1:3001',
    { apiUrl: 'http://127.0.0.1:3001', websocketUrl: 'http://127.0.0.1:3001' },
  ],
] as const)('the hosts of region %s at %s', (region, apiUrl, api, regional, sdk) => {
  expect(hostsOf(region, apiUrl)).toEqual({ api, regional, sdk });
});
