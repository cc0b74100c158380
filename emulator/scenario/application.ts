import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { listen } from '../listen.ts';
import type { EventListener, Reply } from './scenario.ts';

/** A small application on a free port of this machine: answers with NCCOs, takes events. */
interface SmallApplication extends AsyncDisposable {
  readonly answerUrl: string;
  readonly fallbackUrl: string;
  readonly eventUrl: string;
}

interface SmallApplicationOptions {
  answer?: Reply | undefined;
  fallback?: Reply | undefined;
  event?: EventListener | undefined;
}

export async function startSmallApplication(options: SmallApplicationOptions): Promise<SmallApplication> {
  const { answer, fallback = answer, event } = options;
  async function decide(path: string, query: URLSearchParams, body: string): Promise<unknown> {
    if (path === '/event') return (await event?.(JSON.parse(body))) ?? {};
    const reply = path === '/fallback' ? fallback : answer;
    return (typeof reply === 'function' ? await reply(Object.fromEntries(query)) : reply) ?? [];
  }
  const http = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify(await decide(pathname, searchParams, await readBody(request))));
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

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part;
  return body;
}
