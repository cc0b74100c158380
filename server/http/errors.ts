import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { ApiError } from '../../domain/api/page-api.ts';
import type { Cause } from '../../domain/desk/causes.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** An error to send as the response: one readable line, never a secret or a stack. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: ApiError['code'];
  readonly headers: Readonly<Record<string, string>>;
  readonly why: Cause | undefined;

  constructor(
    status: number,
    code: ApiError['code'],
    words: string,
    headers: Readonly<Record<string, string>> = {},
    why?: Cause,
  ) {
    super(words);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.why = why;
  }
}

/** For the last `.all()` of a route: rejects every other method. */
export function onlyMethods(...allowed: readonly string[]): RequestHandler {
  const allow = allowed.join(', ');
  return (request) => {
    throw new HttpError(405, 'bad-request', `${pathOf(request)} takes ${allow}, not ${request.method}.`, {
      Allow: allow,
    });
  };
}

/** Handles requests that no route matched. */
export const nothingHere: RequestHandler = (request) => {
  throw new HttpError(404, 'not-found', `There is nothing at ${pathOf(request)}.`);
};

/** The last handler: sends every error as an ApiError, and logs internal ones. */
export function answerWithError(terminal: Terminal): ErrorRequestHandler {
  // Express recognises error handlers by their four parameters.
  return (error, request, response, _next) => answerError(error, request, response, terminal);
}

/** Answers a failed request. Cuts a response that has begun, because nothing else shows that it is incomplete. */
export function answerError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  terminal: Terminal,
): void {
  const refusal = error instanceof HttpError ? error : refusalOf(error);
  if (refusal.status === 500) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.warning(`${request.method} ${pathOf(request)} failed: ${what}`);
  }
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  const { message, code, why } = refusal;
  const body: ApiError = { error: message, code, ...(why && { cause: why }) };
  // What was meant for the file that could not be served.
  for (const name of ['Content-Encoding', 'ETag', 'Last-Modified']) response.removeHeader(name);
  if (response.getHeader('Cache-Control') !== 'no-store') response.removeHeader('Cache-Control');
  response.statusCode = refusal.status;
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}

/** The path of a request, without the query. */
export function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?', 1);
  return path;
}

/**
 * Maps errors of the store, of Express and of its body parser. The latter have a status, and from 400 to 499
 * a message that is safe to show.
 */
function refusalOf(error: unknown): HttpError {
  if (error instanceof StoreUnavailable) {
    return new HttpError(503, 'internal', 'The store is not available right now.', { 'Retry-After': '1' });
  }
  const fields: { status?: unknown; type?: unknown; message?: unknown; limit?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  switch (fields.type) {
    case 'entity.parse.failed':
      return new HttpError(400, 'bad-request', 'The body is not valid JSON.');
    case 'entity.too.large':
      return new HttpError(413, 'bad-request', `The body is larger than ${Number(fields.limit) / 1024} kB.`);
    case 'encoding.unsupported':
      return new HttpError(415, 'bad-request', 'The content encoding of the body is not supported.');
    case 'charset.unsupported':
      return new HttpError(415, 'bad-request', 'The character set of the body must be UTF-8.');
  }
  if (typeof fields.status === 'number' && fields.status >= 400 && fields.status < 500) {
    return new HttpError(fields.status, 'bad-request', 'The request could not be read.');
  }
  return new HttpError(500, 'internal', 'Internal server error. See the server log.');
}
