import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { listen } from '../../../emulator/listen.ts';

export type Ncco = Record<string, unknown>[];
type Reply = { status?: number; type?: string; body?: unknown; silent?: boolean };

/** An application as a customer of Vonage writes one: answers with an NCCO, keeps the events. */
export interface Application extends AsyncDisposable {
  answerUrl: string;
  fallbackUrl: string;
  eventUrl: string;
  /** What it got, in order. */
  events: Record<string, unknown>[];
  questions: URLSearchParams[];
  /** What it answers; may be replaced at any time. */
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
    response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json' });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
  });
  const base = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  const application: Application = {
    answerUrl: `${base}/answer`,
    fallbackUrl: `${base}/fallback`,
    eventUrl: `${base}/event`,
    events: [],
    questions: [],
    answer: () => ({ body: ncco }),
    fallback: () => ({ body: ncco }),
    acknowledge: () => ({}),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  async function route(url: URL, request: IncomingMessage): Promise<Reply> {
    if (url.pathname === '/answer' || url.pathname === '/fallback') {
      application.questions.push(url.searchParams);
      if (url.pathname === '/fallback') return application.fallback();
      return application.answer(application.questions.length);
    }
    let text = '';
    for await (const part of request) text += part;
    const event = JSON.parse(text);
    application.events.push(event);
    return application.acknowledge(event);
  }
  return application;
}
