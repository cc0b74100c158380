import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PHONE_SOCKET_PATH, type PhoneToServer, type ServerToPhone } from '../protocol.ts';
import { openLine, openSocket } from './socket.ts';

const WELCOME = { number: '442038297050', caller: '447700900000' };
const SOON = { timeout: 4000 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An emulator that only listens, on a port of its own. */
async function startEmulator({ remembers = false, port = 0 } = {}) {
  const http = createServer();
  const io = new Server<PhoneToServer, ServerToPhone>(http, {
    path: PHONE_SOCKET_PATH,
    ...(remembers ? { connectionStateRecovery: {} } : {}),
  });
  const heard: unknown[] = [];
  io.on('connection', (socket) => {
    if (!socket.recovered) socket.emit('welcome', WELCOME);
    socket.on('dial', (request, reply) => {
      heard.push(request);
      reply({ ok: true, uuid: 'call-1' });
      socket.emit('call', { uuid: 'call-1', status: 'ringing' });
    });
    socket.on('register', ({ number }, reply) => {
      reply({ ok: true });
      if (number) socket.emit('ring', { uuid: 'call-2', from: null, to: number });
    });
    socket.on('answer', (request, reply) => {
      heard.push(request);
      reply({ ok: true, answer: 'sdp' });
    });
    socket.on('reject', ({ uuid, busy }) => heard.push(`reject ${uuid}${busy ? ': busy' : ''}`));
    socket.on('say', ({ text }, reply) => reply({ ok: false, message: `no ${text}` }));
    socket.on('hangup', ({ uuid }) => heard.push(`hang up ${uuid}`));
    socket.on('dtmf', ({ digits }, reply) => reply({ ok: false, message: `no ${digits}` }));
    socket.on('disconnect', (reason) => heard.push(reason));
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  closing.push(() => io.close());
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { io, heard, origin: `http://127.0.0.1:${address.port}`, port: address.port };
}

function connect(origin: string, times?: Parameters<typeof openLine>[2]) {
  const log: string[] = [];
  const line = openLine(
    openSocket(origin),
    {
      welcomed: ({ number }) => log.push(`welcomed to ${number}`),
      opened: (recovered) => log.push(recovered ? 'remembered' : 'opened'),
      dropped: () => log.push('dropped'),
      lost: () => log.push('lost'),
      rang: ({ uuid, from, to }) => log.push(`${uuid} from ${from} to ${to}`),
      updated: ({ uuid, status }) => log.push(`${uuid} ${status}`),
    },
    times,
  );
  closing.push(() => line.leave());
  const until = (words: string) => vi.waitUntil(() => log.includes(words), SOON);
  return { line, log, until };
}

describe('the line', () => {
  it('opens with a welcome, dials, and receives the call’s events', async () => {
    const { origin, heard } = await startEmulator();
    const { line, log, until } = connect(origin);
    await until('opened');
    const request = { from: '1', to: '2', offer: 'sdp' };
    expect(await line.dial(request)).toEqual({ ok: true, uuid: 'call-1' });
    await until('call-1 ringing');
    expect(log).toEqual(['welcomed to 442038297050', 'opened', 'call-1 ringing']);
    expect(await line.sendDigit('call-1', '5')).toEqual({ ok: false, message: 'no 5' });
    line.hangUp('call-1');
    await vi.waitUntil(() => heard.length > 1, SOON);
    expect(heard).toEqual([request, 'hang up call-1']);
  });

  it('registers a number, rings, answers and sends speech, or rejects', async () => {
    const { origin, heard } = await startEmulator();
    const { line, until } = connect(origin);
    await until('opened');
    expect(await line.register('447700900000')).toEqual({ ok: true });
    await until('call-2 from null to 447700900000');
    expect(await line.answer({ uuid: 'call-2', offer: 'sdp' })).toEqual({ ok: true, answer: 'sdp' });
    expect(await line.say('call-2', 'hello')).toEqual({ ok: false, message: 'no hello' });
    line.reject('call-3', true);
    line.reject('call-4', false);
    await vi.waitUntil(() => heard.length > 2, SOON);
    expect(heard).toEqual([{ uuid: 'call-2', offer: 'sdp' }, 'reject call-3: busy', 'reject call-4']);
  });

  it('reconnects on its own as the same phone', async () => {
    const { io, origin } = await startEmulator({ remembers: true });
    const { log, until } = connect(origin);
    await until('opened');
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until('remembered');
    expect(log).toEqual(['welcomed to 442038297050', 'opened', 'dropped', 'remembered']);
  });

  it('reconnects when the emulator disconnects it', async () => {
    const { io, origin } = await startEmulator();
    const { log, until } = connect(origin, { comeBackAfterMs: 1 });
    await until('opened');
    io.disconnectSockets();
    await vi.waitUntil(() => log.filter((words) => words === 'opened').length === 2, SOON);
    expect(log).not.toContain('lost');
  });

  it('is lost if the emulator stays away, and opens when it is back', async () => {
    const { io, origin, port } = await startEmulator();
    const { log, until } = connect(origin, { lostAfterMs: 1 });
    await until('opened');
    await io.close();
    await until('lost');
    log.length = 0;
    await startEmulator({ port });
    await until('opened');
    expect(log).toEqual(['welcomed to 442038297050', 'opened']);
  });

  it('fails a dialling without a reply from the emulator', async () => {
    const { io, origin } = await startEmulator();
    io.removeAllListeners('connection');
    io.on('connection', (socket) => {
      socket.emit('welcome', WELCOME);
      socket.on('dial', () => socket.conn.close());
    });
    const { line, until } = connect(origin);
    await until('opened');
    await expect(line.dial({ from: '1', to: '2' })).rejects.toThrow();
  });

  it('closes immediately without counting as lost, and can reopen', async () => {
    const { origin, heard } = await startEmulator();
    const { line, log, until } = connect(origin, { lostAfterMs: 1 });
    await until('opened');
    line.leave();
    await vi.waitUntil(() => heard.length > 0, SOON);
    expect(heard).toEqual(['client namespace disconnect']);
    line.comeBack();
    await vi.waitUntil(() => log.filter((words) => words === 'opened').length === 2, SOON);
    const opening = ['welcomed to 442038297050', 'opened'];
    expect(log).toEqual([...opening, 'dropped', ...opening]);
  });
});
