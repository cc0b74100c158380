import { type RequestHandler, Router } from 'express';
import { callerNumber, parseAnswerRequest } from '../../domain/answer-request.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { eventOfQuery, parseWebhookEvent } from '../../domain/webhook-event.ts';
import { baseUrl } from '../base-url.ts';
import type { Context } from '../context.ts';
import { onlyMethods, Refusal } from '../errors.ts';
import { chooseAgent } from '../routing/choose.ts';
import { connectToAgent } from './ncco.ts';
import { messageOf, noBrowserElsewhere, readRaw, receiptOf, takeReceipt } from './webhook.ts';

/** The webhooks that Vonage calls. Nothing here waits: a caller hears silence meanwhile. */
export function voiceRoutes({ config, terminal }: Context): Router {
  const { agents, publicUrl, waitMessage, voiceLanguage } = config;

  function giveNcco(kind: 'answer' | 'fallback'): RequestHandler {
    return (request, response) => {
      const call = accepted(parseAnswerRequest(messageOf(request)));
      terminal.received({ type: kind, request: call });
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
      terminal.replied({ type: kind, request: call }, receiptOf(response).reply(200));
    };
  }

  const takeEvent: RequestHandler = (request, response) => {
    const message = messageOf(request);
    const event = accepted(
      parseWebhookEvent(request.method === 'GET' ? eventOfQuery(request.query) : message),
    );
    terminal.received({ type: 'event', event });
    response.end();
    terminal.replied({ type: 'event', event }, receiptOf(response).reply(200));
  };

  const router = Router();
  const refuseOthers = onlyMethods('GET', 'POST');
  const webhook = (path: string, handler: RequestHandler) =>
    router
      .route(path)
      .head(refuseOthers)
      .get(takeReceipt, noBrowserElsewhere, handler)
      .post(takeReceipt, noBrowserElsewhere, readRaw, handler)
      .all(refuseOthers);
  webhook('/voice/answer', giveNcco('answer'));
  webhook('/voice/event', takeEvent);
  webhook('/voice/fallback', giveNcco('fallback'));
  return router;
}

function accepted<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new Refusal(400, 'bad-request', `${parsed.reason}.`);
}
