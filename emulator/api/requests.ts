import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { API_ERRORS, problem } from './problem.ts';

/**
 * Lets programs and pages of this machine in, and nobody else: by the address of the peer, and by the host that it
 * asked for (a page that rebinds its name to 127.0.0.1 must not read the keys).
 */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  const peer = request.socket.remoteAddress ?? '';
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const near = /^(::ffff:)?127\.|^::1$/.test(peer) && /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
  if (near) next();
  else response.status(403).json({ error: 'Only programs on this machine may use the emulator’s controls.' });
};

/** Keeps pages of other origins from changing anything. Programs, which send no origin, pass. */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  const { origin, host } = request.headers;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (isReading || origin === undefined || URL.parse(origin)?.host === host) next();
  else response.status(403).json({ error: 'Pages of other origins cannot change anything here.' });
};

/** An NCCO may be as long here as in an answer. */
const parse = express.json({ limit: '1mb' });

/** Reads a JSON body into `request.body`. Rejects a body that is malformed or too long, and returns false. */
export async function readJson(request: Request, response: Response): Promise<boolean> {
  const fault = await new Promise<unknown>((done) => parse(request, response, done));
  if (!fault) return true;
  if (statusOf(fault) === 413) {
    const detail = 'The request body is longer than 1 MB.';
    problem(response, 413, `${API_ERRORS}#payload-too-large`, 'Payload Too Large', detail);
  } else {
    const detail = fault instanceof Error ? fault.message : 'The request body cannot be read.';
    problem(response, 400, `${API_ERRORS}#invalid-json`, 'Invalid JSON', detail);
  }
  return false;
}

function statusOf(fault: unknown): number | undefined {
  return typeof fault === 'object' && fault !== null && 'status' in fault ? Number(fault.status) : undefined;
}
