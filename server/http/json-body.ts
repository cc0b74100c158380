import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from './errors.ts';

/** Reads a JSON body of at most `limit` bytes, unpacked, for `jsonBody`. */
export function readJson(limit: number): RequestHandler {
  return express.json({ limit, strict: false, type: ['json', '+json'] });
}

/** The body that `readJson` read. Refuses with 400 where there is none, with 415 where it is of another type. */
export function jsonBody(request: Request): unknown {
  if (!hasBody(request)) {
    throw new HttpError(400, 'bad-request', 'The body is empty, but must be JSON.');
  }
  if (request.body === undefined) {
    throw new HttpError(415, 'bad-request', 'The content type of the body must be application/json.');
  }
  return request.body;
}

/** Whether a request brings a body at all. */
export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
