import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import express from 'express';
import { accountSettingsRouter } from './api/account-settings.ts';
import { applicationsRouter } from './api/applications.ts';
import { controlRouter } from './api/control.ts';
import { conversationsRouter } from './api/conversations.ts';
import { numbersRouter } from './api/numbers.ts';
import { pricingRouter } from './api/pricing.ts';
import { regional } from './api/regional.ts';
import { loopbackOnly, sameOriginOnly } from './api/requests.ts';
import { secretsRouter } from './api/secrets.ts';
import { usersRouter } from './api/users.ts';
import { voiceRouter } from './api/voice/router.ts';
import type { DialRequest } from './calls/exchange.ts';
import { Exchange } from './calls/exchange.ts';
import { createRateLimits, NO_LIMITS } from './calls/rate-limit.ts';
import { checkedFaults, createFaults, type Faults } from './faults/faults.ts';
import { withFaults } from './faults/faulty-webhooks.ts';
import { lossyNetwork } from './faults/lossy-peer.ts';
import { faultsRouter, faultyRest } from './faults/router.ts';
import { AppCalls } from './gateway/app-calls.ts';
import { gatewayRouter } from './gateway/rest.ts';
import { Sessions } from './gateway/sessions.ts';
import { SESSION_SOCKET_PATH, serveSessionSocket } from './gateway/socket.ts';
import { bearerToken, checkApplicationToken } from './gateway/tokens.ts';
import { createHeadlessAgents } from './headless/agents.ts';
import type { People } from './headless/people.ts';
import { createPeople } from './headless/people.ts';
import { listen } from './listen.ts';
import { createAudioEncoder } from './media/audio-encoder.ts';
import { createMediaClock } from './media/clock.ts';
import { createEstimatedSpeaker } from './media/estimated-speech.ts';
import { createSpeaker } from './media/speech.ts';
import { createStreamLoader } from './media/stream-loader.ts';
import { nccoFault } from './ncco/ncco.ts';
import { createPrograms, takeInboundCall } from './ncco/program.ts';
import { checkOptions, type PlatformOptions } from './options.ts';
import { pagesRouter } from './pages.ts';
import { servePhones } from './phone/phones.ts';
import { PHONE_SOCKET_PATH } from './phone/protocol.ts';
import type { Credentials } from './provisioning/account.ts';
import { startProvisioning } from './provisioning/start.ts';
import { createRecordedFiles, filesRouter } from './recordings/files.ts';
import { alsoHttps, createCertificate } from './tls.ts';
import { createTraffic } from './traffic/traffic.ts';
import { createWebhookClient } from './webhooks/request.ts';
import type { SentWebhook } from './webhooks/tap.ts';
import { tapWebhooks } from './webhooks/tap.ts';
import type { PlatformClock, World } from './world.ts';
import { clockOf, createRealWorld, createVirtualWorld } from './world.ts';

export type { PlatformOptions };

/** A Vonage on this machine. */
export interface Platform extends AsyncDisposable, People {
  /** Base of every address, without a slash at the end: the phone page, the APIs, the SDK's gateway. */
  readonly url: string;
  /** With `tls`, the file with the certificate that programs must trust. */
  readonly authority?: string;
  /** Of the first application. */
  readonly credentials: Credentials;
  /** @param application name or id. Throws, with a message, if it does not exist, or only its owner has its private key. */
  credentialsOf(application: string): Credentials;
  /** The platform's clock and its chance. */
  readonly world: World;
  /** Its clock, for an application in the same process: with `virtual` the virtual one, else the machine's. */
  readonly clock: PlatformClock;
  readonly faults: Faults;
  /** Calls `fn` with each webhook as it is sent. Returns the undo. */
  onWebhook(fn: (webhook: SentWebhook) => void): () => void;
  /** Resolves when all webhooks of calls so far were answered or given up. */
  settled(): Promise<void>;
  /** Ends all calls, tells the application, and frees every port and process. */
  close(): Promise<void>;
}

/**
 * Starts the platform. Rejects with words when an option is wrong, or the port is taken.
 * The same function serves `npm start`, `npm run emulator` and the tests.
 */
export async function createPlatform(options: PlatformOptions = {}): Promise<Platform> {
  checkOptions(options);
  const host = options.host ?? '127.0.0.1';
  const log = options.log ?? (() => {});
  const caller = options.caller ?? '447700900000';
  const world = options.virtual ? createVirtualWorld(options.virtual) : createRealWorld();
  const directory = await startProvisioning(options, world, log);
  const clock = createMediaClock(options.virtual && world);
  const speaker = options.virtual ? createEstimatedSpeaker() : createSpeaker({ log });
  const faults = createFaults(world, checkedFaults(options.faults ?? []));
  const traffic = createTraffic({ now: world.now, nccoFault });
  const client = createWebhookClient(world, traffic.observeWebhook);
  const tap = tapWebhooks(client);
  const webhooks = withFaults(tap.client, faults, world);
  const exchange = new Exchange({
    world,
    directory,
    webhooks,
    clock,
    speaker,
    log,
    network: lossyNetwork(faults),
  });
  const sessions = new Sessions(
    ({ name }) => faults.strike('socket-cut', ({ user = name }) => user === name) !== undefined,
  );
  const calls = new AppCalls(exchange, sessions);
  const agents = createHeadlessAgents(calls, world);

  const app = express();
  const http = createServer({ shouldUpgradeCallback: opensSocket }, app);
  const tls = options.tls === true ? {} : options.tls || undefined;
  const certificate = tls && (await createCertificate(host, tls));
  const door = certificate ? alsoHttps(http, certificate) : http;
  const port = await listen(door, host, options.port ?? 0, options.portIsFixed ?? true).catch(
    async (error: Error) => {
      await certificate?.remove();
      throw error;
    },
  );
  const url = `${certificate ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;

  const streams = createStreamLoader(world, traffic.observeSound);
  const files = createRecordedFiles();
  const encoder = createAudioEncoder();
  const { limits: limited = true } = options;
  const limits = limited ? createRateLimits(world, limited === 'carriers' ? 'carriers' : 'all') : NO_LIMITS;
  const parts = { exchange, pages: agents, streams, files, encoder, limits, url, sayOnce: onceEach(log) };
  const programs = createPrograms(parts);
  exchange.onInbound((leg) => {
    takeInboundCall(leg, exchange, programs, url).catch((error: unknown) => exchange.fail(leg, error));
  });
  const dial = (request: DialRequest) => exchange.dial(request);
  const gateway = gatewayRouter({ directory, exchange, sessions, calls });
  app.disable('x-powered-by');
  const recorder = traffic.requests({
    base: url,
    publicKeyOf: (application) => directory.application(application)?.publicKey,
    conversationOf: (leg) => exchange.leg(leg)?.conversation.id,
  });
  app.use(recorder.middleware);
  app.use(regional);
  app.use(holdClock(world));
  app.use(faultyRest(faults, world.now));
  app.use('/emulator/faults', loopbackOnly, sameOriginOnly, faultsRouter(faults));
  app.use(
    '/emulator',
    loopbackOnly,
    sameOriginOnly,
    traffic.router(client, (id) => directory.application(id) && directory.signer(id)),
  );
  const people = createPeople({ exchange, directory, agents, dial, caller });
  app.use('/emulator', controlRouter(directory, exchange, dial, people));
  app.use(
    ['/v1/files', '/v3/files'],
    filesRouter(files, (header) => checkApplicationToken(bearerToken(header) ?? '', directory)),
  );
  app.use('/v1/calls', voiceRouter(directory, { ...parts, programs }));
  app.use('/v1/users', usersRouter(directory, world));
  app.use('/v1/conversations', conversationsRouter(directory, exchange, world));
  app.use('/v2/applications', applicationsRouter(directory));
  app.use(numbersRouter(directory, log));
  app.use(accountSettingsRouter(directory));
  app.use(pricingRouter(directory));
  app.use('/accounts', secretsRouter(directory, world));
  app.use((request, response, next) => {
    if (/^\/(v0\.[23]|v1\/emergency|v2\/rtc)\//.test(request.path)) gateway(request, response, next);
    else next();
  });
  app.use(pagesRouter());
  app.use((request, response) => {
    const detail = `The emulator has no ${request.method} ${request.path}.`;
    response.status(404).json(isControl(request) ? { error: detail } : { title: 'Not found', detail });
  });
  app.use(answerError(log));

  http.on('upgrade', (request) => {
    if (request.url?.startsWith(`${SESSION_SOCKET_PATH}/`)) recorder.socketOpened(request);
  });
  const sockets = new Set<Socket>();
  door.on('connection', (socket) => {
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
    number: directory.credentials(directory.defaultApplicationId).number,
    caller,
    host,
  });
  speaker.warm();

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await Promise.race([
        exchange.close().then(webhooks.settled),
        new Promise((done) => setTimeout(done, 2000).unref()),
      ]);
      sessions.close();
      traffic.close();
      // Broken, not closed: pages take a goodbye for an expired token, and a break for what it is.
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        closeSessions(),
        closePhones(),
        speaker.close(),
        streams.close(),
        encoder.close(),
        webhooks.close(),
      ]);
      await directory.close().catch((error: Error) => log(error.message));
      clock.close();
      world.close();
      await new Promise<void>((done) => door.close(() => done()));
      await certificate?.remove();
    })();
    return closing;
  };
  return {
    ...people,
    url,
    ...(certificate && { authority: certificate.authority }),
    world,
    clock: clockOf(world),
    faults,
    onWebhook: tap.onWebhook,
    async settled() {
      await exchange.settled();
      await webhooks.settled();
    },
    get credentials() {
      return directory.credentials(directory.defaultApplicationId);
    },
    credentialsOf: directory.credentials,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Whether a request opens one of the platform's sockets. Any other upgrade is ignored, as RFC 9110 (7.8) has it: Java's
 * HttpClient and `curl --http2` offer `h2c` with every request.
 */
function opensSocket({ url = '', headers }: IncomingMessage): boolean {
  const paths = [SESSION_SOCKET_PATH, PHONE_SOCKET_PATH];
  return headers.upgrade?.toLowerCase() === 'websocket' && paths.some((path) => url.startsWith(`${path}/`));
}

/** Stops the clock while a request to one of Vonage's routes is handled. */
function holdClock(world: World): express.RequestHandler {
  return (request, response, next) => {
    if (/^\/(v\d|account|number)/.test(request.path)) response.once('close', world.hold());
    next();
  };
}

/** Drops a line that was said before. */
function onceEach(log: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) log(line);
    said.add(line);
  };
}

/** Turns whatever was thrown into an answer without a stack. */
function answerError(log: (line: string) => void): express.ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const given =
      typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    const status = given >= 400 && given < 500 ? given : 500;
    const message = error instanceof Error ? error.message : 'failed';
    if (status === 500) log(`The emulator failed to answer: ${message}`);
    const detail = status === 500 ? 'The emulator failed; its terminal says why.' : message;
    response
      .status(status)
      .json(
        isControl(request) ? { error: detail } : { code: 'http:error:bad-request', title: detail, detail },
      );
  };
}

/** Whether a request is to the emulator's own controls, whose errors are `{error}`. */
function isControl({ path }: express.Request): boolean {
  return /^\/emulator(\/|$)/.test(path);
}
