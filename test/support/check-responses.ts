import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import type { SentResponse } from './response-check.ts';

/*
 * Set up for every test: each response that a server of this process gives to a request of the API is checked against
 * the API's description, /api/openapi.json. The test in which a response is wrong fails.
 */

/** What is shared by the test files that run in this process one after the other. */
interface Shared {
  sent: SentResponse[];
  check?: (response: SentResponse) => string | undefined;
}

const KEY = Symbol.for('switchboard.checked-responses');

function shared(): Shared {
  const known: Shared | undefined = Reflect.get(globalThis, KEY);
  if (known !== undefined) return known;
  const made: Shared = { sent: [] };
  Reflect.set(globalThis, KEY, made);
  subscribe('http.server.request.start', (message) => {
    const { request, response } = Object(message);
    record(request, response, made.sent);
  });
  return made;
}

/** Notes a response of the API, when it ends or is cut. */
function record(request: IncomingMessage, response: ServerResponse, sent: SentResponse[]): void {
  const { method = '', url = '' } = request;
  if (!url.startsWith('/api/')) return;
  const parts: Buffer[] = [];
  let givenType: string | undefined;
  watch(response, 'write', ([chunk]) => take(chunk));
  watch(response, 'end', ([chunk]) => take(chunk));
  // Headers that are first given here can be read nowhere else.
  watch(response, 'writeHead', (args) => {
    const headers = Object.entries(Object(args.at(-1)));
    givenType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]?.toString();
  });
  function take(chunk: unknown): void {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
  }
  response.once('close', () => {
    const type = String(response.getHeader('content-type') ?? givenType ?? '');
    // What a client that went away early was told is not whole, unless it was a feed.
    if (!response.writableFinished && !type.includes('event-stream')) return;
    const isText = /json|event-stream/.test(type);
    const body = isText ? Buffer.concat(parts).toString() : '';
    sent.push({ method, url, status: response.statusCode, type, body });
  });
}

/** Calls the listener with the arguments of each call of a method, before the method itself. */
function watch(
  response: ServerResponse,
  name: 'write' | 'end' | 'writeHead',
  listener: (args: readonly unknown[]) => void,
): void {
  const original = response[name];
  Object.defineProperty(response, name, {
    configurable: true,
    writable: true,
    value: (...args: readonly unknown[]) => {
      listener(args);
      return Reflect.apply(original, response, args);
    },
  });
}

const state = shared();

afterEach(async () => {
  if (state.sent.length === 0) return;
  // Most tests have no server, and need not wait for its sources.
  if (state.check === undefined) state.check = (await import('./response-check.ts')).createResponseCheck();
  const wrong = state.sent.splice(0).flatMap((response) => state.check?.(response) ?? []);
  if (wrong.length > 0)
    throw new Error(`Responses differ from the description of the API:\n${wrong.join('\n')}`);
});
