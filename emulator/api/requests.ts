import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { refuseDeep } from '../nesting.ts';
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
const parse = express.json({ limit: '1mb', verify: refuseDeep });

/**
 * Reads a JSON body into `request.body`. Refuses a request for anything but JSON, and a body that is something else,
 * malformed or too long, and returns false.
 */
export async function readJson(request: Request, response: Response): Promise<boolean> {
  // Vonage's OpenAPI file of the Application API lists both statuses.
  if (request.accepts('json') === false) {
    const detail = 'The API answers with application/json, which the Accept header rules out.';
    problem(response, 406, `${API_ERRORS}#not-acceptable`, 'Not Acceptable', detail);
    return false;
  }
  if (hasBody(request) && !request.is(['json', '+json'])) {
    const detail = `The request body must be application/json, not ${request.headers['content-type'] ?? 'without a type'}.`;
    problem(response, 415, `${API_ERRORS}#unsupported-media-type`, 'Unsupported Media Type', detail);
    return false;
  }
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

/** Answers 405 to every method that the routes before this one left; `allowed` as in `GET, POST`. */
export function allowOnly(allowed: string): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'OPTIONS') return next();
    response.set('allow', allowed);
    const detail = `${request.method} is not allowed here, only ${allowed}.`;
    problem(response, 405, `${API_ERRORS}#method-not-allowed`, 'Method Not Allowed', detail);
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function statusOf(fault: unknown): number | undefined {
  return typeof fault === 'object' && fault !== null && 'status' in fault ? Number(fault.status) : undefined;
}
