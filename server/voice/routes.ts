import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { type Ncco, ncco as nccoSchema } from '../../domain/ncco/ncco.ts';
import { parseAnswerRequest } from '../../domain/webhooks/answer-request.ts';
import { readText } from '../../domain/webhooks/lenient-fields.ts';
import type { Reply } from '../../domain/webhooks/log-entry.ts';
import { parseWebhookEvent } from '../../domain/webhooks/parse-event.ts';
import type { Clock } from '../clock.ts';
import type { Context } from '../context.ts';
import { baseUrl } from '../http/base-url.ts';
import { HttpError, onlyMethods, pathOf } from '../http/errors.ts';
import type { Outcome } from '../log/append.ts';
import type { IncomingEntry } from '../log/entry.ts';
import type { Response as Answer, Route } from '../routing/routing.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { Webhook as Printed } from '../terminal/wording.ts';
import { holdMusic } from './music.ts';
import { REPLAY_HEADER } from './replays.ts';
import { checkSignature } from './signature.ts';
import {
  accepted,
  eventIn,
  keptRequest,
  type Receipt,
  readSent,
  requestIn,
  type Sent,
  signedContent,
  takeReceipt,
} from './webhook.ts';

/** Maximum size of a webhook body in bytes, decompressed. Real ones have about one thousand. */
const LARGEST_BODY = 100 * 1024;

type Kind = Printed['type'];

/** A webhook with a valid signature. */
interface Webhook {
  request: Request;
  sent: Sent;
  receipt: Receipt;
  /** Id of the token that signed it; null if it was not signed. */
  jti: string | null;
  /** Whether someone sent it again from the console. */
  replayed: boolean;
  route: Route;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * The webhook routes below `/voice`: read the raw body, check the signature, parse, handle. A caller hears
 * silence until the NCCO arrives, so answers wait for nothing; events are acknowledged once they are stored.
 */
export function voiceRoutes(context: Context): Router {
  const { config, access, terminal, log, metrics, replays, refusals, losses, routing, clock, lookUp } =
    context;
  const rules = {
    secrets: config.signatureSecrets,
    apiKey: config.apiKey,
    applicationId: access.applicationId,
  };

  /** A request for an NCCO. The caller waits for it, so the store may not hold it up for long. */
  function answer(kind: 'answer' | 'fallback') {
    return async (webhook: Webhook, response: Response): Promise<void> => {
      const { request, sent, route } = webhook;
      const asked = requestIn(sent);
      const call = accepted(parseAnswerRequest(asked));
      const printed: Printed = { type: kind, request: call };
      if (route[0] === 'answer' && !webhook.replayed) lookUp?.callArrived(call.from);
      const { reply, ...rest } = routing.answer(call, route, baseUrl(request, config.publicUrl));
      const kept = { type: kind, request: keptRequest(asked), ...common(webhook) };
      await respond(webhook, response, printed, kept, { reply: checked(reply), ...rest });
    };
  }

  async function event(webhook: Webhook, response: Response): Promise<void> {
    const payload = accepted(parseWebhookEvent(eventIn(webhook.sent)));
    const printed: Printed = { type: 'event', event: payload };
    const { reply, ...rest } = routing.event(
      payload,
      webhook.route,
      baseUrl(webhook.request, config.publicUrl),
    );
    const kept = { type: 'event' as const, payload, ...common(webhook) };
    await respond(webhook, response, printed, kept, { reply: checked(reply), ...rest });
  }

  /** Stores a webhook and sends the reply, in the order that the routing wants. */
  async function respond(
    { receipt, replayed }: Webhook,
    response: Response,
    printed: Printed,
    kept: DistributiveOmit<IncomingEntry, 'took' | 'reply'>,
    { reply, when, told }: Answer,
  ): Promise<void> {
    const send = (sent: Reply): void => {
      sendReply(response, sent);
      if (when !== 'stored') terminal.received(printed);
      replied(printed, receipt, sent, receipt.took());
    };
    if (when === 'stored') terminal.received(printed);
    if (when === 'now') send(reply);
    const storing = log.append({ ...kept, took: receipt.took(), reply }, replayed ? undefined : told);
    try {
      const outcome = when === 'briefly' ? await briefly(storing, clock) : await storing;
      if (when !== 'now') send(outcome === undefined ? reply : checked(outcome.reply));
      metrics.entryStored((outcome ?? (await storing)).stored);
    } catch (error) {
      metrics.entryFailed();
      if (when === 'stored') {
        replied(printed, receipt, { status: 503 }, receipt.took());
        if (!(error instanceof StoreUnavailable)) throw error;
        throw new HttpError(503, 'internal', 'The event was not stored. Send it again.', {
          'Retry-After': '1',
        });
      }
      // The entry is lost but the call is not.
      losses.warn(NOT_STORED, `An answer was not stored: ${NOT_STORED}.`);
      if (!response.headersSent) send(reply);
    }
  }

  function replied(printed: Printed, { requestId }: Receipt, { status }: Reply, took: number): void {
    terminal.replied(printed, { requestId, status, took });
  }

  /** Replaces an invalid NCCO with an apology, because Vonage would end the call. */
  function checked(reply: Reply): Reply {
    const fault = reply.ncco && nccoSchema.safeParse(reply.ncco).error;
    if (fault === undefined) return reply;
    terminal.warning(`An invalid NCCO was not sent: ${fault.message}`);
    return { ...reply, ncco: APOLOGY };
  }

  /**
   * Rejects webhooks without a valid signature; only the log says why. A forged one gets 401. One without a
   * signature gets 503, so that Vonage sends it again, signed.
   */
  function jtiOf(kind: Kind, request: Request, sent: Sent): string | null {
    if (rules.secrets.length === 0) return null;
    const { authorization } = request.headers;
    const check = checkSignature({ authorization, content: signedContent(sent) }, rules, clock.now());
    if (check.ok) return check.jti ?? null;
    metrics.webhookRefused(kind, check.fault);
    refusals.warn(
      check.reason,
      `A webhook to ${pathOf(request)} from ${request.ip} was rejected: ${check.reason}.`,
    );
    throw check.fault === 'unsigned'
      ? new HttpError(503, 'not-allowed', 'Try again.')
      : new HttpError(401, 'not-allowed', 'Not accepted.');
  }

  const receive =
    (route: string): RequestHandler =>
    (_request, response, next) => {
      const receipt = takeReceipt(clock.now());
      response.setHeader('X-Request-Id', receipt.requestId);
      response.locals.receipt = receipt;
      response.once('close', () => {
        const status = response.writableFinished ? response.statusCode : 'aborted';
        metrics.webhookEnded(route, status, receipt.took());
      });
      next();
    };

  function handle(kind: Kind, work: (webhook: Webhook, response: Response) => Promise<void>): RequestHandler {
    return async (request, response) => {
      const receipt: Receipt = response.locals.receipt;
      const sent = readSent(request);
      const jti = jtiOf(kind, request, sent);
      const replayed = replays.isOurs(request.headers[REPLAY_HEADER]);
      await work({ request, sent, receipt, jti, replayed, route: routeIn(request) }, response);
    };
  }

  const router = Router();
  router
    .route('/music.wav')
    .get((_request, response) => {
      response.setHeader('Content-Type', 'audio/wav');
      response.setHeader('Cache-Control', 'public, max-age=86400');
      response.end(holdMusic());
    })
    .all(onlyMethods('GET', 'HEAD'));
  const readBody = express.raw({ limit: LARGEST_BODY, type: () => true });
  const [requested, happened] = [answer('answer'), event];
  for (const [path, kind, work] of [
    ['/answer', 'answer', requested],
    ['/event', 'event', happened],
    ['/fallback', 'fallback', answer('fallback')],
    // Of the desk: the waiting loop and the menu report keys, which are events that are answered with an NCCO.
    // A leg that is moved asks with the number of the move: otherwise it would be a repetition of the time before.
    ['/agent/:reservation{/:move}', 'answer', requested],
    ['/next/:call{/:move}', 'answer', requested],
    // Of a telephone that an agent called into a call.
    ['/guest/:call/:guest{/:move}', 'answer', requested],
    ['/offer/:reservation/:call', 'event', happened],
    ['/event/:id{/:guest}', 'event', happened],
    ['/wait/:call/:turn{/:enqueuedAt}', 'event', happened],
    ['/menu/:call', 'event', happened],
    ['/voicemail/:id', 'event', happened],
  ] as const) {
    const handler = handle(kind, work);
    const [, name = ''] = path.split('/');
    const begin = receive(name);
    router
      .route(path)
      // Express would treat it as GET.
      .head(onlyMethods('GET', 'POST'))
      .get(begin, handler)
      .post(begin, readBody, handler)
      .all(onlyMethods('GET', 'POST'));
  }
  return router;
}

/** Throws an HttpError with 404 if a part of the address is no id that this server ever gave. */
function routeIn(request: Request): Route {
  const [first = '', ...rest] = pathOf(request).split('/').slice(2).map(decodeURIComponent);
  if (!rest.every((part) => readText(part) === part)) {
    throw new HttpError(404, 'not-found', `There is nothing at ${pathOf(request)}.`);
  }
  return [first, ...rest];
}

/** The fields that the log stores for every webhook. */
function common({ request, sent, receipt, jti, replayed }: Webhook) {
  const { requestId, receivedAt } = receipt;
  return { method: sent.method, route: pathOf(request), requestId, receivedAt, jti, replayed };
}

function sendReply(response: Response, { status, ncco }: Reply): void {
  response.status(status);
  if (ncco === undefined) return void response.end();
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(ncco));
}

/** Milliseconds that a caller waits for the store. */
const BRIEFLY_MS = 500;

/** The outcome of storing, or undefined if that takes too long for a caller. */
async function briefly(storing: Promise<Outcome>, clock: Clock): Promise<Outcome | undefined> {
  const { promise: tooLong, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(BRIEFLY_MS, () => resolve(undefined));
  // Still watched when the answer was sent.
  storing.catch(() => {});
  return Promise.race([storing, tooLong]).finally(cancel);
}

const APOLOGY: Ncco = [
  { action: 'talk', text: 'We are sorry, something went wrong. Please call again in a few minutes.' },
];

/** The store logs the reason itself. */
const NOT_STORED = 'the store is too slow or not available';
