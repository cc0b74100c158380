import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { TLSSocket } from 'node:tls';

/** How a request was sent. Forwarding headers count only from a tunnel or proxy on this machine. */

/** `http` or `https`, or the value from a proxy. */
export function protocolOf(request: IncomingMessage): string {
  const own = request.socket instanceof TLSSocket ? 'https' : 'http';
  return forwarded(request, 'x-forwarded-proto') ?? own;
}

/** Host name and port of this server; undefined if the request does not contain them. */
export function hostOf(request: IncomingMessage): string | undefined {
  return forwarded(request, 'x-forwarded-host') ?? request.headers.host;
}

/** The sender's address: the last one that is not of this machine. Undefined if the connection is gone. */
export function addressOf(request: IncomingMessage): string | undefined {
  const chain = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => isIP(each) !== 0);
  let address = request.socket.remoteAddress;
  while (isLoopback(address) && chain.length > 0) address = chain.pop();
  return address;
}

/** Headers that proxies and tunnels add. */
const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/** Names and addresses that always mean this machine. */
const loopbackHost = /^(?:localhost|(127(?:\.\d{1,3}){3})|\[::1\])(?::\d+)?$/i;

/**
 * Whether a local program sent the request, to a local host name. A local proxy looks the same unless it
 * passes on the original Host or adds a forwarding header.
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  return (
    isLoopback(request.socket.remoteAddress) &&
    hasLoopbackHost(request) &&
    forwardingHeaders.every((name) => request.headers[name] === undefined)
  );
}

/**
 * Whether a request was sent to the public address, by its Host, or by a forwarding header if the proxy
 * replaced Host with a local name. A hostile page can point its own host name here and send any header, but
 * cannot change Host.
 */
export function isForPublicHost(request: IncomingMessage, publicUrl: string | undefined): boolean {
  if (publicUrl === undefined) return false;
  const { host } = new URL(publicUrl);
  return request.headers.host === host || (hasLoopbackHost(request) && hostOf(request) === host);
}

function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  const found = loopbackHost.exec(headers.host ?? '');
  if (found === null) return false;
  const [, address] = found;
  return address === undefined || isIP(address) !== 0;
}

/** The first value of a header that counts only from a proxy on this machine. */
function forwarded(request: IncomingMessage, header: string): string | undefined {
  const value = request.headers[header];
  if (value === undefined || !isLoopback(request.socket.remoteAddress)) return undefined;
  return String(value).split(',')[0]?.trim();
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
