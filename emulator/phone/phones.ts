import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import type { DialRequest, DialResult, Exchange } from '../calls/exchange.ts';
import type { PageTelephone } from './page-telephone.ts';
import { createPageTelephone } from './page-telephone.ts';
import type { PhoneToServer, ServerToPhone } from './protocol.ts';
import { PHONE_SOCKET_PATH } from './protocol.ts';

interface PhonesParts {
  exchange: Exchange;
  dial: (request: DialRequest) => DialResult;
  /** The number to dial, and the own number of the first phone; each further phone counts up. */
  number: string;
  caller: string;
  /** The address that the platform listens on. */
  host: string;
}

interface Connected {
  telephone: PageTelephone;
  /** Suggested for its own number. */
  caller: string;
  /** Runs while the socket is away. */
  leaving?: NodeJS.Timeout;
}

/** Milliseconds that a phone's socket may be away before its telephone is off the network. */
const AWAY = 5000;

/** Serves the phone pages: each socket is a telephone. Returns its close. */
export function servePhones(http: HttpServer, parts: PhonesParts): () => Promise<void> {
  const { exchange, dial, number, caller, host } = parts;
  const io = new Server<PhoneToServer, ServerToPhone>(http, {
    path: PHONE_SOCKET_PATH,
    serveClient: false,
    destroyUpgrade: false,
    allowRequest: (request, done) => done(null, isOwnPage(request.headers, host)),
    connectionStateRecovery: { maxDisconnectionDuration: AWAY },
  });
  const country = countryOf(caller);
  /** By the id of their socket, which stays when it comes back. */
  const connected = new Map<string, Connected>();

  function connect(socket: Socket<PhoneToServer, ServerToPhone>): Connected {
    const phones = [...connected.values()];
    const taken = new Set(phones.filter(isHere).map((other) => other.caller));
    // A page that is opened again gets the number of the one that just left, even if that one may come back.
    const away = phones.filter((other) => !isHere(other)).map(({ telephone }) => telephone.number);
    const isInUse = (own: string) =>
      (exchange.phones.at(own) ?? []).length > away.filter((gone) => gone === own).length;
    return {
      caller: firstFree(caller, (one) => taken.has(one) || isInUse(one)),
      // Messages sent while the socket is disconnected reach the page when it is back.
      telephone: createPageTelephone({
        exchange,
        dial,
        ring: (ring) => socket.emit('ring', ring),
        update: (update) => socket.emit('call', update),
      }),
    };
  }

  io.on('connection', (socket) => {
    const { id } = socket;
    const phone = connected.get(id) ?? connect(socket);
    connected.set(id, phone);
    clearTimeout(phone.leaving);
    delete phone.leaving;
    const { telephone } = phone;
    socket.emit('welcome', { number, caller: phone.caller, ...(country && { country }) });

    socket.on('register', (request, done) => answer(done)(telephone.register(request)));
    socket.on('dial', (request, done) => void telephone.dial(request).then(answer(done)));
    socket.on('answer', (request, done) => void telephone.answer(request).then(answer(done)));
    socket.on('reject', (request, done) => answer(done)(telephone.reject(request)));
    socket.on('hangup', (request, done) => answer(done)(telephone.hangUp(request)));
    socket.on('dtmf', (request, done) => answer(done)(telephone.press(request)));
    socket.on('say', (request, done) => answer(done)(telephone.say(request)));
    socket.on('disconnect', (reason) => {
      const end = () => {
        connected.delete(id);
        telephone.close();
      };
      if (reason === 'client namespace disconnect') end();
      else phone.leaving = setTimeout(end, AWAY).unref();
    });
  });
  return async () => {
    await io.close();
    for (const { telephone, leaving } of connected.values()) {
      clearTimeout(leaving);
      telephone.close();
    }
  };
}

function isHere({ leaving }: Connected): boolean {
  return leaving === undefined;
}

/** Any page can make a browser open this socket, and let its own name point to this machine. */
function isOwnPage({ host = '', origin }: IncomingHttpHeaders, listening: string): boolean {
  const name = host.replace(/:\d+$/, '');
  const own = /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(name) || name === listening;
  return own && (origin === undefined || URL.parse(origin)?.host === host);
}

function answer<T>(done: unknown): (value: T) => void {
  return (value) => {
    if (typeof done === 'function') done(value);
  };
}

/** The country in which a national number is read: that of the suggested own number. */
function countryOf(number: string): string | undefined {
  if (number.startsWith('44')) return 'GB';
  if (number.startsWith('1')) return 'US';
  if (number.startsWith('34')) return 'ES';
  return undefined;
}

/** The first number from this one on, counting up, that is free. */
function firstFree(first: string, isTaken: (number: string) => boolean): string {
  let number = BigInt(first);
  while (isTaken(String(number))) number += 1n;
  return String(number);
}
