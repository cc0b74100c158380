import { randomUUID } from 'node:crypto';
import { type ParsedUrlQuery, parse as parseQuery } from 'node:querystring';
import type { Request } from 'express';
import { isTooDeep } from '../../domain/webhooks/lenient-fields.ts';
import { eventOfQuery } from '../../domain/webhooks/parse-event.ts';
import type { Parsed } from '../../domain/webhooks/parsed.ts';
import { HttpError } from '../http/errors.ts';
import { hashedQuery } from './signature.ts';

/** When a webhook arrived, and its id in logs and pages. */
export interface Receipt {
  requestId: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** Milliseconds since it arrived. */
  took(): number;
}

/** @param receivedAt milliseconds since 1970 */
export function takeReceipt(receivedAt: number): Receipt {
  const began = performance.now();
  return {
    requestId: randomUUID(),
    receivedAt,
    took: () => Math.round((performance.now() - began) * 1000) / 1000,
  };
}

/** A webhook as sent: the query of a GET, or the raw body of a POST. */
export type Sent = { method: 'GET'; query: ParsedUrlQuery } | { method: 'POST'; type: string; body: Buffer };

/** @param request with the body that `express.raw` has read. */
export function readSent(request: Request): Sent {
  if (request.method === 'GET') return { method: 'GET', query: queryOf(request.url) };
  const body: unknown = request.body;
  const type = request.headers['content-type'] ?? '';
  return { method: 'POST', type, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
}

/** What the signature of a webhook covers. */
export function signedContent(sent: Sent): Buffer | string {
  return sent.method === 'GET' ? hashedQuery(sent.query) : sent.body;
}

/** The fields of a request for an NCCO, from the query or the JSON body. Throws an HttpError with 400 or 415. */
export function requestIn(sent: Sent): unknown {
  return sent.method === 'GET' ? sent.query : jsonIn(sent);
}

/** The fields of an event. In a query, objects and arrays are JSON text. */
export function eventIn(sent: Sent): unknown {
  return sent.method === 'GET' ? eventOfQuery(sent.query) : jsonIn(sent);
}

/** A request as stored in the log. Leaves out values nested too deeply to be shown. */
export function keptRequest(request: unknown): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = Object(request);
  if (!isTooDeep(fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isTooDeep(value, 0)));
}

/** The parsed value. Throws an HttpError with 400 that names the field if there is none. */
export function accepted<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new HttpError(400, 'bad-request', `${parsed.reason}.`);
}

/**
 * Parses the query. Repeated parameters become a list, or one value if all are equal, as when a proxy doubles
 * the query.
 */
export function queryOf(url: string): ParsedUrlQuery {
  const start = url.indexOf('?');
  const query = start < 0 ? {} : parseQuery(url.slice(start + 1));
  for (const name in query) {
    const value = query[name];
    if (Array.isArray(value) && value.every((each) => each === value[0])) query[name] = value[0];
  }
  return query;
}

const JSON_TYPE = /^\s*(?:application\/json|[^\s/;]+\/[^\s/;]+\+json)\s*(?:;|$)/i;

function jsonIn({ type, body }: Extract<Sent, { method: 'POST' }>): unknown {
  if (body.length === 0) throw new HttpError(400, 'bad-request', 'The body is empty, but must be JSON.');
  if (!JSON_TYPE.test(type)) {
    throw new HttpError(415, 'bad-request', 'The content type of the body must be application/json.');
  }
  const [, charset] = /;\s*charset="?([^\s;"]+)/i.exec(type) ?? [];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new HttpError(415, 'bad-request', 'The character set of the body must be UTF-8.');
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpError(400, 'bad-request', 'The body is not valid JSON.');
  }
}
