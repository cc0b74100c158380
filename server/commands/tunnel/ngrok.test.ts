import { expect, test } from 'vitest';
import { ngrokTunnels, openedTunnel } from './ngrok.ts';

test.each([undefined, ''])(
  'without a token (%j), it says where to get one, and names the alternative',
  async (token) => {
    const opening = ngrokTunnels(token)('http://127.0.0.1:3000');
    await expect(opening).rejects.toThrow(/NGROK_AUTHTOKEN is not set[\s\S]*--tunnel=https/);
  },
);

test('a tunnel that is already open is used as it is', async () => {
  const tunnel = await openedTunnel('https://own.example')('http://127.0.0.1:3000');
  expect(tunnel.url).toBe('https://own.example');
  await tunnel.close();
});
