import { type Request, type RequestHandler, type Response, Router } from 'express';
import { callerNumber, parseAnswerRequest } from '../../domain/answer-request.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { eventOfQuery, parseWebhookEvent } from '../../domain/webhook-event.ts';
import { baseUrl } from '../base-url.ts';
import type { Context } from '../context.ts';
import { onlyMethods, Refusal } from '../errors.ts';
import { chooseAgent } from '../routing/choose.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { Webhook } from '../terminal/wording.ts';
import { connectToAgent } from './ncco.ts';
import { answerEntry, eventEntry } from './record.ts';
import {
  markReplays,
  messageOf,
  noBrowserElsewhere,
  onlySigned,
  readRaw,
  receiptOf,
  takeReceipt,
} from './webhook.ts';

type Route = Webhook['type'];

/**
 * The webhooks that Vonage calls. An NCCO waits for nothing, because a caller hears silence meanwhile;
 * an event is acknowledged when it is stored, and not before.
 */
export function voiceRoutes(context: Context): Router {
  const { config, access, terminal, log, metrics, replays } = context;
  const { agents, publicUrl, waitMessage, voiceLanguage, signatureSecrets } = config;

  function replied(webhook: Webhook, response: Response, status: number): void {
    const reply = receiptOf(response).reply(status);
    terminal.replied(webhook, reply);
    metrics.webhookAnswered(webhook.type, status, reply.took);
  }

  function giveNcco(type: 'answer' | 'fallback'): RequestHandler {
    return (request, response) => {
      const message = messageOf(request);
      const call = accepted(parseAnswerRequest(message));
      terminal.received({ type, request: call });
      const base = baseUrl(request, publicUrl);
      const ncco = connectToAgent({
        agent: chooseAgent(agents),
        caller: callerNumber(call),
        waitMessage,
        language: voiceLanguage,
        eventUrl: base && `${base}/voice/event`,
      });
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(ncco));
      replied({ type, request: call }, response, 200);
      const question = Object(message);
      keep(answerEntry(type, question, ncco, methodOf(request), receiptOf(response)));
    };
  }

  /** For what is answered already: a store that is away costs the entry, and nobody a call. */
  function keep(entry: Parameters<typeof log.ingest>[0]): void {
    log.ingest(entry).then(
      ({ stored }) => metrics.entryStored(stored),
      () => metrics.entryFailed(),
    );
  }

  const takeEvent: RequestHandler = async (request, response) => {
    const event = accepted(
      parseWebhookEvent(request.method === 'GET' ? eventOfQuery(request.query) : messageOf(request)),
    );
    terminal.received({ type: 'event', event });
    try {
      const { stored } = await log.ingest(eventEntry(event, methodOf(request), receiptOf(response)));
      metrics.entryStored(stored);
    } catch (error) {
      metrics.entryFailed();
      replied({ type: 'event', event }, response, 503);
      if (!(error instanceof StoreUnavailable)) throw error;
      throw new Refusal(503, 'internal', 'This event could not be stored. Send it again.', {
        'Retry-After': '1',
      });
    }
    response.end();
    replied({ type: 'event', event }, response, 200);
  };

  const isSigned =
    signatureSecrets.length === 0
      ? []
      : [
          onlySigned(
            { secrets: signatureSecrets, apiKey: config.apiKey, applicationId: access.applicationId },
            terminal,
            Date.now,
          ),
        ];
  const border = [takeReceipt, noBrowserElsewhere];
  const checks = [...isSigned, markReplays(replays)];
  const refuseOthers = onlyMethods('GET', 'POST');
  const router = Router();
  const webhook = (route: Route, handler: RequestHandler) =>
    router
      .route(`/voice/${route}`)
      .head(refuseOthers)
      .get(...border, ...checks, handler)
      .post(...border, readRaw, ...checks, handler)
      .all(refuseOthers);
  webhook('answer', giveNcco('answer'));
  webhook('event', takeEvent);
  webhook('fallback', giveNcco('fallback'));
  return router;
}

function methodOf(request: Request): 'GET' | 'POST' {
  return request.method === 'GET' ? 'GET' : 'POST';
}

function accepted<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new Refusal(400, 'bad-request', `${parsed.reason}.`);
}
