import { randomUUID } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Refusal } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Reply } from '../terminal/wording.ts';
import { REPLAY_HEADER, type Replays } from './replays.ts';
import { checkSignature, hashedQuery, type SignatureRules } from './signature.ts';

/** Largest body of a webhook in bytes, unpacked; real ones have about one thousand. */
const LARGEST_BODY = 100 * 1024;

/** What the handlers of a webhook know about it beyond its message. */
export interface Receipt {
  requestId: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** The id of its signature, where it is signed: the same again is a retry or a replay. */
  jti: string | undefined;
  /** Whether somebody sent it again from the console. */
  replayed: boolean;
  /** How it was answered by now. */
  reply(status: number): Reply;
}

/** Reads the body as it was sent, because the signature covers that. */
export const readRaw: RequestHandler = express.raw({ limit: LARGEST_BODY, type: () => true });

/** Notes when a webhook came, and gives it an id that runs through the log to the page. */
export const takeReceipt: RequestHandler = (_request, response, next) => {
  const began = performance.now();
  const requestId = randomUUID();
  const receipt: Receipt = {
    requestId,
    receivedAt: Date.now(),
    jti: undefined,
    replayed: false,
    reply: (status) => ({ requestId, status, took: Math.round((performance.now() - began) * 1000) / 1000 }),
  };
  response.locals.receipt = receipt;
  response.setHeader('X-Request-Id', requestId);
  next();
};

export function receiptOf(response: Response): Receipt {
  return response.locals.receipt;
}

/**
 * Lets only signed webhooks through. The log says why one is refused, the answer does not: 401 to what is
 * forged, 503 to what is not signed at all, so that Vonage sends it once more, signed.
 */
export function onlySigned(rules: SignatureRules, terminal: Terminal, now: () => number): RequestHandler {
  return (request, response, next) => {
    const message = { authorization: request.headers.authorization, content: contentOf(request) };
    const check = checkSignature(message, rules, now());
    if (check.ok) {
      receiptOf(response).jti = check.jti;
      return next();
    }
    terminal.warning(`A webhook to ${request.path} from ${request.ip} was refused: ${check.reason}.`);
    throw check.fault === 'unsigned'
      ? new Refusal(503, 'not-allowed', 'Try again.')
      : new Refusal(401, 'not-allowed', 'Not accepted.');
  };
}

/** Recognises what this very process sends to itself. */
export function markReplays(replays: Replays): RequestHandler {
  return (request, response, next) => {
    receiptOf(response).replayed = replays.isOurs(request.headers[REPLAY_HEADER]);
    next();
  };
}

/** Pages of any origin can make a browser on this machine send requests; Vonage's have no such header. */
export const noBrowserElsewhere: RequestHandler = (request, _response, next) => {
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    throw new Refusal(403, 'not-allowed', 'Pages of other origins may not send webhooks.');
  }
  next();
};

/** What a webhook says: the query of a GET, the JSON body of a POST. Refuses with 400 or 415 what is neither. */
export function messageOf(request: Request): unknown {
  if (request.method === 'GET') return request.query;
  const body = bodyOf(request);
  if (body.length === 0) throw new Refusal(400, 'bad-request', 'The body is empty, but must be JSON.');
  const [, charset] = /;\s*charset="?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (!request.is(['json', '+json'])) {
    throw new Refusal(415, 'bad-request', 'The content type of the body must be application/json.');
  }
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Refusal(415, 'bad-request', 'The character set of the body must be UTF-8.');
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'bad-request', 'The body is not valid JSON.');
  }
}

function contentOf(request: Request): Buffer | string {
  return request.method === 'GET' ? hashedQuery(request.originalUrl) : bodyOf(request);
}

function bodyOf(request: Request): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
