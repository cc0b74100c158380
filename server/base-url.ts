import type { Request } from 'express';

const hostAndPort = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * The address under which the sender of a request reaches this server, without a slash at its end.
 * Undefined where the request does not say it in a form that can be trusted to be an address.
 */
export function baseUrl(request: Request, publicUrl: string | undefined): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  const host: string | undefined = request.host;
  const { protocol } = request;
  const isWeb = protocol === 'http' || protocol === 'https';
  return isWeb && host !== undefined && hostAndPort.test(host) ? `${protocol}://${host}` : undefined;
}

/** Whether the browser that sent a request speaks https, be it to a proxy before this server. */
export function isHttps(request: Request, publicUrl: string | undefined): boolean {
  if (request.secure) return true;
  const url = publicUrl === undefined ? null : URL.parse(publicUrl);
  return url?.protocol === 'https:' && url.host === request.headers.host;
}
