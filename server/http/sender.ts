import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { TLSSocket } from 'node:tls';

/** How a request came, as its sender sees it. A tunnel or a proxy is believed where it is on this machine. */

/** `http` or `https`, or whatever a proxy says. */
export function protocolOf(request: IncomingMessage): string {
  const own = request.socket instanceof TLSSocket ? 'https' : 'http';
  return forwarded(request, 'x-forwarded-proto') ?? own;
}

/** Name and port of this server; undefined where the request does not say. */
export function hostOf(request: IncomingMessage): string | undefined {
  return forwarded(request, 'x-forwarded-host') ?? request.headers.host;
}

/** Address of whoever sent the request, the last that is not of this machine; undefined where it is gone. */
export function addressOf(request: IncomingMessage): string | undefined {
  const chain = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => isIP(each) !== 0);
  let address = request.socket.remoteAddress;
  while (isLoopback(address) && chain.length > 0) address = chain.pop();
  return address;
}

/** What a proxy or a tunnel adds to the requests that it passes on. */
const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/** Names and addresses of this machine, that nobody else can give it. */
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Whether a program on this machine sent a request to it by its own name. A proxy here looks the same, unless it
 * passes on the Host that it was asked for, or adds a forwarding header.
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  return (
    isLoopback(request.socket.remoteAddress) &&
    hasLoopbackHost(request) &&
    forwardingHeaders.every((name) => request.headers[name] === undefined)
  );
}

/**
 * Whether a request was sent to the public address, as its Host says, or a proxy that put our own name there. A page
 * anywhere can make its own host name point here and send any header, but not change its Host.
 */
export function isForPublicHost(request: IncomingMessage, publicUrl: string | undefined): boolean {
  if (publicUrl === undefined) return false;
  const { host } = new URL(publicUrl);
  return request.headers.host === host || (hasLoopbackHost(request) && hostOf(request) === host);
}

function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  return loopbackHost.test(headers.host ?? '');
}

/** The first value of a header that only a proxy on this machine may set. */
function forwarded(request: IncomingMessage, header: string): string | undefined {
  const value = request.headers[header];
  if (value === undefined || !isLoopback(request.socket.remoteAddress)) return undefined;
  return String(value).split(',')[0]?.trim();
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
