import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, localUrl } from './listen.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => new Promise((resolve) => each.close(resolve))));
});

function server(): Server {
  const created = createServer();
  servers.push(created);
  return created;
}

describe('a port', () => {
  it('may be any free one', async () => {
    expect(await listen(server(), { port: 0, portIsFixed: true, host })).toBeGreaterThan(0);
  });

  it('in use is replaced by the next free one, unless it was configured', async () => {
    const taken = await listen(server(), { port: 0, portIsFixed: true, host });
    const next = await listen(server(), { port: taken, portIsFixed: false, host });
    expect(next).toBeGreaterThan(taken);
    await expect(listen(server(), { port: taken, portIsFixed: true, host })).rejects.toThrow(
      `PORT ${taken} is in use by another program. Stop that program, or set PORT to a free port.`,
    );
  });

  it('cannot be opened on an address of another machine', async () => {
    await expect(listen(server(), { port: 0, portIsFixed: true, host: '192.0.2.1' })).rejects.toThrow(
      'HOST 192.0.2.1 cannot be listened on (EADDRNOTAVAIL).',
    );
  });
});

describe('the address on this machine', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['localhost', 'http://localhost:3000'],
    ['::1', 'http://[::1]:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    [undefined, 'http://127.0.0.1:3000'],
  ])('of %s is %s', (name, url) => {
    expect(localUrl(name, 3000)).toBe(url);
  });
});
