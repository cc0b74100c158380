import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { emptyFolder, realMode, testApp } from '../testing.ts';

function appWithPages(env: Record<string, string> = {}) {
  const pagesDir = emptyFolder();
  mkdirSync(join(pagesDir, 'assets'));
  writeFileSync(join(pagesDir, 'client_js.html'), '<title>Agent</title>');
  writeFileSync(join(pagesDir, 'assets', 'agent-Bx3.js'), 'export {}');
  return testApp(env, { pagesDir }).app;
}

/** The sources that a policy allows for a directive. */
function policy(header: string | undefined, directive: string): string | undefined {
  return header
    ?.split(';')
    .find((each) => each.startsWith(`${directive} `))
    ?.slice(directive.length + 1);
}

describe('the agent page', () => {
  it.each(['/', '/client_js.html'])('is at %s, and revalidated each time', async (path) => {
    const app = appWithPages();
    const response = await request(app).get(path).expect(200);
    expect(response.text).toBe('<title>Agent</title>');
    expect(response.headers['cache-control']).toBe('no-cache');
    await request(app)
      .get(path)
      .set('If-None-Match', response.headers.etag ?? '')
      .expect(304);
  });

  it('is not at similar addresses', async () => {
    await request(appWithPages()).get('/client_js.html/').expect(404);
  });

  it('has immutable assets', async () => {
    const response = await request(appWithPages()).get('/assets/agent-Bx3.js').expect(200);
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(response.headers['content-type']).toContain('javascript');
  });

  it('may connect only to the emulator', async () => {
    const { headers } = await request(appWithPages()).get('/').expect(200);
    const csp = headers['content-security-policy'];
    expect(policy(csp, 'connect-src')).toBe("'self' http://127.0.0.1:3001 ws://127.0.0.1:3001");
    expect(policy(csp, 'default-src')).toBe("'none'");
    expect(policy(csp, 'script-src')).toBe("'self'");
    expect(policy(csp, 'style-src')).toBe("'self'");
    expect(policy(csp, 'frame-ancestors')).toBe("'none'");
    expect(csp).not.toMatch(/unsafe|\*/);
  });

  it('may connect only to Vonage with a Vonage application', async () => {
    const { headers } = await request(appWithPages(realMode)).get('/').expect(200);
    expect(policy(headers['content-security-policy'], 'connect-src')).toBe(
      "'self' https://*.vonage.com wss://*.vonage.com",
    );
  });

  it('may use the microphone, and little else', async () => {
    const { headers } = await request(appWithPages()).get('/').expect(200);
    expect(headers['permissions-policy']).toMatch(/^microphone=\(self\), .*camera=\(\)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('requires HTTPS if the public address does', async () => {
    const { headers } = await request(appWithPages({ PUBLIC_URL: 'https://x.org' }))
      .get('/')
      .expect(200);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('says what to do if it is not built', async () => {
    const { app } = testApp({}, { pagesDir: join(emptyFolder(), 'none') });
    const response = await request(app).get('/').expect(503);
    expect(response.body.error).toBe('The pages are not built. Run: npm run build');
  });

  it('exposes no other file', async () => {
    const app = appWithPages();
    for (const path of [
      '/assets/',
      '/../package.json',
      '/%2e%2e/package.json',
      '/.env',
      '/assets/..%2f..%2fx',
      '/%00',
    ]) {
      const { status } = await request(app).get(path);
      expect([path, status]).toEqual([path, expect.toSatisfy((code) => [400, 403, 404].includes(code))]);
    }
  });

  it('accepts only GET and HEAD', async () => {
    const response = await request(appWithPages()).post('/client_js.html').expect(405);
    expect(response.headers.allow).toBe('GET, HEAD');
  });

  it('causes no error about a missing icon', async () => {
    await request(appWithPages()).get('/favicon.ico').expect(204);
  });
});

it('is served compressed to clients that accept it, and plain to others', async () => {
  const pagesDir = emptyFolder();
  const text = 'let a = 1;\n'.repeat(100);
  writeFileSync(join(pagesDir, 'a.js'), text);
  writeFileSync(join(pagesDir, 'b.js'), text);
  writeFileSync(join(pagesDir, 'a.js.br'), brotliCompressSync(text));
  writeFileSync(join(pagesDir, 'a.js.gz'), gzipSync(text));
  const { app } = testApp({}, { pagesDir });
  const get = (path: string, accepted: string) => request(app).get(path).set('Accept-Encoding', accepted);
  const tags = new Set<string | undefined>();
  for (const [accepted, encoding] of [
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ] as const) {
    const { headers } = await get('/a.js', accepted).buffer(false).expect(200);
    expect(headers).toMatchObject({ vary: 'Accept-Encoding', 'cache-control': 'no-cache' });
    expect(headers['content-type']).toMatch(/^text\/javascript/);
    expect(headers['content-encoding']).toBe(encoding);
    tags.add(headers.etag);
  }
  expect(tags.size).toBe(3);
  expect((await get('/a.js', 'gzip').expect(200)).text).toBe(text);
  expect((await get('/b.js', 'br').expect(200)).text).toBe(text);

  // An error is not what the file would have been.
  const refused = await get('/a.js', 'br').set('Range', 'bytes=999999-').expect(416);
  expect(refused.body).toMatchObject({ code: 'bad-request' });
  for (const name of ['content-encoding', 'cache-control', 'etag'])
    expect(refused.headers[name]).toBeUndefined();
});
