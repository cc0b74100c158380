import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import { createUser, SdkSocket, signToken } from './support/sdk-page.ts';

let platform: Platform;
const open: SdkSocket[] = [];

beforeEach(async () => {
  platform = await createPlatform();
  await createUser(platform, 'Alice');
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.close();
  await platform.close();
});

function connect(token: string, sessionId?: string): SdkSocket {
  const socket = SdkSocket.open(platform, token, sessionId);
  open.push(socket);
  return socket;
}

const sessionId = async (socket: SdkSocket) => String((await socket.next('session:success')).body?.id);

describe('a session is rejected with the message that the SDK knows', () => {
  test.each<[string, string, () => Promise<string>]>([
    [
      'an expired token',
      'system:error:expired-token',
      () => signToken(platform, { sub: 'Alice' }, { iat: 1000, exp: 2000 }),
    ],
    ['no token at all', 'system:error:invalid-token', async () => 'rubbish'],
    [
      'a token of another application',
      'system:error:invalid-token',
      () => signToken(platform, { sub: 'Alice', application_id: 'other' }),
    ],
    ['a token without a user', 'system:error:invalid-token', () => signToken(platform)],
    ['an unknown user', 'user:error:invalid-user', () => signToken(platform, { sub: 'Mallory' })],
    [
      'a token without the right to sessions',
      'system:error:permission',
      () => signToken(platform, { sub: 'Alice', acl: { paths: {} } }),
    ],
  ])('%s', async (_what, message, token) => {
    expect(await connect(await token()).next(message)).toEqual({});
  });

  test('a user with too many open pages', async () => {
    const token = await signToken(platform, { sub: 'Alice' });
    for (let count = 0; count < 20; count += 1) await sessionId(connect(token));
    await connect(token).next('session:error:max-open-sessions');
  });

  test('the session ID of another user', async () => {
    await createUser(platform, 'Bob');
    const ofAlice = await sessionId(connect(await signToken(platform, { sub: 'Alice' })));
    await connect(await signToken(platform, { sub: 'Bob' }), ofAlice).next('session:invalid');
  });
});

describe('a session', () => {
  test('tells the page which user it belongs to', async () => {
    const { body } = await connect(await signToken(platform, { sub: 'Alice' })).next('session:success');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user_id: expect.stringMatching(/^USR-/),
      name: 'Alice',
      api_key: platform.credentials.api_key,
    });
  });

  test('is resumed by a socket that reconnects, and by a page that was reloaded', async () => {
    const token = await signToken(platform, { sub: 'Alice' });
    const first = connect(token);
    const id = await sessionId(first);
    first.cut();
    const again = new SdkSocket(platform, { token, session_id: id });
    open.push(again);
    expect(await sessionId(again)).toBe(id);
    again.close();
    await again.next('disconnect: io client disconnect');
    await expect
      .poll(async () => {
        const reloaded = connect(token, id);
        const got = await sessionId(reloaded);
        reloaded.close();
        return got;
      })
      .toBe(id);
  });

  test('is not taken from a page that is still connected', async () => {
    const token = await signToken(platform, { sub: 'Alice' });
    const first = connect(token);
    const id = await sessionId(first);
    expect(await sessionId(connect(token, id))).not.toBe(id);
    expect(first.heard.map((one) => one.type)).toEqual(['session:success']);
  });

  test('is replaced by a new one if its ID is unknown, as after a restart of the platform', async () => {
    const unknown = '7f0b8f0e-9a44-4b0e-8a57-1f0f0a9b7f00';
    const got = await sessionId(connect(await signToken(platform, { sub: 'Alice' }), unknown));
    expect(got).not.toBe(unknown);
  });

  test('ends with its token, which the SDK reads as expired', async () => {
    // Long enough that a busy machine can connect before the token expires.
    const now = Math.floor(Date.now() / 1000);
    const socket = connect(await signToken(platform, { sub: 'Alice' }, { iat: now, exp: now + 3 }));
    await socket.next('session:success');
    await socket.next('disconnect: io server disconnect');
  });

  test('continues when its token is refreshed', async () => {
    const now = Math.floor(Date.now() / 1000);
    const socket = connect(await signToken(platform, { sub: 'Alice' }, { iat: now, exp: now + 3 }));
    const id = await sessionId(socket);
    const fresh = await signToken(platform, { sub: 'Alice' });
    const answer = await fetch(`${platform.url}/v0.2/sessions/${id}`, {
      method: 'PUT',
      headers: { authorization: `bearer ${fresh}`, 'content-type': 'application/json' },
      body: '""',
    });
    expect(await answer.json()).toEqual({ session_id: id });
    // By then the first token has expired; a session that depended on it would be gone.
    await expect.poll(() => Date.now() / 1000, { timeout: 6000 }).toBeGreaterThan(now + 4);
    expect(socket.heard.map((one) => one.type)).toEqual(['session:success']);
  });

  test('that cannot be resumed because the platform has new keys is disconnected, and the SDK recovers', async () => {
    const elsewhere = await createPlatform();
    await createUser(elsewhere, 'Alice');
    const token = await signToken(elsewhere, { sub: 'Alice' });
    await elsewhere.close();
    const socket = new SdkSocket(platform, { token, session_id: '7f0b8f0e-9a44-4b0e-8a57-1f0f0a9b7f00' });
    open.push(socket);
    await socket.next('system:error:invalid-token');
    await socket.next('disconnect: io server disconnect');
  });

  test('that waits for its page makes room for a connected page', async () => {
    const token = await signToken(platform, { sub: 'Alice' });
    for (let count = 0; count < 30; count += 1) {
      const socket = connect(token);
      await sessionId(socket);
      socket.cut();
      await socket.next('disconnect: forced close');
    }
    await sessionId(connect(token));
  });

  test('accepts its metrics, although their URL is below that of the socket', async () => {
    const token = await signToken(platform, { sub: 'Alice' });
    const answer = await fetch(`${platform.url}/v2/rtc/metrics`, {
      method: 'POST',
      headers: { authorization: `bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body: { metrics: [] } }),
    });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
  });
});
