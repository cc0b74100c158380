import { expect, test } from 'vitest';
import { ngrokTunnels, openedTunnel } from './ngrok.ts';

test.each([undefined, ''])(
  'without a token (%j) it says where to get one, and what else would do',
  async (token) => {
    const opening = ngrokTunnels(token)('http://127.0.0.1:3000');
    await expect(opening).rejects.toThrow(/NGROK_AUTHTOKEN is not set[\s\S]*--tunnel=https/);
  },
);

test('a tunnel that is open already is taken as it is', async () => {
  const tunnel = await openedTunnel('https://own.example')('http://127.0.0.1:3000');
  expect(tunnel.url).toBe('https://own.example');
  await tunnel.close();
});
