import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { collectBody } from './body.ts';
import type { Headers, Proof } from './entry.ts';
import { hint, hintOfRefusal, hintOfToken } from './hint.ts';
import type { Ending, TrafficLog } from './log.ts';
import { conversationIn, isOwn, legInPath, purposeOfRequest } from './purpose.ts';
import { redactHeaders, redactUrl } from './redact.ts';
import { faultOf, readProof, tokenOf } from './token.ts';

export interface RequestRecorderOptions {
  log: TrafficLog;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Of the platform, without a slash at the end. */
  base: string;
  /** The PEM of an application's public key. */
  publicKeyOf: (application: string) => string | undefined;
  /** The conversation that a leg is in. */
  conversationOf: (leg: string) => string | undefined;
}

export interface RequestRecorder {
  /** To be mounted before everything else. */
  middleware: RequestHandler;
  /** Writes down that a page of the Client SDK opens its socket. */
  socketOpened(request: IncomingMessage): void;
}

/** Writes each request that the platform gets into the log, as it came and as it was answered. */
export function recordRequests(options: RequestRecorderOptions): RequestRecorder {
  const { log, base, now, publicKeyOf, conversationOf } = options;

  function begin(request: IncomingMessage, method: string, target: string) {
    const url = URL.parse(target, base);
    const path = url?.pathname ?? target;
    const leg = legInPath(path);
    const proof = readProof(request.headers.authorization, url?.searchParams);
    return {
      path,
      leg,
      token: tokenOf(request.headers.authorization, url?.searchParams),
      ...log.begin({
        direction: 'in',
        ...purposeOfRequest(path),
        method,
        url: redactUrl(`${base}${target}`),
        startedAt: now(),
        call: conversationIn(target) ?? (leg === null ? null : (conversationOf(leg) ?? null)),
        leg,
        application: applicationOf(proof),
        attempt: 1,
        repeats: null,
        repeatable: false,
        hint: null,
        request: { headers: redactHeaders(listed(request.rawHeaders)), body: null },
        proof,
      }),
    };
  }

  /** The proof of a request, with what is wrong with its token. */
  function checked(proof: Proof, token: string | undefined, isRefused: boolean): Proof {
    if (proof.type !== 'token' || token === undefined) return proof;
    const fault = faultOf(token, publicKeyOf, now());
    return { ...proof, fault: fault ?? (isRefused ? 'not-allowed' : null) };
  }

  return {
    middleware(request, response, next) {
      if (isOwn(request.method, request.path)) return next();
      const { entry, end, leg, path, token } = begin(request, request.method, request.originalUrl);
      const asked = collectBody();
      const answered = collectBody();
      watchRequest(request, asked.add);
      watchResponse(response, answered.add);
      response.once('close', () => {
        const status = response.headersSent ? response.statusCode : null;
        const body = answered.text();
        const isRefused = status === 401 || status === 403;
        const proof = isRefused ? checked(entry.proof, token, true) : entry.proof;
        const ending: Ending = {
          request: { ...entry.request, body: asked.body(request.headers['content-type'] ?? '') },
          proof,
          call: entry.call ?? (leg && conversationOf(leg)) ?? conversationIn(asked.text(), body),
        };
        if (response.locals.isLost === true) {
          end({ ...ending, error: 'the answer was lost, on purpose (fault)' });
          return;
        }
        if (!response.writableFinished || status === null) {
          end({ ...ending, error: 'the client disconnected', hint: hint('client-left') });
          return;
        }
        const isRouted = request.route !== undefined;
        end({
          ...ending,
          status,
          response: {
            headers: redactHeaders(headersOf(response)),
            body: answered.body(String(response.getHeader('content-type') ?? '')),
          },
          hint: hintOfRefusal({ method: request.method, path, status, body, proof, isRouted, now: now() }),
        });
      });
      next();
    },

    socketOpened(request) {
      const { entry, end, token } = begin(request, request.method ?? 'GET', request.url ?? '/');
      const proof = checked(entry.proof, token, false);
      const fault = proof.type === 'token' ? proof.fault : null;
      end({
        status: 101,
        response: { headers: [], body: null },
        proof,
        hint: proof.type === 'token' && fault ? hintOfToken(fault, proof.claims, now()) : null,
      });
    },
  };
}

function applicationOf(proof: Proof): string | null {
  if (proof.type !== 'token') return null;
  const { application_id: id } = proof.claims;
  return typeof id === 'string' ? id : null;
}

/** Sees each part of a body before its reader does: the parser of HTTP hands it over by `push`. */
function watchRequest(request: IncomingMessage, see: (chunk: Uint8Array) => void): void {
  const push = request.push.bind(request);
  request.push = (chunk, encoding) => {
    if (chunk instanceof Uint8Array) see(chunk);
    return push(chunk, encoding);
  };
}

interface Writable {
  write: (...args: never) => unknown;
  end: (...args: never) => unknown;
}

/** Sees each part of an answer as it is written. */
function watchResponse(response: Writable, see: (chunk: Uint8Array) => void): void {
  const { write, end } = response;
  const watched = (original: Writable['write']) =>
    function (this: unknown, ...args: unknown[]) {
      const [chunk, encoding] = args;
      if (chunk instanceof Uint8Array) see(chunk);
      else if (typeof chunk === 'string') see(Buffer.from(chunk, encoding === 'latin1' ? 'latin1' : 'utf8'));
      return Reflect.apply(original, response, args);
    };
  response.write = watched(write);
  response.end = watched(end);
}

function headersOf(response: {
  getHeaders(): Record<string, number | string | string[] | undefined>;
}): Headers {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name, String(one)] as const),
  );
}

/** Node gives names and values in turn. */
function listed(raw: readonly string[]): Headers {
  return Array.from(
    { length: raw.length / 2 },
    (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''] as const,
  );
}
