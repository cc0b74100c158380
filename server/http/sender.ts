import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Request } from 'express';

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
export function isForPublicHost(request: Request, publicUrl: string | undefined): boolean {
  if (publicUrl === undefined) return false;
  const { host } = new URL(publicUrl);
  return request.headers.host === host || (hasLoopbackHost(request) && request.host === host);
}

function hasLoopbackHost({ headers }: IncomingMessage): boolean {
  const found = loopbackHost.exec(headers.host ?? '');
  if (found === null) return false;
  const [, address] = found;
  return address === undefined || isIP(address) !== 0;
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}
