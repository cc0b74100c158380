import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerIn, openRaw, sendRaw } from '../testing.ts';
import { createHttpServer, type HttpLimits, usualLimits } from './http-server.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers when the whole request has arrived. */
const sayHello: Handler = (request, response) => {
  if (request.readableEnded) response.end('hello');
  else request.resume().on('end', () => response.end('hello'));
};

async function serve(handler: Handler = sayHello, limits: Partial<HttpLimits> = {}) {
  const { server, drain, close } = createHttpServer({ ...usualLimits, ...limits });
  server.on('request', handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => close(0));
  const address = server.address();
  return { server, drain, close, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** The status of a response that is a readable ApiError. */
function refusalIn(text: string): number {
  const { status, body } = answerIn(text);
  expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/), code: 'bad-request' });
  return status;
}

const hasty: Partial<HttpLimits> = {
  headersTimeout: 500,
  requestTimeout: 700,
  connectionsCheckingInterval: 50,
};

test('an offer to change to another protocol is ignored (RFC 9110, 7.8)', async () => {
  const { port } = await serve();
  const text = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n';
  const body = 'HTTP2-Settings: AAEAAEAA\r\nContent-Length: 4\r\n\r\nbody';
  expect(answerIn(await sendRaw(port, text + body))).toMatchObject({ status: 200, body: 'hello' });
});

describe('a slow request gets 408', () => {
  test.each([
    ['nothing at all', ''],
    ['half of the headers', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['half of the body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf'],
    ['one chunk', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['less than it announced', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n'],
  ])('that sends %s', async (_, text) => {
    const { port } = await serve(sayHello, hasty);
    expect(refusalIn(await sendRaw(port, text))).toBe(408);
  });

  test('that arrives byte by byte', async () => {
    const { port } = await serve(sayHello, hasty);
    const { socket, write, closed } = await openRaw(port);
    write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => write('X'), 50);
    socket.once('close', () => clearInterval(drip));
    expect(refusalIn(await closed)).toBe(408);
  });

  test('with endless chunks', async () => {
    const { port } = await serve(sayHello, hasty);
    const { socket, write, closed } = await openRaw(port);
    write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const flow = setInterval(() => write(chunk), 10);
    socket.once('close', () => clearInterval(flow));
    expect(refusalIn(await closed)).toBe(408);
  });
});

describe('connections', () => {
  test('with a pending response outlive the request limits', async () => {
    const answers: ServerResponse[] = [];
    const { port } = await serve((_request, response) => {
      response.write('first ');
      answers.push(response);
    }, hasty);
    const patient = await openRaw(port);
    patient.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(patient.received).toContain('first');
    // Closed by the limits, although it connected later.
    await sendRaw(port, 'GET / HTTP/1.1\r\n');
    answers[0]?.write('second');
    await expect.poll(patient.received).toContain('second');
    patient.socket.destroy();
  });

  test('are closed if the client does not read', async () => {
    const over = Promise.withResolvers<void>();
    const { port } = await serve(
      (_request, response) => {
        response.once('close', over.resolve);
        response.end(Buffer.alloc(64 * 2 ** 20));
      },
      { silenceTimeout: 500 },
    );
    const { socket, write } = await openRaw(port);
    socket.pause();
    write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await over.promise;
    socket.destroy();
  });

  test('are rejected above a maximum, and accepted again below it', async () => {
    const { port } = await serve(sayHello, { maxConnections: 1 });
    const first = await openRaw(port);
    expect(await sendRaw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
    first.socket.destroy();
    const status = async () =>
      answerIn(await sendRaw(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).status;
    await expect.poll(status).toBe(200);
  });
});

describe('an invalid request gets a readable response, and the server continues', () => {
  const post = 'POST / HTTP/1.1\r\nHost: a\r\n';
  test.each<[string, number, string]>([
    ['a megabyte of headers', 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2 ** 20)}\r\n\r\n`],
    ['thousands of headers', 431, `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(10_000)}\r\n`],
    ['a megabyte of address', 431, `GET /${'x'.repeat(2 ** 20)} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['endless chunk extensions', 413, `${post}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(50_000)}\r\n`],
    ['an invalid length', 400, `${post}Content-Length: -1\r\n\r\n`],
    ['two lengths', 400, `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ['a length and chunks', 400, `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks with an invalid length', 400, `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['an unknown method', 400, 'STEAL / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a NUL in a header', 400, 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
    ['a header in two lines', 400, 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n'],
    ['HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', 400, '\x16\x03\x01\x00\xc8\x01'],
  ])('%s', async (_, status, text) => {
    const { port } = await serve();
    expect(refusalIn(await sendRaw(port, Buffer.from(text, 'latin1')))).toBe(status);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  });

  test('garbage after a request whose response has begun: the response is cut, not corrupted', async () => {
    const { port } = await serve((_request, response) => void response.write('begun'));
    const { write, received, closed } = await openRaw(port);
    write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(received).toContain('begun');
    write('\x01\x02garbage\r\n\r\n');
    expect((await closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test('garbage after pending requests: they are answered, then the connection is closed', async () => {
    const answer = Promise.withResolvers<void>();
    let requests = 0;
    const { port } = await serve(async (_request, response) => {
      requests += 1;
      await answer.promise;
      response.end('hello');
    });
    const { write, received, closed } = await openRaw(port);
    write('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nBROKEN\r\n\r\n');
    await expect.poll(() => requests).toBe(2);
    expect(received()).toBe('');
    answer.resolve();
    expect((await closed).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  test('a request that is aborted', async () => {
    const aborted = Promise.withResolvers<void>();
    const { port } = await serve((request) => void request.resume().on('error', () => aborted.resolve()));
    const { socket, write } = await openRaw(port);
    write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    socket.end();
    await aborted.promise;
  });
});

test('draining closes each connection after its response, and still accepts others', async () => {
  const { port, drain } = await serve();
  const idle = await openRaw(port);
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await expect.poll(idle.received).toContain('hello');
  drain();
  for (const connection of [idle, await openRaw(port)]) {
    connection.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await connection.closed).toMatch(/Connection: close.*hello$/s);
  }
});

describe('closing', () => {
  test('answers running requests with Connection: close, and accepts no others', async () => {
    const waiting: ServerResponse[] = [];
    const { port, close } = await serve((_request, response) => void waiting.push(response));
    const busy = await openRaw(port);
    busy.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => waiting.length).toBe(1);
    const closing = close(10_000);
    await expect(openRaw(port)).rejects.toThrow('ECONNREFUSED');
    waiting[0]?.end('done');
    const text = await busy.closed;
    expect(answerIn(text)).toEqual({ status: 200, body: 'done' });
    expect(text).toContain('Connection: close');
    await closing;
  });

  test('answers a request that had partly arrived', async () => {
    const { port, server, close } = await serve();
    const slow = await openRaw(port);
    slow.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nha');
    await once(server, 'request');
    const closing = close(10_000);
    slow.write('lf');
    expect(answerIn(await slow.closed)).toEqual({ status: 200, body: 'hello' });
    await closing;
  });

  test('closes idle connections', async () => {
    const { port, close } = await serve();
    const idle = await openRaw(port);
    idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(idle.received).toContain('hello');
    await close(10_000);
    await idle.closed;
  });

  test('sends a response completely, however slowly it is read', async () => {
    const size = 32 * 2 ** 20;
    const { port, server, close } = await serve(
      (_request, response) => void response.end(Buffer.alloc(size)),
    );
    const asking = send({ port, host: '127.0.0.1' }).end();
    await once(server, 'request');
    const closing = close(10_000);
    const [answer] = await once(asking, 'response');
    let read = 0;
    for await (const part of answer) read += part.length;
    expect(read).toBe(size);
    await closing;
  });

  test('cuts responses that do not end', async () => {
    const { port, server, close } = await serve(() => {});
    const endless = await openRaw(port);
    endless.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(server, 'request');
    await close(50);
    expect(await endless.closed).toBe('');
  });
});
