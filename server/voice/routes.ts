import { type Request, type RequestHandler, Router } from 'express';
import { callerNumber, parseAnswerRequest } from '../../domain/answer-request.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { eventOfQuery, parseWebhookEvent } from '../../domain/webhook-event.ts';
import { baseUrl } from '../base-url.ts';
import type { Context } from '../context.ts';
import { onlyMethods, Refusal } from '../errors.ts';
import { jsonBody, readJson } from '../json-body.ts';
import { chooseAgent } from '../routing/choose.ts';
import { connectToAgent } from './ncco.ts';

/** Largest body of a webhook in bytes, unpacked; real ones have about one thousand. */
const LARGEST_BODY = 512 * 1024;

/** The webhooks that Vonage calls. Nothing here waits: a caller hears silence meanwhile. */
export function voiceRoutes({ config, terminal }: Context): Router {
  const { agents, publicUrl, waitMessage, voiceLanguage } = config;

  function giveNcco(kind: 'answer' | 'fallback'): RequestHandler {
    return (request, response) => {
      const call = accepted(parseAnswerRequest(messageOf(request)));
      terminal.nccoRequest(call, kind);
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
    };
  }

  const takeEvent: RequestHandler = (request, response) => {
    const message = messageOf(request);
    terminal.event(
      accepted(parseWebhookEvent(request.method === 'GET' ? eventOfQuery(request.query) : message)),
    );
    response.end();
  };

  const router = Router();
  const readBody = readJson(LARGEST_BODY);
  const refuseOthers = onlyMethods('GET', 'POST');
  const webhook = (path: string, handler: RequestHandler) =>
    router.route(path).head(refuseOthers).get(handler).post(readBody, handler).all(refuseOthers);
  webhook('/voice/answer', giveNcco('answer'));
  webhook('/voice/event', takeEvent);
  webhook('/voice/fallback', giveNcco('fallback'));
  return router;
}

function messageOf(request: Request): unknown {
  return request.method === 'GET' ? request.query : jsonBody(request);
}

function accepted<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new Refusal(400, 'bad-request', `${parsed.reason}.`);
}
