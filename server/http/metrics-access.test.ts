import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, realMode, testApp } from '../testing.ts';

const TOKEN = 'a-token-for-Prometheus';

describe('the metrics, without a token', () => {
  it('are open to programs on this machine', async () => {
    const response = await request(testApp(realMode).app).get('/metrics').expect(200);
    expect(response.text).toContain('switchboard_feed_readers{feed="console"} 0');
  });

  it.each([
    ['a proxy on this machine', { 'X-Forwarded-For': '203.0.113.7' }],
    ['a proxy that claims to be local', { 'X-Forwarded-For': '127.0.0.1' }],
    ['a proxy that sends only the protocol', { 'X-Forwarded-Proto': 'https' }],
    ['a proxy that sends only the host', { 'X-Forwarded-Host': 'localhost' }],
    ['a proxy that passes on only the Host', { Host: 'calls.example.com' }],
    ['a proxy that sends Forwarded', { Forwarded: 'for=203.0.113.7' }],
    ['a page whose host name points here', { Host: 'evil.example' }],
    ['an unknown token', { Authorization: 'Bearer ', Via: '1.1 proxy' }],
  ])('reject %s', async (_, headers) => {
    const response = await request(testApp(realMode).app).get('/metrics').set(headers).expect(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="metrics"');
    expect(response.body).toEqual({
      error: 'To read metrics from another machine, set METRICS_TOKEN.',
      code: 'not-allowed',
    });
  });

  it('reject requests from other addresses, whatever they claim', async () => {
    // A Unix socket stands for any other address, because it has no loopback address.
    const socketPath = join(emptyFolder(), 'server.sock');
    const server = createServer(testApp(realMode).app).listen(socketPath);
    onTestFinished(() => void server.close());
    const [answer] = await once(
      get({ socketPath, path: '/metrics', headers: { host: 'localhost' } }),
      'response',
    );
    expect(answer.resume().statusCode).toBe(401);
  });
});

describe('the metrics, with a token', () => {
  const withToken = () => testApp({ ...realMode, METRICS_TOKEN: TOKEN }).app;

  it('are open to any request with the token, from anywhere', async () => {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'X-Forwarded-For': '203.0.113.7', Host: 'a.example' };
    await request(withToken()).get('/metrics').set(headers).expect(200);
    await request(withToken()).head('/metrics').set(headers).expect(200);
  });

  it.each([
    ['nothing', {}],
    ['another token', { Authorization: `Bearer ${TOKEN}x` }],
    ['the beginning of it', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['a password', { Authorization: `Basic ${btoa(`:${TOKEN}`)}` }],
  ])('reject %s, even on this machine', async (_, headers) => {
    const response = await request(withToken()).get('/metrics').set(headers).expect(401);
    expect(response.text).not.toContain(TOKEN);
    expect(response.text).not.toContain('switchboard_');
  });
});
