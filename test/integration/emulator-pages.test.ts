import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPlatform, type Platform } from '../../emulator/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await createPlatform();
});
afterAll(() => platform.close());

test.each(['/', '/inspector/'])(
  'the page at %s loads nothing from other origins and cannot be framed',
  async (path) => {
    const { status, headers } = await fetch(`${platform.url}${path}`);
    expect(status).toBe(200);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((each) => {
        const [name = '', ...sources] = each.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'media-src': "'self'",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
  },
);

test('the APIs stay open to the pages of applications', async () => {
  const { headers } = await fetch(`${platform.url}/v0.3/conversations/CON-1`, { method: 'OPTIONS' });
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('cross-origin-resource-policy')).toBeNull();
});
