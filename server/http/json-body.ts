import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from './errors.ts';

/** Reads a body of at most `limit` bytes, decompressed, for `jsonBody`. */
export function readJson(limit: number): RequestHandler {
  return express.json({ limit, strict: false, type: ['json', '+json'] });
}

/** The body that `readJson` read. Throws an HttpError with 400 if it is empty, with 415 if it is not JSON. */
export function jsonBody(request: Request): unknown {
  if (!hasBody(request)) {
    throw new HttpError(400, 'bad-request', 'The body is empty, but must be JSON.');
  }
  if (request.body === undefined) {
    throw new HttpError(415, 'bad-request', 'The content type of the body must be application/json.');
  }
  return request.body;
}

/** Whether a request has a body. */
export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
