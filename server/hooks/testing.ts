import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../http/listen.ts';

/** A secret of Standard Webhooks. */
export const HOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;

export interface ReceivedHook {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HookReceiver {
  url: string;
  /** All requests, oldest first. */
  received: ReceivedHook[];
  /** Its next answer, and those that follow: a status, or `never`. */
  answers: number | 'never';
  headers: Record<string, string>;
  /** Most requests that were open at the same time. */
  mostAtOnce: number;
  /** Answers the requests that were never answered. */
  release(status: number): void;
}

/** Another system that takes hooks, until the test ends. */
export async function startReceiver(): Promise<HookReceiver> {
  const held: ((status: number) => void)[] = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    receiver.mostAtOnce = Math.max(receiver.mostAtOnce, open);
    response.once('close', () => {
      open -= 1;
    });
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = (status: number) => response.writeHead(status, receiver.headers).end('thank you');
    receiver.received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    if (receiver.answers === 'never') held.push(answer);
    else answer(receiver.answers);
  });
  const port = await listen(server, { port: 0, portIsFixed: true, host: '127.0.0.1' });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const receiver: HookReceiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    received: [],
    answers: 204,
    headers: {},
    mostAtOnce: 0,
    release: (status) => {
      for (const answer of held.splice(0)) answer(status);
    },
  };
  return receiver;
}
