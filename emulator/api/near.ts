import type { RequestHandler } from 'express';

/**
 * Lets programs and pages of this machine in, and nobody else: by the address of the peer, and by the host that it
 * asked for (a page that rebinds its name to 127.0.0.1 must not read the keys).
 */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  const peer = request.socket.remoteAddress ?? '';
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const near = /^(::ffff:)?127\.|^::1$/.test(peer) && /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
  if (near) next();
  else response.status(403).json({ error: 'The emulator’s controls are for programs on this machine.' });
};

/** Keeps pages of other origins from changing anything. Programs, which send no origin, pass. */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  const { origin, host } = request.headers;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (isReading || origin === undefined || URL.parse(origin)?.host === host) next();
  else response.status(403).json({ error: 'Pages of another origin may change nothing here.' });
};
