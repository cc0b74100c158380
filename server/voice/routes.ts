import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerNumber, parseAnswerRequest } from '../../domain/webhooks/answer-request.ts';
import type { Parsed } from '../../domain/webhooks/parsed.ts';
import { eventOfQuery, parseWebhookEvent } from '../../domain/webhooks/webhook-event.ts';
import type { Context } from '../context.ts';
import { baseUrl } from '../http/base-url.ts';
import { answerError, pathOf, Refusal } from '../http/errors.ts';
import { addressOf } from '../http/sender.ts';
import type { IncomingEntry, Outcome } from '../log/ingest.ts';
import { chooseAgent } from '../routing/choose.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { Webhook as Printed, Reply } from '../terminal/wording.ts';
import { connectToAgent } from './ncco.ts';
import { readBody } from './read-body.ts';
import { answerEntry, eventEntry } from './record.ts';
import { REPLAY_HEADER } from './replays.ts';
import { checkSignature } from './signature.ts';
import { othersAreAnswered, othersAreRead } from './together.ts';
import {
  contentOf,
  messageOf,
  queryOf,
  refuseBrowserElsewhere,
  takeReceipt,
  type Webhook,
} from './webhook.ts';

const PATH = /^\/voice\/(answer|event|fallback)\/?(?:\?|$)/i;

/**
 * The webhooks that Vonage calls. An NCCO waits for nothing, because a caller hears silence meanwhile;
 * an event is acknowledged when it is stored, and not before. They take requests as Node gives them: the
 * way through Express costs as much as all that is done here.
 * @returns takes a request that is for a webhook, and says whether it was one.
 */
export function voiceWebhooks(
  context: Context,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { config, access, terminal, log, metrics, replays, refusals, losses } = context;
  const { agents, publicUrl, waitMessage, voiceLanguage, signatureSecrets: secrets } = config;
  const rules = { secrets, apiKey: config.apiKey, applicationId: access.applicationId };

  function replied(printed: Printed, reply: Reply): void {
    terminal.replied(printed, reply);
    metrics.webhookAnswered(printed.type, reply.status, reply.took);
  }

  async function giveNcco(
    type: 'answer' | 'fallback',
    webhook: Webhook,
    response: ServerResponse,
  ): Promise<void> {
    const { request, receipt, method } = webhook;
    const message = messageOf(webhook);
    const call = accepted(parseAnswerRequest(message));
    const base = baseUrl(request, publicUrl);
    const ncco = connectToAgent({
      agent: chooseAgent(agents),
      caller: callerNumber(call),
      waitMessage,
      language: voiceLanguage,
      eventUrl: base && `${base}/voice/event`,
    });
    await othersAreRead();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(ncco));
    const reply = receipt.reply(200);
    const entry = answerEntry(type, Object(message), ncco, method, receipt);
    await othersAreAnswered();
    terminal.received({ type, request: call });
    replied({ type, request: call }, reply);
    keep(entry);
  }

  /** For what is answered already: a store that is away costs the entry, and nobody a call. */
  function keep(entry: IncomingEntry): void {
    log.ingest(entry).then(
      ({ stored }) => metrics.entryStored(stored),
      () => {
        metrics.entryFailed();
        losses.warn(NOT_STORED, `An answer was given, but not stored: ${NOT_STORED}.`);
      },
    );
  }

  async function takeEvent(webhook: Webhook, response: ServerResponse): Promise<void> {
    const { receipt, method } = webhook;
    const event = accepted(
      parseWebhookEvent(method === 'GET' ? eventOfQuery(webhook.query) : messageOf(webhook)),
    );
    terminal.received({ type: 'event', event });
    let outcome: Outcome;
    try {
      outcome = await log.ingest(eventEntry(event, method, receipt));
    } catch (error) {
      metrics.entryFailed();
      replied({ type: 'event', event }, receipt.reply(503));
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new Refusal(503, 'internal', 'This event could not be stored. Send it again.', {
        'Retry-After': '1',
      });
    }
    response.end();
    const reply = receipt.reply(200);
    await othersAreAnswered();
    metrics.entryStored(outcome.stored);
    replied({ type: 'event', event }, reply);
  }

  /**
   * Lets only signed webhooks through. The log says why one is refused, the answer does not: 401 to what is
   * forged, 503 to what is not signed at all, so that Vonage sends it once more, signed.
   */
  function mustBeSigned(route: Printed['type'], webhook: Webhook): void {
    if (secrets.length === 0) return;
    const { request, receipt } = webhook;
    const { authorization } = request.headers;
    const check = checkSignature({ authorization, content: contentOf(webhook) }, rules, Date.now());
    if (check.ok) {
      receipt.jti = check.jti && `${check.issuedAt} ${check.jti}`;
      return;
    }
    metrics.webhookRefused(route, check.fault);
    refusals.warn(
      check.reason,
      `A webhook to ${pathOf(request)} from ${addressOf(request)} was refused: ${check.reason}.`,
    );
    throw check.fault === 'unsigned'
      ? new Refusal(503, 'not-allowed', 'Try again.')
      : new Refusal(401, 'not-allowed', 'Not accepted.');
  }

  function take(route: Printed['type'], request: IncomingMessage, response: ServerResponse): void {
    const fail = (error: unknown) => answerError(error, request, response, terminal);
    try {
      const method = methodOf(request);
      const receipt = takeReceipt();
      response.setHeader('X-Request-Id', receipt.requestId);
      refuseBrowserElsewhere(request);
      const next = (webhook: Webhook) => {
        try {
          mustBeSigned(route, webhook);
          // Recognises what this very process sends to itself.
          receipt.replayed = replays.isOurs(request.headers[REPLAY_HEADER]);
          const taking =
            route === 'event' ? takeEvent(webhook, response) : giveNcco(route, webhook, response);
          taking.catch(fail);
        } catch (error) {
          fail(error);
        }
      };
      if (method === 'GET') next({ request, receipt, method, query: queryOf(request.url) });
      else readBody(request, response, (body) => next({ request, receipt, method, body }), fail);
    } catch (error) {
      fail(error);
    }
  }

  return (request, response) => {
    const route = PATH.exec(request.url ?? '')?.[1]?.toLowerCase();
    if (route !== 'answer' && route !== 'event' && route !== 'fallback') return false;
    take(route, request, response);
    return true;
  };
}

/** Where the store fails, it tells by itself why. */
const NOT_STORED = 'the store does not keep up, or does not work';

function methodOf(request: IncomingMessage): 'GET' | 'POST' {
  const { method } = request;
  if (method === 'GET' || method === 'POST') return method;
  throw new Refusal(405, 'bad-request', `${pathOf(request)} takes GET, POST, not ${method}.`, {
    Allow: 'GET, POST',
  });
}

function accepted<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new Refusal(400, 'bad-request', `${parsed.reason}.`);
}
