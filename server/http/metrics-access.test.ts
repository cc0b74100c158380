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
    expect(response.text).toContain('switchboard_feed_readers 0');
  });

  it.each([
    ['a proxy on this machine', { 'X-Forwarded-For': '203.0.113.7' }],
    ['a proxy that pretends', { 'X-Forwarded-For': '127.0.0.1' }],
    ['a proxy that tells the protocol alone', { 'X-Forwarded-Proto': 'https' }],
    ['a proxy that tells the host alone', { 'X-Forwarded-Host': 'localhost' }],
    ['a proxy that passes on the Host alone', { Host: 'calls.example.com' }],
    ['a proxy of the newer kind', { Forwarded: 'for=203.0.113.7' }],
    ['a page whose name was made to point here', { Host: 'evil.example' }],
    ['a token that nobody set', { Authorization: 'Bearer ', Via: '1.1 proxy' }],
  ])('are closed to what comes by %s', async (_, headers) => {
    const response = await request(testApp(realMode).app).get('/metrics').set(headers).expect(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="metrics"');
    expect(response.body).toEqual({
      error: 'To read metrics from another machine, set METRICS_TOKEN.',
      code: 'not-allowed',
    });
  });

  it('are closed to what does not come from a loopback address, whatever it says', async () => {
    // A socket of the file system stands for any other address: it has none that is loopback's.
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

  it('are open to who brings it, from wherever', async () => {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'X-Forwarded-For': '203.0.113.7', Host: 'a.example' };
    await request(withToken()).get('/metrics').set(headers).expect(200);
    await request(withToken()).head('/metrics').set(headers).expect(200);
  });

  it.each([
    ['nothing', {}],
    ['another token', { Authorization: `Bearer ${TOKEN}x` }],
    ['the beginning of it', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['a password', { Authorization: `Basic ${btoa(`:${TOKEN}`)}` }],
  ])('are closed to who brings %s, on this machine too', async (_, headers) => {
    const response = await request(withToken()).get('/metrics').set(headers).expect(401);
    expect(response.text).not.toContain(TOKEN);
    expect(response.text).not.toContain('switchboard_');
  });
});
