import type { Request } from 'express';

const hostAndPort = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * The base URL of this server as the sender of a request reaches it, without a trailing slash. Undefined if
 * the request does not contain a valid one.
 */
export function baseUrl(request: Request, publicUrl: string | undefined): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  const { protocol, host } = request;
  const isWeb = protocol === 'http' || protocol === 'https';
  if (!isWeb || !hostAndPort.test(host ?? '')) return undefined;
  const url = `${protocol}://${host}`;
  // An address like 127.999.999.999 only looks like one.
  return URL.canParse(url) ? url : undefined;
}

/** Whether the browser sent the request over HTTPS, possibly to a proxy in front of this server. */
export function isHttps(request: Request, publicUrl: string | undefined): boolean {
  if (request.secure) return true;
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  return url?.protocol === 'https:' && url.host === request.headers.host;
}
