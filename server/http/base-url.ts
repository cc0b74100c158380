import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { hostOf, protocolOf } from './sender.ts';

const hostAndPort = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * The address under which the sender of a request reaches this server, without a slash at its end.
 * Undefined where the request does not say it in a form that can be trusted to be an address.
 */
export function baseUrl(request: IncomingMessage, publicUrl: string | undefined): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  const host = hostOf(request);
  const protocol = protocolOf(request);
  const isWeb = protocol === 'http' || protocol === 'https';
  return isWeb && host !== undefined && hostAndPort.test(host) ? `${protocol}://${host}` : undefined;
}

/** Whether the browser that sent a request speaks https, be it to a proxy before this server. */
export function isHttps(request: Request, publicUrl: string | undefined): boolean {
  if (request.secure) return true;
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  return url?.protocol === 'https:' && url.host === request.headers.host;
}
