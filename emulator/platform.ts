import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import express from 'express';
import type { Credentials, WebhookAddress } from './account.ts';
import { createDirectory } from './account.ts';
import { controlRouter } from './api/control.ts';
import { usersRouter } from './api/users.ts';
import type { DialRequest } from './calls/exchange.ts';
import { Exchange } from './calls/exchange.ts';
import { takeInboundCall } from './calls/inbound.ts';
import { AppCalls } from './gateway/app-calls.ts';
import { gatewayRouter } from './gateway/rest.ts';
import { Sessions } from './gateway/sessions.ts';
import { SESSION_SOCKET_PATH, serveSessionSocket } from './gateway/socket.ts';
import { listen } from './listen.ts';
import { createMediaClock } from './media/clock.ts';
import { createEstimatedSpeaker } from './media/estimated-speech.ts';
import { createSpeaker } from './media/speech.ts';
import { createStreamLoader } from './media/stream-loader.ts';
import { createPrograms } from './ncco/program.ts';
import { servePhones } from './phone/phones.ts';
import { PHONE_SOCKET_PATH } from './phone/protocol.ts';
import { createWebhookClient } from './webhooks/request.ts';
import type { VirtualOptions, World } from './world.ts';
import { createRealWorld, createVirtualWorld } from './world.ts';

export interface PlatformOptions {
  /** TCP port; 0 takes any free one. Default 0. */
  port?: number;
  /** Whether another port must not be taken when `port` is in use. Default true. */
  portIsFixed?: boolean;
  /** Default 127.0.0.1. */
  host?: string;
  /** The number to dial, E.164 without `+`. Default 442038297050. */
  number?: string;
  /** Suggested own number of the first phone. Default 447700900000. */
  caller?: string;
  /** Asked by GET for an NCCO. */
  answerUrl?: string;
  /** Gets events by POST. */
  eventUrl?: string;
  /** Asked by GET when the answer URL failed. */
  fallbackUrl?: string;
  /** Signs webhooks. Default: one of its own. */
  signatureSecret?: string;
  /** A clock that jumps from one event to the next, and chance that a seed decides; default: the machine's own. */
  virtual?: VirtualOptions;
  /** One line in words about what went wrong outside the emulator. Default: nowhere. */
  log?: (line: string) => void;
}

/** A Vonage on this machine. */
export interface Platform extends AsyncDisposable {
  /** Base of every address, without a slash at the end: the phone page, the APIs, the SDK's gateway. */
  readonly url: string;
  readonly credentials: Credentials;
  /** Ends all calls, tells the application, and frees every port and process. */
  close(): Promise<void>;
}

/**
 * Starts the platform. Rejects with words when the port is taken.
 * The same function serves `npm start`, `npm run emulator` and the tests.
 */
export async function createPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const host = options.host ?? '127.0.0.1';
  const log = options.log ?? (() => {});
  const number = options.number ?? '442038297050';
  const webhook = (address: string | undefined, method: WebhookAddress['method']) =>
    address === undefined ? undefined : { address, method };
  const answer = webhook(options.answerUrl, 'GET');
  const event = webhook(options.eventUrl, 'POST');
  const fallback = webhook(options.fallbackUrl, 'GET');
  const { signatureSecret } = options;
  const directory = createDirectory({
    number,
    ...(signatureSecret !== undefined && { signatureSecret }),
    webhooks: { ...(answer && { answer }), ...(event && { event }), ...(fallback && { fallback }) },
  });

  const world = options.virtual ? createVirtualWorld(options.virtual) : createRealWorld();
  const clock = createMediaClock(options.virtual && world);
  const speaker = options.virtual ? createEstimatedSpeaker() : createSpeaker({ log });
  const webhooks = createWebhookClient(world);
  const exchange = new Exchange({ world, directory, webhooks, clock, speaker, log });
  const sessions = new Sessions();
  const calls = new AppCalls(exchange, sessions);

  const app = express();
  const http = createServer(app);
  const port = await listen(http, host, options.port ?? 0, options.portIsFixed ?? true);
  const url = `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;

  const streams = createStreamLoader(world);
  const programs = createPrograms({ exchange, pages: calls, streams, url });
  const dial = (request: DialRequest) => {
    const result = exchange.dial(request);
    if (result.ok) {
      const { leg } = result;
      takeInboundCall(leg, exchange, programs, url).catch((error: unknown) => {
        log(`A call failed inside the emulator: ${error instanceof Error ? error.message : String(error)}`);
        leg.finish({ cause: 'failed' });
      });
    }
    return result;
  };
  const gateway = gatewayRouter({ directory, exchange, sessions, calls });
  app.disable('x-powered-by');
  app.use(holdClock(world));
  app.use('/emulator', controlRouter(directory, exchange, dial));
  app.use('/v1/users', usersRouter(directory));
  app.use((request, response, next) => {
    if (/^\/(v0\.[23]|v2\/rtc)\//.test(request.path)) gateway(request, response, next);
    else next();
  });
  app.use(express.static(resolve(import.meta.dirname, '../dist/phone')));
  app.use((request, response) => {
    response
      .status(404)
      .json({ title: 'Not found', detail: `The emulator has no ${request.method} ${request.path}.` });
  });
  app.use(answerError(log));

  // What neither half takes over would stay open for ever, and its first fault would be nobody's.
  http.on('upgrade', (request, socket) => {
    const paths = [SESSION_SOCKET_PATH, PHONE_SOCKET_PATH];
    if (!paths.some((path) => request.url?.startsWith(`${path}/`))) socket.destroy();
  });
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closeSessions = serveSessionSocket(http, {
    directory,
    sessions,
    onOpen: (session) => calls.welcome(session),
  });
  const closePhones = servePhones(http, {
    exchange,
    dial,
    number,
    caller: options.caller ?? '447700900000',
    host,
  });
  speaker.warm();

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await Promise.race([exchange.close(), new Promise((done) => setTimeout(done, 2000).unref())]);
      sessions.close();
      // Broken, not closed: pages take a goodbye for an expired token, and a break for what it is.
      for (const socket of sockets) socket.destroy();
      await Promise.all([closeSessions(), closePhones(), speaker.close(), streams.close(), webhooks.close()]);
      clock.close();
      world.close();
      await new Promise<void>((done) => http.close(() => done()));
    })();
    return closing;
  };
  return { url, credentials: directory.credentials, close, [Symbol.asyncDispose]: close };
}

/** The clock stands still while a request to one of Vonage's own addresses is answered. */
function holdClock(world: World): express.RequestHandler {
  return (request, response, next) => {
    if (/^\/(v\d|account|number)/.test(request.path)) response.once('close', world.hold());
    next();
  };
}

/** Turns whatever was thrown into an answer without a stack. */
function answerError(log: (line: string) => void): express.ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const given =
      typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    const status = given >= 400 && given < 500 ? given : 500;
    const message = error instanceof Error ? error.message : 'failed';
    if (status === 500) log(`The emulator failed to answer: ${message}`);
    const detail = status === 500 ? 'The emulator failed; its terminal says why.' : message;
    response.status(status).json({ error: detail, code: 'http:error:bad-request', title: detail, detail });
  };
}
