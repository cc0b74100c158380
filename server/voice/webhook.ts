import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type ParsedUrlQuery, parse as parseQuery } from 'node:querystring';
import { Refusal } from '../http/errors.ts';
import type { Reply } from '../terminal/wording.ts';
import { hashedQuery } from './signature.ts';

/** A webhook while it is answered, and what is known about it beyond its message. */
export type Webhook = {
  request: IncomingMessage;
  receipt: Receipt;
} & (
  | {
      method: 'GET';
      query: ParsedUrlQuery;
    }
  | {
      method: 'POST';
      /** As it was sent. */
      body: Buffer;
    }
);

export interface Receipt {
  /** Runs through the log to the page. */
  requestId: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** The time and the id of its signature, where it is signed: the same again is a retry or a replay. */
  jti: string | undefined;
  /** Whether somebody sent it again from the console. */
  replayed: boolean;
  /** How it was answered by now. */
  reply(status: number): Reply;
}

/** Notes when a webhook came, and gives it an id. */
export function takeReceipt(): Receipt {
  const began = performance.now();
  const requestId = randomUUID();
  return {
    requestId,
    receivedAt: Date.now(),
    jti: undefined,
    replayed: false,
    reply: (status) => ({ requestId, status, took: Math.round((performance.now() - began) * 1000) / 1000 }),
  };
}

/** Pages of any origin can make a browser on this machine send requests; Vonage's have no such header. */
export function refuseBrowserElsewhere(request: IncomingMessage): void {
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    throw new Refusal(403, 'not-allowed', 'Pages of other origins may not send webhooks.');
  }
}

/** What a webhook says: the query of a GET, the JSON body of a POST. Refuses with 400 or 415 what is neither. */
export function messageOf(webhook: Webhook): unknown {
  if (webhook.method === 'GET') return webhook.query;
  const { request, body } = webhook;
  if (body.length === 0) throw new Refusal(400, 'bad-request', 'The body is empty, but must be JSON.');
  const type = request.headers['content-type'] ?? '';
  if (type !== 'application/json') refuseOtherTypes(type);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'bad-request', 'The body is not valid JSON.');
  }
}

/** The parameters in the query of an address; those that are given several times, with different values, as lists. */
export function queryOf(url = ''): ParsedUrlQuery {
  const start = url.indexOf('?');
  const query = start < 0 ? {} : parseQuery(url.slice(start + 1));
  for (const name in query) {
    const value = query[name];
    // A proxy may double a query.
    if (Array.isArray(value) && value.every((each) => each === value[0])) query[name] = value[0];
  }
  return query;
}

/** What the signature of a webhook covers. */
export function contentOf(webhook: Webhook): Buffer | string {
  return webhook.method === 'GET' ? hashedQuery(webhook.query) : webhook.body;
}

const JSON_TYPE = /^\s*(?:application\/json|[^\s/;]+\/[^\s/;]+\+json)\s*(?:;|$)/i;

function refuseOtherTypes(type: string): void {
  if (!JSON_TYPE.test(type)) {
    throw new Refusal(415, 'bad-request', 'The content type of the body must be application/json.');
  }
  const [, charset] = /;\s*charset="?([^\s;"]+)/i.exec(type) ?? [];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Refusal(415, 'bad-request', 'The character set of the body must be UTF-8.');
  }
}
