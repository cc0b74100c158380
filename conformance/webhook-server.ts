import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { decodeJwt } from 'jose';
import { listen } from '../emulator/listen.ts';

/** A webhook as it arrived. */
export interface Arrival {
  /** Milliseconds since 1970. */
  at: number;
  method: string;
  /** After the run's own prefix, such as `/event`. */
  path: string;
  /** The query, in order; of a POST the address's own. */
  query: URLSearchParams;
  body: string;
  /** The parameters of a GET or the fields of a POST. */
  payload: Record<string, unknown>;
  /** The claims of its token; undefined: it was not signed. Nobody has checked the signature. */
  claims: Record<string, unknown> | undefined;
}

export interface Reply {
  status?: number;
  body?: unknown;
  /** Delay in milliseconds. */
  after?: number;
}

type Handler = (arrival: Arrival) => Reply;

/** A file that the platform or a page fetches. */
interface ServedFile {
  type: string;
  content: Buffer | string;
}

/** Where a platform sends its webhooks. Addresses have a prefix that nobody can guess; all others answer 404. */
export interface WebhookServer extends AsyncDisposable {
  /** Its own address on this machine, with the prefix. */
  readonly local: string;
  readonly prefix: string;
  readonly arrivals: readonly Arrival[];
  /** How a path is answered; the latest handler counts. Default: 200 and `{}`. */
  on(path: string, handler: Handler): void;
  serve(path: string, file: ServedFile): void;
  /** Calls `fn` after each arrival. Returns the undo. */
  onArrival(fn: (arrival: Arrival) => void): () => void;
}

/** Bytes of a request that are read. */
const MAX_BODY = 256 * 1024;

export async function startWebhookServer(host: string, port: number): Promise<WebhookServer> {
  const prefix = `/${randomUUID()}`;
  const arrivals: Arrival[] = [];
  const handlers = new Map<string, Handler>();
  const files = new Map<string, ServedFile>();
  const listeners = new Set<(arrival: Arrival) => void>();
  const http = createServer((request, response) => {
    answer(request)
      .then(async ({ status = 200, type = 'application/json', content, after = 0 }) => {
        if (after > 0) await new Promise((done) => setTimeout(done, after));
        response.writeHead(status, { 'content-type': type }).end(content);
      })
      .catch(() => response.destroy());
  });

  async function answer(
    request: IncomingMessage,
  ): Promise<{ status?: number; type?: string; content: Buffer | string; after?: number }> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith(`${prefix}/`)) return { status: 404, content: '{}' };
    const path = url.pathname.slice(prefix.length);
    const file = files.get(path);
    if (file) return { type: file.type, content: file.content };
    const arrival = await arrivalOf(request, url, path);
    arrivals.push(arrival);
    const { status = 200, body = {}, after = 0 } = handlers.get(path)?.(arrival) ?? {};
    for (const listener of listeners) listener(arrival);
    return { status, content: JSON.stringify(body), after };
  }

  const local = `http://${host.includes(':') ? `[${host}]` : host}:${await listen(http, host, port, true)}${prefix}`;
  return {
    local,
    prefix,
    arrivals,
    on: (path, handler) => void handlers.set(path, handler),
    serve: (path, file) => void files.set(path, file),
    onArrival(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

async function arrivalOf(request: IncomingMessage, url: URL, path: string): Promise<Arrival> {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > MAX_BODY) throw new Error('too long');
  }
  const { method = 'GET' } = request;
  const payload: unknown = method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(body);
  return {
    at: Date.now(),
    method,
    path,
    query: url.searchParams,
    body,
    payload: { ...Object(payload) },
    claims: claimsOf(request.headers.authorization),
  };
}

function claimsOf(authorization = ''): Record<string, unknown> | undefined {
  try {
    return decodeJwt(authorization.replace(/^bearer /i, ''));
  } catch {
    return undefined;
  }
}

/** The hash that a signed webhook carries of what it sends. */
export function payloadHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
