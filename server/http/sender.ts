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
 * Whether a program on this machine sent a request to it by its own name. A proxy here sends them, too: it must
 * pass on the Host that it was asked for, or add a forwarding header.
 */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  return (
    isLoopback(socket.remoteAddress) &&
    loopbackHost.test(headers.host ?? '') &&
    forwardingHeaders.every((name) => headers[name] === undefined)
  );
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
