import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { listen } from '../listen.ts';
import type { Question, Reply } from './scenario.ts';

/** A small application on a free port of this machine: answers with NCCOs, takes events. */
export interface SmallApplication extends AsyncDisposable {
  readonly answerUrl: string;
  readonly fallbackUrl: string;
  readonly eventUrl: string;
}

export interface SmallApplicationOptions {
  answer?: Reply | undefined;
  fallback?: Reply | undefined;
  /** Gets the body of each event as it arrives. */
  onEvent?: (body: string) => void;
}

export async function startSmallApplication(options: SmallApplicationOptions): Promise<SmallApplication> {
  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await readBody(request);
    const reply = url.pathname === '/fallback' ? (options.fallback ?? options.answer) : options.answer;
    response.setHeader('content-type', 'application/json');
    if (url.pathname === '/event') {
      options.onEvent?.(body);
      response.end('{}');
      return;
    }
    try {
      response.end(JSON.stringify(await decide(reply, Object.fromEntries(url.searchParams))));
    } catch (error) {
      response.statusCode = 500;
      response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  });
  const base = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  return {
    answerUrl: `${base}/answer`,
    fallbackUrl: `${base}/fallback`,
    eventUrl: `${base}/event`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

async function decide(reply: Reply | undefined, question: Question) {
  return typeof reply === 'function' ? await reply(question) : (reply ?? []);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part;
  return body;
}
