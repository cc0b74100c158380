import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import { z } from 'zod';
import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { Leg, LegEnd } from '../calls/leg.ts';
import { answerPeer } from '../media/peer.ts';
import type { DialReply, EndReason, PhoneToServer, ServerToPhone } from './protocol.ts';
import { PHONE_SOCKET_PATH } from './protocol.ts';

export interface PhonesParts {
  exchange: Exchange;
  dial: (request: DialRequest) => DialResult;
  /** The number to dial, and the own number of the first phone; each further phone counts up. */
  number: string;
  caller: string;
  /** The address that the platform listens on. */
  host: string;
}

type PhoneSocket = Socket<PhoneToServer, ServerToPhone>;

/** Milliseconds that a phone's socket may be away during a call. */
const AWAY = 5000;

const dialRequest = z.object({ from: z.string(), to: z.string(), offer: z.string().optional() });
const digits = z.string().regex(/^\d{3,15}$/);
const keys = z.object({ uuid: z.string(), digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) });
const which = z.object({ uuid: z.string() });

/** Serves the phone pages: each socket is a telephone. Returns its close. */
export function servePhones(http: HttpServer, parts: PhonesParts): () => Promise<void> {
  const io = new Server<PhoneToServer, ServerToPhone>(http, {
    path: PHONE_SOCKET_PATH,
    serveClient: false,
    destroyUpgrade: false,
    allowRequest: (request, done) => done(null, isOwnPage(request.headers, parts.host)),
    connectionStateRecovery: { maxDisconnectionDuration: AWAY },
  });
  const country = countryOf(parts.caller);
  const inUse = new Set<number>();
  /** Calls by phone, which keeps its id when its socket comes back. */
  const calls = new Map<string, Set<Leg>>();
  const leaving = new Map<string, NodeJS.Timeout>();

  io.on('connection', (socket) => {
    clearTimeout(leaving.get(socket.id));
    const own = calls.get(socket.id) ?? new Set<Leg>();
    calls.set(socket.id, own);
    const place = firstFree(inUse);
    inUse.add(place);
    socket.emit('welcome', {
      number: parts.number,
      caller: addTo(parts.caller, place),
      ...(country && { country }),
    });
    socket.on('dial', (request, done) => void dial(socket, own, request, parts).then(answer(done)));
    socket.on('hangup', (request, done) => {
      const leg = findOwn(own, which.safeParse(request).data?.uuid);
      leg?.finish({ cause: 'hung-up-here' });
      answer(done)(leg ? { ok: true } : { ok: false, message: 'There is no such call.' });
    });
    socket.on('dtmf', (request, done) => {
      const pressed = keys.safeParse(request).data;
      const leg = findOwn(own, pressed?.uuid);
      if (leg && pressed) parts.exchange.press(leg, pressed.digits);
      answer(done)(leg ? { ok: true } : { ok: false, message: 'There is no such call.' });
    });
    socket.on('disconnect', (reason) => {
      inUse.delete(place);
      const left = reason === 'client namespace disconnect';
      const end = () => {
        leaving.delete(socket.id);
        calls.delete(socket.id);
        for (const leg of own) leg.finish({ cause: 'hung-up-here' });
      };
      if (left) end();
      else leaving.set(socket.id, setTimeout(end, AWAY).unref());
    });
  });
  return async () => {
    for (const timer of leaving.values()) clearTimeout(timer);
    await io.close();
  };
}

async function dial(
  socket: PhoneSocket,
  own: Set<Leg>,
  raw: unknown,
  parts: PhonesParts,
): Promise<DialReply> {
  const request = dialRequest.safeParse(raw).data;
  if (!request) return { ok: false, code: 'internal', message: 'The phone sent something that is no call.' };
  if (!digits.safeParse(request.to).success) {
    return { ok: false, code: 'bad-number', message: 'The number to dial must have 3 to 15 digits.' };
  }
  if (!digits.safeParse(request.from).success) {
    return { ok: false, code: 'bad-number', message: 'Your number must have 3 to 15 digits.' };
  }
  const media =
    request.offer === undefined ? undefined : await answerPeer(request.offer).catch(() => 'bad' as const);
  if (media === 'bad') {
    return { ok: false, code: 'bad-media', message: 'The sound of this browser could not be connected.' };
  }
  if (!socket.connected) {
    media?.peer.close();
    return { ok: false, code: 'internal', message: 'The phone has gone.' };
  }
  const result = parts.dial({ from: request.from, to: request.to, ...(media && { peer: media.peer }) });
  if (!result.ok) {
    media?.peer.close();
    return result;
  }
  const { leg } = result;
  own.add(leg);
  // After the acknowledgement: the page knows the call by then.
  setImmediate(() => {
    socket.emit('call', { uuid: leg.uuid, status: 'ringing' });
    leg.observe({
      answered: () => socket.emit('call', { uuid: leg.uuid, status: 'answered' }),
      joined: () => socket.emit('call', { uuid: leg.uuid, status: 'connected' }),
      ended: (_leg, end) => {
        own.delete(leg);
        const message = end.because === 'application-error' ? end.text : undefined;
        socket.emit('call', {
          uuid: leg.uuid,
          status: 'ended',
          reason: reasonOf(end),
          ...(message && { message }),
        });
      },
    });
  });
  return { ok: true, uuid: leg.uuid, ...(media && { answer: media.answer }) };
}

/** Any page can make a browser open this socket, and let its own name point to this machine. */
function isOwnPage({ host = '', origin }: IncomingHttpHeaders, listening: string): boolean {
  const name = host.replace(/:\d+$/, '');
  const own = /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(name) || name === listening;
  return own && (origin === undefined || URL.parse(origin)?.host === host);
}

/** What the caller is told of the end of a call. */
function reasonOf(end: LegEnd): EndReason {
  if (end.cause === 'hung-up-here') return 'you-hung-up';
  if (end.cause !== 'hung-up-there') return 'failed';
  switch (end.because) {
    case 'application-error':
      return 'application-error';
    case 'ring-timeout':
    case 'unreachable':
      return 'nobody-answered';
    case 'rejected':
      return 'rejected';
    case 'failed':
    case 'no-media':
    case 'media-lost':
      return 'failed';
    default:
      return 'far-side-hung-up';
  }
}

function answer<T>(done: unknown): (value: T) => void {
  return (value) => {
    if (typeof done === 'function') done(value);
  };
}

function findOwn(own: Set<Leg>, uuid: string | undefined): Leg | undefined {
  return [...own].find((leg) => leg.uuid === uuid);
}

/** By which country's habits a national number is read: that of the suggested own number. */
function countryOf(number: string): string | undefined {
  if (number.startsWith('44')) return 'GB';
  if (number.startsWith('1')) return 'US';
  if (number.startsWith('34')) return 'ES';
  return undefined;
}

function firstFree(taken: Set<number>): number {
  let place = 0;
  while (taken.has(place)) place += 1;
  return place;
}

function addTo(number: string, count: number): string {
  return String(BigInt(number) + BigInt(count));
}
