import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { listen } from '../../../emulator/listen.ts';

export type Ncco = Record<string, unknown>[];
type Reply = {
  status?: number;
  type?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Never answers. */
  silent?: boolean;
  /** Delay in milliseconds. */
  after?: number;
};

/** A Voice application: answers with an NCCO, keeps the events. */
export interface Application extends AsyncDisposable {
  answerUrl: string;
  fallbackUrl: string;
  eventUrl: string;
  /** The answer requests. */
  requests: { method: string; path: string; authorization: string }[];
  /** The events received, in order. */
  events: Record<string, unknown>[];
  questions: URLSearchParams[];
  /** The questions as they came: a query's texts, or a JSON body. */
  asked: Record<string, unknown>[];
  /** Its answer; can be replaced at any time. */
  answer: (asked: number) => Reply;
  fallback: () => Reply;
  /** How it acknowledges an event. */
  acknowledge: (event: Record<string, unknown>) => Reply;
}

/** Starts an application on a free port. */
export async function startApplication(ncco: unknown): Promise<Application> {
  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const reply = await route(url, request);
    if (reply.silent) return;
    const { status = 200, type = 'application/json', headers, body = {}, after } = reply;
    const answer = () => {
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (after === undefined) answer();
    else setTimeout(answer, after);
  });
  const base = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  const application: Application = {
    answerUrl: `${base}/answer`,
    fallbackUrl: `${base}/fallback`,
    eventUrl: `${base}/event`,
    requests: [],
    events: [],
    questions: [],
    asked: [],
    answer: () => ({ body: ncco }),
    fallback: () => ({ body: ncco }),
    acknowledge: () => ({}),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  async function route(url: URL, request: IncomingMessage): Promise<Reply> {
    const { method = '', headers } = request;
    application.requests.push({ method, path: url.pathname, authorization: headers.authorization ?? '' });
    let text = '';
    for await (const part of request) text += part;
    const body = method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(text);
    if (url.pathname === '/answer' || url.pathname === '/fallback') {
      application.questions.push(method === 'GET' ? url.searchParams : new URLSearchParams(body));
      application.asked.push(body);
      if (url.pathname === '/fallback') return application.fallback();
      return application.answer(application.questions.length);
    }
    application.events.push(body);
    return application.acknowledge(body);
  }
  return application;
}
