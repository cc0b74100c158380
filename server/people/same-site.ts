import type { Request, RequestHandler } from 'express';
import { Refusal } from '../http/errors.ts';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Whether a request was addressed to this machine by a name that nobody else can give it. */
export function isAddressedToThisMachine({ headers }: Request): boolean {
  return loopback.test(headers.host ?? '');
}

/**
 * Lets a request through that was addressed to this machine or to the public address. A page anywhere
 * can make its own host name point to 127.0.0.1, but not change the Host that the browser sends.
 */
export function onlyOwnHosts(publicUrl: string | undefined): RequestHandler {
  const publicHost = publicUrl && new URL(publicUrl).host;
  return (request, _response, next) => {
    const { host = '' } = request.headers;
    if (!isAddressedToThisMachine(request) && host !== publicHost) {
      throw new Refusal(403, 'not-allowed', 'Open this page as 127.0.0.1 or localhost.');
    }
    next();
  };
}

/** Refuses what a page of another origin asks; what no browser sent has neither header, and may pass. */
export const onlyOwnPages: RequestHandler = (request, _response, next) => {
  if (!isFromOwnPage(request)) {
    throw new Refusal(403, 'not-allowed', 'Only the pages of this server may ask for this.');
  }
  next();
};

function isFromOwnPage({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  // Browsers leave Sec-Fetch-Site out on plain http.
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}
